import type { Diagnostic } from "../diagnostic.ts";

/** What a format needs besides the diagnostics. Nothing here depends on the machine unless the caller puts it in. */
export interface FormatContext {
  /** Version of Crosswalk. */
  readonly version: string;
  readonly color: boolean;
  /** Columns of the terminal; frames are cut to it. */
  readonly width: number;
  /** From a path relative to the workspace root to the path to print; the same path when left out. */
  readonly path?: (file: string) => string;
  readonly exitCode?: number;
  /** Members that the command adds to the JSON document, e.g. `models`. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** One way to print diagnostics; the text ends with a newline unless it is empty. */
export type Format = (diagnostics: readonly Diagnostic[], context: FormatContext) => string;

/** The path to print for a file of a place. */
export function shownPath(file: string, context: FormatContext): string {
  return context.path ? context.path(file) : file;
}
