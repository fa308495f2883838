import type { IToken } from "chevrotain";
import { openBrackets } from "../../grammar/read.ts";
import { tokenize } from "../../grammar/tools.ts";
import { isDirective } from "../../grammar/words.ts";
import type { Span } from "../foundation/span.ts";
import { type Carrier, COMMENT_SIGN } from "./carrier.ts";
import type { CommentLine, MarkdownComment } from "./comments.ts";

/** The text of one directive, found but not read. All offsets are into the text that was scanned. */
export interface RawDirective {
  /** From the comment sign (in Markdown: from `cw:`) to the end of the directive. */
  readonly span: Span;
  /** Where `text` begins: behind the marker. */
  readonly bodyStart: number;
  /** Everything behind the marker; comment signs of continuation lines are blanks, so that offsets stay true. */
  readonly text: string;
  /** The ranges of its lines, each from the sign (in Markdown from the first character) to the end. */
  readonly lines: readonly Span[];
  readonly ownLine: boolean;
  /** A bracket that is still open at the end, as an offset into `text`, and what ended the directive. */
  readonly open?: { readonly at: number; readonly bracket: string; readonly closedBy: string };
}

/** A comment that looks like a directive and is none. */
export interface NearMiss {
  readonly span: Span;
  readonly found: string;
}

export interface Scan {
  readonly directives: readonly RawDirective[];
  readonly nearMisses: readonly NearMiss[];
  /** Comments of Markdown that begin with a directive and are never closed. */
  readonly unclosed: readonly Span[];
}

const marker = /^[ \t]*cw:/;

/** Finds the directives among the comment lines of a text. */
export function scanLines(text: string, comments: readonly CommentLine[], carrier: Carrier): Scan {
  const sign = COMMENT_SIGN[carrier];
  const directives: RawDirective[] = [];
  const nearMisses: NearMiss[] = [];
  for (let i = 0; i < comments.length; i++) {
    const comment = comments[i];
    if (comment === undefined) continue;
    const content = text.slice(comment.start + sign.length, comment.end);
    const found = marker.exec(content);
    if (found === null) {
      const near = nearMiss(content);
      if (near !== undefined) {
        const start = comment.start + (near.at > 0 ? sign.length + near.at : 0);
        const end = comment.start + sign.length + near.at + near.length;
        nearMisses.push({ span: { start, end }, found: text.slice(start, end) });
      }
      continue;
    }
    const bodyStart = comment.start + sign.length + found[0].length;
    const lines: Span[] = [{ start: comment.start, end: comment.end }];
    let body = text.slice(bodyStart, comment.end);
    let stack = openBrackets(tokenize(body));
    let closedBy = "the end of the cell";
    while (stack.length > 0) {
      const last = lines[lines.length - 1]?.end ?? bodyStart;
      const next = comments[i + 1];
      const gap = next === undefined ? text.slice(last) : text.slice(last, next.start);
      const joins = next?.ownLine === true && /^\r?\n[^\n]*$/.test(gap) && isBlank(gap, carrier);
      if (next === undefined || !joins) {
        closedBy =
          gap.trim() === "" && next === undefined
            ? "the end of the cell"
            : /^\s*\n[^\S\n]*\n/.test(gap)
              ? "an empty line"
              : "a line of code";
        break;
      }
      const content = text.slice(next.start + sign.length, next.end);
      if (marker.test(content)) {
        closedBy = "the next directive";
        break;
      }
      const line = " ".repeat(sign.length) + content;
      stack = openBrackets(shifted(tokenize(line), body.length + gap.length), stack);
      body += gap.replace(/[^\s]/g, " ") + line;
      lines.push({ start: next.start, end: next.end });
      i++;
    }
    directives.push(rawDirective(comment.start, bodyStart, body, lines, comment.ownLine, stack, closedBy));
  }
  return { directives, nearMisses, unclosed: [] };
}

