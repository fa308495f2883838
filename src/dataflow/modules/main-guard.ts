import type { IfStmt, Stmt } from "../../python/ir.ts";
import { walkStmtExprs } from "../../python/walk.ts";
import type { TextEdit } from "./rewrite.ts";

/** True for `if __name__ == "__main__":`. */
export function mainGuard(stmt: Stmt): stmt is IfStmt {
  if (stmt.kind !== "if") return false;
  const { test } = stmt;
  const sides = test.kind === "compare" && test.ops.join() === "==" ? [test.left, ...test.comparators] : [];
  return (
    sides.length === 2 &&
    sides.some((side) => side.kind === "name" && side.id === "__name__") &&
    sides.some((side) => side.kind === "constant" && side.value === "__main__")
  );
}

/** Edits that leave only the body of a top-level `if` whose condition holds, as statements of their own. */
export function unguarded(text: string, stmt: IfStmt): TextEdit[] {
  const first = stmt.body[0];
  const last = stmt.body[stmt.body.length - 1];
  if (!first || !last) return [];
  const colon = text.indexOf(":", stmt.test.span.end);
  const from = first.span.start;
  const indent = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  const out: TextEdit[] = [];
  if (stmt.otherwise.length > 0) out.push({ start: last.span.end, end: stmt.span.end, text: "" });
  // On the line of the `if` itself.
  if (indent.trim() !== "") return [{ start: stmt.span.start, end: from, text: "" }, ...out];
  const firstLine = text.indexOf("\n", colon) + 1;
  const rest = text.slice(colon + 1, firstLine);
  out.push({ start: stmt.span.start, end: rest.trim() === "" ? firstLine : colon + 1, text: "" });
  const texts = longTexts(stmt.body);
  for (let line = firstLine; line < last.span.end && line > 0; line = text.indexOf("\n", line) + 1) {
    const found = /^[ \t]*/.exec(text.slice(line, line + indent.length))?.[0].length ?? 0;
    if (found > 0 && !texts.some(({ start, end }) => start < line && line < end))
      out.push({ start: line, end: line + found, text: "" });
    if (text.indexOf("\n", line) < 0) break;
  }
  return out;
}

/** Texts of several lines: their lines are theirs. */
function longTexts(body: readonly Stmt[]): readonly { readonly start: number; readonly end: number }[] {
  const out: { start: number; end: number }[] = [];
  walkStmtExprs(body, (expr) => {
    if (expr.kind === "fstring" || (expr.kind === "constant" && (expr.type === "str" || expr.type === "bytes")))
      out.push(expr.span);
  });
  return out;
}
