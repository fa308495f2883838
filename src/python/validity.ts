import type { Stmt, SyntaxProblem } from "./ir.ts";

/** What the grammar accepts and Python does not, in one top-level statement; undefined when it is fine. */
export function validity(_stmt: Stmt, _text: string): SyntaxProblem | undefined {
  return undefined;
}
