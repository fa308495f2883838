import type { Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { childExprs, walkExpr } from "../../python/walk.ts";
import { type Bound, isRow, type Prediction } from "./bound.ts";
import { hasSamePlaces } from "./combine.ts";
import { globalScope, isTemporary, lookUp, type Machine, nameOf } from "./machine.ts";
import { mapNames } from "./names.ts";
import { predicting, words } from "./rules.ts";

/** What is made of a prediction where no variable holds it: `proba` in `roc_auc_score(y, model.predict_proba(X)[:, 1])`. */
export interface Nameless {
  readonly value: Bound;
  readonly expr: Expr;
  /** The statement of the notebook in which it predicts. */
  readonly unit: number;
  /** Its text, where the notebook can compute it once more without a difference to anything else. */
  readonly text?: string;
  /** It is all that its statement computes. */
  readonly isWhole: boolean;
}

/**
 * Notes what an expression makes of a prediction, from the inside out: as far as nothing but predictions and figures of
 * training goes into it. What is made with the label (`model.predict(X) == y`) is evaluation.
 */
export function noteNameless(
  m: Machine,
  found: Map<number, Nameless>,
  made: Prediction,
  expr: Expr,
  value: Bound,
): void {
  const stmt = m.flow.program.units[m.unit]?.stmt;
  const isWhole = m.calls.length === 0 && stmt?.kind === "expr" && stmt.value.span.start === expr.span.start;
  const isAnswer = isRow(value) && value.code !== undefined && (value.kind === "series" || value.kind === "array");
  const goesOn =
    isAnswer &&
    value.rows !== undefined &&
    hasSamePlaces(value.rows, made.rows) &&
    (isOfAlone(m, expr) || (isWhole && isOwnCall(expr)));
  if (found.has(made.id) && !goesOn) return;
  const outside = m.depth === 0 && isRepeatable(expr) ? ofNotebook(m, expr) : undefined;
  found.set(made.id, {
    value,
    expr,
    unit: m.calls[0]?.unit ?? m.unit,
    isWhole,
    ...(outside ? { text: printExpr(outside) } : {}),
  });
}

/** A call of a function that has a name of its own: whatever it was given, it is what the statement is for. */
function isOwnCall(expr: Expr): boolean {
  return expr.kind === "call" && expr.func.kind === "name";
}

/** True where no rows go into an expression but through a model. */
function isOfAlone(m: Machine, expr: Expr): boolean {
  if (expr.kind === "call" && expr.func.kind === "attribute" && predicting.has(expr.func.attr)) return true;
  if (expr.kind === "name") {
    const value = lookUp(m, expr.id);
    return value === undefined || !isRow(value);
  }
  return childExprs(expr).every((part) => isOfAlone(m, part));
}

/** The expression with the notebook's own names for what a function was given; undefined where one has none. */
function ofNotebook(m: Machine, expr: Expr): Expr | undefined {
  const outer = globalScope(m).names;
  let isLost = false;
  if (m.calls.length === 0) {
    walkExpr(expr, (one) => {
      if (one.kind === "name" && isOfTurn(m, one.id)) isLost = true;
    });
    return isLost ? undefined : expr;
  }
  const out = mapNames(expr, (id, span) => {
    const { object } = lookUp(m, id) ?? {};
    if (object === undefined ? m.imports.has(id) : outer.get(id)?.object === object) return undefined;
    const [name] =
      [...outer].find(([key, held]) => held.object === object && object !== undefined && !isTemporary(key)) ?? [];
    if (name === undefined) isLost = true;
    return name === undefined ? undefined : nameOf(name, span);
  });
  return isLost ? undefined : out;
}

/** True for the variable of a comprehension or a lambda: outside of it nobody knows it. */
function isOfTurn(m: Machine, id: string): boolean {
  for (let { scope } = m; scope.outer; scope = scope.outer) if (scope.names.has(id)) return true;
  return false;
}

const plainKinds = words("name constant attribute subscript slice call binary unary compare tuple list");

/** Methods and functions that give the same each time and leave everything as it was. */
const repeatable = words(
  "transform inverse_transform drop astype to_numpy to_frame reshape ravel flatten squeeze round clip abs where exp expm1 " +
    "log log1p sqrt maximum minimum argmax rint array asarray fillna",
);

/** True where computing it once more draws no number, changes no object and writes no file. */
export function isRepeatable(expr: Expr): boolean {
  let isIt = true;
  walkExpr(expr, (one) => {
    if (!plainKinds.has(one.kind) || (one.kind === "name" && isTemporary(one.id))) isIt = false;
    if (one.kind !== "call") return;
    const { func, keywords } = one;
    if (func.kind !== "attribute" || !(predicting.has(func.attr) || repeatable.has(func.attr))) isIt = false;
    if (keywords.some(({ name }) => name === undefined || name === "inplace" || name === "out")) isIt = false;
  });
  return isIt;
}
