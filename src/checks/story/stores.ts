import type { Expr, SubscriptExpr } from "../../python/ir.ts";
import { box, computed, labelsOf, lookUp, type Machine } from "./machine.ts";
import { type Box, type Column, columnOf, lessonsOf, madeOf, union, type Value } from "./values.ts";

/** `table[label] = value`, `table.loc[rows, label] = value`, `list[i] = value`, `dict[key] = value`. */
export function store(m: Machine, target: SubscriptExpr, value: Value): void {
  const inner = target.value;
  if (inner.kind === "attribute" && /^(?:loc|iloc|at|iat)$/.test(inner.attr)) {
    const parts = target.index.kind === "tuple" ? target.index.items : [target.index];
    const where = parts[0] && m.evaluate(parts[0]);
    const labels = parts[1] ? labelsOf(m.evaluate(parts[1])) : undefined;
    change(m, inner.value, (table) => write(m, table, labels, value, where));
    return;
  }
  const index = m.evaluate(target.index);
  change(m, inner, (holder) => {
    if (holder.kind === "mapping" || holder.kind === "sequence") return hold(holder, index, value);
    if (holder.kind === "frame" || holder.rows)
      return write(m, holder, index.mask ? undefined : labelsOf(index), value, undefined);
    return holder;
  });
}

/** Changes what an expression stands for: a name, or a column of a table. */
export function change(m: Machine, expr: Expr, how: (value: Value) => Value): void {
  if (expr.kind === "name") {
    const held = lookUp(m, expr.id);
    if (held) held.value = how(held.value);
    return;
  }
  if (expr.kind === "subscript") store(m, expr, how(m.evaluate(expr)));
  else if (expr.kind === "attribute" && expr.value.kind === "name") {
    const label: Expr = { kind: "constant", type: "str", value: expr.attr, span: expr.attrSpan };
    const table = lookUp(m, expr.value.id)?.value;
    if (table?.kind === "frame")
      store(m, { kind: "subscript", value: expr.value, index: label, span: expr.span }, how(m.evaluate(expr)));
  }
}

function hold(holder: Value, index: Value, value: Value): Value {
  const entries = new Map<string, Box>(holder.entries ?? []);
  const key = index.constant === undefined ? undefined : String(index.constant);
  if (key !== undefined && holder.kind === "mapping") entries.set(key, box(value));
  const lessons = union(union(holder.column.lessons, lessonsOf(value)), lessonsOf(index));
  return {
    ...holder,
    column: { ...holder.column, lessons },
    ...(holder.kind === "mapping" ? { entries } : {}),
  };
}

/** A table with columns replaced; `where`: only in some rows. */
function write(
  m: Machine,
  table: Value,
  labels: readonly string[] | undefined,
  value: Value,
  where: Value | undefined,
): Value {
  const lessons = union(lessonsOf(value), where?.mask ? lessonsOf(where) : new Set());
  const made = union(madeOf(value), where ? madeOf(where) : new Set());
  if (!labels) {
    const add = (column: Column): Column => ({ ...column, lessons: union(column.lessons, lessons) });
    const columns = table.columns && new Map([...table.columns].map(([label, column]) => [label, add(column)]));
    return { ...table, column: add(table.column), ...(columns ? { columns } : {}) };
  }
  const columns = new Map(table.columns ?? []);
  const gone = new Set(table.gone ?? []);
  for (const label of labels) {
    const part = value.kind === "frame" ? columnOf(value, label) : undefined;
    const isCopy =
      !where && value.rows !== undefined && labels.length === 1 && value.column.is !== "" && value.kind !== "frame";
    const old = where ? columnOf(table, label) : undefined;
    const now =
      part ??
      (isCopy
        ? value.column
        : computed(m, union(made, old?.made ?? new Set()), union(lessons, old?.lessons ?? new Set())));
    columns.set(label, isCopy ? { ...now, lessons: union(now.lessons, lessons) } : now);
    gone.delete(label);
  }
  return { ...table, kind: "frame", columns, gone };
}
