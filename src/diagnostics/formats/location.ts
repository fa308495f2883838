import type { Diagnostic, Place } from "../diagnostic.ts";
import { type FormatContext, shownPath } from "./context.ts";
import { visible } from "./visible.ts";

/** `nb.ipynb:cell 3:2:5`, or `crosswalk.yaml:4:1` where there are no cells. */
export function location(place: Place, context: FormatContext): string {
  const cell = place.cell === undefined ? "" : `cell ${place.cell}:`;
  return `${visible(shownPath(place.file, context))}:${cell}${place.line}:${place.column}`;
}

/** `cell 3:2:5`, for messages that already carry the file; undefined where there are no cells. */
export function cellLocation(place: Place): string | undefined {
  return place.cell === undefined ? undefined : `cell ${place.cell}:${place.line}:${place.column}`;
}

/** `error[CW2003 label-leak]` */
export function headline(diagnostic: Diagnostic): string {
  return `${diagnostic.severity}[${diagnostic.code} ${diagnostic.slug}]`;
}
