import type { Span } from "../foundation/span.ts";
import { lineEnd, scanString } from "./ipython/scan.ts";

/**
 * The part of a cell's code that says what it does: its logical lines with their indentation, and the comments that Crosswalk reads, with all
 * that follows up to the next logical line. Other comments and blank lines between logical lines are left out, and blanks at line ends. Inside
 * brackets, all that stands between two tokens on different lines counts as one line end, unless a comment that Crosswalk reads is there.
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
  /** Of a line: what stands inside its brackets between tokens on different lines; each counts as one line end. */
  readonly gaps: readonly Span[];
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
  let from: Pick<Piece, "kind" | "start"> | undefined;
  const comment = (start: number, kind: "note" | "tail", blanks: number): number => {
    const end = lineEnd(source, start);
    comments.push({ start, end });
    if (isMarked(source.slice(start, end))) from ??= { kind, start: blanks };
    return end;
  };
  const note = (end: number): void => {
    if (from !== undefined) pieces.push({ ...from, end, gaps: [] });
    from = undefined;
  };
  for (let line = 0; line < source.length; ) {
    const first = skipBlanks(source, line);
    const c = source.charAt(first);
    if (c === "" || c === "\n" || c === "#") {
      line = (c === "#" ? comment(first, "note", line) : first) + 1;
      continue;
    }
    const gaps: Span[] = [];
    const end = logicalLineEnd(source, first, comments, gaps);
    if (end === undefined) return undefined;
    note(line);
    pieces.push({ kind: "line", start: line, end, gaps });
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

/**
 * Offset behind the last token of the logical line whose first token stands at `start`; comments inside its brackets go to `comments`, and
 * what is between tokens on different lines to `gaps`.
 */
function logicalLineEnd(source: string, start: number, comments: Span[], gaps: Span[]): number | undefined {
  let depth = 0;
  let end = start;
  let word = -1;
  let isJoined = false;
  /** What was met since the last token. */
  let between = { hasLineEnd: false, isJoined: false, comments: [] as string[] };
  for (let i = start; i < source.length; ) {
    const c = source.charAt(i);
    if (c === "#" || c === "\n") {
      // A backslash joins a line of code; before a comment or a blank line nobody should guess.
      if (depth === 0) return isJoined ? undefined : end;
      const stop = lineEnd(source, i);
      if (c === "#") comments.push({ start: i, end: stop });
      if (c === "#") between.comments.push(source.slice(i, stop));
      else between.hasLineEnd = true;
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
      between.isJoined = true;
      continue;
    }
    if (c === " " || c === "\t" || c === "\f") {
      i++;
      word = -1;
      continue;
    }
    if (between.hasLineEnd && !between.isJoined && !between.comments.some(isMarked)) gaps.push({ start: end, end: i });
    between = { hasLineEnd: false, isJoined: false, comments: [] };
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

/** What counts of a piece. */
export function pieceText(source: string, { start, end, gaps }: Piece): string {
  let out = "";
  let at = start;
  for (const gap of gaps) {
    out += `${source.slice(at, gap.start)}\n`;
    at = gap.end;
  }
  return out + source.slice(at, end);
}

/** How many characters of a piece count. */
function countOf({ start, end, gaps }: Piece): number {
  return gaps.reduce((sum, gap) => sum - (gap.end - gap.start - 1), end - start);
}

/** How many counting characters of its piece stand before an offset; undefined in the middle of what counts as one. */
function markOf({ start, gaps }: Piece, offset: number): number | undefined {
  let left = 0;
  for (const gap of gaps) {
    if (gap.start >= offset) break;
    if (gap.end > offset) return undefined;
    left += gap.end - gap.start - 1;
  }
  return offset - start - left;
}

/** The offset that has so many counting characters of its piece before it; of a gap's two ends, the first one. */
function offsetOf({ start, gaps }: Piece, mark: number): number {
  let left = 0;
  for (const gap of gaps) {
    if (start + mark + left <= gap.start) break;
    left += gap.end - gap.start - 1;
  }
  return start + mark + left;
}

/**
 * A span by the number of counting characters before its first one and up to behind its last one; undefined where it does not begin and end at
 * such. Texts whose pieces count the same have these numbers in common.
 */
export function marksOf({ pieces }: BareCode, { start, end }: Span): readonly [number, number] | undefined {
  let before = 0;
  let first: number | undefined;
  for (const piece of pieces) {
    if (first === undefined && piece.start <= start && start < piece.end) {
      const mark = markOf(piece, start);
      if (mark === undefined || piece.gaps.some((gap) => gap.start === start)) return undefined;
      first = before + mark;
    }
    if (first !== undefined && piece.start < end && end <= piece.end && start < end) {
      const mark = markOf(piece, end);
      return mark === undefined || piece.gaps.some((gap) => gap.end === end) ? undefined : [first, before + mark];
    }
    before += countOf(piece);
  }
  return undefined;
}

/** Where the span stands that has these marks; undefined where the text has fewer counting characters. */
export function spanOfMarks({ pieces }: BareCode, [first, last]: readonly [number, number]): Span | undefined {
  let before = 0;
  let start: number | undefined;
  for (const piece of pieces) {
    const after = before + countOf(piece);
    if (start === undefined && before <= first && first < after) start = offsetOf(piece, first - before);
    if (start !== undefined && before < last && last <= after) return { start, end: offsetOf(piece, last - before) };
    before = after;
  }
  return undefined;
}
