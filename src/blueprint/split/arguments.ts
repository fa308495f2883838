import type { CallExpr, Expr } from "../../python/ir.ts";
import { type Bound, isRow } from "./bound.ts";
import { change, type Machine, trouble } from "./machine.ts";

/** Arguments of a call, evaluated once. */
export interface Given {
  readonly positional: readonly Bound[];
  readonly named: ReadonlyMap<string, Bound>;
  readonly all: readonly Bound[];
}

/** The arguments of a call, each evaluated in order; parts of `**` and `*` are among `all`. */
export function argumentsOf(m: Machine, expr: CallExpr): Given {
  const positional = expr.args.map((arg) => m.evaluate(arg));
  const named = new Map<string, Bound>();
  const rest: Bound[] = [];
  for (const keyword of expr.keywords) {
    const value = m.evaluate(keyword.value);
    if (keyword.name === undefined) rest.push(value);
    else named.set(keyword.name, value);
  }
  return { positional, named, all: [...positional, ...named.values(), ...rest] };
}

/** A call about which nothing is known may change the tables that it is given. */
export function poison(m: Machine, expr: Expr, values: readonly Bound[]): void {
  for (const value of values)
    if (isRow(value) && value.object !== undefined && value.rows)
      change(m, value, trouble(m, "unknown operation", expr, value.rows, [value]));
}
