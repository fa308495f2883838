import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import { stmtExprs, walkExpr, walkStmts } from "../python/walk.ts";
import type { Case } from "./case.ts";

interface Found {
  readonly span: Span;
  readonly what: string;
}

/**
 * Code that runs text, or writes names through a dictionary of them: no reader sees what it defines. Where production needs what comes
 * of it, that is an error already (CW2002).
 */
export function* dynamicCode({ flow, selection, asked, defs }: Case): Iterable<Diagnostic> {
  const isOwn = (name: string): boolean => defs.binders(name).length > 0;
  for (const { id, stmt, cell } of flow.program.units) {
    if (selection.kept.has(id) || asked.skipped.has(id)) continue;
    for (const { span, what } of dynamicIn(stmt, isOwn)) yield report("CW4016", cell.cell.pythonPlace(span), { what });
  }
}

function dynamicIn(root: Stmt, isOwn: (name: string) => boolean): readonly Found[] {
  const out: Found[] = [];
  const builtin = (expr: Expr, names: RegExp): string | undefined =>
    expr.kind === "call" && expr.func.kind === "name" && names.test(expr.func.id) && !isOwn(expr.func.id)
      ? expr.func.id
      : undefined;
  const stored = (target: Expr): void => {
    if (target.kind === "tuple" || target.kind === "list") target.items.forEach(stored);
    const table = target.kind === "subscript" ? builtin(target.value, tables) : undefined;
    if (table !== undefined) out.push({ span: target.span, what: `${table}()[…]` });
  };
  walkStmts([root], (stmt) => {
    if (stmt.kind === "assign" || stmt.kind === "delete") stmt.targets.forEach(stored);
    if (stmt.kind === "augassign" || stmt.kind === "annassign" || stmt.kind === "for") stored(stmt.target);
    for (const expr of stmtExprs(stmt))
      walkExpr(expr, (e) => {
        const runs = builtin(e, runners);
        if (runs !== undefined) out.push({ span: e.span, what: `${runs}()` });
        if (e.kind !== "call" || e.func.kind !== "attribute" || !changing.test(e.func.attr)) return;
        const table = builtin(e.func.value, tables);
        if (table !== undefined) out.push({ span: e.span, what: `${table}().${e.func.attr}()` });
      });
  });
  return out;
}

const runners = /^(?:exec|eval)$/;
/** `vars()` and `locals()` are the notebook's names at its top level, and a function's own inside it. */
const tables = /^(?:globals|locals|vars)$/;
const changing = /^(?:update|setdefault|pop|popitem|clear|__setitem__)$/;
