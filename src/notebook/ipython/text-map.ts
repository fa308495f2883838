import type { Span } from "../../foundation/span.ts";

/** One run of characters of a made text and where it came from. Copied pieces map character by character. */
export interface Piece {
  readonly at: number;
  readonly length: number;
  readonly source: Span;
  readonly copied: boolean;
}

/** Maps a text that was made from a source back to it. */
export interface TextMap {
  readonly pieces: readonly Piece[];
  /** The smallest span of the source that a span of the made text came from. */
  sourceSpan(span: Span): Span;
}

/** Collects a text piece by piece. Lives while one cell is resolved. */
export interface TextBuilder {
  /** Adds `text`, which stands verbatim in the source at `at`. */
  copy(text: string, at: number): void;
  /** Adds `text`, which was made from the span `source`. */
  put(text: string, source: Span): void;
  /** The text so far, and its map. */
  done(): { readonly text: string; readonly map: TextMap };
  /** Length of the text so far. */
  length(): number;
}

/** An empty builder. */
export function textBuilder(): TextBuilder {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  const add = (text: string, source: Span, copied: boolean): void => {
    if (text === "") return;
    const last = pieces.at(-1);
    if (copied && last?.copied && last.source.end === source.start)
      pieces[pieces.length - 1] = {
        ...last,
        length: last.length + text.length,
        source: { start: last.source.start, end: source.end },
      };
    else pieces.push({ at: length, length: text.length, source, copied });
    parts.push(text);
    length += text.length;
  };
  return {
    copy: (text, at) => add(text, { start: at, end: at + text.length }, true),
    put: (text, source) => add(text, source, false),
    length: () => length,
    done: () => ({ text: parts.join(""), map: textMap(pieces, length) }),
  };
}

/** The map of a text that is its source. */
export function identityMap(length: number): TextMap {
  return textMap([{ at: 0, length, source: { start: 0, end: length }, copied: true }], length);
}

function textMap(pieces: readonly Piece[], length: number): TextMap {
  const pieceAt = (offset: number): Piece | undefined => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if ((pieces[mid]?.at ?? 0) <= offset) low = mid;
      else high = mid - 1;
    }
    return pieces[low];
  };
  const within = (piece: Piece, offset: number, edge: "start" | "end"): number =>
    piece.copied ? piece.source.start + Math.min(Math.max(offset - piece.at, 0), piece.length) : piece.source[edge];
  return {
    pieces,
    sourceSpan(span) {
      const start = Math.min(Math.max(span.start, 0), length);
      const end = Math.min(Math.max(span.end, start), length);
      const first = pieceAt(start);
      if (!first) return { start: 0, end: 0 };
      if (start === end) {
        const at = within(first, start, start >= first.at + first.length ? "end" : "start");
        return { start: at, end: at };
      }
      const last = pieceAt(end - 1) ?? first;
      const a = within(first, start, "start");
      const b = within(last, end, "end");
      // A piece that was moved behind the cell (`%%capture out`) may come from before its neighbour.
      return a <= b
        ? { start: a, end: b }
        : { start: Math.min(a, last.source.start), end: Math.max(b, first.source.end) };
    },
  };
}
