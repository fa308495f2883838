import type { Span } from "../foundation/span.ts";
import type { Edit } from "./edits.ts";
import type { SyntaxProblem } from "./ir.ts";
import { stringEnd } from "./scan-string.ts";

/** A line as Python's tokenizer joins it: over brackets, long strings and backslashes. */
export interface LogicalLine {
  /** Offset of the first character of its first physical line. */
  readonly lineStart: number;
  /** Offset of its first token; `end` is after its last, before comment and line end. */
  readonly start: number;
  readonly end: number;
  /** Where the next logical line starts. */
  readonly next: number;
  /** Columns of the first token with tabs to multiples of 8, and with tabs as 1: Python compares both. */
  readonly indent: number;
  readonly narrowIndent: number;
  /** The column as the grammar counts: each tab as 8. */
  readonly grammarIndent: number;
  /** A place inside brackets or an endless string where, it seems, a new statement begins. */
  readonly candidate: number | undefined;
  /** What no later reading can mend: a bracket or string without end, characters that Python has no use for. */
  readonly fault: SyntaxProblem | undefined;
  /** The first value that follows another without an operator or comma between: never valid. */
  readonly sideBySide: Span | undefined;
  /** How the parser must see the line: without line ends and comments inside brackets, soft keywords that are names disguised. */
  readonly edits: readonly Edit[];
}

const none: readonly Edit[] = [];
/** Words that the grammar may take for statements of their own; as plain names they are any name of the same length. */
const disguises: Readonly<Record<string, string>> = { print: "pr_nt", exec: "ex_c", type: "t_pe" };
/** After `type`, only a name (no operator word) makes a type alias. */
const aliasName = /[ \t\\]+(?!(?:in|is|if|and|or|not|for|else|as|from|async)\b)[\p{L}_]/uy;

/** So many statements in one bracket are no keyword arguments at column 0. */
const maxCandidates = 20;
/** Python refuses more than this many open brackets. */
const maxBrackets = 200;
const closers: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const operatorWords: ReadonlySet<string> = new Set(
  "and or not in is if else for async lambda await yield from as".split(" "),
);
/** Words that another word, a number or a string may follow. */
const leading: ReadonlySet<string> = new Set(
  "def class import from return raise del global nonlocal while with assert elif except case match type yield".split(
    " ",
  ),
);
const statementWord =
  /(?:def|class|import|from|return|raise|del|pass|break|continue|global|nonlocal|while|with|try|assert|elif|except|finally)\b|@\w/y;
