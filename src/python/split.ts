import type { Span } from "../foundation/span.ts";
import type { SyntaxProblem } from "./ir.ts";
import { type LogicalLine, scanLine } from "./scan.ts";

/** One top-level statement with its whole body, found by lines alone. */
export interface Chunk extends Span {
  readonly lines: readonly LogicalLine[];
  /** Where the next chunk starts. */
  readonly next: number;
  readonly fault: SyntaxProblem | undefined;
  /** Inside its brackets, where a new statement seems to begin. */
  readonly candidate: number | undefined;
}

const clause = /^(?:elif|else|except|finally)\b/;
const opener = /^(?:if|for|while|try|with|async|elif|else|except|finally)\b/;
/** Python refuses more levels of indentation. */
const maxIndents = 100;

/** Splits a text into its logical lines; comments go to `comments`. */
export function logicalLines(text: string, comments: Span[]): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  for (let at = 0; ; ) {
    const line = scanLine(text, at, comments);
    if (!line) return lines;
    lines.push(line);
    at = line.next;
  }
}

/** Reads chunk after chunk from a place on, breaking broken statements where a new one seems to begin. */
export interface ChunkReader {
  /** The next chunk, or undefined at the end. */
  next(): Chunk | undefined;
  /** Goes on reading at an earlier or later place. */
  moveTo(offset: number): void;
}

export function chunkReader(text: string, comments: Span[]): ChunkReader {
  let at = 0;
  let ahead: LogicalLine | undefined;
  const peek = (): LogicalLine | undefined => {
    ahead ??= cut(text, scanLine(text, at, comments, true));
    return ahead;
  };
  const take = (line: LogicalLine): LogicalLine => {
    at = line.next;
    ahead = undefined;
    return line;
  };
  return {
    moveTo(offset) {
      at = offset;
      ahead = undefined;
    },
    next() {
      const first = peek();
      if (!first) return undefined;
      const lines = [take(first)];
      let decorating = text.charAt(first.start) === "@";
      for (let line = peek(); line; line = peek()) {
        const head = text.slice(line.start, line.start + 8);
        const inside = line.indent > 0 && first.indent === 0;
        const last = lines[lines.length - 1] ?? first;
        const continues = clause.test(head) && (last.indent > 0 || opener.test(text.slice(last.start, last.start + 8)));
        if (!inside && !decorating && !continues) break;
        if (last.fault && !inside && !continues) break;
        if (!inside) decorating = head.startsWith("@");
        lines.push(take(line));
      }
      return chunkOf(text, lines, at);
    },
  };
}

/** A line with a fault ends where a new statement seems to begin inside it. */
function cut(text: string, line: LogicalLine | undefined): LogicalLine | undefined {
  if (!line?.fault || line.candidate === undefined) return line;
  const end = line.start + text.slice(line.start, line.candidate).trimEnd().length;
  return { ...line, end: Math.min(line.end, end), next: line.candidate, candidate: undefined };
}

function chunkOf(text: string, lines: readonly LogicalLine[], next: number): Chunk {
  const first = lines[0];
  const last = lines[lines.length - 1];
  return {
    start: first?.start ?? 0,
    end: last?.end ?? 0,
    next,
    lines,
    fault: lines.find((line) => line.fault)?.fault ?? indentFault(text, lines),
    candidate: lines.find((line) => line.candidate !== undefined)?.candidate,
  };
}

const blockWord = /^(?:async\s+)?(def|class|if|for|while|with|try|elif|else|except|finally)\b/;

/** Says that the line of a `def`, `if` … lacks its colon. */
export function colonMissing(keyword: string): string {
  return `a ':' is expected at the end of this '${keyword}' line`;
}

/** The keyword of a line that opens a block. */
export function blockKeyword(line: string): string | undefined {
  return blockWord.exec(line)?.[1];
}

/** Python's rules of indentation over lines that start a module or a chunk of it; the first that is broken. */
export function indentFault(text: string, lines: readonly LogicalLine[]): SyntaxProblem | undefined {
  const levels: { readonly wide: number; readonly narrow: number; readonly theirs: number }[] = [
    { wide: 0, narrow: 0, theirs: 0 },
  ];
  let before: LogicalLine | undefined;
  for (const line of lines) {
    const span = { start: line.lineStart, end: line.start };
    const above = before;
    const opened = above !== undefined && text.charAt(above.end - 1) === ":";
    before = line;
    let top = levels[levels.length - 1];
    const { indent: wide, narrowIndent: narrow, grammarIndent: theirs } = line;
    if (top && wide > top.wide) {
      if (narrow <= top.narrow || theirs <= top.theirs) return { span, message: mixed };
      const keyword = above && blockKeyword(text.slice(above.start, above.end));
      if (!opened && above && keyword !== undefined)
        return { span: { start: above.start, end: above.end }, message: colonMissing(keyword) };
      if (!opened) return { span, message: "this line is indented, but no statement before it opens a block" };
      levels.push({ wide, narrow, theirs });
      if (levels.length > maxIndents) return { span, message: `more than ${maxIndents} levels of indentation` };
      continue;
    }
    if (opened) return { span: { start: line.start, end: line.end }, message: "an indented block is expected here" };
    while (top && wide < top.wide) {
      levels.pop();
      top = levels[levels.length - 1];
    }
    if (top?.wide !== wide)
      return { span, message: "this line's indentation fits none of the blocks that are open here" };
    if (top.narrow !== narrow || top.theirs !== theirs) return { span, message: mixed };
  }
  return undefined;
}

const mixed = "tabs and blanks are mixed in this line's indentation; use one of them everywhere";
