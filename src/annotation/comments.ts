import type { Span } from "../foundation/span.ts";
import type { Carrier } from "./carrier.ts";

/** One comment line of a text: from its sign to the end of the line. */
export interface CommentLine extends Span {
  /** True when nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}

/** What each carrier has that is no comment although it may hold a comment sign: tried in order at every place. */
const patterns: Readonly<Record<Exclude<Carrier, "markdown">, RegExp>> = {
  python:
    /(?<comment>#[^\n]*)|(?:"""(?:[^\\]|\\[\s\S])*?(?:"""|$)|'''(?:[^\\]|\\[\s\S])*?(?:'''|$)|"(?:[^"\\\n]|\\[\s\S])*(?:"|(?=\n)|$)|'(?:[^'\\\n]|\\[\s\S])*(?:'|(?=\n)|$))/g,
  r: /(?<comment>#[^\n]*)|"(?:[^"\\]|\\[\s\S])*(?:"|$)|'(?:[^'\\]|\\[\s\S])*(?:'|$)|`[^`\n]*`/g,
  yaml: /(?<=^|\s)(?<comment>#[^\n]*)|(?<=[\s:[{,-]|^)(?:"(?:[^"\\]|\\[\s\S])*(?:"|$)|'(?:[^']|'')*(?:'|$))/gm,
  typescript:
    /(?<comment>\/\/[^\n]*)|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*(?:"|(?=\n)|$)|'(?:[^'\\\n]|\\[\s\S])*(?:'|(?=\n)|$)|`(?:[^`\\]|\\[\s\S])*(?:`|$)/g,
  sql: /(?<comment>--[^\n]*)|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)/g,
};

/** The comment lines of a text, found without parsing it: texts and block comments are passed over. */
export function scanComments(text: string, carrier: Exclude<Carrier, "markdown">): readonly CommentLine[] {
  const found: CommentLine[] = [];
  for (const match of text.matchAll(patterns[carrier])) {
    const comment = match.groups?.comment;
    if (comment === undefined) continue;
    const start = match.index;
    found.push({ start, end: start + comment.length, ownLine: isOwnLine(text, start) });
  }
  return found;
}

function isOwnLine(text: string, start: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  // Databricks writes the cells of other languages as comments of its own.
  return /^\s*(?:# MAGIC\s)?\s*$/.test(line);
}

/** One `<!-- … -->` of a Markdown cell: the range between the signs. */
export interface MarkdownComment {
  readonly inner: Span;
  /** With its signs. */
  readonly outer: Span;
  readonly closed: boolean;
}

/** The comments of a Markdown text; what stands in a code fence or in back quotes is shown to people and is no comment. */
export function scanMarkdown(text: string): readonly MarkdownComment[] {
  const found: MarkdownComment[] = [];
  const pattern =
    /^ {0,3}(?<fence>`{3,}|~{3,})[^\n]*(?:\n[\s\S]*?(?:\n {0,3}\k<fence>[`~]*[ \t]*(?=\n|$)|$(?![\s\S]))|$(?![\s\S]))|(?<ticks>`+)(?!`)(?:(?!\n\n)[\s\S])*?(?<!`)\k<ticks>(?!`)|(?<comment><!--)/gm;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match.groups?.comment === undefined) {
      if (match[0] === "") pattern.lastIndex++;
      continue;
    }
    const start = match.index;
    const close = text.indexOf("-->", start + 4);
    const end = close < 0 ? text.length : close;
    const outerEnd = close < 0 ? end : close + 3;
    found.push({ inner: { start: start + 4, end }, outer: { start, end: outerEnd }, closed: close >= 0 });
    pattern.lastIndex = outerEnd;
  }
  return found;
}
