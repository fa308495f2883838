import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Blueprint } from "../../src/blueprint/blueprint.ts";
import { type Compiled, compileModel } from "../../src/compiler/compile.ts";
import { readPins } from "../../src/compiler/pins.ts";
import { loadWorkspace } from "../../src/config/load.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { envFor, exampleEnv, type PythonEnv } from "../python-env.mjs";
import { examples } from "./examples.ts";
import { crosswalk, inRepository } from "./repository.ts";
import { must, type Ran, run } from "./run.ts";

/** A copy of an example on which a test may work, with the Python environment that its pins ask for. */
export interface Workbench {
  /** The copy; what a build writes stays out of the repository. */
  readonly folder: string;
  readonly python: PythonEnv;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the comparison of a product with its notebook found. */
export interface Comparison {
  /** Names of artifacts, and `data NAME` for files, that equal the notebook's. */
  readonly equal: readonly string[];
  /** What differs, and where first. */
  readonly different: Readonly<Record<string, string>>;
}

const left = new Set([
  "production",
  "run",
  ".crosswalk",
  "__pycache__",
  ".ipynb_checkpoints",
  ...examples.flatMap(({ written }) => written.map((path) => basename(path))),
]);

/** Copies an example of examples/ to a fresh folder under .work/ and finds or makes its environment. */
export function workbench(example: string, log: (line: string) => void = () => {}): Workbench {
  const source = inRepository("examples", example);
  mkdirSync(inRepository(".work"), { recursive: true });
  const folder = mkdtempSync(inRepository(".work", `${example}-`));
  cpSync(source, folder, { recursive: true, filter: (path) => !left.has(basename(path)) });
  const python = exampleEnv(inRepository(), source, log);
  return { folder, python, env: envFor(python) };
}

/** The example itself, for people who want to look at what was made: everything new there is ignored by git. */
export function inPlace(example: string, log: (line: string) => void): Workbench {
  const folder = inRepository("examples", example);
  const python = exampleEnv(inRepository(), folder, log);
  return { folder, python, env: envFor(python) };
}

/** Runs `crosswalk` in the folder of the workbench with the Node that runs this. */
export function tool(bench: Workbench, ...args: readonly string[]): Promise<Ran> {
  return run(process.execPath, [crosswalk, ...args], { cwd: bench.folder, env: bench.env });
}

/** Executes notebooks in real kernels, one after the other, in a folder beside the product's; gives the folder with their values. */
export async function runNotebooks(bench: Workbench, notebooks: readonly string[]): Promise<string> {
  const values = join(bench.folder, "run", "notebook", basename(notebooks.at(-1) ?? "", ".ipynb"));
  const oracle = inRepository("scripts", "oracle", "notebook_values.py");
  const files = notebooks.map((notebook) => join(bench.folder, notebook));
  await must(bench.python.python, [oracle, ...files, "--out", values], { env: bench.env });
  return values;
}

/** Everything that the compiler finds out about a model of a repository. */
export async function compiledOf(folder: string, model: string): Promise<Compiled> {
  const host = nodeHost(folder);
  const workspace = loadWorkspace(host, folder).value;
  const config = workspace?.models.find(({ name }) => name === model);
  if (!workspace || !config) throw new Error(`${folder} describes no model '${model}'`);
  const { root } = workspace;
  return compileModel({ host, root, model: config, pins: readPins(host, root, config) });
}

/** Cells of a notebook from which the product has a statement, in a step, a helper or a parameter. */
export function citedCells({ steps, helpers, parameters }: Blueprint, notebook: string): ReadonlySet<number> {
  const cites = [
    ...steps.flatMap((step) => step.body.map((code) => code.cite)),
    ...helpers.map((helper) => helper.code.cite),
    ...parameters.map((parameter) => parameter.cite),
  ];
  return new Set(cites.filter((cite) => cite.notebook === notebook).map((cite) => cite.cell));
}

/** The package that a build left in `production/<model>/src`. */
export function packageOf(bench: Workbench, model: string): string {
  const folder = join(bench.folder, "production", model, "src");
  const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const name = found[0]?.name;
  if (found.length !== 1 || !name)
    throw new Error(`production/${model}/src should hold one package and holds ${found.length}`);
  return name;
}

/** Runs every step of a product; gives its work folder. */
export async function runProduct(bench: Workbench, model: string): Promise<string> {
  const workdir = join(bench.folder, "run", model);
  await must(
    bench.python.python,
    ["-m", packageOf(bench, model), "run", "--workdir", workdir, "--root", bench.folder],
    {
      cwd: workdirParent(workdir),
      env: { ...bench.env, PYTHONPATH: join(bench.folder, "production", model, "src") },
    },
  );
  return workdir;
}

/** The product is started from a folder that is not its own: nothing may depend on the current folder. */
function workdirParent(workdir: string): string {
  mkdirSync(workdir, { recursive: true });
  return join(workdir, "..");
}

/** Compares every artifact of a run, and the CSV files named in `data`, with the notebook's values. */
export async function compare(
  bench: Workbench,
  values: string,
  workdir: string,
  data: Readonly<Record<string, readonly [string, string]>> = {},
): Promise<Comparison> {
  const files = Object.entries(data).flatMap(([name, pair]) => ["--data", `${name}=${pair.join(":")}`]);
  const script = inRepository("scripts", "oracle", "compare_values.py");
  const ran = await run(bench.python.python, [script, values, workdir, "--rtol", "1e-9", ...files], { env: bench.env });
  if (!ran.stdout.startsWith("{"))
    throw new Error(`compare_values.py ended with ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return JSON.parse(ran.stdout) as Comparison;
}

/** The artifact names that a run listed, with the step that made each. */
export function artifacts(
  workdir: string,
): Readonly<Record<string, { readonly path: string; readonly kind: string; readonly step: string }>> {
  return JSON.parse(readFileSync(join(workdir, "artifacts.json"), "utf8"));
}

/** A figure that the notebook ended with, e.g. its metric. */
export function notebookValue(values: string, name: string): unknown {
  const all = JSON.parse(readFileSync(join(values, "values.json"), "utf8")) as Record<string, { value?: unknown }>;
  return all[name]?.value;
}

/** The same figure from a product's run; undefined where it lists none of this name. */
export function productValue(workdir: string, name: string): unknown {
  const entry = artifacts(workdir)[name];
  return entry?.kind === "json" ? JSON.parse(readFileSync(join(workdir, entry.path), "utf8")) : undefined;
}
