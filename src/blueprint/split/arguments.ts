import type { AttributeExpr, CallExpr, Expr } from "../../python/ir.ts";
import { type Bound, fitted, isRow } from "./bound.ts";
import { change, type Machine, trouble } from "./machine.ts";
import { codeOf } from "./static.ts";

/** Arguments of a call, evaluated once. */
export interface Given {
  readonly positional: readonly Bound[];
  readonly named: ReadonlyMap<string, Bound>;
  /** All of them in the order in which they are written, those of `*` and `**` too. */
  readonly all: readonly Bound[];
}

/** A call of a method, taken apart: the call as it is written, what it is a method of, and what it is given. */
export interface MethodCall {
  readonly expr: CallExpr;
  readonly func: AttributeExpr;
  /** What `func.value` gives. */
  readonly base: Bound;
  readonly given: Given;
}

/** The arguments of a call, each evaluated in order. */
export function argumentsOf(m: Machine, expr: CallExpr): Given {
  const positional = expr.args.map((arg) => m.evaluate(arg));
  const rest = expr.keywords.map((keyword) => m.evaluate(keyword.value));
  const named = new Map(
    expr.keywords.flatMap(({ name }, i) => (name === undefined ? [] : [[name, rest[i] ?? fitted()] as const])),
  );
  return { positional, named, all: [...positional, ...rest] };
}

/** The call with these parameters in their places, where they are given by name and nothing stands before them. */
export function inPlaces(
  expr: CallExpr,
  given: Given,
  names: readonly string[],
): { readonly expr: CallExpr; readonly given: Given } {
  const name = names[expr.args.length];
  const at = expr.keywords.findIndex((keyword) => keyword.name !== undefined && keyword.name === name);
  const keyword = expr.keywords[at];
  if (name === undefined || !keyword) return { expr, given };
  const value = given.named.get(name) ?? fitted();
  const rest = given.all.slice(given.positional.length).filter((_value, i) => i !== at);
  const positional = [...given.positional, value];
  return inPlaces(
    { ...expr, args: [...expr.args, keyword.value], keywords: expr.keywords.filter((one) => one !== keyword) },
    { positional, named: new Map([...given.named].filter(([one]) => one !== name)), all: [...positional, ...rest] },
    names,
  );
}

/** What a call is given, in the order in which it is written. */
export function operandsOf(expr: CallExpr): readonly Expr[] {
  return [...expr.args, ...expr.keywords.map((keyword) => keyword.value)];
}

/** The predictor's code for all that a call is given. */
export function codesOf(m: Machine, expr: CallExpr, given: Given): Expr[] {
  return operandsOf(expr).map((one, i) => codeOf(m, one, given.all[i] ?? fitted()));
}

/** The call with other code for what it is given. */
export function rebuilt(expr: CallExpr, codes: readonly Expr[], func: Expr = expr.func): CallExpr {
  return {
    ...expr,
    func,
    args: codes.slice(0, expr.args.length),
    keywords: expr.keywords.map((keyword, i) => ({ ...keyword, value: codes[expr.args.length + i] ?? keyword.value })),
  };
}

/** A call about which nothing is known may change the tables that it is given. */
export function poison(m: Machine, expr: Expr, values: readonly Bound[]): void {
  for (const value of values)
    if (isRow(value) && value.object !== undefined && value.rows)
      change(m, value, trouble(m, "unknown operation", expr, value.rows, [value]));
}
