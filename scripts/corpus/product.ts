import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Blueprint } from "../../src/blueprint/blueprint.ts";
import { compileModel } from "../../src/compiler/compile.ts";
import { outcomesOf } from "../../src/compiler/outcomes.ts";
import { readPins } from "../../src/compiler/pins.ts";
import { loadWorkspace } from "../../src/config/load.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { crosswalk } from "../lib/repository.ts";
import { run } from "../lib/run.ts";
import { copyRepository } from "./baseline.ts";
import type { CorpusBench } from "./bench.ts";
import { type CorpusNotebook, modelName } from "./notebooks.ts";

/** What `crosswalk build` said of a notebook. */
export type Build =
  | { readonly kind: "crash"; readonly why: string }
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly codes: readonly string[]; readonly why: string }
  | { readonly kind: "built"; readonly package: string; readonly product: string };

/** A notebook's workspace: a copy of its repository with the shortest crosswalk.yaml. */
export interface Workspace {
  readonly folder: string;
  readonly build: Build;
  readonly seconds: number;
}

interface Said {
  readonly diagnostics: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
  readonly models: readonly { readonly package: string; readonly out: string }[];
}

/** Makes the workspace anew and builds it. */
export async function buildNotebook(bench: CorpusBench, notebook: CorpusNotebook): Promise<Workspace> {
  const slug = `${notebook.name}--${notebook.path}`.replace(/[^A-Za-z0-9.]+/g, "-");
  const folder = join(bench.cache, "work", slug);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyRepository(notebook.repository, join(folder, "repository"));
  const yaml = `model: ${modelName(notebook.path)}\nnotebooks: [${JSON.stringify(`repository/${notebook.path}`)}]\n`;
  writeFileSync(join(folder, "crosswalk.yaml"), yaml);
  if (bench.lock) copyFileSync(bench.lock, join(folder, "requirements.txt"));
  const ran = await run(process.execPath, [crosswalk, "build", "--format", "json"], { cwd: folder, limit: 300 });
  return { folder, build: outcome(ran.code, ran.stdout, ran.stderr, folder), seconds: ran.seconds };
}

function outcome(code: number, stdout: string, stderr: string, folder: string): Build {
  let said: Said;
  try {
    said = JSON.parse(stdout) as Said;
  } catch {
    return { kind: "crash", why: `exit code ${code}: ${stderr.trim().split("\n").at(-1) ?? ""}` };
  }
  const errors = said.diagnostics.filter(({ severity }) => severity === "error");
  const model = said.models[0];
  if (code === 0 && model) return { kind: "built", package: model.package, product: join(folder, model.out) };
  if (code !== 1 || errors.length === 0) return { kind: "crash", why: `exit code ${code}` };
  if (errors.every((error) => error.code === "CW3001")) return { kind: "nothing" };
  return { kind: "refused", codes: [...new Set(errors.map((error) => error.code))], why: errors[0]?.message ?? "" };
}

/** What the compiler kept of a notebook, and the texts that each step and helper comes from. */
export interface Kept {
  readonly statements: number;
  readonly kept: number;
  readonly steps: number;
  /** By the name of the function: the cells of a step, the definition of a helper. */
  readonly own: Readonly<Record<string, readonly string[]>>;
}

/** Compiles a workspace again in this process, to look inside. */
export async function keptOf(folder: string): Promise<Kept> {
  const host = nodeHost(folder);
  const { value } = loadWorkspace(host, folder);
  const model = value?.models[0];
  if (!value || !model) throw new Error(`${folder} has no model`);
  const compiled = await compileModel({ host, root: value.root, model, pins: readPins(host, value.root, model) });
  const { flow, built, chain } = compiled;
  if (!flow) return { statements: 0, kept: 0, steps: 0, own: {} };
  const outcomes = outcomesOf(flow, built);
  const { units } = flow.program;
  const kept = units.filter(({ id }) => !["dropped", "undecided"].includes(outcomes.of(id).kind)).length;
  const cells = new Map<string, { readonly python: string; readonly source: string }>();
  for (const { notebook } of chain.notebooks)
    for (const cell of notebook.cells) cells.set(`${notebook.path}\0${cell.id}`, cell);
  const blueprint = built?.blueprint;
  return { statements: units.length, kept, steps: blueprint?.steps.length ?? 0, own: ownTexts(blueprint, cells) };
}

function ownTexts(
  blueprint: Blueprint | undefined,
  cells: ReadonlyMap<string, { readonly python: string; readonly source: string }>,
): Readonly<Record<string, readonly string[]>> {
  const own: Record<string, readonly string[]> = {};
  for (const step of blueprint?.steps ?? []) {
    const ids = new Set(step.cites.map(({ notebook, cellId }) => `${notebook}\0${cellId}`));
    own[step.name] = [...ids].map((id) => cells.get(id)?.python ?? "");
  }
  for (const { name, kind, code } of blueprint?.helpers ?? []) {
    const lines = cells.get(`${code.cite.notebook}\0${code.cite.cellId}`)?.source.split("\n");
    if (kind === "function" && lines) own[name] = [lines.slice(code.cite.line - 1, code.cite.endLine).join("\n")];
  }
  return own;
}

/** Runs a product; gives its work folder, or what it said last. */
export async function runProduct(
  bench: CorpusBench,
  folder: string,
  built: { readonly package: string; readonly product: string },
): Promise<{ readonly workdir: string; readonly seconds: number; readonly problem?: string }> {
  const workdir = join(folder, "run");
  const ran = await run(bench.python, ["-m", built.package, "run", "--workdir", workdir, "--root", folder], {
    cwd: folder,
    env: { ...bench.env, PYTHONPATH: join(built.product, "src") },
  });
  const last = ran.stderr.trim().split("\n").at(-1) ?? "";
  return { workdir, seconds: ran.seconds, ...(ran.code === 0 ? {} : { problem: `exit code ${ran.code}: ${last}` }) };
}
