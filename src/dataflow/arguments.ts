import type { CallExpr, Expr } from "../python/ir.ts";
import type { Effect } from "../python/knowledge/effect.ts";
import { iterated } from "./elements.ts";
import { type Machine, useWhole } from "./machine.ts";
import type { Value } from "./value.ts";

/** The evaluated arguments of a call. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** Expressions behind `positional`, for spans. */
  readonly expressions: readonly Expr[];
  readonly namedExpressions: ReadonlyMap<string, Expr>;
  /** `*x` or `**x` stood in the call: positions are not certain. */
  readonly open: boolean;
  /** All of them, splats included. */
  readonly all: readonly Value[];
}

/** Evaluates the arguments of a call. Which columns of their tables are read is for the call to say. */
export function evaluateArguments(m: Machine, expr: CallExpr): Arguments {
  const positional: Value[] = [];
  const extra: Value[] = [];
  const named = new Map<string, Value>();
  const namedExpressions = new Map<string, Expr>();
  let open = false;
  for (const arg of expr.args) {
    if (arg.kind === "starred") {
      open = true;
      const whole = m.evaluate(arg.value);
      extra.push(whole, iterated(m, whole));
    } else positional.push(m.see(arg));
  }
  for (const keyword of expr.keywords) {
    const value = m.see(keyword.value);
    if (keyword.name === undefined) {
      useWhole(m, value, "**");
      open = true;
      extra.push(value);
    } else {
      named.set(keyword.name, value);
      namedExpressions.set(keyword.name, keyword.value);
    }
  }
  const expressions = expr.args.filter((arg) => arg.kind !== "starred");
  return { positional, named, expressions, namedExpressions, open, all: [...positional, ...named.values(), ...extra] };
}

/** Arguments made up by us, for functions that a library calls. */
export function madeArguments(positional: readonly Value[]): Arguments {
  return { positional, named: new Map(), expressions: [], namedExpressions: new Map(), open: false, all: positional };
}

/** True when a function, or the `fit` of an estimator, draws no random numbers by itself when it is given these. */
export function isDeterministic({ deterministic }: Effect, args: Arguments): boolean {
  if (!deterministic?.unless) return deterministic !== undefined;
  const { argument, values } = deterministic.unless;
  const given = args.named.get(argument);
  if (!given) return !args.open;
  if (given.constant === undefined) return given.type === "None";
  return values ? !values.includes(String(given.constant)) : given.constant === false || given.constant === null;
}
