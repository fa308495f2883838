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
  // A figure that is taken again of the held-out rows is a leak: where a law has said so in the same cell, that is enough.
  const leaks = twins.some(({ sort }) => sort === "own figure") ? [...testPreparedByItself(c)] : [];
  const byFit = new Map<string, Twin[]>();
  for (const twin of twins) {
    const at = twin.served && flow.program.units[twin.served.unit];
    const cell = at && placeOf(at);
    const isSaid = leaks.some(({ place }) => place?.file === cell?.file && place?.cell === cell?.cell);
    if (twin.sort === "own figure" && isSaid) continue;
    const key = `${twin.fit.unit}:${twin.fit.span.start}`;
    byFit.set(key, [...(byFit.get(key) ?? []), twin]);
  }
  for (const of of byFit.values()) {
    const [first] = of.sort((a, b) => orderOf(a) - orderOf(b));
    const found = first && said(flow, first);
    if (found) yield found;
  }
}

/** Where a difference begins, in the order of the notebook. */
function orderOf({ trained, served }: Twin): number {
  return Math.min(trained?.unit ?? Number.POSITIVE_INFINITY, served?.unit ?? Number.POSITIVE_INFINITY);
}

function said({ program }: Dataflow, { sort, fit, prediction, ...at }: Twin): Diagnostic | undefined {
  const isOfColumns = sort === "other columns";
  const [trained, served] = isOfColumns ? [fit, prediction] : [at.trained, at.served];
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
  const place = served ?? trained ?? prediction;
  const unit = program.units[place.unit];
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
    placeOf(unit, place.span),
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
      return `'${served}' takes other columns than '${trained}' in ${cell}`;
    case "other value":
      return `'${served}' here, '${trained}' in ${cell}`;
  }
}
