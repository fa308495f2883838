import type { CallExpr, Expr } from "../../python/ir.ts";
import type { Given } from "./arguments.ts";
import { type Bound, fitted, isRow, relabelled, rowwise } from "./bound.ts";
import { combined, never } from "./combine.ts";
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
  const isOther = !isRow(other) || other.rows?.source !== rows.source;
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
  if (attr === "join") return trouble(m, "unknown operation", expr, rows, [base]);
  const how = keywords.find((keyword) => keyword.name === "how")?.value;
  const kind = how === undefined ? "inner" : how.kind === "constant" ? how.value : undefined;
  if (kind !== "inner" && kind !== "left") return trouble(m, "other row set", expr, rows, [base]);
  const table =
    right.kind === "name" || right.kind === "subscript" || right.kind === "call" || right.kind === "attribute"
      ? cut(m, fieldName(m, right), "DataFrame", around(m, right, "keep"))
      : undefined;
  if (!table) return trouble(m, "unknown operation", expr, rows, [base]);
  const kept = keywords.filter(
    (keyword) => keyword.name !== "how" && keyword.name !== "validate" && keyword.name !== "right",
  );
  const text = (value: string): Expr => ({ kind: "constant", type: "str", value, span: expr.span });
  const code: Expr = {
    kind: "call",
    func: { kind: "attribute", value: base.code ?? left, attr: "merge", attrSpan: expr.span, span: expr.span },
    args: [table],
    keywords: [
      ...kept.map((keyword) => ({
        ...keyword,
        value: codeOf(m, keyword.value, given.named.get(keyword.name ?? "") ?? fitted()),
      })),
      { name: "how", value: text("left"), span: expr.span },
      { name: "validate", value: text("m:1"), span: expr.span },
    ],
    span: expr.span,
  };
  const place = { how: "around" as const, name: `${fieldName(m, left)}_rows`, unit: m.unit, span: left.span };
  const labels = kind !== "left" || m.calls.length > 0 || m.depth > 0 ? "lost" : relabelled(rows.labels, place);
  const after = rowsAfter(m, rows, `merge:${m.unit}:${expr.span.start}`, { labels });
  return rowwise("frame", code, after, { predictions: base.predictions });
}
