import type { IToken, TokenType } from "chevrotain";
import type { DirectiveCstNode } from "./cst.generated.ts";
import { type Expected, follow } from "./follow.ts";
import * as t from "./tokens.ts";
import { grammarTools, MAX_LENGTH, tokenize } from "./tools.ts";

/** One thing that is wrong with the form of a directive. Offsets are into the text that was read. */
export interface SyntaxFault {
  readonly start: number;
  readonly end: number;
  /** The text that could not stand there; "" at the end. */
  readonly found: string;
  readonly kind: "unexpected" | "open-string" | "too-deep" | "too-long";
  /** What could have stood there. */
  readonly expected: readonly Expected[];
  /** Every token before the fault, for rules that look back. */
  readonly before: readonly IToken[];
}

/** What became of one directive's text. `cst` is there only when nothing is wrong. */
export interface ReadDirective {
  readonly cst: DirectiveCstNode | undefined;
  readonly tokens: readonly IToken[];
  readonly faults: readonly SyntaxFault[];
}

const opens: ReadonlySet<TokenType> = new Set([t.LeftParen, t.LeftBracket, t.LeftBrace]);
const closes: ReadonlySet<TokenType> = new Set([t.RightParen, t.RightBracket, t.RightBrace]);

/**
 * Brings the open brackets up to date with `token`. A `}` closes up to its `{`; `)` and `]` close each other's opening bracket
 * too, because a range may be half open. A closing bracket with nothing to close changes nothing.
 */
function pass(stack: IToken[], token: IToken): void {
  const type = token.tokenType;
  if (opens.has(type)) stack.push(token);
  if (!closes.has(type)) return;
  if (type === t.RightBrace) {
    const brace = stack.findLastIndex((open) => open.tokenType === t.LeftBrace);
    if (brace >= 0) stack.length = brace;
  } else if (stack.length > 0 && stack[stack.length - 1]?.tokenType !== t.LeftBrace) stack.pop();
}

/** The brackets still open after `tokens`, outermost first, given those open before. */
export function openBrackets(tokens: readonly IToken[], before: readonly IToken[] = []): readonly IToken[] {
  const stack = [...before];
  for (const token of tokens) pass(stack, token);
  return stack;
}

/** Line ends mean something only directly inside the block of `contract` and `test`; elsewhere brackets hide them. */
export function withoutHiddenLineEnds(tokens: readonly IToken[]): readonly IToken[] {
  const head = tokens[0]?.tokenType;
  const hasBlock = head === t.word.contract || head === t.word.test;
  const stack: IToken[] = [];
  return tokens.filter((token) => {
    pass(stack, token);
    if (token.tokenType !== t.LineEnd) return true;
    return hasBlock && stack.length === 1 && stack[0]?.tokenType === t.LeftBrace;
  });
}

/** Reads the text of one directive, from behind its marker to its end. */
export function readDirective(text: string): ReadDirective {
  if (text.length > MAX_LENGTH) {
    const fault = { start: 0, end: MAX_LENGTH, found: "", kind: "too-long", expected: [], before: [] } as const;
    return { cst: undefined, tokens: [], faults: [fault] };
  }
  const all = tokenize(text);
  const tokens = withoutHiddenLineEnds(all);
  const faults: SyntaxFault[] = [];
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { cst: undefined, tokens: all, faults: [deep] };
  let rest = tokens;
  let cst: DirectiveCstNode | undefined;
  // Each turn reports one fault and takes its line out of the block, so that the block's other lines are still read.
  for (let turn = 0; turn < 20; turn++) {
    const { parser } = grammarTools();
    parser.input = [...rest];
    cst = parser.directive() as DirectiveCstNode;
    const error = parser.errors[0];
    if (error === undefined) break;
    cst = undefined;
    const found = rest.indexOf(error.token);
    const at = found < 0 ? rest.length : found;
    const fault = faultAt(text, rest, at);
    faults.push(fault);
    const shorter = withoutLine(rest, fault.before.length);
    if (shorter === undefined) break;
    rest = shorter;
  }
  if (faults.length > 0) cst = undefined;
  return { cst, tokens: all, faults };
}

/** Brackets may be nested this deep; the parser is recursive, and no one writes more. */
const MAX_DEPTH = 50;

function tooDeep(tokens: readonly IToken[]): SyntaxFault | undefined {
  let depth = 0;
  for (const token of tokens) {
    if (closes.has(token.tokenType)) depth--;
    if (!opens.has(token.tokenType) || ++depth <= MAX_DEPTH) continue;
    const start = token.startOffset;
    return { start, end: start + 1, found: token.image, kind: "too-deep", expected: [], before: [] };
  }
  return undefined;
}

/** The parser looks several tokens ahead and may stop too early; the walk along the grammar finds the very token that is wrong. */
function faultAt(text: string, tokens: readonly IToken[], noticed: number): SyntaxFault {
  const walk = follow(tokens);
  const at = Math.max(walk.read, Math.min(noticed, tokens.length));
  const token = tokens[at];
  const before = tokens.slice(0, at);
  const expected = walk.read === at ? walk.expected : follow(before).expected;
  if (token === undefined) {
    const end = text.trimEnd().length;
    return { start: end, end, found: "", kind: "unexpected", expected, before };
  }
  const start = token.startOffset;
  const lineEnd = token.tokenType === t.LineEnd;
  return {
    start,
    end: lineEnd ? start : start + token.image.length,
    found: lineEnd ? "" : token.image,
    kind: token.tokenType === t.OpenString ? "open-string" : "unexpected",
    expected,
    before,
  };
}

/** `tokens` without the line of a block that holds the token at `at`; undefined when it is not such a line. */
function withoutLine(tokens: readonly IToken[], at: number): readonly IToken[] | undefined {
  const depths: number[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (closes.has(token.tokenType)) depth--;
    depths.push(depth);
    if (opens.has(token.tokenType)) depth++;
  }
  const isBreak = (i: number): boolean => tokens[i]?.tokenType === t.LineEnd && depths[i] === 1;
  let from = at - 1;
  while (from >= 0 && !isBreak(from)) from--;
  if (from < 0) return undefined;
  let to = at;
  while (to < tokens.length && !isBreak(to)) to++;
  if (to >= tokens.length) return undefined;
  return [...tokens.slice(0, from), ...tokens.slice(to)];
}
