import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { envFor, exampleEnv, type PythonEnv } from "../python-env.mjs";
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
  "scored_applications.csv",
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

/** Executes a notebook in a real kernel, in a folder beside the product's; gives the folder with its values. */
export async function runNotebook(bench: Workbench, notebook: string): Promise<string> {
  const values = join(bench.folder, "run", "notebook", basename(notebook, ".ipynb"));
  const oracle = inRepository("scripts", "oracle", "notebook_values.py");
  await must(bench.python.python, [oracle, join(bench.folder, notebook), "--out", values], { env: bench.env });
  return values;
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
