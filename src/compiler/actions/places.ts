import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import type { Cell, ReadNotebook } from "../../notebook/notebook.ts";

/**
 * Diagnostics that were kept, with the lines of the files as they are now: a notebook that was run again has its cells elsewhere in its
 * JSON, and everything else of a place is the same.
 */
export function placedNow(
  diagnostics: readonly Diagnostic[],
  notebook: (path: string) => ReadNotebook | undefined,
): readonly Diagnostic[] {
  return diagnostics.map((one) => {
    const now = (place: Place): Place => {
      if (place.cell === undefined) return place;
      const found = notebook(place.file);
      const cell = found?.value?.cells[place.cell - 1];
      const fileLine =
        cell && place.cellId === cell.id
          ? cell.place(spanOf(cell, place)).fileLine
          : found?.diagnostics.find((other) => isSame(other, one))?.place?.fileLine;
      return fileLine === undefined || fileLine === place.fileLine ? place : { ...place, fileLine };
    };
    const related = one.related.map(({ message, place }) => ({ message, place: now(place) }));
    return one.place ? { ...one, place: now(one.place), related } : { ...one, related };
  });
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.message === b.message && a.place?.cell === b.place?.cell;
}

/** Where a place begins in the source of its cell. */
function spanOf({ source }: Cell, { line, column }: Place): { readonly start: number; readonly end: number } {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = source.indexOf("\n", start);
    if (next < 0) break;
    start = next + 1;
  }
  start += column - 1;
  return { start, end: start };
}
