import type { Host } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import type { Network } from "../sandbox/network.ts";
import { type Ran, run } from "../sandbox/process.ts";
import type { Python } from "../sandbox/python.ts";
import { makeWorkplace, type Workplace } from "../sandbox/workplace.ts";
import type { Plan } from "./plan.ts";
import { verifyPython } from "./python.generated.ts";
import type { Divergence, Finding } from "./record.ts";

/** Everything that one verification needs. Nothing is written but in a workplace that goes afterwards. */
export interface VerifyInput {
  readonly host: Host;
  /** Absolute folder of the workspace. */
  readonly root: string;
  /** Folder of the model's crosswalk.yaml, relative to the root. */
  readonly folder: string;
  /** Product folder, relative to the root. */
  readonly out: string;
  readonly package: string;
  readonly plan: Plan;
  /** Files of the product as its notebooks give them, with the cells that their lines came from. */
  readonly generated: Readonly<Record<string, GeneratedFile>>;
  readonly python: Python;
  readonly network: Network;
  readonly http: boolean;
  readonly limits: { readonly seconds: number; readonly memory: number };
  readonly tolerance: number;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface GeneratedFile {
  readonly text: string;
  /** First and last line, and the notebook, cell and line that they came from. */
  readonly origins: readonly (readonly [first: number, last: number, notebook: string, cell: number, line: number])[];
}

/** What came of the runs. */
export type Outcome =
  | {
      readonly kind: "done";
      readonly findings: readonly Finding[];
      readonly runs: readonly Timed[];
      readonly selfCheck?: string;
      readonly divergence?: Divergence;
    }
  | { readonly kind: "interrupted" }
  /** The notebook itself does not run to its end. */
  | {
      readonly kind: "notebook failed";
      readonly notebook: string;
      readonly cell?: number;
      readonly line?: number;
      readonly message: string;
    }
  /** A run took too long, or our own Python failed. */
  | { readonly kind: "stopped"; readonly what: string; readonly why: string };

export interface Timed {
  readonly what: string;
  readonly seconds: number;
}

/** What a Python says of itself. */
export interface Description {
  readonly python: string;
  readonly platform: string;
  readonly missing: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly sha256: string;
  readonly network: boolean;
}

/** Asks a Python which libraries it has, and whether it reaches the network from inside. */
export async function describePython(
  input: Pick<VerifyInput, "host" | "python" | "network" | "signal">,
  modules: readonly string[],
  distributions: readonly string[],
): Promise<Description | string> {
  const place = makeWorkplace();
  try {
    const answer = await ask(place, input, "describe", { modules, distributions }, 120);
    return "why" in answer ? answer.why : (answer.value as Description);
  } finally {
    place.remove();
  }
}

/** Runs the notebooks twice and the product once, each in a copy of the workspace, and compares. */
export async function verify(input: VerifyInput): Promise<Outcome> {
  const place = makeWorkplace();
  try {
    return await inside(place, input);
  } finally {
    place.remove();
  }
}

/** The folder with the values of a run, and what stands in it. */
interface Kept {
  readonly folder: string;
  readonly values: unknown;
}

interface Values {
  readonly values: Readonly<Record<string, unknown>>;
  readonly seconds: number;
}

interface Problem {
  readonly problem: {
    readonly notebook: string;
    readonly cell: number | null;
    readonly line: number | null;
    readonly message: string;
  };
}

/** So many bytes of values are kept, at most, when a notebook is followed statement by statement. */
const followed = 4 * 2 ** 30;

async function runNotebook(
  place: Workplace,
  input: VerifyInput,
  name: string,
  follow: number,
): Promise<{ readonly kept: Kept; readonly seconds: number } | Problem | { readonly why: string }> {
  const { plan, limits } = input;
  const copy = copyWorkspace(place, input, name);
  const folder = place.at(`${name}-values`);
  const job = {
    out: folder,
    notebooks: plan.notebooks.map((one) => ({ ...one, folder: joinPath(copy, one.folder) })),
    notes: plan.notes,
    wanted: plan.wanted,
    follow,
    env: kernelEnvironment(place),
    unset: ["PYTHONPATH", "PYTHONSAFEPATH"],
  };
  const answer = await ask(place, input, "notebook", job, limits.seconds);
  if ("why" in answer) return answer;
  const result = answer.value as Values | Problem;
  return "problem" in result ? result : { kept: { folder, values: result.values }, seconds: result.seconds };
}

async function inside(place: Workplace, input: VerifyInput): Promise<Outcome> {
  const runs: Timed[] = [];
  const kept: Kept[] = [];
  for (const [i, what] of ["the notebook, first time", "the notebook, second time"].entries()) {
    input.tell(`runs ${what}`);
    const ran = await runNotebook(place, input, `notebook-${i}`, 0);
    if ("why" in ran) return stopped(input, what, ran.why);
    if ("problem" in ran) {
      const { notebook, cell, line, message } = ran.problem;
      return {
        kind: "notebook failed",
        notebook,
        message,
        ...(cell === null ? {} : { cell }),
        ...(line === null ? {} : { line }),
      };
    }
    runs.push({ what, seconds: ran.seconds });
    kept.push(ran.kept);
  }
  return compareProduct(place, input, kept, runs);
}

function stopped({ signal }: VerifyInput, what: string, why: string): Outcome {
  return signal.aborted ? { kind: "interrupted" } : { kind: "stopped", what, why };
}

async function compareProduct(
  place: Workplace,
  input: VerifyInput,
  kept: readonly Kept[],
  runs: Timed[],
): Promise<Outcome> {
  const { plan, limits, tell } = input;
  const root = joinPath(copyWorkspace(place, input, "product-root"), input.folder);
  place.copy(joinPath(input.root, input.out), place.at("product"), (path) => path.split("/").includes("__pycache__"));
  place.write("work/.keep", "");
  place.write("scratch/.keep", "");
  const job = {
    package: input.package,
    source: place.at("product", "src"),
    workdir: place.at("work", "W"),
    root,
    scratch: place.at("scratch"),
    env: { PYTHONDONTWRITEBYTECODE: "1", MPLBACKEND: "Agg" },
    params: plan.overridden.flatMap((one) => ["--param", one]),
    runs: kept,
    tolerance: input.tolerance,
  };
  tell("runs the product");
  const trained = await ask(place, input, "train", job, limits.seconds);
  if ("why" in trained) return stopped(input, "the product", trained.why);
  const training = trained.value as Training;
  runs.push({ what: "the product", seconds: training.seconds });
  const findings: Finding[] = trainingFindings(training);
  for (const [what, command, more] of comparisons(place, input, root, training)) {
    tell(`compares ${what}`);
    const compared = await ask(place, input, command, { ...job, ...more }, limits.seconds);
    if ("why" in compared) return stopped(input, `the comparison of ${what}`, compared.why);
    findings.push(...(compared.value as { readonly items: readonly Finding[] }).items);
  }
  const isDifferent = findings.some(({ outcome }) => outcome === "different");
  const divergence = isDifferent ? await diverging(place, input, job) : undefined;
  const selfCheck = training.selfCheck ?? undefined;
  return {
    kind: "done",
    findings,
    runs,
    ...(selfCheck === undefined ? {} : { selfCheck }),
    ...(divergence === undefined ? {} : { divergence }),
  };
}

type Comparison = readonly [what: string, command: string, job: Readonly<Record<string, unknown>>];

/** What can be compared once the product has trained. */
function comparisons(place: Workplace, input: VerifyInput, root: string, training: Training): readonly Comparison[] {
  const { plan, folder, http } = input;
  const { dataset } = plan;
  if (!training.isTrained) return [];
  const inNotebook = (path: string, i: number): string => joinPath(place.at(`notebook-${i}`), folder, path);
  const files = Object.entries(plan.files).map(([name, path]) => [
    name,
    { notebook: [0, 1].map((i) => inNotebook(path, i)), product: joinPath(root, path) },
  ]);
  const results = { expected: plan.expected, metrics: plan.metrics, files: Object.fromEntries(files) };
  const answers = {
    served: plan.served,
    // The dataset as it is: no run of anything has touched it.
    dataset: { ...dataset, path: joinPath(input.root, folder, dataset?.path ?? "") },
    http: { wanted: http, reason: "left out as asked (--no-http)" },
  };
  const isServed = plan.served.length > 0 && dataset !== undefined && training.code === 0;
  return [["results", "results", results], ...(isServed ? [["answers", "answers", answers] as const] : [])];
}

/** Runs both once more, statement by statement, to name the first one behind which they part. */
async function diverging(
  place: Workplace,
  input: VerifyInput,
  job: Readonly<Record<string, unknown>>,
): Promise<Divergence | undefined> {
  input.tell("looks for the first statement that differs");
  const ran = await runNotebook(place, input, "notebook-followed", followed);
  if (!("kept" in ran)) return undefined;
  const root = joinPath(copyWorkspace(place, input, "product-root-followed"), input.folder);
  const more = { root, followed: ran.kept, generated: input.generated };
  const traced = await ask(place, input, "trace", { ...job, ...more }, input.limits.seconds);
  return "why" in traced
    ? undefined
    : ((traced.value as { readonly divergence: Divergence | null }).divergence ?? undefined);
}

interface Training {
  readonly code: number;
  readonly said: string;
  readonly selfCheck: string | null;
  readonly isTrained: boolean;
  readonly seconds: number;
}

/** A product that does not train, or whose own check stops it, differs from a notebook that runs to its end. */
function trainingFindings({ code, said, selfCheck, isTrained }: Training): Finding[] {
  const failed = (name: string, product: string): Finding => ({
    kind: "run",
    name,
    outcome: "different",
    at: name,
    notebook: "runs to its end",
    product: product.slice(0, 600),
  });
  const findings: Finding[] = [];
  if (code !== 0 || !isTrained) findings.push(failed("training", said || `ended with ${code}`));
  if (selfCheck !== null && !/^self-check: (?:not comparable|\d+ rows)/.test(selfCheck))
    findings.push(failed("self-check", selfCheck));
  return findings;
}

/** Folders that no run needs: what others made, and what is ours. */
const left: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  ".crosswalk",
  "node_modules",
  ".venv",
  "venv",
  "env",
  "__pycache__",
  ".ipynb_checkpoints",
  ".mypy_cache",
  ".ruff_cache",
  ".pytest_cache",
  ".tox",
]);

