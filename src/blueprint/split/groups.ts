import type { CallExpr, Expr } from "../../python/ir.ts";
import type { Given, MethodCall } from "./arguments.ts";
import { type Bound, fitted, holdsRows, isRow, rowwise } from "./bound.ts";
import { never, serving } from "./combine.ts";
import { callUser } from "./functions.ts";
import { groupingOf, lookBack } from "./look-back.ts";
import { cut, type Machine, nameOf, trouble } from "./machine.ts";
import { rewritten } from "./names.ts";
import * as rules from "./rules.ts";
import { codeOf, fieldName } from "./static.ts";
import { noteOrigin } from "./twins/origins.ts";

/** `f.groupby(keys)`: figures of its groups are training's. */
export function grouped(m: Machine, expr: CallExpr, base: Bound, given: Given): Bound {
  const [first] = expr.args;
  const by = expr.keywords.find((keyword) => keyword.name === "by")?.value ?? first;
  if (!by) return trouble(m, "unknown operation", expr, base.rows ?? never(), [base, ...given.all]);
  // By the values of a column that is handed over, not by its name: nothing can be looked up for a row.
  const isNamed = !given.all.some(isRow);
  const grouping = groupingOf(m, expr, given);
  return {
    ...base,
    kind: "groups",
    of: base,
    code: expr,
    object: undefined,
    stands: isNamed ? by : undefined,
    grouping,
  };
}

/** A figure for each group is training's; the same given to each row is looked up by its key (rules 16, 17). */
export function ofGroups(m: Machine, call: MethodCall): Bound {
  const { expr, func, base, given } = call;
  const rows = base.rows ?? never();
  const { attr } = func;
  if (rules.history.has(attr)) return lookBack(m, call) ?? trouble(m, "other rows", expr, rows, [base]);
  if (attr === "transform")
    return lookBack(m, call) ?? transformed(m, call) ?? trouble(m, "unknown operation", expr, rows, [base]);
  if (attr === "apply" && givesRows(m, expr, base, given)) return trouble(m, "other rows", expr, rows, [base]);
  if (rules.overRows.has(attr) || /^(?:size|first|last|ngroups|apply|get_group)$/.test(attr)) return fitted();
  return trouble(m, "unknown operation", expr, rows, [base]);
}

/** True where a function of a group gives the group's rows back: what comes of it is a table of rows, not of figures. */
function givesRows(m: Machine, expr: CallExpr, base: Bound, given: Given): boolean {
  const fn = (given.positional[0] ?? given.named.get("func"))?.fn;
  const { rows, of } = base;
  if (!fn || !rows || !of?.code) return false;
  const [param, ...more] = fn.definition.params;
  if (!param || more.length > 0) return true;
  const kind = base.attr === "column" ? "series" : "frame";
  const group = rowwise(kind, of.code, rows, { predictions: base.predictions });
  return holdsRows(callUser(m, expr, fn, { positional: [group], named: new Map(), all: [group] }));
}

/** `f.groupby(k)[c].transform("mean")`, or of a function in which the group's figures are looked up. */
function transformed(m: Machine, { expr, func, base, given }: MethodCall): Bound | undefined {
  const frame = base.of;
  const [what] = given.positional;
  const column = func.value.kind === "subscript" ? func.value.index : undefined;
  const { rows } = base;
  if (!frame?.code || !base.stands || !column || !what || !rows || frame.kind !== "frame") return undefined;
  const by = base.stands;
  const own = frame.code;
  const figure = (how: string): Bound => {
    const table = cut(
      m,
      `${fieldName(m, column)}_${how}_by_${fieldName(m, by)}`,
      "table",
      { kind: "around", unit: m.unit, span: func.value.span, call: "learn_group", also: JSON.stringify(how) },
      undefined,
      how,
    );
    noteOrigin(m, table, expr, fitted("value", { learned: [rows] }));
    const code = serving(expr, "by_group", [own, codeOf(m, by, m.evaluate(by)), table]);
    return rowwise("series", code, rows, { predictions: base.predictions });
  };
  if (typeof what.constant === "string") return rules.byAxis.has(what.constant) ? figure(what.constant) : undefined;
  const { fn } = what;
  const [param] = fn?.definition.params ?? [];
  if (fn?.definition.kind !== "lambda" || !param || fn.definition.params.length > 1) return undefined;
  const figures = new Map<string, Bound>();
  const body = withFigures(fn.definition.body, param.name, (how) => {
    const name = `${how}#figure`;
    if (!figures.has(name)) figures.set(name, figure(how));
    return nameOf(name, expr.span);
  });
  const selected: Expr = {
    kind: "subscript",
    value: own,
    index: codeOf(m, column, m.evaluate(column)),
    span: expr.span,
  };
  const outer = m.scope;
  m.scope = { names: new Map([...figures, [param.name, rowwise("series", selected, rows)]]), outer };
  const value = m.evaluate(body);
  m.scope = outer;
  return isRow(value) ? value : undefined;
}

/** The function's body with a name for each figure of the group: `x.median()`. */
function withFigures(expr: Expr, param: string, nameFor: (how: string) => Expr): Expr {
  return rewritten(expr, (one) => {
    if (one.kind !== "call" || one.func.kind !== "attribute" || one.args.length + one.keywords.length > 0)
      return undefined;
    const { value, attr } = one.func;
    return value.kind === "name" && value.id === param && rules.byAxis.has(attr) ? nameFor(attr) : undefined;
  });
}
