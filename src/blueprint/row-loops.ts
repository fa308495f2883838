import { boundNames } from "../dataflow/bound-names.ts";
import type { ParsedCell } from "../dataflow/program.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import { targetNames, walkStmts } from "../python/walk.ts";
import { type Edit, isReplaced } from "./edits.ts";

/** Methods whose rows or keys are typed as a union of everything a table may hold, so that no type checker lets them be used. */
const keyed: ReadonlySet<string> = new Set(["itertuples", "iterrows", "groupby"]);

export interface RowLoops {
  /** Names that have a type when the code begins; gains those that it binds. */
  readonly bound: Set<string>;
  /** True for a name that holds groups of a table. */
  isGroups(expr: Expr): boolean;
  /** Edits by which a loop variable may have gone. */
  readonly edits: readonly Edit[];
}

/**
 * Edits that declare the variable of a loop over rows or groups of a table as open (`row: Any`): what a column holds is known at run
 * time only. A name that is bound before the loop has its type already and is left alone.
 */
export function rowLoopEdits(cell: ParsedCell, body: readonly Stmt[], loops: RowLoops): readonly Edit[] {
  const { bound } = loops;
  const out: Edit[] = [];
  walkStmts(body, (stmt) => {
    if (stmt.kind === "function" || stmt.kind === "class") return false;
    if (stmt.kind === "for") {
      const open = openNames(cell, stmt.target, stmt.iterable, loops).filter((name) => !bound.has(name));
      const lineStart = cell.module.text.lastIndexOf("\n", stmt.span.start - 1) + 1;
      const indent = cell.module.text.slice(lineStart, stmt.span.start);
      if (open.length > 0 && indent.trim() === "") {
        const text = open.map((name) => `${name}: Any\n${indent}`).join("");
        out.push({ cell, start: stmt.span.start, end: stmt.span.start, text });
      }
    }
    // In the order of the text: a later loop finds what this statement binds.
    for (const name of stmt.kind === "for" ? targetNames(stmt.target) : ownNames(stmt)) bound.add(name);
    return true;
  });
  return out;
}

function ownNames(stmt: Stmt): Iterable<string> {
  return boundNames([stmt]).bound;
}

/** The names of a loop's target that stand for a row, or for the key of a row or group. */
function openNames(cell: ParsedCell, target: Expr, iterable: Expr, loops: RowLoops): readonly string[] {
  const method = iterable.kind === "call" && iterable.func.kind === "attribute" ? iterable.func.attr : undefined;
  const [first] = target.kind === "tuple" || target.kind === "list" ? target.items : [];
  const key = method === "itertuples" ? target : first;
  const isOpen = method === undefined ? loops.isGroups(iterable) : keyed.has(method);
  if (!isOpen || key?.kind !== "name" || key.id.startsWith("_") || isReplaced(cell, key.span, loops.edits)) return [];
  return [key.id];
}
