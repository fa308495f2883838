import type { Span } from "../../foundation/span.ts";
import { textBuilder } from "../../notebook/ipython/text-map.ts";
import type { Cell } from "../../notebook/notebook.ts";
import { parseModule } from "../../python/parse.ts";
import type { ParsedCell } from "../program.ts";

/** A replacement in the Python text of a cell. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** A cell whose Python was changed, and where each piece of it came from. */
export interface Rewritten {
  readonly cell: ParsedCell;
  /** The span of the old Python behind a span of the new. */
  oldSpan(span: Span): Span;
}

/**
 * The same cell with its Python changed and parsed anew; every place still points into the cell as the person wrote it. Edits must
 * not overlap; of two at one place the first goes first.
 */
export function rewriteCell(parsed: ParsedCell, edits: readonly TextEdit[]): Rewritten {
  if (edits.length === 0) return { cell: parsed, oldSpan: (span) => span };
  const { text } = parsed.module;
  const out = textBuilder();
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) continue;
    out.copy(text.slice(at, edit.start), at);
    out.put(edit.text, { start: edit.start, end: edit.end });
    at = edit.end;
  }
  out.copy(text.slice(at), at);
  const { text: python, map } = out.done();
  const before = parsed.cell;
  const sourceSpan = (span: Span): Span => before.sourceSpan(map.sourceSpan(span));
  const cell: Cell = { ...before, python, sourceSpan, pythonPlace: (span) => before.place(sourceSpan(span)) };
  return { cell: { ...parsed, cell, module: parseModule(python) }, oldSpan: (span) => map.sourceSpan(span) };
}
