import { UsageProblem } from "./usage-problem.ts";

/** One `--format`, with its `--output` when there is one. */
export interface ReportRequest {
  readonly format: string;
  readonly output?: string;
}

/**
 * Pairs `--format` and `--output` as they stand on the command line: an output belongs to the format before it, or,
 * where none is waiting, to the next one. Throws a UsageProblem where they do not pair.
 */
export function pairReports(words: readonly ReportWord[]): readonly ReportRequest[] {
  const out: { format: string; output?: string }[] = [];
  let early: string | undefined;
  for (const word of words) {
    const last = out.at(-1);
    if (word.option === "format") {
      out.push(early === undefined ? { format: word.value } : { format: word.value, output: early });
      early = undefined;
    } else if (last && last.output === undefined) last.output = word.value;
    else if (early === undefined) early = word.value;
    else throw alone(word.value);
  }
  if (early !== undefined) throw alone(early);
  return out;
}

export interface ReportWord {
  readonly option: "format" | "output";
  readonly value: string;
}

function alone(file: string): UsageProblem {
  return new UsageProblem(async () => (await import("./usage.ts")).usage.outputAlone(file));
}
