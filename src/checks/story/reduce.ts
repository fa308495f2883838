import type { CallExpr } from "../../python/ir.ts";
import { type Arguments, argument } from "./arguments.ts";
import { combine } from "./combine.ts";
import { figure, learn, type Machine, short, site } from "./machine.ts";
import { relations } from "./parts.ts";
import { lessonsOf, madeOf, union, type Value } from "./values.ts";

/** One figure made of many rows: `column.mean()`, `np.percentile(column, 5)`. */
export function reduced(m: Machine, value: Value, name: string, expr: CallExpr, args: Arguments): Value {
  const { rows, predicted } = value;
  const axis = argument(args, name === "quantile" || name === "percentile" ? 9 : 0, "axis")?.constant;
  if (!rows || args.named.get("axis")?.value.constant === 1 || axis === 1 || axis === "columns")
    return combine(m, [value]);
  if (predicted) {
    if (predicted.isCompared && /^(?:mean|sum|average)$/.test(name)) {
      const { model } = predicted;
      m.events.push({
        kind: "score",
        site: site(m, expr.span),
        model,
        rows: predicted.rows,
        text: short(expr),
        isByHand: true,
        chosenBy: new Set(),
      });
      return figure(learn(m, { kind: "measured", rows: predicted.rows, text: short(expr), of: new Set() }, expr.span));
    }
    return figure(lessonsOf(value));
  }
  const isRelation = relations.has(name);
  const other = isRelation ? args.all[0] : undefined;
  const of = union(madeOf(value), other ? madeOf(other) : new Set<string>());
  // Of a whole table nobody knows yet which column the others are compared with.
  const isOpen = isRelation && !other?.rows;
  const lesson = {
    kind: isRelation ? ("selection" as const) : ("statistic" as const),
    rows,
    text: short(expr),
    of,
    ...(isOpen ? { isGrouped: true as const } : {}),
  };
  const learned = learn(m, lesson, expr.span);
  return { ...figure(union(lessonsOf(value), learned)), ...(isOpen ? { of: value } : {}) };
}
