import type { ColumnSet } from "./column-set.ts";

/** What the columns and rows of a result are, next to those of its source. What is left out nobody knows. */
export interface Shape {
  /**
   * `mapped`: those of the source, as the demand map names them. `some`: at most those. `open`: those, and others that depend on
   * what stands in the rows.
   */
  readonly columns?: "mapped" | "some" | "open" | undefined;
  /** Exactly these columns, whatever the source has. */
  readonly exactly?: ColumnSet;
  /** The values are computed with the arguments of the call as well; else those only choose. */
  readonly computed?: true;
  readonly rows?: "all" | "some";
  readonly order?: "kept" | "changed";
  readonly index?: "kept" | "reset" | "column" | undefined;
}

/** The same rows under the same labels in the same order; columns as the demand map says. */
export const sameRows: Shape = { columns: "mapped", rows: "all", order: "kept", index: "kept" };
/** The same rows with other values. */
export const otherValues: Shape = { ...sameRows, computed: true };
/** Some of the rows, in their order. */
export const someRows: Shape = { ...sameRows, rows: "some" };
/** The same rows in another order. */
export const sortedRows: Shape = { ...sameRows, order: "changed" };
