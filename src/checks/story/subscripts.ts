import type { Expr, SubscriptExpr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { figure, known, labelsOf, type Machine, rowsAfter } from "./machine.ts";
import {
  type Column,
  columnOf,
  type Lesson,
  type Lessons,
  lessonsOf,
  type Rows,
  taught,
  union,
  unknown,
  type Value,
} from "./values.ts";

/** `value[index]`. */
export function subscript(m: Machine, expr: SubscriptExpr): Value {
  const value = m.evaluate(expr.value);
  const { index } = expr;
  if (value.kind === "accessor" && value.of?.rows && /^(?:i?loc|i?at)$/.test(value.attr ?? ""))
    return located(m, value.of, value.attr === "iloc", index);
  if (value.kind === "accessor" && value.of && value.attr === "str") return value.of;
  if (value.kind === "member") return unknown;
  if (value.kind === "groups") return grouped(m, value, index);
  if (value.kind === "frame" || (value.rows && value.kind !== "index")) return ofTable(m, value, index);
  const key = index.kind === "slice" ? unknown : m.evaluate(index);
  if (value.kind === "sequence" || value.kind === "mapping") return part(m, value, key, expr);
  if (value.kind === "index") return value;
  // Of a table of relations the row or column of one label.
  const label = typeof key.constant === "string" ? key.constant : undefined;
  const lessons = label === undefined ? lessonsOf(value) : narrowed(m, lessonsOf(value), label, value.of);
  return { ...value, constant: undefined, column: { ...value.column, lessons: union(lessons, measured(key)) } };
}

/** Figures of models among what chose. */
function measured(key: Value): Lessons {
  return new Set([...lessonsOf(key)].filter(({ kind }) => kind === "measured"));
}

/** What `corr()[label]` tells: how each column goes with that one. */
function narrowed(m: Machine, lessons: Lessons, label: string, table: Value | undefined): Lessons {
  const out = new Set<Lesson>();
  for (const lesson of lessons) {
    const column = lesson.kind === "selection" && lesson.isGrouped && table ? columnOf(table, label) : undefined;
    const { rows, text, site } = lesson;
    out.add(column ? known(m, { kind: "selection", rows, text, of: column.made, site }) : lesson);
  }
  return out;
}

function part(m: Machine, value: Value, key: Value, expr: SubscriptExpr): Value {
  if (expr.index.kind === "slice") {
    const bounds = [expr.index.lower, expr.index.upper].map((bound) => bound && m.evaluate(bound).constant);
    if (value.items && !expr.index.step && bounds.every((bound) => bound === undefined || typeof bound === "number"))
      return { ...value, items: value.items.slice(bounds[0] as number | undefined, bounds[1] as number | undefined) };
    return { ...value, items: undefined, isVague: true, column: { ...value.column, lessons: lessonsOf(value) } };
  }
  const { constant } = key;
  const exact = typeof constant === "number" ? value.items?.at(constant) : value.entries?.get(String(constant));
  const any = exact?.value ?? [...(value.entries?.values() ?? value.items ?? [])].map(({ value: one }) => one).at(0);
  const found = any ?? figure(value.column.lessons);
  const chosen = measured(key);
  return chosen.size === 0 && any
    ? found
    : {
        ...found,
        column: {
          ...found.column,
          lessons: union(found.column.lessons, union(chosen, any ? new Set() : lessonsOf(value))),
        },
      };
}

function grouped(m: Machine, value: Value, index: Expr): Value {
  const labels = labelsOf(m.evaluate(index));
  const table = value.of;
  if (!table || !labels) return value;
  const [label] = labels;
  const isOne = index.kind !== "list" && label !== undefined;
  const column = isOne ? columnOf(table, label) : undefined;
  return { ...value, of: column ? { kind: "series", rows: table.rows, column } : chosen(m, table, labels) };
}

/** The columns of these labels. */
export function chosen(m: Machine, table: Value, labels: readonly string[]): Value {
  const columns = new Map(
    labels.flatMap((label): (readonly [string, Column])[] => {
      const column = columnOf(table, label);
      return column ? [[label, column]] : [];
    }),
  );
  m.steps -= labels.length >> 3;
  return { ...table, kind: "frame", columns, isClosed: true, isVague: false, gone: new Set(), mask: undefined };
}

function ofTable(m: Machine, value: Value, index: Expr): Value {
  if (index.kind === "slice") return sliced(m, value, index, "");
  if (index.kind === "tuple") {
    const [first, second] = index.items;
    return first && second ? positioned(m, value, first, second) : value;
  }
  return picked(m, value, m.evaluate(index));
}

/** `table[key]`: a column, columns or rows. */
export function picked(m: Machine, value: Value, key: Value): Value {
  if (key.mask !== undefined && value.rows) return some(m, value, `mask ${key.mask}`);
  if (key.kind === "index" && key.rows && value.rows)
    return { ...value, rows: sideRows(m, value.rows, key.rows), mask: undefined };
  if (key.kind === "sequence" && key.attr === "columns") {
    const gone = new Set([...(value.gone ?? []), ...(key.gone ?? [])]);
    const columns = value.columns && new Map([...value.columns].filter(([label]) => !gone.has(label)));
    const out = { ...value, gone, columns, isVague: value.isVague === true || key.isVague === true };
    return taught(out, selecting(key));
  }
  const labels = labelsOf(key);
  if (labels && value.kind === "frame") {
    if (typeof key.constant !== "string") return chosen(m, value, labels);
    const column = columnOf(value, key.constant);
    return column ? { kind: "series", rows: value.rows, column } : { ...unknown, kind: "series", rows: value.rows };
  }
  if (typeof key.constant === "number")
    return key.constant === 1 || value.kind !== "frame" ? figure(lessonsOf(value)) : { ...value };
  if (value.kind === "frame") return taught({ ...value, isVague: true, mask: undefined }, selecting(key));
  return value.predicted ? value : { ...value, mask: undefined };
}

/** Of what a choice of columns is made of, that which tells columns that go with the label from others. */
export function selecting(key: Value): Lessons {
  return new Set([...lessonsOf(key)].filter(({ kind }) => kind === "selection"));
}

/** The rows of a side, in what may be another table with the rows that were split. */
function sideRows(m: Machine, rows: Rows, key: Rows): Rows {
  return key.side && key.from.some((from) => from.id === rows.id)
    ? key
    : rows.id === key.id
      ? rows
      : key.side
        ? { ...key }
        : rowsAfter(m, [rows], `rows of ${key.id}`);
}

/** Some of the rows, told by a text. */
export function some(m: Machine, value: Value, how: string): Value {
  if (!value.rows) return value;
  const rows = rowsAfter(m, [value.rows], how);
  return { ...value, rows, mask: undefined, ...(value.predicted ? { predicted: { ...value.predicted, rows } } : {}) };
}

function sliced(m: Machine, value: Value, index: Expr, prefix: string): Value {
  if (index.kind === "slice" && !index.lower && !index.upper) return value;
  return some(m, value, `${prefix}${printExpr(index)}`);
}

/** `array[rows, columns]`. */
function positioned(m: Machine, value: Value, first: Expr, second: Expr): Value {
  const left =
    first.kind === "slice" ? sliced(m, value, first, "") : picked(m, { ...value, kind: "series" }, m.evaluate(first));
  const base: Value = { ...left, kind: value.kind };
  if (second.kind === "slice") return second.lower || second.upper ? { ...base, isVague: true } : base;
  const key = m.evaluate(second);
  if (value.predicted) return base;
  if (typeof key.constant !== "number") return taught({ ...base, isVague: true }, selecting(key));
  return atPosition(m, base, key.constant);
}

function atPosition(m: Machine, table: Value, position: number): Value {
  const is = `${table.column.is}:[${position}]`;
  m.steps--;
  return { kind: "series", rows: table.rows, column: { is, made: new Set([is]), lessons: lessonsOf(table) } };
}

/** `table.loc[rows, columns]`, `table.iloc[rows, columns]`. */
function located(m: Machine, table: Value, byPosition: boolean, index: Expr): Value {
  const [first, second] = index.kind === "tuple" ? index.items : [index];
  if (!first) return table;
  let out = table;
  if (first.kind === "slice") out = sliced(m, table, first, byPosition ? "" : "loc ");
  else {
    const key = m.evaluate(first);
    if (key.mask !== undefined || key.kind === "index") out = picked(m, table, key);
    else if (key.constant !== undefined) return figure(lessonsOf(table));
    else out = some(m, table, `${m.unit}.${first.span.start}`);
  }
  if (!second) return out;
  if (second.kind === "slice") return second.lower || second.upper ? { ...out, isVague: true } : out;
  const key = m.evaluate(second);
  if (typeof key.constant === "number" && byPosition) return atPosition(m, out, key.constant);
  if (byPosition) return { ...out, isVague: true };
  return picked(m, out, key.mask === undefined ? key : { ...key, mask: undefined, kind: "other" });
}