const blockLine = /(?:async[ \t]+)?(?:for|if)\b[^\n]*:[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
const assignLine = /[\p{L}_][\p{L}\p{N}_.]*(?:\[[^\]\n]*\])*[ \t]*(?:[-+*/%&|^@]|\/\/|\*\*|<<|>>)?=(?!=)/uy;
const callLine = /[\p{L}_][\p{L}\p{N}_.]*\(/uy;
const word = /[\p{L}\p{Nl}_][\p{L}\p{M}\p{N}\p{Pc}··]*/uy;
const number = /\.?[0-9](?:[\w.]|(?<=[eE])[+-](?=[0-9]))*/y;
/** Characters that the grammar skips as blanks and Python refuses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const strange = /[\0\x0b\x1c-\x1f\x85\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/;

function at(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

/**
 * Reads the logical line that starts at `lineStart` or after the blank and comment lines there; undefined at the end of
 * the text. Where the text is known to be broken (`recovering`), a line is given up once many statements seem to begin
 * inside its brackets, so that reading stays linear.
 */
export function scanLine(
  text: string,
  lineStart: number,
  comments: Span[],
  recovering = false,
): LogicalLine | undefined {
  let i = lineStart;
  let begin = lineStart;
  let indent = 0;
  let narrowIndent = 0;
  let grammarIndent = 0;
  for (; ; i++) {
    const c = text.charAt(i);
    if (c === "") return undefined;
    if (c === " ") {
      indent++;
      narrowIndent++;
      grammarIndent++;
    } else if (c === "\t") {
      grammarIndent += 8;
      indent += 8 - (indent % 8);
      narrowIndent++;
    } else if (c === "\f" || (c === "\ufeff" && i === 0)) {
      indent = 0;
      narrowIndent = 0;
      grammarIndent = 0;
    } else if (c === "\n" || c === "\r") {
      indent = 0;
      narrowIndent = 0;
      grammarIndent = 0;
      begin = i + 1;
    } else if (c === "#") {
      const end = lineEnd(text, i);
      comments.push({ start: i, end });
      i = end - 1;
    } else if (c === "\\" && /^\\\r?\n/.test(text.slice(i, i + 3))) {
      i += text.charAt(i + 1) === "\r" ? 2 : 1;
    } else break;
  }
  return scanTokens(text, begin, i, { indent, narrowIndent, grammarIndent }, comments, recovering);
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return text.length;
}

function scanTokens(
  text: string,
  lineStart: number,
  start: number,
  columns: Pick<LogicalLine, "indent" | "narrowIndent" | "grammarIndent">,
  comments: Span[],
  recovering: boolean,
): LogicalLine {
  let edits: Edit[] | undefined;
  let sideBySide: Span | undefined;
  let lastWord = "";
  const edit = (from: number, replacement: string): void => {
    edits ??= [];
    edits.push({ start: from, text: replacement });
  };
  const open: { readonly bracket: string; readonly at: number }[] = [];
  let fault: SyntaxProblem | undefined;
  let candidate: number | undefined;
  let candidates = 0;
  let operand: "none" | "string" | "other" = "none";
  let end = start;
  let i = start;
  const report = (span: Span, message: string): void => {
    fault ??= { span, message };
  };
  const done = (next: number): LogicalLine => ({
    lineStart,
    start,
    end,
    next,
    ...columns,
    candidate,
    fault,
    sideBySide,
    edits: edits ?? none,
  });
  while (i < text.length) {
    const c = text.charAt(i);
    if (c === "\n" || c === "\r") {
      if (open.length === 0) return done(i + 1);
      edit(i, " ");
      i++;
      if ((recovering || candidate === undefined) && startsStatement(text, i, operand)) {
        candidate ??= i;
        if (recovering && (fault || ++candidates > maxCandidates)) break;
      }
      continue;
    }
    if (c === " " || c === "\t" || c === "\f") {
      i++;
      continue;
    }
    if (c === "#") {
      const stop = lineEnd(text, i);
      comments.push({ start: i, end: stop });
      if (open.length > 0) edit(i, " ".repeat(stop - i));
      i = stop;
      continue;
    }
    if (c === "\\") {
      const length = text.charAt(i + 1) === "\r" && text.charAt(i + 2) === "\n" ? 3 : 2;
      if (length === 3 || text.charAt(i + 1) === "\n" || text.charAt(i + 1) === "\r") {
        edit(i, " ".repeat(length));
        if (i + length === text.length) report({ start: i, end: i + 1 }, "a line must follow this backslash");
        i += length;
      } else {
        report({ start: i, end: i + 1 }, "a backslash may stand here only at the end of a line");
        i++;
      }
      continue;
    }
    let quoteAt = c === "'" || c === '"' ? i : -1;
    let prefix = "";
    if (quoteAt < 0) {
      const found = at(word, text, i);
      if (found !== undefined) {
        const after = text.charAt(i + found.length);
        if ((after === "'" || after === '"') && /^[rbuft]{1,2}$/i.test(found)) {
          quoteAt = i + found.length;
          prefix = found.toLowerCase();
        } else {
          const isOperator = operatorWords.has(found);
          if (operand !== "none" && !isOperator && !leading.has(lastWord))
            sideBySide ??= { start: i, end: i + found.length };
          operand = isOperator ? "none" : "other";
          lastWord = found;
          const disguise = Object.hasOwn(disguises, found) ? disguises[found] : undefined;
          if (disguise && (found !== "type" || at(aliasName, text, i + 4) === undefined)) edit(i, disguise);
          i += found.length;
          end = i;
          continue;
        }
      }
    }
    if (quoteAt >= 0) {
      const found = stringEnd(text, quoteAt, prefix);
      if (!found.closed) {
        report({ start: i, end: lineEnd(text, i) }, "this string is not closed");
        if (found.end === text.length) candidate ??= nextStatement(text, i);
      }
      if (operand === "other" && !leading.has(lastWord)) sideBySide ??= { start: i, end: found.end };
      operand = "string";
      lastWord = "";
      i = found.end;
      end = i;
      continue;
    }
    const digits = at(number, text, i);
    if (digits !== undefined) {
      if (operand !== "none" && !leading.has(lastWord)) sideBySide ??= { start: i, end: i + digits.length };
      operand = "other";
      lastWord = "";
      i += digits.length;
      end = i;
      continue;
    }
    lastWord = "";
    if (c === "(" || c === "[" || c === "{") {
      open.push({ bracket: c, at: i });
      if (open.length > maxBrackets)
        report({ start: i, end: i + 1 }, `more than ${maxBrackets} brackets are open here`);
      operand = "none";
    } else if (c === ")" || c === "]" || c === "}") {
      const last = open.pop();
      if (!last) report({ start: i, end: i + 1 }, `'${c}' closes no bracket`);
      else if (last.bracket !== closers[c])
        report({ start: i, end: i + 1 }, `'${c}' does not fit the bracket '${last.bracket}' that is open here`);
      operand = "other";
    } else {
      if (strange.test(c)) report({ start: i, end: i + 1 }, `the invisible character ${codeOf(c)} cannot stand here`);
      operand = "none";
    }
    i++;
    end = i;
  }
  const left = open[open.length - 1];
  if (left) report({ start: left.at, end: left.at + 1 }, `the bracket '${left.bracket}' is not closed`);
  return done(i);
}

function codeOf(c: string): string {
  return `U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Inside brackets, at the start of a physical line: does a new statement seem to begin? Only asked where something is broken. */
function startsStatement(text: string, offset: number, operand: "none" | "string" | "other"): boolean {
  const c = text.charAt(offset);
  if (c === "" || " \t\f\n\r#)]}".includes(c)) return false;
  const found = at(word, text, offset);
  if (operand !== "none") {
    // Two values side by side are no expression; two strings are.
    if (found !== undefined && !operatorWords.has(found)) return operand === "other" || !/^[rbuft]{1,2}$/i.test(found);
    if (/[0-9]/.test(c)) return true;
  }
  return (
    at(statementWord, text, offset) !== undefined ||
    at(blockLine, text, offset) !== undefined ||
    at(assignLine, text, offset) !== undefined
  );
}

/** The first line after `from` that looks like a statement at column 0: used where a long string is not closed. */
function nextStatement(text: string, from: number): number | undefined {
  for (let i = text.indexOf("\n", from); i >= 0; i = text.indexOf("\n", i + 1)) {
    const line = i + 1;
    for (const pattern of [statementWord, blockLine, assignLine, callLine])
      if (at(pattern, text, line) !== undefined) return line;
  }
  return undefined;
}
