import type { CstElement, CstNode, IToken } from "chevrotain";
import { openBrackets, readDirective } from "../../grammar/read.ts";
import * as t from "../../grammar/tokens.ts";
import { tokenize } from "../../grammar/tools.ts";
import type { Cell } from "../notebook/notebook.ts";
import type { PyModule } from "../python/ir.ts";
import { type Carrier, COMMENT_SIGN } from "./carrier.ts";
import { type CommentLine, scanComments, scanMarkdown } from "./comments.ts";
import { type RawDirective, scanLines, scanMarkdownLines } from "./scan.ts";
import { gapBetween, type Role } from "./spacing.ts";

/**
 * The cell's source with every directive in its canonical form: marker, blanks, quotes, indentation of continuation lines.
 * Nothing else changes, and a directive with an error in its form stays as it is. `module` is the cell's Python.
 */
export function formatDirectives(source: string, module: PyModule | undefined, carrier: Carrier): string {
  if (carrier === "markdown") return formatMarkdown(source);
  const found = scanComments(source, carrier);
  if (carrier !== "python" || module === undefined) return formatLines(source, found, carrier);
  if (module.text === source) {
    return formatLines(
      source,
      module.comments.map(({ span, ownLine }) => ({ ...span, ownLine })),
      carrier,
    );
  }
  // The magics of the cell are not Python: a comment counts only when Python saw it too.
  const seen = new Set(module.comments.map((comment) => comment.text));
  return formatLines(
    source,
    found.filter(({ start, end }) => seen.has(source.slice(start, end))),
    carrier,
  );
}

/** The same for a cell whose comments are known exactly: each is mapped from the cell's Python to its source. */
export function formatCell(cell: Cell, module: PyModule, carrier: Carrier): string {
  if (carrier !== "python") return formatDirectives(cell.source, undefined, carrier);
  const comments = module.comments.flatMap((comment): readonly CommentLine[] => {
    const span = cell.sourceSpan(comment.span);
    if (cell.source.slice(span.start, span.end) !== comment.text) return [];
    return [{ ...span, ownLine: comment.ownLine }];
  });
  return formatLines(cell.source, comments, carrier);
}

function formatLines(source: string, comments: readonly CommentLine[], carrier: Carrier): string {
  const { directives } = scanLines(source, comments, carrier);
  return apply(
    source,
    directives.flatMap((raw) => edits(raw, source, carrier)),
  );
}

