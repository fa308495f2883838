import type { Expr } from "../../python/ir.ts";
import type { Lens } from "../heap.ts";
import { derive, type Machine, useColumns, useWhole } from "../machine.ts";
import type { Value } from "../value.ts";
import { isApiName } from "./api-names.ts";
import { allColumns, type ColumnSet, noColumns, only, union } from "./column-set.ts";
import { type DemandMap, justRows, sameNames } from "./demand-map.ts";
import { atMost, attributeLabel, columnLabels, labelsOf } from "./labels.ts";
import { type Shape, sameRows, someRows } from "./shape.ts";

/** What a view of one column sees. */
export function columnLens(columns: ColumnSet): Lens {
  return { columns, names: false };
}

/** A view of rows sees every column under its own name. */
export const rowsLens: Lens = { columns: allColumns, names: true };

/** True for what is surely a table with named columns. */
export function isFrame(value: Value): boolean {
  return value.type === "DataFrame" && value.objs.size > 0;
}

/** True where an attribute of a table that pandas does not have can only be a column. */
function isColumnName(m: Machine, name: string): boolean {
  return !m.accessors && !isApiName(name);
}

/** Reads an attribute of a table: notes what it reads, and gives the columns that what comes out is a view of. */
export function readAttribute(m: Machine, base: Value, name: string): Lens | undefined {
  if (isFrame(base)) {
    if (name === "loc" || name === "iloc" || name === "at" || name === "iat") return undefined;
    if (name === "index") useColumns(m, base, justRows, name);
    else if (isColumnName(m, name)) {
      const columns = only([name, attributeLabel(name)]);
      useColumns(m, base, columns, name);
      return columnLens(columns);
    } else useWhole(m, base, name);
    return undefined;
  }
  if (base.type !== "GroupBy") useWhole(m, base, name);
  return undefined;
}

/** A group-by object of some of the columns: what else there is to be seen through it. */
export function selected(m: Machine, base: Value, key: Value | string): Value {
  const { sees: _sees, ...rest } = base;
  if (!base.by) return rest;
  const found =
    typeof key === "string"
      ? isColumnName(m, key)
        ? { labels: new Set([key]) }
        : undefined
      : (labelsOf(m.heap, key) ?? columnLabels(m.heap, key));
  return found ? { ...rest, sees: union(base.by, only(found.labels)) } : rest;
}

/** Reads one column, or several, by what stands in the brackets: notes it, and gives what comes out as a view of. */
export function readColumn(m: Machine, base: Value, index: Value): Lens {
  const columns = atMost(columnLabels(m.heap, index));
  useColumns(m, base, columns, "a column");
  return columnLens(columns);
}

/** `df[["a", "b"]]`: a copy of these columns. All must be there; what they hold matters where it is demanded. */
export function selectColumns(m: Machine, base: Value, index: Value, copy: Value): void {
  const found = labelsOf(m.heap, index);
  useColumns(m, base, atMost(found), "columns", true);
  const exactly = found?.sure ? { exactly: only(found.labels) } : {};
  const shape: Shape = { ...sameRows, columns: "some", ...exactly };
  derive(m, base, copy, found ? { within: only(found.labels) } : sameNames, "columns", shape);
}

/** `df[mask]`, `df[2:5]`: the same columns of some rows. What may be a list of names reads them all. */
export function selectRows(m: Machine, base: Value, index: Value, part: Value): void {
  const isRows = index.type === "slice" || index.truth === true;
  useColumns(m, base, isRows ? justRows : allColumns, "rows");
  // A slice may go backwards.
  const isTruth = index.truth === true;
  derive(m, base, part, sameNames, "rows", isTruth ? someRows : isRows ? { columns: "mapped", index: "kept" } : {});
}

/** What `df.loc[rows, columns]` and the like choose of a table. */
export interface Choice {
  /** Columns that are read, or written, at once. */
  readonly columns: ColumnSet;
  /** Columns that must be there. */
  readonly exists: ColumnSet;
  /** What the part that comes out sees of the table. */
  readonly lens: Lens;
  /** What comes out is a table: how a demand on it becomes one on the whole. */
  readonly map: DemandMap | undefined;
  readonly shape: Shape;
  /** No single row is chosen, and nothing that may not be there yet. */
  readonly many: boolean;
}

const anyPart: Omit<Choice, "many"> = {
  columns: allColumns,
  exists: allColumns,
  lens: { columns: allColumns, names: false },
  map: undefined,
  shape: {},
};

/** What stands in the brackets of an indexer (`which`: loc, iloc, at, iat) of a table. */
export function choiceOf(m: Machine, which: string, index: Value, expr: Expr): Choice {
  const isPair = expr.kind === "tuple" && index.items?.length === 2;
  const [rows, key] = isPair ? (index.items ?? []) : [index];
  const many = isMany(m, rows);
  const shape: Shape = isFull(keyExprOf(expr, 0)) ? sameRows : rows?.truth ? someRows : { index: "kept" };
  const isEvery = key === undefined || isFull(keyExprOf(expr, 1));
  if (which === "at") {
    const found = key && columnLabels(m.heap, key);
    return { ...anyPart, ...(found ? oneColumn(only(found.labels)) : {}), many: false };
  }
  // A single row has one type for all of its columns, and its label may be of several levels, `key` one of them.
  if (!many || (which !== "loc" && which !== "iloc")) return { ...anyPart, many };
  if (isEvery)
    return {
      columns: justRows,
      exists: noColumns,
      lens: rowsLens,
      map: sameNames,
      shape: { ...shape, columns: "mapped" },
      many,
    };
  if (which === "iloc")
    return { ...anyPart, map: isMany(m, key) ? sameNames : undefined, shape: { ...shape, columns: "some" }, many };
  if (!isMany(m, key)) {
    const found = columnLabels(m.heap, key);
    return { ...anyPart, ...(found ? oneColumn(only(found.labels)) : {}), many };
  }
  const found = labelsOf(m.heap, key);
  if (!found) return { ...anyPart, map: sameNames, shape: { ...shape, columns: "some" }, many };
  const columns = only(found.labels);
  const exactly: Shape = { ...shape, columns: "some", ...(found.sure ? { exactly: columns } : {}) };
  return {
    columns: justRows,
    exists: columns,
    lens: { columns, names: true },
    map: { within: columns },
    shape: exactly,
    many,
  };
}

/** What stands in the brackets at a position: rows, then columns. */
function keyExprOf(expr: Expr, at: number): Expr | undefined {
  return expr.kind === "tuple" ? expr.items[at] : at === 0 ? expr : undefined;
}

function isFull(expr: Expr | undefined): boolean {
  return expr?.kind === "slice" && !expr.lower && !expr.upper && !expr.step;
}

function oneColumn(columns: ColumnSet): Pick<Choice, "columns" | "exists" | "lens"> {
  return { columns, exists: columns, lens: columnLens(columns) };
}

function isMany(m: Machine, value: Value | undefined): boolean {
  return value !== undefined && (value.type === "list" || value.type === "slice" || m.knowledge.isTable(value.type));
}

/** Columns of the keys that a table is grouped by; undefined where they are not known. */
export function groupKeys(m: Machine, key: Value | undefined): ColumnSet | undefined {
  if (!key) return undefined;
  if (key.type === "Series") return justRows;
  const found = labelsOf(m.heap, key);
  return found && only(found.labels);
}
