import type { Stmt } from "../../python/ir.ts";
import { walkStmtExprs } from "../../python/walk.ts";
import { boundNames } from "../bound-names.ts";
import type { Left, NormalContext } from "./context.ts";
import { newState } from "./state.ts";
import { normalStmt } from "./statements.ts";

/** Statements that do the same, in which every change of a table is an assignment of its own. */
export interface Normal {
  readonly stmts: readonly Stmt[];
  /** What stayed as it is, and why; whoever depends on it must refuse. */
  readonly left: readonly Left[];
}

/**
 * The normal form of statements that run one after the other (fit-apply.md, part 5): effects inside expressions, changes
 * in place, stores through attributes and chains, loops over tables and lambdas over tables become single assignments.
 * New names are `_1`, `_2` …; each new node carries the span of the code that it stands for.
 */
export function normalise(stmts: readonly Stmt[], context: NormalContext): Normal {
  const taken = new Set<string>(boundNames(stmts).bound);
  walkStmtExprs(stmts, (expr) => {
    if (expr.kind === "name") taken.add(expr.id);
    else if (expr.kind === "lambda") for (const param of expr.params) taken.add(param.name);
  });
  const state = newState(context, taken);
  for (const stmt of stmts) normalStmt(state, stmt);
  return { stmts: state.out, left: state.left };
}
