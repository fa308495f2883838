import type { CallExpr, Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import type { Given } from "./arguments.ts";
import { type Bound, fitted, isRow, isSameTable, relabelled, rowwise } from "./bound.ts";
import { combined, never } from "./combine.ts";
import { viewAfterJoin } from "./look-back.ts";
import { around, cut, type Machine, rowsAfter, trouble } from "./machine.ts";
import { codeOf, fieldName } from "./static.ts";

/** The two tables that are joined, as they are written and as they are known. */
interface Sides {
  readonly left: Expr;
  readonly base: Bound;
  readonly right: Expr;
  readonly other: Bound;
  /** `merge` or `join`. */
  readonly attr: string;
}

/** A join with another table: the table is kept, and each given row finds at most one partner (rules 19, 20). */
export function merged(m: Machine, expr: CallExpr, { left, base, right, other, attr }: Sides, given: Given): Bound {
  const { keywords } = expr;
  const rows = base.rows ?? never();
  const isOther = !isRow(other) || !isSameTable(other.rows?.source, rows.source);
  if (!isOther) {
    if (attr === "join" && other.rows?.id === rows.id && expr.args.length === 1 && keywords.length === 0)
      return combined(
        m,
        expr,
        [left, right],
        [base, other],
        ([a, b]) => ({
          ...expr,
          func: expr.func.kind === "attribute" ? { ...expr.func, value: a ?? left } : expr.func,
          args: b ? [b] : [],
        }),
        "frame",
      );
    return trouble(m, "other row set", expr, rows, [base, other]);
  }
  if (given.all.some((value) => value !== base && isRow(value) && isSameTable(value.rows?.source, rows.source)))
    return trouble(m, "other row set", expr, rows, given.all);
  return attr === "join"
    ? joined(m, expr, { left, base, right, other, attr }, given)
    : looked(m, expr, { left, base, right, other, attr }, given);
}

/** The arguments of a join after its tables, by their names. */
function options(
  expr: CallExpr,
  given: Given,
  tables: number,
  names: readonly string[],
): readonly Option[] | undefined {
  const rest = expr.args.slice(tables);
  if (rest.length > names.length || expr.keywords.some(({ name }) => name === undefined)) return undefined;
  return [
    ...rest.map((written, i) => ({ name: names[i] ?? "", written, value: given.positional[tables + i] ?? fitted() })),
    ...expr.keywords.map(({ name = "", value }) => ({
      name,
      written: value,
      value: given.named.get(name) ?? fitted(),
    })),
  ];
}

interface Option {
  readonly name: string;
  readonly written: Expr;
  readonly value: Bound;
}

/** The table, kept; training makes sure that each row finds one partner at most. */
function lookup(m: Machine, right: Expr, by: string): Expr | undefined {
  return right.kind === "name" || right.kind === "subscript" || right.kind === "call" || right.kind === "attribute"
    ? cut(m, fieldName(m, right), "DataFrame", around(m, right, "keep_lookup", by))
    : undefined;
}

/** `f.merge(table, on=…)`: by columns, or by the index of the table. */
function looked(m: Machine, expr: CallExpr, { left, base, right }: Sides, given: Given): Bound {
  const rows = base.rows ?? never();
  const all = options(expr, given, expr.func.kind === "attribute" && expr.func.value === left ? 1 : 2, ["how", "on"]);
  const of = (name: string): Option | undefined => all?.find((one) => one.name === name);
  const how = of("how") ? of("how")?.value.constant : "inner";
  if (!all || (how !== "inner" && how !== "left")) return trouble(m, "other row set", expr, rows, [base]);
  if (of("left_index")) return trouble(m, "index", expr, rows, [base]);
  const keys = of("right_on") ?? of("on");
  const isCommon = !keys && !of("right_index");
  if (isCommon && left.kind !== "name") return trouble(m, "unknown operation", expr, rows, [base]);
  const by = keys ? `keys=${printExpr(keys.written)}` : isCommon ? `among=${printExpr(left)}.columns` : "";
  const table = lookup(m, right, by);
  if (!table) return trouble(m, "unknown operation", expr, rows, [base]);
  const { span } = expr;
  const text = (value: string): Expr => ({ kind: "constant", type: "str", value, span });
  // The order of the rows is that of the raw rows.
  const kept = all.filter(({ name }) => !/^(?:how|validate|sort|copy)$/.test(name));
  const code: Expr = {
    kind: "call",
    func: { kind: "attribute", value: base.code ?? left, attr: "merge", attrSpan: span, span },
    args: [table],
    keywords: [
      ...kept.map(({ name, written, value }) => ({ name, value: codeOf(m, written, value), span })),
      { name: "how", value: text("left"), span },
      { name: "validate", value: text("m:1"), span },
    ],
    span,
  };
  const place = { how: "join" as const, name: `${fieldName(m, left)}_rows`, unit: m.unit, span: expr.func.span };
  const labels = m.calls.length > 0 || m.depth > 0 ? "lost" : relabelled(rows.labels, place);
  // Each row of a left join finds one partner, and they stay in their order.
  const isInOrder = how === "left" && !of("sort");
  const same = isInOrder ? { stack: rows.stack, places: rows } : {};
  const on = of("left_on") ?? of("on");
  const after = rowsAfter(m, rows, `merge:${m.unit}:${expr.span.start}`, {
    labels,
    isNumbered: true,
    ...same,
    ...viewAfterJoin(rows, how, on?.value),
  });
  return rowwise("frame", code, after, { predictions: base.predictions });
}

/** `f.join(table, on=…)`: by the index of the table; the rows keep their labels. */
function joined(m: Machine, expr: CallExpr, { left, base, right, other }: Sides, given: Given): Bound {
  const rows = base.rows ?? never();
  const all = options(expr, given, 1, ["on", "how"]);
  const of = (name: string): Option | undefined => all?.find((one) => one.name === name);
  const how = of("how") ? of("how")?.value.constant : "left";
  if (!all || !of("on")) return trouble(m, "index", expr, rows, [base]);
  const table = other.kind === "sequence" ? undefined : lookup(m, right, "");
  if (!table || (how !== "inner" && how !== "left")) return trouble(m, "unknown operation", expr, rows, [base]);
  const { span } = expr;
  const code: Expr = {
    ...expr,
    func: { kind: "attribute", value: base.code ?? left, attr: "join", attrSpan: span, span },
    args: [table],
    keywords: all
      .filter(({ name }) => !/^(?:how|validate|sort)$/.test(name))
      .map(({ name, written, value }) => ({ name, value: codeOf(m, written, value), span })),
  };
  const after =
    how === "left"
      ? rows
      : rowsAfter(m, rows, `join:${m.unit}:${expr.span.start}`, viewAfterJoin(rows, how, of("on")?.value));
  return rowwise("frame", code, after, { predictions: base.predictions });
}
