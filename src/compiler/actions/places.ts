import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import { spanOfMarks } from "../../notebook/bare-code.ts";
import type { Cell, ReadNotebook } from "../../notebook/notebook.ts";
import type { KeptDiagnostic, KeptPlace } from "./declared.ts";
import { plainCode, spanOfPlace } from "./what-counts.ts";

/**
 * Diagnostics that were kept, at their places in the notebooks as they are now: comments and blanks may have come and gone since, and a
 * notebook that was run again has its cells elsewhere in its JSON.
 */
export function placedNow(
  diagnostics: readonly KeptDiagnostic[],
  notebook: (path: string) => ReadNotebook | undefined,
): readonly Diagnostic[] {
  return diagnostics.map((one) => {
    const now = (kept: KeptPlace): Place => {
      const { marks, ...place } = kept;
      if (place.cell === undefined) return place;
      const found = notebook(place.file);
      const cell = found?.value?.cells[place.cell - 1];
      const own = cell && place.cellId === cell.id ? cell : undefined;
      const moved = own && marks && movedPlace(own, marks, place);
      if (moved) return moved;
      const fileLine = own
        ? own.place(spanOfPlace(own.source, place)).fileLine
        : found?.diagnostics.find((other) => isSame(other, one))?.place?.fileLine;
      return fileLine === undefined || fileLine === place.fileLine ? place : { ...place, fileLine };
    };
    const related = one.related.map(({ message, place }) => ({ message, place: now(place) }));
    return one.place ? { ...one, place: now(one.place), related } : { ...one, related };
  });
}

/** A place by what it begins and ends with. Where it shows no lines of code it goes on showing none. */
function movedPlace(cell: Cell, marks: readonly [number, number], { excerpt }: Place): Place | undefined {
  const bare = plainCode(cell);
  const span = bare && spanOfMarks(bare, marks);
  if (!span) return undefined;
  const { excerpt: shown, ...place } = cell.place(span);
  return excerpt === undefined || shown === undefined ? place : { ...place, excerpt: shown };
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.message === b.message && a.place?.cell === b.place?.cell;
}
