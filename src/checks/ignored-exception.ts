import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { codeText } from "../python/code-text.ts";
import type { CallExpr, Expr, Stmt, TryStmt } from "../python/ir.ts";
import { blocksOf, stmtExprs, walkExpr, walkStmts } from "../python/walk.ts";
import { qualifiedName } from "./callee.ts";
import type { Case } from "./case.ts";
import { catchesAll } from "./handlers.ts";

/** A fit or a load that production needs stands in a `try` that goes on, whatever went wrong, with nothing in its place. */
export function* ignoredExceptions({ flow, kept }: Case): Iterable<Diagnostic> {
  const matters = (call: CallExpr): string | undefined => {
    if (call.func.kind === "attribute" && /^(?:fit(?:_\w+)?|partial_fit)$/.test(call.func.attr)) return "fit";
    const callee = qualifiedName(flow, call.func);
    if (callee === undefined) return undefined;
    if (/\.(?:cross_val_\w+|cross_validate)$/.test(callee)) return "fit";
    return flow.knowledge.functionEffect(callee)?.loads ? "load" : undefined;
  };
  for (const { id, stmt, cell } of flow.program.units) {
    if (!kept.has(id)) continue;
    for (const attempt of attemptsIn(stmt)) {
      const handler = attempt.handlers.find((h) => catchesAll(h.type) && h.body.every(isQuiet));
      const what = handler && firstOf(attempt.body, matters);
      if (!handler || what === undefined) continue;
      const first = cell.module.text.indexOf("\n", handler.span.start);
      const line = { ...handler.span, end: first < 0 ? handler.span.end : Math.min(first, handler.span.end) };
      const end = line.start + codeText(cell.module, line).trimEnd().length;
      yield report("CW4017", cell.cell.pythonPlace({ start: handler.span.start, end }), { what });
    }
  }
}

function attemptsIn(root: Stmt): readonly TryStmt[] {
  const out: TryStmt[] = [];
  walkStmts([root], (stmt) => {
    if (stmt.kind === "try") out.push(stmt);
  });
  return out;
}

/** Only goes on, or only tells. */
function isQuiet(stmt: Stmt): boolean {
  if (stmt.kind === "pass" || stmt.kind === "continue") return true;
  return stmt.kind === "expr" && (stmt.value.kind === "constant" || tells(stmt.value));
}

function tells(expr: Expr): boolean {
  if (expr.kind !== "call") return false;
  const { func } = expr;
  if (func.kind === "name") return func.id === "print" || func.id === "display";
  return (
    func.kind === "attribute" &&
    func.value.kind === "name" &&
    /^(?:log\w*|_log\w*|warnings|traceback)$/i.test(func.value.id)
  );
}

/** What the first call that matters does; functions that are only defined here do not run, and inner `try`s speak for themselves. */
function firstOf(body: readonly Stmt[], matters: (call: CallExpr) => string | undefined): string | undefined {
  for (const stmt of body) {
    if (stmt.kind === "function" || stmt.kind === "class" || stmt.kind === "try") continue;
    let found: string | undefined;
    for (const expr of stmtExprs(stmt))
      walkExpr(expr, (e) => {
        if (e.kind === "call") found ??= matters(e);
        return e.kind !== "lambda";
      });
    found ??= blocksOf(stmt)
      .map((block) => firstOf(block, matters))
      .find((one) => one !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}
