import type { ObjId } from "../value.ts";
import type { ColumnSet } from "./column-set.ts";
import type { DemandMap } from "./demand-map.ts";
import type { Shape } from "./shape.ts";

/** What a statement does with the columns of a table, in the order in which it does it. */
export type TableEvent = TableUse | TableWrite | TableDerivation | TableChange;

/** Columns are read, or must be there for the statement to run. */
export interface TableUse {
  readonly kind: "use";
  readonly obj: ObjId;
  readonly columns: ColumnSet;
  readonly what: string;
  /** They must be there; what they hold does not matter. */
  readonly exists?: true;
}

/** Columns are, or may be, another after this. */
export interface TableWrite {
  readonly kind: "write";
  readonly obj: ObjId;
  readonly columns: ColumnSet;
  /** The table comes into being here. */
  readonly born?: true;
  /** Columns of which nothing of the old is left but their place among the others. */
  readonly replaces?: ColumnSet;
  /** Columns that are gone. */
  readonly removes?: ColumnSet;
}

/** A table is made of another: what is demanded of it is demanded, by the map, of its source. */
export interface TableDerivation {
  readonly kind: "derive";
  readonly from: ObjId;
  readonly to: ObjId;
  readonly map: DemandMap;
  readonly shape?: Shape;
}

/** A table gets other columns in place: what is demanded of it afterwards is demanded, by the map, of what it was. */
export interface TableChange {
  readonly kind: "change";
  readonly obj: ObjId;
  readonly map: DemandMap;
  readonly shape?: Shape;
  /** It is this table that changes, and no other. */
  readonly sure: boolean;
}
