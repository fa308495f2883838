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
  readonly python: Python;
  readonly network: Network;
  readonly http: boolean;
  readonly limits: { readonly seconds: number; readonly memory: number };
  readonly tolerance: number;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
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

async function inside(place: Workplace, input: VerifyInput): Promise<Outcome> {
  const { plan, limits, tell } = input;
  const runs: Timed[] = [];
  const stopped = (what: string, why: string): Outcome =>
    input.signal.aborted ? { kind: "interrupted" } : { kind: "stopped", what, why };
  const kept: { readonly folder: string; readonly values: unknown }[] = [];
  for (const [i, what] of ["the notebook, first time", "the notebook, second time"].entries()) {
    tell(`runs ${what}`);
    const copy = copyWorkspace(place, input, `notebook-${i}`);
    const out = place.at(`values-${i}`);
    const answer = await ask(
      place,
      input,
      "notebook",
      {
        out,
        notebooks: plan.notebooks.map((one) => ({ ...one, folder: joinPath(copy, one.folder) })),
        notes: plan.notes,
        wanted: plan.wanted,
        env: kernelEnvironment(place),
        unset: ["PYTHONPATH", "PYTHONSAFEPATH"],
      },
      limits.seconds,
    );
    if ("why" in answer) return stopped(what, answer.why);
    const result = answer.value as Values | Problem;
    if ("problem" in result) {
      const { notebook, cell, line, message } = result.problem;
      return {
        kind: "notebook failed",
        notebook,
        message,
        ...(cell === null ? {} : { cell }),
        ...(line === null ? {} : { line }),
      };
    }
    runs.push({ what, seconds: result.seconds });
    kept.push({ folder: out, values: result.values });
  }
  return compareProduct(place, input, kept, runs, stopped);
}

async function compareProduct(
  place: Workplace,
  input: VerifyInput,
  kept: readonly { readonly folder: string; readonly values: unknown }[],
  runs: Timed[],
  stopped: (what: string, why: string) => Outcome,
): Promise<Outcome> {
  const { plan, limits, tell } = input;
  const root = joinPath(copyWorkspace(place, input, "product-root"), input.folder);
  place.copy(joinPath(input.root, input.out), place.at("product"), (path) => path.split("/").includes("__pycache__"));
  place.write("work/.keep", "");
  place.write("scratch/.keep", "");
  const product = {
    package: input.package,
    source: place.at("product", "src"),
    workdir: place.at("work", "W"),
    root,
    scratch: place.at("scratch"),
    env: { PYTHONDONTWRITEBYTECODE: "1", MPLBACKEND: "Agg" },
    overridden: plan.overridden,
    runs: kept,
    tolerance: input.tolerance,
  };
  tell("runs the product");
  const what = "the product";
  const trained = await ask(place, input, "train", product, limits.seconds);
  if ("why" in trained) return stopped(what, trained.why);
  const training = trained.value as Training;
  runs.push({ what, seconds: training.seconds });
  const findings: Finding[] = trainingFindings(training);
  const selfCheck = training.selfCheck ?? undefined;
  const done = (): Outcome => ({ kind: "done", findings, runs, ...(selfCheck === undefined ? {} : { selfCheck }) });
  if (!training.isTrained) return done();
  tell("compares results");
  const compared = await ask(
    place,
    input,
    "results",
    {
      ...product,
      expected: plan.expected,
      metrics: plan.metrics,
      files: Object.fromEntries(
        Object.entries(plan.files).map(([name, path]) => [
          name,
          {
            notebook: [0, 1].map((i) => joinPath(place.at(`notebook-${i}`), input.folder, path)),
            product: joinPath(root, path),
          },
        ]),
      ),
    },
    limits.seconds,
  );
  if ("why" in compared) return stopped("the comparison of results", compared.why);
  findings.push(...(compared.value as { readonly items: readonly Finding[] }).items);
  const { dataset } = plan;
  if (plan.served.length === 0 || !dataset || training.code !== 0) return done();
  tell("compares answers");
  const answered = await ask(
    place,
    input,
    "answers",
    {
      ...product,
      served: plan.served,
      answers: plan.answers,
      dataset: {
        ...dataset,
        path: joinPath(place.at("notebook-0"), input.folder, dataset.path),
        original: dataset.path,
      },
      http: { wanted: input.http, reason: "left out as asked (--no-http)" },
    },
    limits.seconds,
  );
  if ("why" in answered) return stopped("the comparison of answers", answered.why);
  findings.push(...(answered.value as { readonly items: readonly Finding[] }).items);
  return done();
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
