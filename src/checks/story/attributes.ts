import type { AttributeExpr } from "../../python/ir.ts";
import { combine } from "./combine.ts";
import { figure, learn, type Machine, short } from "./machine.ts";
import { columnOf, lessonsOf, madeOf, union, unknown, type Value } from "./values.ts";

/** Attributes of a table that are columns by no means. */
const own =
  /^(?:values|T|index|columns|shape|size|dtypes?|loc|iloc|at|iat|str|dt|cat|empty|ndim|name|array|plot|style)$/;

/** What a fitted estimator knows of features, and columns may be chosen by. */
const importances = /^(?:feature_importances_|coef_|scores_|pvalues_|ranking_|support_)$/;

/** `value.attr`, where it is not called. */
export function attribute(m: Machine, value: Value, expr: AttributeExpr): Value {
  const { attr } = expr;
  if (value.kind === "member") return { ...unknown, kind: "member", member: `${value.member}.${attr}` };
  if (value.estimator) return ofEstimator(m, value, expr);
  if (value.kind === "mapping") return value.entries?.get(attr)?.value ?? figure(value.column.lessons);
  if (value.kind === "groups" || value.kind === "windows") {
    const column = value.of && columnOf(value.of, attr);
    if (!column || !value.of) return { ...unknown, kind: "accessor", of: value, attr };
    return { ...value, of: { kind: "series", rows: value.of.rows, column } };
  }
  if (attr === "columns" && value.kind === "frame")
    return { ...unknown, kind: "sequence", attr: "columns", of: value, gone: new Set() };
  if (/^(?:shape|size|dtypes?|empty|ndim|name)$/.test(attr)) return unknown;
  if (attr === "index" && value.rows) return { ...unknown, kind: "index", rows: value.rows };
  if (attr === "dt" && value.rows)
    return { ...value, kind: "accessor", of: { ...value, column: { ...value.column, isTime: true } }, attr };
  if (/^(?:str|cat|loc|iloc|at|iat)$/.test(attr)) return { ...unknown, kind: "accessor", of: value, attr };
  if (value.kind === "frame" && !own.test(attr)) {
    const column = columnOf(value, attr);
    if (column) return { kind: "series", rows: value.rows, column };
  }
  if (value.kind === "accessor" && value.of) return value.attr === "dt" ? combine(m, [value.of]) : value.of;
  if (attr === "values" || attr === "T" || attr === "array") return value;
  if (value.attr === "bunch") return unknown;
  return value.rows ? { ...value, constant: undefined } : figure(lessonsOf(value));
}

function ofEstimator(m: Machine, value: Value, expr: AttributeExpr): Value {
  const { estimator } = value;
  const [rows] = estimator?.fittedOn ?? [];
  if (estimator && rows && importances.test(expr.attr)) {
    const of = new Set(madeOf(value));
    return figure(union(estimator.lessons, learn(m, { kind: "selection", rows, text: short(expr), of }, expr.span)));
  }
  if (estimator && /^best_(?:params_|estimator_|score_)$/.test(expr.attr)) {
    const chosen = rows
      ? learn(m, { kind: "measured", rows, text: short(expr), of: new Set(["search"]) }, estimator.site.span)
      : new Set<never>();
    if (expr.attr === "best_estimator_") return value;
    return figure(chosen);
  }
  return figure(estimator?.lessons ?? new Set());
}
