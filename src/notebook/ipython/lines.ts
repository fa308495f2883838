import type { Span } from "../../foundation/span.ts";
import type { Facts } from "./policy.ts";
import type { TextBuilder } from "./text-map.ts";

/** One physical line and where it stands in the cell's source. */
export interface Line {
  readonly text: string;
  /** Offset of its first character. */
  readonly at: number;
  /** Set where the line was made (the body of `run_cell_magic("…")`): all of it came from this span. */
  readonly made?: Span;
}

/** Lines put together again as one text; offsets of that text map to the source. */
export interface Body {
  readonly text: string;
  /** The source span of a range of `text`. */
  span(start: number, end: number): Span;
  /** Copies a range of `text`. */
  copy(out: TextBuilder, start: number, end: number): void;
  /** The lines of a range of `text`. */
  lines(start: number, end?: number): readonly Line[];
}

/** Cuts a text that stands at `at` into lines. */
export function linesOf(text: string, at = 0, made?: Span): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    lines.push({ text: line, at: at + offset, ...(made ? { made } : {}) });
    offset += line.length + 1;
  }
  return lines;
}

/** Joins lines to a body. */
export function bodyOf(lines: readonly Line[]): Body {
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.text.length + 1;
  }
  const text = lines.map((line) => line.text).join("\n");
  const indexAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if ((starts[mid] ?? 0) <= offset) low = mid;
      else high = mid - 1;
    }
    return low;
  };
  const source = (offset: number, edge: "start" | "end"): number => {
    const index = indexAt(offset);
    const line = lines[index];
    if (!line) return 0;
    return line.made ? line.made[edge] : line.at + offset - (starts[index] ?? 0);
  };
  return {
    text,
    span: (start, end) => ({
      start: source(start, "start"),
      end: Math.max(source(start, "start"), source(end, "end")),
    }),
    copy(out, start, end) {
      let from = start;
      let index = indexAt(start);
      while (from < end) {
        const line = lines[index];
        if (!line) return;
        const stop = Math.min(end, (starts[index] ?? 0) + line.text.length + 1);
        const chunk = text.slice(from, stop);
        if (line.made) out.put(chunk, line.made);
        else out.copy(chunk, line.at + from - (starts[index] ?? 0));
        from = stop;
        index++;
      }
    },
    lines(start, end = text.length) {
      const found: Line[] = [];
      for (let index = indexAt(start); index < lines.length; index++) {
        const line = lines[index];
        const lineStart = starts[index] ?? 0;
        if (!line || (lineStart > end && found.length > 0)) break;
        const from = Math.max(start - lineStart, 0);
        found.push({ ...line, text: line.text.slice(from, Math.max(end - lineStart, 0)), at: line.at + from });
      }
      return found;
    },
  };
}

/** What IPython takes off before it looks at a cell: a common indent and prompts; and `# MAGIC ` in Databricks files. */
export function cleanLines(lines: readonly Line[], facts: Facts): readonly Line[] {
  const unprefixed = facts.magicPrefix ? stripAll(lines, /^# MAGIC ?/) : lines;
  const blank = unprefixed.findIndex((line) => line.text.trim() !== "");
  if (blank < 0) return unprefixed;
  const head = unprefixed.slice(0, blank);
  let rest: readonly Line[] = unprefixed.slice(blank);
  const indent = /^[ \t]+/.exec(rest[0]?.text ?? "")?.[0];
  if (indent) rest = rest.map((line) => (line.text.startsWith(indent) ? cut(line, indent.length) : line));
  rest = stripPrompts(rest, /^(?:>>>|\.\.\.)(?: |$)/, /^>>>(?: |$)/);
  rest = stripPrompts(rest, ipythonPrompt, ipythonPrompt);
  return head.length > 0 ? [...head, ...rest] : rest;
}

const ipythonPrompt = /^(?:(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?)/;

function stripPrompts(lines: readonly Line[], prompt: RegExp, initial: RegExp): readonly Line[] {
  const found = initial.test(lines[0]?.text ?? "") || (lines.length > 1 && prompt.test(lines[1]?.text ?? ""));
  return found ? stripAll(lines, prompt) : lines;
}

function stripAll(lines: readonly Line[], prefix: RegExp): readonly Line[] {
  return lines.map((line) => cut(line, prefix.exec(line.text)?.[0].length ?? 0));
}

function cut(line: Line, length: number): Line {
  return length === 0 ? line : { ...line, text: line.text.slice(length), at: line.at + length };
}
