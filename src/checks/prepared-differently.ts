import { placeOf } from "../blueprint/cite.ts";
import type { Twin, TwinPlace } from "../blueprint/split/twins/twins.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";
import { testPreparedByItself } from "./leaks/test-prepared-by-itself.ts";

/**
 * The rows of a fit went through other code than the rows that the model is asked about (fit-apply.md, part 6). Of several
 * differences the first one is said.
 */
export function* preparedDifferently(c: Case): Iterable<Diagnostic> {
  const { flow, built } = c;
  const twins = built?.twins ?? [];
  // A figure that is taken again of the held-out rows is a leak, and a law of leakage has said it.
  const isLeak = twins.some(({ sort }) => sort === "own figure") && !isEmpty(testPreparedByItself(c));
  const byFit = new Map<string, Twin[]>();
  for (const twin of twins) {
    if (isLeak && twin.sort === "own figure") continue;
    const key = `${twin.fit.unit}:${twin.fit.span.start}`;
    byFit.set(key, [...(byFit.get(key) ?? []), twin]);
  }
  for (const of of byFit.values()) {
    const [first] = of.sort((a, b) => orderOf(a) - orderOf(b));
    const found = first && said(flow, first);
    if (found) yield found;
  }
}

function isEmpty(all: Iterable<unknown>): boolean {
  for (const _ of all) return false;
  return true;
}

/** Where a difference begins, in the order of the notebook. */
function orderOf({ trained, served }: Twin): number {
  return Math.min(trained?.unit ?? Number.POSITIVE_INFINITY, served?.unit ?? Number.POSITIVE_INFINITY);
}

function said({ program }: Dataflow, { sort, trained, served, fit, prediction }: Twin): Diagnostic | undefined {
  const cellOf = ({ unit }: TwinPlace): string => `cell ${program.units[unit]?.cell.cell.index ?? "?"}`;
  const line = ({ unit, span }: TwinPlace): string => {
    const python = program.units[unit]?.cell.cell.python ?? "";
    const from = python.lastIndexOf("\n", span.start - 1) + 1;
    const to = python.indexOf("\n", span.start);
    return python
      .slice(from, to < 0 ? undefined : to)
      .trim()
      .slice(0, 90);
  };
  const what = wordsOf(sort, served && line(served), trained && line(trained), trained ? cellOf(trained) : cellOf(fit));
  const at = served ?? trained ?? prediction;
  const unit = program.units[at.unit];
  const other = served ? (trained ?? fit) : prediction;
  const otherUnit = program.units[other.unit];
  if (!unit || !otherUnit) return undefined;
  const message = !served
    ? "the rows that are asked about, without it"
    : trained
      ? "the same for the rows of the fit"
      : "the rows of the fit, without it";
  return report(
    "CW3125",
    placeOf(unit, at.span),
    { what },
    { related: [{ message, place: placeOf(otherUnit, other.span) }] },
  );
}

function wordsOf(sort: Twin["sort"], served: string | undefined, trained: string | undefined, cell: string): string {
  switch (sort) {
    case "own figure":
      return `'${served}' takes its figure from the rows that are asked about, ${cell} ('${trained}') from those of the fit`;
    case "missing step":
      return served === undefined
        ? `'${trained}' is done to the rows of the fit alone`
        : `'${served}' is done to the rows that are asked about, and not to those of the fit (${cell})`;
    case "other order":
      return `'${served}' stands where ${cell} has '${trained}': the steps have another order`;
    case "other columns":
      return `other columns are chosen${served === undefined ? "" : `, '${served}' here`} and in ${cell}${trained === undefined ? "" : ` '${trained}'`}`;
    case "other value":
      return `'${served}' here, '${trained}' in ${cell}`;
  }
}
