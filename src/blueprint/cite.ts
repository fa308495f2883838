import type { ParsedCell, Unit } from "../dataflow/program.ts";
import type { Place } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { Cite } from "./blueprint.ts";

/** Where a span of a cell's Python stands, for documents. */
export function citeSpan(cell: ParsedCell, span: Span): Cite {
  const place = cell.cell.pythonPlace(span);
  return {
    notebook: cell.notebook.path,
    cell: cell.cell.index,
    cellId: cell.cell.id,
    line: place.line,
    endLine: place.endLine,
  };
}

export function cite(unit: Unit): Cite {
  return citeSpan(unit.cell, unit.stmt.span);
}

/** The place of a unit, or of a span within it, for a diagnostic. */
export function placeOf(unit: Unit, span: Span = unit.stmt.span): Place {
  return unit.cell.cell.pythonPlace(span);
}
