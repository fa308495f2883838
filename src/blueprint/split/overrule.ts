import type { CallExpr, Expr, Stmt } from "../../python/ir.ts";
import { argumentsOf, codesOf, rebuilt } from "./arguments.ts";
import { type Bound, fitted, holdsRows, type Kind, predictionsOf, rowwise } from "./bound.ts";
import { common } from "./combine.ts";
import { functionCode } from "./kept-functions.ts";
import { bind, lookUp, type Machine, now } from "./machine.ts";
import { codeOf, typeOf } from "./static.ts";

/** What directives say against the rules, by unit (language.md, `fit` and `apply`). */
export interface Overruled {
  /** Last statement of a cell → names that are learned in training as they are there. */
  readonly fit: ReadonlyMap<number, readonly string[]>;
  /** Statements whose calls work row by row, where no rule knows them. */
  readonly apply: ReadonlySet<number>;
}

/** Nothing is overruled. */
export const asRuled: Overruled = { fit: new Map(), apply: new Set() };

/** From here on the names are values of training, whatever they are made of. */
export function learnAll(m: Machine, names: readonly string[]): void {
  for (const name of names) {
    const held = m.scope.names.get(name);
    if (!held) continue;
    const { kind } = now(m, held);
    bind(m, name, fitted(kind === "estimator" || kind === "mapping" ? kind : "value"));
  }
}

/** A statement that only does something to a table has no result that could be taken at its word. */
export function mayBeOverruled(stmt: Stmt): boolean {
  return stmt.kind === "assign" || stmt.kind === "annassign";
}

/**
 * A call under `apply`: where no rule knows it, it is taken to give entry i of row i, and stands in the predictor as it is
 * written. The self-check at the end of training asks it row by row and shuffled, so a wrong word does not get through.
 */
export function applied(m: Machine, expr: Expr, evaluate: (expr: Expr) => Bound): Bound {
  const before = new Map(m.objects);
  const found = evaluate(expr);
  const trouble = found.code?.kind === "name" ? m.troubles.get(found.code.id) : undefined;
  if (expr.kind !== "call" || (trouble?.code !== "unknown operation" && trouble?.code !== "branch")) return found;
  const after = new Map(m.objects);
  restore(m, before);
  const taken = atItsWord(m, expr);
  if (!taken) restore(m, after);
  return taken ?? found;
}

function atItsWord(m: Machine, expr: CallExpr): Bound | undefined {
  const { func } = expr;
  const base = func.kind === "attribute" ? m.evaluate(func.value) : undefined;
  const given = argumentsOf(m, expr);
  const row = [...(base ? [base] : []), ...given.all].filter(holdsRows);
  const rows = common(row);
  if (!rows || row.some((value) => value.kind === "unknown")) return undefined;
  const callee = calleeCode(m, expr, base);
  if (!callee) return undefined;
  return rowwise(kindOf(m, expr, row), rebuilt(expr, codesOf(m, expr, given), callee), rows, {
    predictions: predictionsOf(row),
  });
}

/** What is called: a method of row values, or a function, which must not read variables that it is not given. */
function calleeCode(m: Machine, { func, args, keywords }: CallExpr, base: Bound | undefined): Expr | undefined {
  if (func.kind === "attribute") return base && { ...func, value: codeOf(m, func.value, base) };
  if (func.kind !== "name") return undefined;
  const fn = lookUp(m, func.id)?.fn;
  const code = fn ? functionCode(m, fn, func) : func;
  return code?.kind === "name" || args.length + keywords.length === 1 ? code : undefined;
}

const kinds: Readonly<Record<string, Kind>> = { DataFrame: "frame", Series: "series", ndarray: "array" };

function kindOf(m: Machine, expr: Expr, [first]: readonly Bound[]): Kind {
  return kinds[typeOf(m, expr)] ?? first?.kind ?? "series";
}

function restore(m: Machine, objects: ReadonlyMap<number, Bound>): void {
  m.objects.clear();
  for (const [id, value] of objects) m.objects.set(id, value);
}
