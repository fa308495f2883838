import type { ParsedCell } from "../dataflow/program.ts";
import type { Span } from "../foundation/span.ts";

/** A replacement in the Python text of one cell. Edits of one cell never overlap. */
export interface Edit {
  readonly cell: ParsedCell;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The new text still uses the names of the old one: it is wrapped, not gone. */
  readonly wraps?: true;
  /** An insertion that belongs to what stands before it. */
  readonly after?: true;
  /** Where the statement begins that it follows: a part of that one may be gone without it. */
  readonly owner?: number;
}

/** Removals and other edits together: what would be changed inside of a removed span goes with it. */
export function withRemovals(removals: readonly Edit[], others: readonly Edit[]): Edit[] {
  const byCell = Map.groupBy(removals, (edit) => edit.cell);
  const isGone = (edit: Edit): boolean =>
    byCell
      .get(edit.cell)
      ?.some(
        (removal) =>
          removal.start <= (edit.owner ?? edit.start) &&
          edit.end <= removal.end &&
          !(edit.after && edit.start === removal.start),
      ) ?? false;
  return [...removals, ...others.filter((edit) => !isGone(edit))];
}

/** The text of a span with the edits that lie within it applied. Insertions at one place keep their order. */
export function editedText(cell: ParsedCell, span: Span, edits: readonly Edit[]): string {
  const here = edits.filter((e) => e.cell === cell && span.start <= e.start && e.end <= span.end);
  const ordered = here
    .map((edit, rank) => ({ edit, rank }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.rank - b.rank);
  let out = "";
  let at = span.start;
  for (const { edit } of ordered) {
    if (edit.start < at) continue;
    out += cell.module.text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + cell.module.text.slice(at, span.end);
}

/** True when an edit takes the place of this span. */
export function isReplaced(cell: ParsedCell, span: Span, edits: readonly Edit[]): boolean {
  return edits.some(
    (e) => e.cell === cell && !e.wraps && e.start < e.end && e.start <= span.start && span.end <= e.end,
  );
}
