import type { Span } from "../foundation/span.ts";
import type { Carrier } from "./carrier.ts";

/** One comment line of a text: from its sign to the end of the line. */
export interface CommentLine extends Span {
  /** True when nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}

/** Something that may hold a comment sign and is no comment line: a text or a block comment. */
interface Hiding {
  readonly open: string;
  readonly close: string;
  /** backslash: it takes the next character along. doubled: the closing sign twice is the sign itself. */
  readonly escapes?: "backslash" | "doubled";
  /** Ends at the line end, too. */
  readonly oneLine?: true;
}
interface Rules {
  readonly sign: string;
  readonly hiding: readonly Hiding[];
  /** The comment sign counts only at the beginning of a line or behind a blank. */
  readonly afterBlank?: true;
}

const text = (quote: string, more: Partial<Hiding>): Hiding => ({ open: quote, close: quote, ...more });
const block: Hiding = { open: "/*", close: "*/" };
const line = { escapes: "backslash", oneLine: true } as const;
const lines = { escapes: "backslash" } as const;
const doubled = { escapes: "doubled" } as const;

/** By carrier; the longest opening sign first. */
const rules: Readonly<Record<Exclude<Carrier, "markdown">, Rules>> = {
  python: { sign: "#", hiding: [text('"""', lines), text("'''", lines), text('"', line), text("'", line)] },
  r: { sign: "#", hiding: [text('"', lines), text("'", lines), text("`", lines)] },
  yaml: { sign: "#", hiding: [text('"', lines), text("'", doubled)], afterBlank: true },
  typescript: { sign: "//", hiding: [block, text('"', line), text("'", line), text("`", lines)] },
  sql: { sign: "--", hiding: [block, text("'", doubled), text('"', doubled)] },
};

/** The comment lines of a text, found without parsing it: texts and block comments are passed over. */
export function scanComments(source: string, carrier: Exclude<Carrier, "markdown">): readonly CommentLine[] {
  const { sign, hiding, afterBlank } = rules[carrier];
  const found: CommentLine[] = [];
  const isFree = (at: number): boolean => afterBlank !== true || at === 0 || /[\s:[{,-]/.test(source[at - 1] ?? " ");
  let at = 0;
  while (at < source.length) {
    if (source.startsWith(sign, at) && (afterBlank !== true || at === 0 || /\s/.test(source[at - 1] ?? " "))) {
      const cut = source.indexOf("\n", at);
      const end = cut < 0 ? source.length : cut;
      found.push({ start: at, end, ownLine: isOwnLine(source, at) });
      at = end;
      continue;
    }
    const hidden = hiding.find(({ open }) => source.startsWith(open, at));
    at = hidden !== undefined && isFree(at) ? endOf(source, at + hidden.open.length, hidden) : at + 1;
  }
  return found;
}

/** Where something that begins before `from` ends; the end of the source when it is never closed. */
function endOf(source: string, from: number, { close, escapes, oneLine }: Hiding): number {
  let at = from;
  while (at < source.length) {
    if (escapes === "backslash" && source[at] === "\\") at += 2;
    else if (oneLine === true && source[at] === "\n") return at;
    else if (!source.startsWith(close, at)) at++;
    else if (escapes === "doubled" && source.startsWith(close, at + 1)) at += 2;
    else return at + close.length;
  }
  return source.length;
}

function isOwnLine(source: string, start: number): boolean {
  const before = source.slice(source.lastIndexOf("\n", start - 1) + 1, start);
  // Databricks writes the cells of other languages as comments of its own.
  return /^\s*(?:# MAGIC\s)?\s*$/.test(before);
}

/** One `<!-- … -->` of a Markdown cell: the range between the signs. */
export interface MarkdownComment {
  readonly inner: Span;
  /** With its signs. */
  readonly outer: Span;
  readonly closed: boolean;
}

/** The comments of a Markdown text; what stands in a code fence or in back quotes is shown to people and is no comment. */
export function scanMarkdown(source: string): readonly MarkdownComment[] {
  const found: MarkdownComment[] = [];
  const signs = /^ {0,3}(?<fence>`{3,}(?=[^`\n]*$)|~{3,})|(?<ticks>`+)|(?<comment><!--)/gm;
  for (let match = signs.exec(source); match !== null; match = signs.exec(source)) {
    const start = match.index;
    const { fence, ticks, comment } = match.groups ?? {};
    if (fence !== undefined) signs.lastIndex = endOfFence(source, signs.lastIndex, fence);
    else if (ticks !== undefined) signs.lastIndex = endOfTicks(source, signs.lastIndex, ticks);
    else if (comment !== undefined) {
      const close = source.indexOf("-->", start + 4);
      const end = close < 0 ? source.length : close;
      const outer = { start, end: close < 0 ? end : close + 3 };
      found.push({ inner: { start: start + 4, end }, outer, closed: close >= 0 });
      signs.lastIndex = outer.end;
    }
  }
  return found;
}

/** A fence ends with a line of at least as many of its signs; without one, with the cell. */
function endOfFence(source: string, from: number, fence: string): number {
  for (let cut = source.indexOf("\n", from); cut >= 0; cut = source.indexOf("\n", cut + 1)) {
    const next = source.indexOf("\n", cut + 1);
    const end = next < 0 ? source.length : next;
    const row = source.slice(cut + 1, end).trim();
    if (row.startsWith(fence) && row === (fence[0] ?? "").repeat(row.length)) return end;
  }
  return source.length;
}

/** Back quotes end with as many of them in the same paragraph; without those they are plain signs. */
function endOfTicks(source: string, from: number, ticks: string): number {
  const paragraph = source.indexOf("\n\n", from);
  const end = paragraph < 0 ? source.length : paragraph;
  let at = source.indexOf(ticks, from);
  while (at >= 0 && at < end) {
    let stop = at;
    while (source[stop] === "`") stop++;
    if (stop - at === ticks.length) return stop;
    at = source.indexOf(ticks, stop);
  }
  return from;
}
