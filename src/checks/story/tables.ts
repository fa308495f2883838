import type { CallExpr } from "../../python/ir.ts";
import { type Arguments, argument } from "./arguments.ts";
import { all } from "./combine.ts";
import { at, figure, learn, type Machine, rowsAfter, site } from "./machine.ts";
import { type Column, lessonsOf, noColumn, type Rows, taught, union, unknown, type Value } from "./values.ts";

/** Tables put side by side, or one below the other. */
export function stacked(m: Machine, args: Arguments, expr: CallExpr, sideways?: boolean): Value {
  const list = args.positional[0]?.value.items ?? [];
  const parts = (list.length > 0 ? list : args.positional)
    .map(({ value }) => value)
    .filter((value) => value.kind !== "text");
  const axis = argument(args, 1, "axis")?.constant;
  const tables = parts.filter((value) => value.rows);
  const [first] = tables;
  if (!first?.rows) return figure(all(parts));
  if (sideways ?? (axis === 1 || axis === "columns")) return beside(tables);
  return below(m, tables, expr);
}

function beside(tables: readonly Value[]): Value {
  const [first] = tables;
  const columns = new Map<string, Column>();
  tables.forEach((table, i) => {
    for (const [label, column] of table.columns ?? []) columns.set(label, column);
    if (table.kind !== "frame") columns.set(`?${i}`, table.column);
  });
  const open = tables.filter((table) => table.kind === "frame" && !table.isClosed);
  const base = open.find((table) => table.column.is !== "") ?? open[0];
  const lessons = open.reduce((sum, table) => union(sum, table.column.lessons), noColumn.lessons);
  return {
    kind: "frame",
    rows: first?.rows,
    column: { ...(base?.column ?? noColumn), lessons },
    columns,
    isClosed: open.length === 0,
    isVague: tables.some((table) => table.isVague === true),
    ...(base?.gone ? { gone: base.gone } : {}),
  };
}

function below(m: Machine, tables: readonly Value[], expr: CallExpr): Value {
  const [first] = tables;
  if (!first) return unknown;
  const parts = tables.flatMap(({ rows }) => rows ?? []);
  const isTwice = new Set(parts.map(({ id }) => id)).size < parts.length;
  const rows = rowsAfter(m, commonOf(parts), `below ${at(m, expr.span)}`, { parts });
  let out: Value = { ...first, rows, mask: undefined };
  for (const other of tables.slice(1)) out = taught(out, lessonsOf(other));
  const [base] = parts;
  if (isTwice && base) {
    m.events.push({ kind: "resample", site: site(m, expr.span), rows: base, text: "concat" });
    out = taught(out, learn(m, { kind: "resampling", rows, text: "concat", of: new Set() }, expr.span));
  }
  return out;
}

/** Rows that all parts were taken out of: put together they are some of those again. */
function commonOf(parts: readonly Rows[]): readonly Rows[] {
  const [first, ...others] = parts;
  const found = first?.from.find((from) => others.every((part) => part.from.some(({ id }) => id === from.id)));
  return found ? [found] : [];
}

/** `left.merge(right)`: the columns of both. */
export function joined(m: Machine, left: Value, right: Value): Value {
  if (!left.rows) return right.rows ? joined(m, right, left) : figure(union(lessonsOf(left), lessonsOf(right)));
  const columns = new Map(left.columns ?? []);
  for (const [label, column] of right.columns ?? []) if (!columns.has(label)) columns.set(label, column);
  const rows = right.rows ? rowsAfter(m, [left.rows], `joined with ${right.rows.id}`) : left.rows;
  const out: Value = { ...left, rows, columns, kind: "frame" };
  const more = right.columns ? right.column.lessons : lessonsOf(right);
  if (more.size === 0) return out;
  // Columns of figures have names that nobody knows.
  columns.set(`?${m.counter}`, { ...noColumn, lessons: more });
  return out;
}