function formatMarkdown(source: string): string {
  const comments = scanMarkdown(source);
  const { directives } = scanMarkdownLines(source, comments);
  const all = directives.flatMap((raw) => edits(raw, source, "markdown"));
  for (const { inner } of comments) {
    const inside = directives.filter((raw) => raw.span.start >= inner.start && raw.span.end <= inner.end);
    const first = inside[0]?.lines[0];
    const last = inside.at(-1)?.lines.at(-1);
    if (first === undefined || last === undefined) continue;
    // One blank behind `<!--` and before `-->`, where the directive stands on their line.
    const edges = [
      { start: inner.start, end: first.start, text: " " },
      { start: last.end, end: inner.end, text: " " },
    ];
    all.push(...edges.filter(({ start, end }) => /^[ \t]*$/.test(source.slice(start, end))));
  }
  return apply(source, all);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function apply(source: string, edits: readonly Edit[]): string {
  let result = source;
  for (const { start, end, text } of [...edits].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + text + result.slice(end);
  }
  return result;
}

function edits(raw: RawDirective, source: string, carrier: Carrier): readonly Edit[] {
  if (raw.open !== undefined) return [];
  const { cst, tokens } = readDirective(raw.text);
  if (cst === undefined) return [];
  const lines = formatted(cst, tokens, raw, source, carrier);
  if (!sameTokens(tokens, lines.map((line) => line.content).join("\n"))) return [];
  const sign = COMMENT_SIGN[carrier];
  const blank = sign === "" ? "" : " ";
  return lines.flatMap(({ content, indent }, i) => {
    const at = raw.lines[i];
    if (at === undefined) return [];
    const text = i === 0 ? `${sign}${blank}cw: ${content}` : `${sign}${content === "" ? "" : blank + indent + content}`;
    return [{ ...at, text: text.trimEnd() }];
  });
}

/** A last guard: the formatted text has the same tokens, but for the quotes of texts. */
function sameTokens(before: readonly IToken[], text: string): boolean {
  const after = tokenize(text);
  return (
    after.length === before.length &&
    after.every((token, i) => {
      const old = before[i];
      return old !== undefined && token.tokenType === old.tokenType && canonical(token) === canonical(old);
    })
  );
}

/** A text in double quotes where that needs no escape. */
function canonical(token: IToken): string {
  const { image } = token;
  const swap = token.tokenType === t.StringToken && image.startsWith("'") && !/["\\]/.test(image);
  return swap ? `"${image.slice(1, -1)}"` : image;
}

interface Line {
  readonly content: string;
  readonly indent: string;
}

function formatted(
  cst: CstNode,
  tokens: readonly IToken[],
  raw: RawDirective,
  source: string,
  carrier: Carrier,
): readonly Line[] {
  const roles = rolesOf(cst);
  const lines: Line[] = [];
  let content = "";
  let indent = "";
  let before: IToken | undefined;
  let stack: readonly IToken[] = [];
  let isStart = false;
  for (const token of tokens) {
    if (token.tokenType === t.LineEnd) {
      lines.push({ content, indent });
      content = "";
      indent = "";
      isStart = true;
      stack = openBrackets([token], stack);
      continue;
    }
    const role = roles.get(token);
    const isSame =
      role?.expression !== undefined && before !== undefined && roles.get(before)?.expression === role.expression;
    const after = openBrackets([token], stack);
    if (isStart) {
      // Inside an expression the writer's own indentation stays; elsewhere two blanks for each open bracket.
      const depth = Math.min(stack.length, after.length);
      indent = isSame ? ownIndent(raw, source, lines.length, carrier) : "  ".repeat(depth);
    } else if (before !== undefined) {
      const original = raw.text.slice(before.startOffset + before.image.length, token.startOffset);
      content += isSame ? original : gapBetween(before, token, roles.get(before), role);
    }
    content += role?.expression === undefined ? canonical(token) : token.image;
    before = token;
    stack = after;
    isStart = false;
  }
  lines.push({ content, indent });
  return lines;
}

/** The blanks behind the comment sign and its one blank, as the writer set them. */
function ownIndent(raw: RawDirective, source: string, line: number, carrier: Carrier): string {
  const at = raw.lines[line];
  const text = at === undefined ? "" : source.slice(at.start + COMMENT_SIGN[carrier].length, at.end);
  const blanks = /^[^\S\n]*/.exec(text)?.[0] ?? "";
  return blanks.replace(/^[ \t]/, "");
}

/** The rule of each token and, inside an expression, which one. */
function rolesOf(cst: CstNode): ReadonlyMap<IToken, Role> {
  const roles = new Map<IToken, Role>();
  const walk = (node: CstNode, expression: CstNode | undefined): void => {
    const own = expression ?? (node.name === "expression" || node.name === "bracketedExpression" ? node : undefined);
    // The brackets of a table's expectation are part of its text.
    const bracketed = node.children.bracketedExpression?.[0];
    const inBrackets = bracketed !== undefined && "children" in bracketed ? bracketed : undefined;
    for (const element of Object.values(node.children).flat() as CstElement[]) {
      const isBracket = !("children" in element) && [t.LeftParen, t.RightParen].includes(element.tokenType);
      if (inBrackets !== undefined && isBracket) roles.set(element, { rule: node.name, expression: inBrackets });
      else if ("children" in element) walk(element, own);
      else roles.set(element, own === undefined ? { rule: node.name } : { rule: node.name, expression: own });
    }
  };
  walk(cst, undefined);
  return roles;
}
