import type { Unit } from "../dataflow/program.ts";
import type { Edit } from "./edits.ts";
import type { PrintedFigure } from "./roots.ts";

/** Everything of a unit around its figures goes: what stands there was only for showing them. */
export function figureEdits(unit: Unit, figures: readonly PrintedFigure[]): readonly Edit[] {
  const out: Edit[] = [];
  let at = unit.stmt.span.start;
  for (const { span } of [...figures].sort((a, b) => a.span.start - b.span.start)) {
    if (span.start > at) out.push({ cell: unit.cell, start: at, end: span.start, text: "" });
    at = span.end;
  }
  if (unit.stmt.span.end > at) out.push({ cell: unit.cell, start: at, end: unit.stmt.span.end, text: "" });
  return out;
}