const isBlank = (gap: string, carrier: Carrier): boolean =>
  carrier === "sql" ? /^\s*(?:# MAGIC\s)?\s*$/.test(gap) : gap.trim() === "";

const shifted = (tokens: readonly IToken[], by: number): readonly IToken[] =>
  tokens.map((token) => ({ ...token, startOffset: token.startOffset + by }));

function rawDirective(
  start: number,
  bodyStart: number,
  body: string,
  lines: readonly Span[],
  ownLine: boolean,
  stack: readonly IToken[],
  closedBy: string,
): RawDirective {
  const text = body.trimEnd();
  const [bracket] = stack;
  const open = bracket === undefined ? {} : { open: { at: bracket.startOffset, bracket: bracket.image, closedBy } };
  return { span: { start, end: bodyStart + text.length }, bodyStart, text, lines, ownLine, ...open };
}

/** Finds the directives in the comments of a Markdown text: each line of a comment that begins with `cw:`. */
export function scanMarkdownLines(text: string, comments: readonly MarkdownComment[]): Scan {
  const directives: RawDirective[] = [];
  const nearMisses: NearMiss[] = [];
  const unclosed: Span[] = [];
  for (const { inner, outer, closed } of comments) {
    const lines = splitLines(text, inner);
    if (!closed) {
      if (lines.some((line) => marker.test(text.slice(line.start, line.end)))) {
        unclosed.push({ start: outer.start, end: outer.start + 4 });
      }
      continue;
    }
    const found = scanLines(
      text,
      lines.map((line) => ({ ...line, ownLine: true })),
      "markdown",
    );
    // Prose in a comment is prose: only its beginning may look like a marker.
    const first = found.nearMisses.filter((near) => text.slice(inner.start, near.span.start).trim() === "");
    directives.push(...found.directives.map((raw) => atEnd(raw, text, inner)));
    nearMisses.push(...first);
  }
  return { directives, nearMisses, unclosed };
}

/** What ends an open directive in Markdown is the end of its comment, not of the cell. */
function atEnd(raw: RawDirective, text: string, inner: Span): RawDirective {
  if (raw.open === undefined || text.slice(raw.span.end, inner.end).trim() !== "") return raw;
  return { ...raw, open: { ...raw.open, closedBy: "`-->`" } };
}

function splitLines(text: string, span: Span): readonly Span[] {
  const lines: Span[] = [];
  let start = span.start;
  while (start <= span.end) {
    const cut = text.indexOf("\n", start);
    const end = cut < 0 || cut > span.end ? span.end : cut;
    const line = text.slice(start, end);
    const indent = line.length - line.trimStart().length;
    // An empty line is left out, so that the gap it leaves closes an open directive.
    if (line.trim() !== "") lines.push({ start: start + indent, end: start + line.trimEnd().length });
    start = end + 1;
  }
  return lines;
}

interface Near {
  readonly at: number;
  readonly length: number;
}

/** What in a comment (behind its sign) looks like a marker and is none. */
function nearMiss(content: string): Near | undefined {
  const atStart = /^[#!*:/\s-]*(?:cw|crosswalk)\s*:|^\s*cw(?=\s+\w)/i.exec(content);
  if (atStart !== null) {
    const hasColon = atStart[0].endsWith(":");
    const next = /^\s*([A-Za-z]+)/.exec(content.slice(atStart[0].length))?.[1]?.toLowerCase() ?? "";
    const isLower = /^\s*cw$/.test(atStart[0]);
    if (hasColon || isLower || isDirective(next)) return { at: 0, length: atStart[0].length };
  }
  const word = /^\s*crosswalk\s+([a-z]+)\b/i.exec(content)?.[1];
  if (word !== undefined && isDirective(word)) return { at: 0, length: content.indexOf(word) };
  const inside = /(?<=\s)(?:#|\/\/|--)\s*cw:(?=\s*([a-z]+))/.exec(content);
  if (inside !== null && isDirective(inside[1] ?? "")) return { at: inside.index, length: inside[0].length };
  return undefined;
}
