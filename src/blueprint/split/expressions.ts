import type { AttributeExpr, Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { walkExpr } from "../../python/walk.ts";
import { type Bound, fitted, holdsRows, isRow, isWithin, type Rows, rowwise } from "./bound.ts";
import { callExpr } from "./calls.ts";
import { lackedBy, lackedByBoth } from "./column-lists.ts";
import { combined, never, rowsOf, whole } from "./combine.ts";
import { partOf } from "./concat.ts";
import { placesOf } from "./estimators.ts";
import { pickedOf, viewOfMask } from "./look-back.ts";
import { around, cut, lookUp, type Machine, now, rowsAfter, rowsWhere, trouble } from "./machine.ts";
import { rowList } from "./row-lists.ts";
import { codeOf, fieldName, keptColumns } from "./static.ts";

/** What an expression gives: the forward pass of fit-apply.md, part 2. */
export function evaluate(m: Machine, expr: Expr): Bound {
  switch (expr.kind) {
    case "name":
      return lookUp(m, expr.id) ?? fitted("member", { member: expr.id });
    case "constant":
      return fitted("value", { constant: expr.value ?? null });
    case "attribute":
      return attribute(m, expr, m.evaluate(expr.value));
    case "subscript":
      return subscript(m, expr, m.evaluate(expr.value));
    case "call":
      return callExpr(m, expr);
    case "binary":
      return binary(m, expr);
    case "compare": {
      const operands = [expr.left, ...expr.comparators];
      const values = operands.map((one) => m.evaluate(one));
      const known = isNone(expr.ops, values) ?? ofLists(m, expr, values);
      if (known) return known;
      return combined(m, expr, operands, values, ([left = expr.left, ...comparators]) => ({
        ...expr,
        left,
        comparators,
      }));
    }
    case "unary":
      return unary(m, expr);
    case "bool":
    case "conditional":
      return choice(m, expr);
    case "tuple":
    case "list":
    case "set":
      return fitted("sequence", { items: expr.items.map((item) => m.evaluate(item)) });
    case "dict":
      return dict(m, expr);
    case "lambda":
      return fitted("function", { fn: { definition: expr, name: "<lambda>", unit: m.unit } });
    case "comprehension":
      return comprehension(m, expr);
    case "fstring": {
      const parts = expr.parts.flatMap((part) => (part.kind === "field" ? [m.evaluate(part.value)] : []));
      return whole(m, expr, parts);
    }
    case "starred":
      return m.evaluate(expr.value);
    case "walrus":
      return m.evaluate(expr.value);
    case "slice":
    case "await":
    case "yield":
      return fitted();
  }
}

/** Entry by entry; `a + b` of two lists that are known item by item is a list again. */
function binary(m: Machine, expr: Expr & { kind: "binary" }): Bound {
  const [a, b] = [m.evaluate(expr.left), m.evaluate(expr.right)];
  if (expr.op === "+" && a.kind === "sequence" && b.kind === "sequence" && a.items && b.items)
    return fitted("sequence", { items: [...a.items, ...b.items] });
  const lacks = expr.op === "+" && !isRow(a) && !isRow(b) ? lackedByBoth(a, b) : undefined;
  if (lacks) return fitted("sequence", { lacks });
  if (expr.op === "+" && typeof a.constant === "string" && typeof b.constant === "string")
    return fitted("value", { constant: a.constant + b.constant });
  const list = ofLists(m, expr, [a, b]);
  if (list) return list;
  return combined(m, expr, [expr.left, expr.right], [a, b], ([left = expr.left, right = expr.right]) => ({
    ...expr,
    left,
    right,
  }));
}

/** Operators do something else to lists than to the entries in them. */
function ofLists(m: Machine, expr: Expr, values: readonly Bound[]): Bound | undefined {
  const list = values.find(({ kind }) => kind === "list");
  return list && trouble(m, "unknown operation", expr, list.rows ?? never(), values);
}

/** `x is None` of what is known to be something, or nothing. */
function isNone(ops: readonly string[], [left, right, ...more]: readonly Bound[]): Bound | undefined {
  const [op, ...rest] = ops;
  if (!left || right?.constant !== null || more.length + rest.length > 0 || (op !== "is" && op !== "is not"))
    return undefined;
  const isSome = (isRow(left) && left.kind !== "unknown") || left.items !== undefined || left.entries !== undefined;
  if (!isSome && left.constant === undefined) return undefined;
  return fitted("value", { constant: (left.constant === null) === (op === "is") });
}

function unary(m: Machine, expr: Expr & { kind: "unary" }): Bound {
  const value = m.evaluate(expr.operand);
  if (!isRow(value)) {
    const { constant } = value;
    if (expr.op === "-" && typeof constant === "number") return fitted("value", { constant: -constant });
    if (expr.op === "-" && value.counts) return { ...value, isBackwards: value.isBackwards !== true };
    if (expr.op === "not" && typeof constant === "boolean") return fitted("value", { constant: !constant });
    return fitted();
  }
  if (expr.op === "not") return trouble(m, "branch", expr, value.rows ?? never(), [value]);
  return combined(m, expr, [expr.operand], [value], ([operand = expr.operand]) => ({ ...expr, operand }));
}

function choice(m: Machine, expr: Expr & { kind: "bool" | "conditional" }): Bound {
  if (expr.kind === "conditional") {
    const test = m.evaluate(expr.test);
    if (typeof test.constant === "boolean") return m.evaluate(test.constant ? expr.then : expr.otherwise);
    return whole(m, expr, [test, m.evaluate(expr.then), m.evaluate(expr.otherwise)]);
  }
  return whole(
    m,
    expr,
    expr.values.map((value) => m.evaluate(value)),
  );
}

function dict(m: Machine, expr: Expr & { kind: "dict" }): Bound {
  const entries = new Map<string, Bound>();
  let isKnown = true;
  for (const { key, value } of expr.items) {
    const one = m.evaluate(value);
    if (key?.kind === "constant") entries.set(String(key.value), one);
    else isKnown = false;
  }
  return isKnown ? fitted("mapping", { entries }) : whole(m, expr, [...entries.values()]);
}

function comprehension(m: Machine, expr: Expr & { kind: "comprehension" }): Bound {
  const list = rowList(m, expr);
  if (list) return list;
  const values = expr.clauses.map((clause) => m.evaluate(clause.iterable));
  const lacks = lackedBy(m, expr);
  if (lacks) return fitted("sequence", { lacks });
  const row = values.find(holdsRows);
  if (row) {
    const rows = rowsOf(row);
    // A table gives the names of its columns.
    if (row.kind === "frame") return fitted("sequence");
    return rows ? trouble(m, "unknown operation", expr, rows, [row]) : fitted();
  }
  const { scope, keys } = m;
  m.scope = { names: new Map(), outer: scope };
  for (const clause of expr.clauses) bindNames(m, clause.target);
  const turn = turnOf(expr);
  if (turn !== undefined) m.keys = [...keys, turn];
  const from = m.counter;
  const element = m.evaluate(expr.element);
  m.keys = keys;
  m.scope = scope;
  const rows = rowsOf(element);
  if (!rows) return fitted("sequence");
  // Rows that a turn makes are others in each turn.
  const stack =
    turn === undefined || rows.id > from ? undefined : stacked(m, expr, turn, values[0] ?? fitted(), element, rows);
  return stack ?? trouble(m, "container", expr, rows, [element]);
}

/** The variable of a list that is made turn by turn, one item in each. */
function turnOf(expr: Expr & { kind: "comprehension" }): string | undefined {
  const [clause, ...more] = expr.clauses;
  if (!clause || more.length > 0 || expr.type !== "list" || clause.conditions.length > 0) return undefined;
  return clause.target.kind === "name" ? clause.target.id : undefined;
}

/** `[m.predict(X) for m in models]`: one value for each row from each item of a list that training knows. */
function stacked(
  m: Machine,
  expr: Expr & { kind: "comprehension" },
  turn: string,
  over: Bound,
  element: Bound,
  rows: Rows,
): Bound | undefined {
  const [clause] = expr.clauses;
  if (!clause || !isRow(element) || !element.code || element.kind === "unknown") return undefined;
  // A cut inside would have to be kept turn by turn: nothing but the list itself may be training's.
  let keepsInside = false;
  walkExpr(element.code, (one) => {
    if (one.kind === "name" && m.cuts.get(one.id)?.ownKeys.includes(turn)) keepsInside = true;
  });
  if (keepsInside) return undefined;
  const code: Expr = {
    ...expr,
    element: element.code,
    clauses: [{ ...clause, iterable: codeOf(m, clause.iterable, over) }],
  };
  return rowwise("stack", code, rows, {
    predictions: element.predictions,
    each: element.kind,
    ...(element.width === undefined ? {} : { width: element.width }),
  });
}

/** Names of a target that hold what training knows. */
export function bindNames(m: Machine, target: Expr): void {
  if (target.kind === "name") m.scope.names.set(target.id, fitted());
  else if (target.kind === "tuple" || target.kind === "list") for (const item of target.items) bindNames(m, item);
}

const schema = new Set(
  "columns dtypes dtype shape size ndim empty index name axes hasnans is_unique is_monotonic_increasing is_monotonic_decreasing".split(
    " ",
  ),
);

function attribute(m: Machine, expr: AttributeExpr, base: Bound): Bound {
  return sharing(part(m, expr, base), base);
}

/** A part of a value that may share its storage. */
function sharing(value: Bound, base: Bound): Bound {
  if (!isRow(value) || !isRow(base) || (base.object === undefined && !base.views)) return value;
  const views = new Set([...(base.views ?? []), ...(base.object === undefined ? [] : [base.object])]);
  return { ...value, views };
}

function part(m: Machine, expr: AttributeExpr, base: Bound): Bound {
  const { attr } = expr;
  if (base.kind === "member") return fitted("member", { member: `${base.member}.${attr}` });
  if (!isRow(base)) {
    const part = base.entries?.get(attr);
    return part ? now(m, part) : fitted("value", { of: base, attr });
  }
  const rows = base.rows ?? never();
  const code: Expr = { ...expr, value: base.code ?? expr.value };
  if (base.kind === "unknown") return base;
  if (attr === "index") return { ...trouble(m, "index", expr, rows, [base]), of: base, attr };
  if (attr === "T" && base.kind !== "accessor") return trouble(m, "unknown operation", expr, rows, [base]);
  if (attr === "shape" || attr === "size" || attr === "empty") return fitted("value", { time: "shape", rows, attr });
  if (schema.has(attr) && (base.kind === "frame" || base.kind === "series" || base.kind === "array")) return fitted();
  if (base.kind === "array") return fitted("value", { of: base, attr });
  if (base.kind === "accessor" && base.attr !== "str")
    return rowwise("series", code, rows, { predictions: base.predictions });
  if (/^(?:str|dt|cat|loc|iloc|at|iat|plot|hist)$/.test(attr))
    return { ...base, kind: "accessor", code, of: base, attr };
  if (attr === "values")
    return {
      ...rowwise("array", code, rows, { predictions: base.predictions, column: base.column }),
      ...(base.kind === "series" ? { width: 1 } : {}),
      of: base,
    };
  // A column, or a method that is called.
  if (base.kind === "frame" && !m.knowledge.isListedMethod("DataFrame", attr)) {
    m.columnsRead.add(attr);
    return rowwise("series", code, rows, { predictions: base.predictions, of: base, attr, column: attr });
  }
  return { ...base, of: base, attr, code };
}

function subscript(m: Machine, expr: Expr & { kind: "subscript" }, base: Bound): Bound {
  return sharing(item(m, expr, base), base);
}

function item(m: Machine, expr: Expr & { kind: "subscript" }, base: Bound): Bound {
  const index = m.evaluate(expr.index);
  if (!isRow(base)) return staticItem(m, expr, base, index);
  const rows = base.rows ?? never();
  if (base.kind === "unknown") return base;
  const code = (index: Expr): Expr => ({ ...expr, value: base.code ?? expr.value, index });
  if (base.kind === "accessor") return throughAccessor(m, expr, base, index);
  if (base.kind === "frame") {
    if (isRow(index)) return chosenRows(m, expr, base, index);
    if (expr.index.kind === "slice") return sliced(m, expr, base);
    const isList = expr.index.kind === "list" || index.kind === "sequence" || index.items !== undefined;
    if (typeof index.constant === "string") m.columnsRead.add(index.constant);
    const kind = isList || !isOneName(m, expr.index, index) ? "frame" : "series";
    const column = typeof index.constant === "string" ? index.constant : undefined;
    return rowwise(kind, code(codeOf(m, expr.index, index)), rows, { predictions: base.predictions, column });
  }
  if (base.kind === "groups") {
    const grouping = pickedOf(m, base, expr.index, index, isOneName(m, expr.index, index));
    return { ...base, code: code(codeOf(m, expr.index, index)), attr: "column", grouping };
  }
  if (base.kind === "series") {
    if (isRow(index)) return chosenRows(m, expr, base, index);
    if (expr.index.kind === "slice") return sliced(m, expr, base);
    // One entry, or those of a fold.
    return index.constant === undefined ? sliced(m, expr, base) : fitted();
  }
  if (base.kind === "array") return arrayItem(m, expr, base, index);
  return trouble(m, "unknown operation", expr, rows, [base, index]);
}

/** One column, not a list of them: a literal, or a name that holds no list. */
function isOneName(m: Machine, expr: Expr, index: Bound): boolean {
  if (typeof index.constant === "string" || expr.kind === "fstring") return true;
  if (index.kind === "sequence") return false;
  const type = expr.kind === "name" ? (m.flow.before[m.unit] ?? m.flow.names).get(expr.id)?.value.type : undefined;
  if (type === "str" || type === "unknown-scalar") return true;
  return expr.kind === "name" && m.keys.includes(expr.id);
}

function staticItem(m: Machine, expr: Expr & { kind: "subscript" }, base: Bound, index: Bound): Bound {
  const { constant } = index;
  if (base.time === "shape")
    return { ...base, attr: undefined, counts: base.attr === "shape" && constant === 0 ? base.rows : undefined };
  if (base.items && typeof constant === "number") {
    const part = base.items.at(constant);
    if (part) return now(m, part);
  }
  if (base.entries && typeof constant === "string") {
    const part = base.entries.get(constant);
    if (part) return now(m, part);
  }
  const rows = rowsOf(base) ?? (isRow(index) ? index.rows : undefined);
  if (rows) return trouble(m, "container", expr, rows, [base, index]);
  return fitted();
}

/** `f[mask]`: rows are chosen; a given row is always answered. */
function chosenRows(m: Machine, expr: Expr & { kind: "subscript" }, base: Bound, index: Bound): Bound {
  const rows = base.rows ?? never();
  if (!index.rows || !(isWithin(rows, index.rows) || isWithin(index.rows, rows)))
    return trouble(m, "other row set", expr, rows, [base, index]);
  const after = rowsWhere(m, rows, expr.index, index, viewOfMask(m, rows, index.code));
  return { ...base, rows: after, object: undefined };
}

function sliced(m: Machine, expr: Expr & { kind: "subscript" }, base: Bound): Bound {
  const rows = base.rows ?? never();
  const part = partOfSlice(m, rows, expr.index);
  if (part) return { ...base, rows: part, object: undefined };
  const more = base.kind === "array" ? placesIn(m, expr.value, rows, expr.index) : {};
  return { ...base, rows: rowsAfter(m, rows, `slice:${printExpr(expr.index)}`, more), object: undefined };
}

/** `f[:n]` where the first of two tables has n rows. */
function partOfSlice(m: Machine, rows: Rows, index: Expr): Rows | undefined {
  return index.kind === "slice" && !index.step ? partOf(m, rows, index.lower, index.upper) : undefined;
}

/** Rows of an array that are chosen by their places: which ones, a variable or a slice tells. */
function placesIn(m: Machine, array: Expr, rows: Rows, index: Expr): Partial<Rows> {
  const before = m.depth === 0 && m.calls.length === 0 ? placesOf(m, rows) : undefined;
  const text =
    index.kind === "name"
      ? index.id
      : index.kind === "slice" && array.kind === "name"
        ? `range(len(${array.id}))[${printExpr(index)}]`
        : undefined;
  if (!before || text === undefined || /\b_\d+\b/.test(text)) return {};
  const name = array.kind === "name" ? `${array.id}_places` : "places";
  return { labels: [...before, { how: "values", name, unit: m.unit, text }], isPositional: true };
}

/** `X[:, j]` and `X[rows]` of an array. */
function arrayItem(m: Machine, expr: Expr & { kind: "subscript" }, base: Bound, index: Bound): Bound {
  const rows = base.rows ?? never();
  if (isRow(index)) return chosenRows(m, expr, base, index);
  if (expr.index.kind === "slice") return sliced(m, expr, base);
  if (expr.index.kind !== "tuple") {
    const isRowsOfFold = index.kind === "sequence" || index.constant === undefined;
    return isRowsOfFold ? sliced(m, expr, base) : fitted();
  }
  const [first, second, ...more] = expr.index.items;
  if (!first || !second || more.length > 0) return trouble(m, "unknown operation", expr, rows, [base]);
  const isAll = first.kind === "slice" && !first.lower && !first.upper && !first.step;
  const column = index.items?.[1] ?? fitted();
  if (isRow(column)) return trouble(m, "unknown operation", expr, rows, [base, column]);
  const chosen = isAll
    ? rows
    : (partOfSlice(m, rows, first) ??
      rowsAfter(m, rows, `slice:${printExpr(first)}`, placesIn(m, expr.value, rows, first)));
  const all: Expr = { kind: "slice", span: first.span };
  const index2: Expr = { kind: "tuple", items: [all, codeOf(m, second, column)], span: expr.index.span };
  return rowwise("array", { ...expr, value: base.code ?? expr.value, index: index2 }, chosen, {
    predictions: base.predictions,
    ...(typeof column.constant === "number" ? { width: 1 } : {}),
  });
}

/** `f.loc[rows, columns]`, `f.iloc[rows, columns]`. */
function throughAccessor(m: Machine, expr: Expr & { kind: "subscript" }, base: Bound, index: Bound): Bound {
  const of = base.of ?? base;
  const rows = of.rows ?? never();
  if (base.attr === "str" || base.attr === "dt")
    return rowwise("series", { ...expr, value: base.code ?? expr.value, index: codeOf(m, expr.index, index) }, rows, {
      predictions: base.predictions,
    });
  const [first, second] = expr.index.kind === "tuple" ? expr.index.items : [expr.index, undefined];
  if (!first) return trouble(m, "unknown operation", expr, rows, [of]);
  const isAll = first.kind === "slice" && !first.lower && !first.upper && !first.step;
  const where = expr.index.kind === "tuple" ? (index.items?.[0] ?? fitted()) : index;
  if (!isAll && !isRow(where) && first.kind !== "slice" && isScalar(where)) return fitted();
  const chosen = isAll
    ? rows
    : isRow(where)
      ? rowsWhere(m, rows, first, where, viewOfMask(m, rows, where.code))
      : ((base.attr === "iloc" ? partOfSlice(m, rows, first) : undefined) ??
        rowsAfter(m, rows, `${base.attr}:${m.unit}:${printExpr(first)}`));
  if (!second) return { ...of, rows: chosen, object: undefined };
  const columns = index.items?.[1] ?? fitted();
  if (isRow(columns)) return trouble(m, "unknown operation", expr, rows, [of, columns]);
  if (second.kind === "slice" && !second.lower && !second.upper && !second.step)
    return { ...of, rows: chosen, object: undefined };
  const isNamed =
    base.attr !== "iloc" &&
    (isOneName(m, second, columns) || columns.items?.every(({ constant }) => typeof constant === "string") === true);
  if (of.kind === "frame" && !isNamed) return byPlace(m, expr, of, columns, chosen);
  const all: Expr = { kind: "slice", span: first.span };
  const code: Expr = {
    ...expr,
    value: base.code ?? expr.value,
    index: { kind: "tuple", items: [all, codeOf(m, second, columns)], span: expr.index.span },
  };
  const isOne = !columns.items && columns.kind !== "sequence";
  return rowwise(isOne ? "series" : "frame", code, chosen, { predictions: of.predictions });
}

/** Columns by their places, or by a test of their names: a raw row has fewer, so they are kept by name. */
function byPlace(m: Machine, expr: Expr, of: Bound, columns: Bound, rows: Rows): Bound {
  const isOne = typeof columns.constant === "number";
  const names = isOne
    ? cut(m, `${fieldName(m, expr)}_column`, "str", around(m, expr, "keep_name"))
    : keptColumns(m, expr);
  const code: Expr = { kind: "subscript", value: of.code ?? expr, index: names, span: expr.span };
  return rowwise(isOne ? "series" : "frame", code, rows, { predictions: of.predictions });
}

function isScalar(value: Bound): boolean {
  return typeof value.constant === "number" || typeof value.constant === "string";
}
