import type { Unit } from "../dataflow/program.ts";
import { stmtExprs, walkExpr, walkStmts } from "../python/walk.ts";

/** Where a function is defined, and what it is called. */
export interface Home {
  readonly unit: Unit;
  readonly name: string;
}

/** The statements in which these functions and lambdas are defined. */
export function homesOf(units: readonly Unit[], wanted: ReadonlySet<object>): ReadonlyMap<object, Home> {
  const out = new Map<object, Home>();
  if (wanted.size === 0) return out;
  for (const unit of units)
    walkStmts([unit.stmt], (stmt) => {
      if (stmt.kind === "function" && wanted.has(stmt)) out.set(stmt, { unit, name: stmt.name });
      for (const expr of stmtExprs(stmt))
        walkExpr(expr, (e) => {
          if (e.kind === "lambda" && wanted.has(e)) out.set(e, { unit, name: "<lambda>" });
        });
    });
  return out;
}
