import { inRepository } from "../lib/repository.ts";
import { run } from "../lib/run.ts";
import { notebookRun } from "./baseline.ts";
import type { CorpusBench } from "./bench.ts";
import type { CorpusNotebook } from "./notebooks.ts";
import { buildNotebook, type Kept, keptOf, runProduct } from "./product.ts";
import { type ProductQuality, qualityOf } from "./quality.ts";

/** How many runs of the notebook decide at most whether a value is its own, where the product differs. */
const RUNS = 8;

export type Outcome = "crash" | "nothing" | "refused" | "run failed" | "wrong" | "incomplete" | "equal" | "no baseline";

/** A product beside its notebook, by the names of variables. */
export interface Comparison {
  readonly equal: readonly string[];
  readonly different: readonly string[];
  /** On which all runs of the notebook agree and that can be compared at all. */
  readonly stable: readonly string[];
  /** Figures of matplotlib and the like: no value to compare. */
  readonly shown: readonly string[];
  /** On which the notebook's own runs differ. */
  readonly unstable: readonly string[];
  readonly notInNotebook: readonly string[];
  readonly artifacts: readonly string[];
}

/** All that is known of one notebook. */
export interface Verdict {
  readonly notebook: CorpusNotebook;
  readonly outcome: Outcome;
  /** Codes, an error's last line, or what went wrong. */
  readonly why: string;
  readonly buildSeconds: number;
  readonly kept?: Kept;
  readonly comparison?: Comparison;
  /** Names that hold an estimator, a prediction or a figure at the notebook's end and are no artifact. */
  readonly missing?: Readonly<Record<string, string>>;
  /** How many such names there are. */
  readonly promised?: number;
  /** How many runs of the notebook were compared with each other. */
  readonly runs?: number;
  readonly quality?: ProductQuality;
}

/** Builds, runs and compares one notebook. */
export async function judgeNotebook(
  bench: CorpusBench,
  notebook: CorpusNotebook,
  options: { readonly quality: boolean },
): Promise<Verdict> {
  const { build, folder, seconds } = await buildNotebook(bench, notebook);
  const base = { notebook, buildSeconds: seconds };
  if (build.kind === "crash") return { ...base, outcome: "crash", why: build.why };
  const kept = await keptOf(folder);
  if (build.kind === "nothing") return { ...base, outcome: "nothing", why: "", kept };
  if (build.kind === "refused")
    return { ...base, outcome: "refused", why: `${build.codes.join(" ")}: ${build.why}`, kept };
  const quality = options.quality ? { quality: await qualityOf(bench, build.product, kept.own) } : {};
  const known = { ...base, kept, ...quality };
  const ran = await runProduct(bench, folder, build);
  if (ran.problem !== undefined) return { ...known, outcome: "run failed", why: ran.problem };
  const recorded = await notebookRun(bench, notebook, 0);
  if (recorded.run.status !== "ok") return { ...known, outcome: "no baseline", why: recorded.run.why };
  const files: string[] = [];
  const more = async (upTo: number): Promise<boolean> => {
    while (files.length < upTo) {
      const { file, run: next } = await notebookRun(bench, notebook, files.length + 1);
      if (next.status !== "ok") return false;
      files.push(file);
    }
    return true;
  };
  const ask = async (): Promise<Comparison> => {
    const args = ["--digest", bench.digest, "--src", `${build.product}/src`, "--package", build.package];
    const script = inRepository("scripts", "oracle", "corpus_compare.py");
    const said = await run(
      bench.python,
      ["-W", "ignore", script, ...args, "--workdir", ran.workdir, "--runs", ...files],
      { env: bench.env },
    );
    if (said.code !== 0) throw new Error(`${notebook.path}: ${said.stderr.trim().split("\n").at(-1)}`);
    return JSON.parse(said.stdout.trim().split("\n").at(-1) ?? "") as Comparison;
  };
  if (!(await more(2))) return { ...known, outcome: "no baseline", why: "a second run of the notebook failed" };
  let comparison = await ask();
  // A draw without a seed may give the same twice by chance: before a value counts as wrong, the notebook is run again.
  while (comparison.different.length > 0 && files.length < RUNS && (await more(files.length + 1)))
    comparison = await ask();
  const promised = Object.entries(recorded.run.found ?? {});
  const missing = Object.fromEntries(promised.filter(([name]) => !comparison.artifacts.includes(name)));
  const isComplete = Object.keys(missing).length === 0;
  const outcome = comparison.different.length > 0 ? "wrong" : isComplete ? "equal" : "incomplete";
  return { ...known, outcome, why: "", comparison, missing, promised: promised.length, runs: files.length };
}
