/** What Crosswalk says to people and machines. Made only by `report` in catalogue.ts. */

export type Severity = "error" | "warning" | "note";

/** A place in a source file that a person wrote. Lines and columns are 1-based, in UTF-16 units. */
export interface Place {
  /** Path relative to the workspace root, with forward slashes. */
  readonly file: string;
  /** 1-based number of the cell, counted over all cells of the notebook. */
  readonly cell?: number;
  readonly cellId?: string;
  /** Within the cell when there is one, else within the file. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The true line in the file on disk (for an .ipynb: in its JSON). Equals `line` where there is no cell. */
  readonly fileLine: number;
  /** The source lines `line`..`endLine` (at most three), for the code frame. Never cell outputs or data. */
  readonly excerpt?: readonly string[];
}

export interface Related {
  readonly message: string;
  readonly place: Place;
}

export interface Diagnostic {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place?: Place;
  /** How to mend it: one sentence. */
  readonly fix: string;
  readonly related: readonly Related[];
}

/** What every phase gives back: a value, whatever happened, and what there is to say about it. */
export interface Phase<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === "error");
}
