import type { Expr } from "../../python/ir.ts";
import { type Bound, fitted, holdsRows, isByPlace, isRow, predictionsOf, type Rows, rowwise } from "./bound.ts";
import { isSamePart, type Machine, nameOf, placesRoot, trouble } from "./machine.ts";
import { codeOf } from "./static.ts";

/** The rows of a value, or of the first part of it that has any. */
export function rowsOf(value: Bound): Rows | undefined {
  if (value.rows) return value.rows;
  for (const part of [...(value.items ?? []), ...(value.entries?.values() ?? []), ...(value.of ? [value.of] : [])]) {
    const rows = rowsOf(part);
    if (rows) return rows;
  }
  return undefined;
}

/** An operation entry by entry, of operands that are evaluated already: they must have the same rows; what training knows is cut. */
export function combined(
  m: Machine,
  expr: Expr,
  operands: readonly Expr[],
  values: readonly Bound[],
  made: (codes: Expr[]) => Expr,
  kind?: Bound["kind"],
): Bound {
  const row = values.filter(holdsRows);
  const [first] = row;
  if (!first) {
    const shape = values.find((value) => value.time === "shape");
    if (shape) return fitted("value", { time: "shape", ...(shape.rows ? { rows: shape.rows } : {}) });
    return fitted();
  }
  const rows = common(row);
  const any = rowsOf(first);
  if (!rows) return any ? trouble(m, "other row set", expr, any, row) : fitted();
  const unknown = row.find((value) => value.kind === "unknown");
  if (unknown) return { ...unknown, predictions: predictionsOf(row) };
  const codes = operands.map((one, i) => codeOf(m, one, values[i] ?? fitted()));
  const kinds = row.map((value) => value.kind);
  const out = kind ?? (kinds.includes("frame") ? "frame" : kinds.includes("series") ? "series" : (kinds[0] ?? "array"));
  const column = row.every((value) => value.column === first.column) ? first.column : undefined;
  const isSingle = row.every((value) => value.kind === "series" || value.width === 1);
  return rowwise(out, made(codes), rows, {
    predictions: predictionsOf(row),
    column,
    ...(isSingle ? { width: 1 } : {}),
  });
}

/** The row values in a value: itself, or those in a list or dict. */
export function leavesOf(value: Bound): readonly Bound[] {
  if (isRow(value)) return [value];
  const inside = [...(value.items ?? []), ...(value.entries?.values() ?? []), ...(value.of ? [value.of] : [])];
  return inside.flatMap(leavesOf);
}

/** True when place i among these rows is place i among the others. */
export function hasSamePlaces(one: Rows, other: Rows): boolean {
  return placesRoot(one).id === placesRoot(other).id && isSamePart(one, other);
}

/** The rows that values have in common, when they all have the same: by label those of tables, by place those of arrays. */
export function common(values: readonly Bound[]): Rows | undefined {
  const all = values.flatMap(leavesOf);
  const rows = all.find((one) => !isByPlace(one))?.rows ?? all[0]?.rows;
  if (!rows) return undefined;
  const isFitting = (one: Bound): boolean =>
    one.rows?.id === rows.id || (isByPlace(one) && one.rows !== undefined && hasSamePlaces(one.rows, rows));
  return all.every(isFitting) ? rows : undefined;
}

/** Something that takes in values whole: of row values nobody knows what it makes. */
export function whole(m: Machine, expr: Expr, parts: readonly Bound[]): Bound {
  const row = parts.find(holdsRows);
  const rows = row && rowsOf(row);
  return rows ? trouble(m, "unknown operation", expr, rows, parts) : fitted();
}

/** A call of one of the product's own serving functions. */
export function serving(at: Expr, name: string, args: readonly Expr[]): Expr {
  return { kind: "call", func: nameOf(`%${name}`, at.span), args, keywords: [], span: at.span };
}

/** Row values always have rows. */
export function never(): never {
  throw new Error("a row value without rows");
}
