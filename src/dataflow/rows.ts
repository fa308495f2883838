import type { Span } from "../foundation/span.ts";
import type { Obj } from "./heap.ts";
import type { Machine } from "./machine.ts";

/** The row set of a table that is made here, of rows of `base` where that is known. Equal calls of one statement are told apart. */
export function rowsAfter(m: Machine, span: Span, base?: string): string {
  const call = m.stack.length > 0 ? (m.callSite?.start ?? "") : "";
  const site = `${m.unit}:${call}:${span.start}-${span.end}|${base ?? ""}`;
  const known = m.rowSets.get(site);
  if (known !== undefined) return known;
  const made = `r${m.rowSets.size}`;
  m.rowSets.set(site, made);
  if (base !== undefined) m.rowOrigins.set(made, base);
  return made;
}

/** One side of a split of the rows `base`. */
export function rowsOfSplit(m: Machine, span: Span, side: string, base: string | undefined): string {
  const made = `${rowsAfter(m, span)}.${side}`;
  if (base !== undefined && !m.rowOrigins.has(made)) m.rowOrigins.set(made, base);
  return made;
}

/** True when an estimator was fitted on these rows, or on a table that they were taken from. */
export function wasFittedOn(m: Machine, estimator: Obj, rows: string | undefined): boolean {
  const seen = new Set<string>();
  for (let at = rows; at !== undefined && !seen.has(at); at = m.rowOrigins.get(at)) {
    if (estimator.fittedRows.has(at)) return true;
    seen.add(at);
  }
  return false;
}
