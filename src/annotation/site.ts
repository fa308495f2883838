import type { PyModule, Stmt } from "../python/ir.ts";
import { blocksOf } from "./binds.ts";

/** Where a comment stands among the statements of a cell. */
export interface Site {
  /** The block it stands in. */
  readonly block: readonly Stmt[];
  /** Its place in the block: the index of the statement it is attached to; `block.length` when there is none below. */
  readonly index: number;
  /** The compound statements around it, outermost first. */
  readonly around: readonly Stmt[];
  /** below: on a line of its own above the statement. on: behind code, or inside the brackets of the statement. */
  readonly relation: "below" | "on";
}

/** Finds where the comment that begins at `offset` stands. */
export function siteOf(module: PyModule, offset: number, ownLine: boolean): Site {
  const lineStart = module.text.lastIndexOf("\n", offset - 1) + 1;
  if (!ownLine) {
    const code = lineStart + module.text.slice(lineStart, offset).trimEnd().length - 1;
    const found = innermost(module.body, code, []);
    if (found !== undefined) return found;
  }
  return descend(module.body, [], { text: module.text, offset, column: offset - lineStart });
}

/** The innermost statement that covers the character at `at`, or the last one that ends before it on its line (`x = 1;  # …`). */
function innermost(block: readonly Stmt[], at: number, around: readonly Stmt[]): Site | undefined {
  const index = block.findLastIndex((stmt) => stmt.span.start <= at);
  const stmt = block[index];
  if (stmt === undefined) return undefined;
  for (const inner of blocksOf(stmt)) {
    const first = inner[0];
    const last = inner[inner.length - 1];
    if (first === undefined || last === undefined || first.span.start > at) continue;
    // A `;` behind the last statement of a block still belongs to that block's line.
    if (at <= last.span.end) return innermost(inner, at, [...around, stmt]);
  }
  return { block, index, around, relation: "on" };
}

interface Comment {
  readonly text: string;
  readonly offset: number;
  readonly column: number;
}

function descend(block: readonly Stmt[], around: readonly Stmt[], at: Comment): Site {
  const { offset } = at;
  const inside = block.findIndex((stmt) => stmt.span.start < offset && offset < stmt.span.end);
  const holder = block[inside];
  if (holder !== undefined) return within(block, inside, holder, around, at);
  const next = block.findIndex((stmt) => stmt.span.start >= offset);
  const index = next < 0 ? block.length : next;
  const before = block[index - 1];
  // A comment that is indented like the block above it belongs to the end of that block.
  const last = before === undefined ? undefined : blocksOf(before).at(-1);
  if (before !== undefined && last !== undefined && isIndentedLike(last, before, at)) {
    return descend(last, [...around, before], at);
  }
  return { block, index, around, relation: "below" };
}

function isIndentedLike(block: readonly Stmt[], owner: Stmt, at: Comment): boolean {
  const first = block[0];
  if (first === undefined) return false;
  return at.column > columnOf(at.text, owner.span.start) && at.column >= columnOf(at.text, first.span.start);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** The comment stands between the first and the last character of `holder`. */
function within(block: readonly Stmt[], index: number, holder: Stmt, around: readonly Stmt[], at: Comment): Site {
  const { offset, text } = at;
  const on: Site = { block, index, around, relation: "on" };
  const blocks = blocksOf(holder);
  if (blocks.length === 0) return on;
  const named = holder.kind === "function" || holder.kind === "class";
  if (named && offset < holder.nameSpan.start) return { ...on, relation: "below" };
  let before: readonly Stmt[] | undefined;
  for (const inner of blocks) {
    const first = inner[0];
    const last = inner[inner.length - 1];
    if (first === undefined || last === undefined) continue;
    if (offset < first.span.start) {
      const from = before?.[before.length - 1]?.span.end ?? holder.span.start;
      if (hasOpenBracket(text.slice(from, offset))) return on;
      // Above `else:` and the like a comment may end the block before; below it, it begins the next one.
      const isAboveHeader = /^(?:\s|;|#[^\n]*)*$/.test(text.slice(from, offset));
      const above = before !== undefined && isAboveHeader && isIndentedLike(before, holder, at) ? before : undefined;
      return descend(above ?? inner, [...around, holder], at);
    }
    if (offset < last.span.end) return descend(inner, [...around, holder], at);
    before = inner;
  }
  return before === undefined ? on : descend(before, [...around, holder], at);
}

/** True when a piece of Python leaves a bracket open; texts and comments are passed over. */
function hasOpenBracket(piece: string): boolean {
  let depth = 0;
  const pattern =
    /#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|[([{]|[)\]}]/g;
  for (const [found] of piece.matchAll(pattern)) {
    if ("([{".includes(found)) depth++;
    else if (")]}".includes(found)) depth--;
  }
  return depth > 0;
}