/** True for a path, relative to the workspace, that is not copied. */
export function staysBehind(path: string, out: string): boolean {
  return path === out || left.has(path.slice(path.lastIndexOf("/") + 1));
}

function copyWorkspace(place: Workplace, { root, out }: VerifyInput, name: string): string {
  place.copy(root, place.at(name), (path) => staysBehind(path, out));
  return place.at(name);
}

/** The kernel keeps nothing in the user's own folders, and draws plots into memory. */
function kernelEnvironment(place: Workplace): Readonly<Record<string, string>> {
  return {
    MPLBACKEND: "module://matplotlib_inline.backend_inline",
    IPYTHONDIR: place.at("ipython"),
    JUPYTER_RUNTIME_DIR: place.at("jupyter"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

let serial = 0;

/** Runs one command of our Python in the user's, under the limits and without a network. */
async function ask(
  place: Workplace,
  {
    host,
    python,
    network,
    signal,
    ...rest
  }: Pick<VerifyInput, "host" | "python" | "network" | "signal"> & { readonly limits?: VerifyInput["limits"] },
  command: string,
  job: Readonly<Record<string, unknown>>,
  seconds: number,
): Promise<{ readonly value: unknown } | { readonly why: string }> {
  const code = place.at("python");
  for (const [name, text] of Object.entries(verifyPython)) place.write(`python/crosswalk_verify/${name}`, text);
  place.write("empty/.keep", "");
  const name = `${command}-${serial++}`;
  place.write(`jobs/${name}.json`, JSON.stringify({ ...job, memory: rest.limits?.memory ?? 0 }));
  const files = [place.at("jobs", `${name}.json`), place.at("jobs", `${name}.answer.json`)];
  const ran = await run([...network.before, python.program, "-m", "crosswalk_verify", command, ...files], {
    cwd: place.at("empty"),
    env: {
      ...host.env,
      ...kernelEnvironment(place),
      PYTHONPATH: code,
      PYTHONSAFEPATH: undefined,
      PYTHONHOME: undefined,
    },
    seconds,
    signal,
  });
  if (ran.code === 0) return { value: JSON.parse(new TextDecoder().decode(host.readBytes(files[1] ?? ""))) };
  return { why: whyOf(ran, seconds) };
}

function whyOf({ ended, stderr, code }: Ran, seconds: number): string {
  if (ended === "time") return `it took longer than ${seconds} seconds (--timeout)`;
  const lines = stderr.trim().split("\n");
  return `${lines.slice(-3).join(" ").slice(0, 800) || `exit code ${code}`}`;
}

export { findNetwork } from "../sandbox/network.ts";
export { findPython } from "../sandbox/python.ts";
export type { Network, Python };
