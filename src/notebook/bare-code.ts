import type { Span } from "../foundation/span.ts";
import { lineEnd, scanString } from "./ipython/scan.ts";

/**
 * The part of a cell's code that says what it does: its logical lines with their indentation, and the comments that Crosswalk reads, with all
 * that follows up to the next logical line. Other comments between logical lines and blank lines are left out; so are blanks at line ends.
 */
export interface BareCode {
  /** In order; they never overlap. */
  readonly pieces: readonly Piece[];
  /** Every comment, also those inside brackets. */
  readonly comments: readonly Span[];
}

export interface Piece extends Span {
  /** line: a logical line. note: a comment on a line of its own that is read, and what follows up to the next logical
   * line. tail: the same of a comment behind code. */
  readonly kind: "line" | "note" | "tail";
}

/** What may be a directive, or look like one to those who explain what is wrong with it. */
export function isMarked(text: string): boolean {
  return /cw|crosswalk/i.test(text);
}

/** Reads the code of a cell; undefined where a bracket or a string in it does not close. Line ends are \n. */
export function bareCode(source: string): BareCode | undefined {
  const pieces: Piece[] = [];
  const comments: Span[] = [];
  /** Where the first comment that is read begins, with the blanks before it on its line, of those since the last logical line. */
  let from: Omit<Piece, "end"> | undefined;
  const comment = (start: number, kind: "note" | "tail", blanks: number): number => {
    const end = lineEnd(source, start);
    comments.push({ start, end });
    if (isMarked(source.slice(start, end))) from ??= { kind, start: blanks };
    return end;
  };
  const note = (end: number): void => {
    if (from !== undefined) pieces.push({ ...from, end });
    from = undefined;
  };
  for (let line = 0; line < source.length; ) {
    const first = skipBlanks(source, line);
    const c = source.charAt(first);
    if (c === "" || c === "\n" || c === "#") {
      line = (c === "#" ? comment(first, "note", line) : first) + 1;
      continue;
    }
    const end = logicalLineEnd(source, first, comments);
    if (end === undefined) return undefined;
    note(line);
    pieces.push({ kind: "line", start: line, end });
    const behind = skipBlanks(source, end);
    line = (source.charAt(behind) === "#" ? comment(behind, "tail", end) : behind) + 1;
  }
  note(source.trimEnd().length);
  return { pieces, comments };
}

function skipBlanks(source: string, from: number): number {
  let i = from;
  while (" \t\f".includes(source.charAt(i) || "x")) i++;
  return i;
}

/** Offset behind the last token of the logical line whose first token stands at `start`; comments inside its brackets go to `comments`. */
function logicalLineEnd(source: string, start: number, comments: Span[]): number | undefined {
  let depth = 0;
  let end = start;
  let word = -1;
  let isJoined = false;
  for (let i = start; i < source.length; ) {
    const c = source.charAt(i);
    if (c === "#" || c === "\n") {
      // A backslash joins a line of code; before a comment or a blank line nobody should guess.
      if (depth === 0) return isJoined ? undefined : end;
      const stop = lineEnd(source, i);
      if (c === "#") comments.push({ start: i, end: stop });
      i = c === "#" ? stop : i + 1;
      word = -1;
      continue;
    }
    if (c === "\\") {
      // Only a line may follow; anything else is no Python.
      if (source.charAt(i + 1) !== "\n" || i + 2 >= source.length) return undefined;
      i += 2;
      word = -1;
      isJoined = true;
      continue;
    }
    if (c === " " || c === "\t" || c === "\f") {
      i++;
      word = -1;
      continue;
    }
    if (c === "'" || c === '"') {
      const prefix = word < 0 ? "" : source.slice(word, i);
      const string = scanString(source, i, /^(?:[ft]r?|r[ft])$/i.test(prefix));
      if (!string.closed) return undefined;
      i = string.end;
      word = -1;
    } else {
      if (/[\w\u0080-\uffff]/.test(c)) word = word < 0 ? i : word;
      else word = -1;
      if (c === "(" || c === "[" || c === "{") depth++;
      else if (c === ")" || c === "]" || c === "}") depth--;
      if (depth < 0) return undefined;
      i++;
    }
    end = i;
    isJoined = false;
  }
  return depth === 0 && !isJoined ? end : undefined;
}

/**
 * A span by the number of counting characters before its first one and up to behind its last one; undefined where it does not begin and end at
 * such. Texts whose pieces are equal have these numbers in common.
 */
export function marksOf({ pieces }: BareCode, { start, end }: Span): readonly [number, number] | undefined {
  let before = 0;
  let first: number | undefined;
  for (const piece of pieces) {
    if (first === undefined && piece.start <= start && start < piece.end) first = before + start - piece.start;
    if (first !== undefined && piece.start < end && end <= piece.end && start < end)
      return [first, before + end - piece.start];
    before += piece.end - piece.start;
  }
  return undefined;
}

/** Where the span stands that has these marks; undefined where the text has fewer counting characters. */
export function spanOfMarks({ pieces }: BareCode, [first, last]: readonly [number, number]): Span | undefined {
  let before = 0;
  let start: number | undefined;
  for (const piece of pieces) {
    const after = before + piece.end - piece.start;
    if (start === undefined && before <= first && first < after) start = piece.start + first - before;
    if (start !== undefined && before < last && last <= after) return { start, end: piece.start + last - before };
    before = after;
  }
  return undefined;
}
