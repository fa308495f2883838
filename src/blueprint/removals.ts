import type { Unit } from "../dataflow/program.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import type { Edit } from "./edits.ts";

/** Edits that take statements out of a block of a unit, with the comments that belong to them alone; `pass` where none is left. */
export function statementRemovals(unit: Unit, block: readonly Stmt[], gone: ReadonlySet<Stmt>): readonly Edit[] {
  const [first] = block;
  const last = block[block.length - 1];
  if (!first || !last || gone.size === 0) return [];
  if (gone.size < block.length) return runs(unit, block, gone).map((run) => removal(unit, block, gone, run));
  const { text } = unit.cell.module;
  const lineStart = lineStartOf(text, first.span.start);
  const above = text.slice(lineStart, first.span.start).trim() === "" ? commentsAbove(unit, lineStart) : lineStart;
  const start = above < lineStart ? above + (/\S/.exec(text.slice(above))?.index ?? 0) : first.span.start;
  return [{ cell: unit.cell, start, end: lineRest(unit, last.span.end), text: "pass" }];
}

/** First and last of statements that go together: all of a line, or neighbours on one. */
type Run = readonly [first: number, last: number];

function runs(unit: Unit, block: readonly Stmt[], gone: ReadonlySet<Stmt>): readonly Run[] {
  const { text } = unit.cell.module;
  const out: Run[] = [];
  block.forEach((stmt, i) => {
    if (!gone.has(stmt)) return;
    const last = out[out.length - 1];
    const before = block[i - 1];
    if (last && last[1] === i - 1 && before && isOneLine(text, before, stmt)) out[out.length - 1] = [last[0], i];
    else out.push([i, i]);
  });
  return out;
}

function isOneLine(text: string, before: Stmt, after: Stmt): boolean {
  return !text.slice(before.span.end, after.span.start).includes("\n");
}

function removal(unit: Unit, block: readonly Stmt[], gone: ReadonlySet<Stmt>, [from, to]: Run): Edit {
  const { cell } = unit;
  const { text } = cell.module;
  const [before, first, last, after] = [block[from - 1], block[from], block[to], block[to + 1]];
  if (!first || !last) throw new Error("no statement there");
  const { start } = first.span;
  const { end } = last.span;
  const lineStart = lineStartOf(text, start);
  const rest = lineRest(unit, end);
  const isFirst = text.slice(lineStart, start).trim() === "";
  const isLast = rest > end || rest === unit.stmt.span.end || text[rest] === "\n";
  // Whole lines go with the line end before them: the one behind may lie outside the unit.
  if (isFirst && isLast && lineStart > 0) {
    const above = headsOthers(text, block, gone, to) ? lineStart : commentsAbove(unit, lineStart);
    return { cell, start: above - 1, end: rest, text: "" };
  }
  if (after && isOneLine(text, last, after)) return { cell, start, end: after.span.start, text: "" };
  if (before && isOneLine(text, before, first)) return { cell, start: before.span.end, end, text: "" };
  return { cell, start, end, text: "pass" };
}

/** True when a statement that stays follows in the same paragraph: the comment above may be about it. */
function headsOthers(text: string, block: readonly Stmt[], gone: ReadonlySet<Stmt>, i: number): boolean {
  for (let k = i; k + 1 < block.length; k++) {
    const [stmt, next] = [block[k], block[k + 1]];
    const between = stmt && next ? text.slice(stmt.span.end, next.span.start) : "\n\n";
    if (/\n[^\S\n]*\n/.test(between) || /\n\s*#/.test(between)) return false;
    if (next && !gone.has(next)) return true;
  }
  return false;
}

/** Edit that takes an `else`, `elif` or `finally` out, from the end of the block before it. */
export function clauseRemoval(unit: Unit, before: readonly Stmt[], block: readonly Stmt[]): Edit {
  const from = lineRest(unit, before[before.length - 1]?.span.end ?? 0);
  return { cell: unit.cell, start: from, end: lineRest(unit, block[block.length - 1]?.span.end ?? from), text: "" };
}

/** Edit that takes `as error` out of a handler in which nobody reads it. */
export function handlerNameRemoval(
  unit: Unit,
  handler: { readonly type?: Expr; readonly name?: string; readonly body: readonly Stmt[] },
): readonly Edit[] {
  if (!handler.type || handler.name === undefined) return [];
  const { end } = handler.type.span;
  const until = handler.body[0]?.span.start ?? end;
  const found = /^[\s)]*?(\s+as\s+[^\s:]+)\s*:/.exec(unit.cell.module.text.slice(end, until));
  if (!found?.[1]) return [];
  const at = end + found[0].indexOf(found[1]);
  return [{ cell: unit.cell, start: at, end: at + found[1].length, text: "" }];
}

function lineStartOf(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** End of what stands behind a place on its line when that is a comment or nothing; else the place itself. Never beyond the unit. */
function lineRest(unit: Unit, at: number): number {
  const { text } = unit.cell.module;
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  const rest = /^\s*;?\s*(?:#.*)?$/.test(text.slice(at, end)) ? end : at;
  return Math.min(rest, Math.max(at, unit.stmt.span.end));
}

/** Start of the first of the comment lines right above a line. */
function commentsAbove(unit: Unit, lineStart: number): number {
  const { text, comments } = unit.cell.module;
  let at = lineStart;
  while (at > unit.stmt.span.start) {
    const previous = lineStartOf(text, at - 1);
    const from = previous;
    if (!comments.some((c) => c.ownLine && from <= c.span.start && c.span.end < at)) break;
    at = previous;
  }
  return at;
}
