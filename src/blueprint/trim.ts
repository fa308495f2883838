import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import type { Span } from "../foundation/span.ts";
import type { Stmt } from "../python/ir.ts";
import type { Edit } from "./edits.ts";

/** Edits that take statements which only show something out of the blocks of a kept unit. */
export function trimDisplay(flow: Dataflow, unit: Unit): readonly Edit[] {
  const facts = flow.facts[unit.id];
  if (!facts || facts.trace.shows.length === 0) return [];
  const shows = new Set(facts.trace.shows.map(key));
  const impure = facts.trace.impure;
  const isDisplay = (stmt: Stmt): boolean => {
    if (stmt.kind === "expr")
      return (
        stmt.value.kind === "call" &&
        shows.has(key(stmt.value.span)) &&
        !impure.some((s) => stmt.span.start <= s.start && s.end <= stmt.span.end)
      );
    return false;
  };
  const edits: Edit[] = [];
  const block = (body: readonly Stmt[]): void => {
    let left = body.length;
    for (const stmt of body) {
      if (!isDisplay(stmt)) {
        for (const inner of blocksOf(stmt)) block(inner);
        continue;
      }
      left--;
      edits.push(removal(unit, stmt, left === 0));
    }
  };
  for (const inner of blocksOf(unit.stmt)) block(inner);
  return edits;
}

function key(span: Span): string {
  return `${span.start}-${span.end}`;
}

/** The blocks of a compound statement; functions and classes are left as they are. */
function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case "if":
    case "for":
    case "while":
      return [stmt.body, stmt.otherwise];
    case "with":
      return [stmt.body];
    case "try":
      return [stmt.body, ...stmt.handlers.map((h) => h.body), stmt.otherwise, stmt.finally];
    case "match":
      return stmt.cases.map((c) => c.body);
    default:
      return [];
  }
}

/** Takes whole lines where the statement stands alone on them, else leaves `pass` in its place. */
function removal(unit: Unit, stmt: Stmt, isLast: boolean): Edit {
  const { text } = unit.cell.module;
  const lineStart = text.lastIndexOf("\n", stmt.span.start - 1) + 1;
  const newline = text.indexOf("\n", stmt.span.end);
  const lineEnd = newline < 0 ? text.length : newline;
  const alone =
    text.slice(lineStart, stmt.span.start).trim() === "" && /^\s*(?:#.*)?$/.test(text.slice(stmt.span.end, lineEnd));
  if (isLast || !alone || lineStart === 0)
    return { cell: unit.cell, start: stmt.span.start, end: stmt.span.end, text: "pass" };
  // With the line end before it: the one behind it may lie outside the unit.
  return { cell: unit.cell, start: lineStart - 1, end: Math.min(lineEnd, unit.stmt.span.end), text: "" };
}
