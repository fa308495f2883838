import type { CallExpr, Expr } from "../../python/ir.ts";
import { codesOf, type Given, type MethodCall, rebuilt } from "./arguments.ts";
import { type Bound, fitted, isRow, rowwise } from "./bound.ts";
import { never, rowsOf, serving, whole } from "./combine.ts";
import { cut, type Machine, openedBy, trouble } from "./machine.ts";
import { codeOf, fieldName, keptColumns } from "./static.ts";

/** `pd.get_dummies(f)`: the columns that training made, and no others (rule 12). */
export function dummies(m: Machine, expr: CallExpr, given: Given): Bound {
  const [x] = expr.args;
  const data = given.positional[0];
  const rows = data && rowsOf(data);
  if (!x || !data || !rows) return whole(m, expr, given.all);
  if (data.kind === "unknown") return data;
  const columns = keptColumns(m, expr, x);
  const call = rebuilt(expr, codesOf(m, expr, given));
  const inner: Expr = { ...call, keywords: call.keywords.filter((keyword) => keyword.name !== "drop_first") };
  return rowwise("frame", serving(expr, "with_columns", [inner, columns]), rows, { predictions: data.predictions });
}

/**
 * What is put into other columns (rule 13): of dummies all that the row has, since their own columns are those of held-out rows,
 * which may lack a level that the model knows. Only where what is missing becomes 0, as it is in a row of another level.
 */
function toPutIn(m: Machine, base: Bound, given: Given): Expr | undefined {
  const fill = given.named.get("fill_value")?.constant;
  return (fill === 0 || fill === false ? openedBy(m, base.code) : undefined) ?? base.code;
}

/** `f.reindex(columns=…)`. */
export function reindexed(m: Machine, base: Bound, given: Given, value: Bound): Bound {
  const { code } = value;
  const receiver = toPutIn(m, base, given);
  if (!receiver || !isRow(value) || code?.kind !== "call" || code.func.kind !== "attribute") return value;
  return { ...value, code: { ...code, func: { ...code.func, value: receiver } } };
}

/** `a, b = a.align(b, axis=1)`: both get the columns that training gave them. */
export function aligned(m: Machine, { expr, func, base, given }: MethodCall): Bound {
  const [other] = given.positional;
  const axis = (given.named.get("axis") ?? given.positional[2])?.constant;
  if (!other || !isRow(other) || other.kind !== "frame" || base.kind !== "frame" || (axis !== 1 && axis !== "columns"))
    return trouble(m, "row labels", expr, base.rows ?? never(), [base, ...given.all]);
  const columns = cut(m, `${fieldName(m, func.value)}_columns`, "list", {
    kind: "callee",
    unit: m.unit,
    span: expr.func.span,
    call: "learn_align",
  });
  const { span } = expr;
  const fill = expr.keywords.find(({ name }) => name === "fill_value");
  const side = (one: Bound): Bound =>
    rowwise(
      "frame",
      {
        kind: "call",
        func: { kind: "attribute", value: toPutIn(m, one, given) ?? expr, attr: "reindex", attrSpan: span, span },
        args: [],
        keywords: [
          { name: "columns", value: columns, span },
          ...(fill ? [{ ...fill, value: codeOf(m, fill.value, given.named.get("fill_value") ?? fitted()) }] : []),
        ],
        span,
      },
      one.rows ?? never(),
      { predictions: one.predictions },
    );
  return fitted("sequence", { items: [side(base), side(other)] });
}
