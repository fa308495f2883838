import { joinPath } from "../foundation/paths.ts";
import { makeWorkplace, type Workplace } from "../sandbox/workplace.ts";
import { type Asking, ask, copyWorkspace } from "./ask.ts";
import type { Plan } from "./plan.ts";
import type { Divergence, Finding } from "./record.ts";
import { followed, type Kept, runNotebook } from "./run-notebook.ts";
import { type Training, trainingFindings } from "./training.ts";

/** Everything that one verification needs. Nothing is written but in a workplace that goes afterwards. */
export interface VerifyInput extends Asking {
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
  readonly http: boolean;
  /** Whether the first statement that differs is looked for. */
  readonly follow: boolean;
  /** Ends at the first difference, for whoever asks for the verdict alone. */
  readonly eager?: true;
  readonly tolerance: number;
  readonly tell: (text: string) => void;
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

/** Runs the notebooks twice and the product once, each in a copy of the workspace, and compares. */
export async function verify(input: VerifyInput): Promise<Outcome> {
  const opened = await openVerification(input);
  if (!("compare" in opened)) return opened;
  try {
    return await opened.compare(joinPath(input.root, input.out));
  } finally {
    opened.close();
  }
}

/** Notebooks that have run; any number of products may be held against them. */
export interface Verification {
  /** Compares with the product in an absolute folder. */
  compare(product: string): Promise<Outcome>;
  close(): void;
}

/** Runs the notebooks twice; gives what products can be compared with, or why there is nothing. */
export async function openVerification(input: VerifyInput): Promise<Verification | Outcome> {
  const place = makeWorkplace();
  let isOpen = false;
  try {
    const runs: Timed[] = [];
    const kept: Kept[] = [];
    for (const [i, what] of ["the notebook, first time", "the notebook, second time"].entries()) {
      input.tell(`runs ${what}`);
      const ran = await runNotebook(place, input, `notebook-${i}`, 0);
      if ("why" in ran) return stopped(input, what, ran.why);
      if ("problem" in ran) {
        const { notebook, cell, line, message } = ran.problem;
        const where = { ...(cell === null ? {} : { cell }), ...(line === null ? {} : { line }) };
        return { kind: "notebook failed", notebook, message, ...where };
      }
      runs.push({ what, seconds: ran.seconds });
      kept.push(ran.kept);
    }
    isOpen = true;
    const held: Held = { place, input, kept, runs };
    return { compare: (product) => compareProduct(held, product), close: () => place.remove() };
  } finally {
    if (!isOpen) place.remove();
  }
}

function stopped({ signal }: VerifyInput, what: string, why: string): Outcome {
  return signal.aborted ? { kind: "interrupted" } : { kind: "stopped", what, why };
}

/** What the runs of the notebooks left. */
interface Held {
  readonly place: Workplace;
  readonly input: VerifyInput;
  readonly kept: readonly Kept[];
  readonly runs: readonly Timed[];
  /** The run that was followed statement by statement, once one was needed. */
  followed?: Kept;
  count?: number;
}

async function compareProduct(held: Held, product: string): Promise<Outcome> {
  const { place, input, kept } = held;
  const { plan, tell } = input;
  held.count = (held.count ?? 0) + 1;
  const name = `product-${held.count}`;
  const root = joinPath(copyWorkspace(place, input, `${name}/root`), input.folder);
  place.copy(product, place.at(name, "code"), (path) => path.split("/").includes("__pycache__"));
  place.write(`${name}/work/.keep`, "");
  place.write(`${name}/scratch/.keep`, "");
  const job = {
    package: input.package,
    source: place.at(name, "code", "src"),
    workdir: place.at(name, "work", "W"),
    root,
    scratch: place.at(name, "scratch"),
    env: { PYTHONDONTWRITEBYTECODE: "1", MPLBACKEND: "Agg" },
    params: plan.overridden.flatMap((one) => ["--param", one]),
    runs: kept,
    tolerance: input.tolerance,
    eager: input.eager ?? false,
  };
  tell("runs the product");
  const trained = await ask(place, input, "train", job);
  if ("why" in trained) return stopped(input, "the product", trained.why);
  const training = trained.value as Training;
  const findings: Finding[] = trainingFindings(training);
  for (const [what, command, more] of comparisons(held, root, training)) {
    if (input.eager && findings.some(({ kind, outcome }) => kind !== "run" && outcome === "different")) break;
    tell(`compares ${what}`);
    const compared = await ask(place, input, command, { ...job, ...more });
    if ("why" in compared) return stopped(input, `the comparison of ${what}`, compared.why);
    findings.push(...(compared.value as { readonly items: readonly Finding[] }).items);
  }
  const isDifferent = findings.some(({ outcome }) => outcome === "different");
  const divergence = isDifferent && input.follow ? await diverging(held, name, job) : undefined;
  const { selfCheck, seconds } = training;
  return {
    kind: "done",
    findings,
    runs: [...held.runs, { what: "the product", seconds }],
    ...(selfCheck === null ? {} : { selfCheck }),
    ...(divergence === undefined ? {} : { divergence }),
  };
}

type Comparison = readonly [what: string, command: string, job: Readonly<Record<string, unknown>>];

/** What can be compared once the product has trained. */
function comparisons({ place, input }: Held, root: string, training: Training): readonly Comparison[] {
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
  // A product that nobody asked to serve trains on where it cannot: then there is no answer to compare.
  const isReady = training.code === 0 && (plan.promised.length === plan.served.length || training.selfCheck !== null);
  const isServed = plan.served.length > 0 && dataset !== undefined && isReady;
  return [["results", "results", results], ...(isServed ? [["answers", "answers", answers] as const] : [])];
}

/** Runs both once more, statement by statement, to name the first one behind which they part. */
async function diverging(
  held: Held,
  name: string,
  job: Readonly<Record<string, unknown>>,
): Promise<Divergence | undefined> {
  const { place, input } = held;
  input.tell("looks for the first statement that differs");
  if (!held.followed) {
    const ran = await runNotebook(place, input, "notebook-followed", followed);
    if (!("kept" in ran)) return undefined;
    held.followed = ran.kept;
  }
  const root = joinPath(copyWorkspace(place, input, `${name}/root-followed`), input.folder);
  const more = { root, followed: held.followed, generated: input.generated };
  const traced = await ask(place, input, "trace", { ...job, ...more });
  if ("why" in traced) return undefined;
  return (traced.value as { readonly divergence: Divergence | null }).divergence ?? undefined;
}
