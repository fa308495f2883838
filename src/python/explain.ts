import type { Span } from "../foundation/span.ts";
import type { ErrorPlace } from "./engine.ts";
import type { SyntaxProblem } from "./ir.ts";
import type { LogicalLine } from "./scan.ts";
import { blockKeyword, colonMissing } from "./split.ts";

/** Says in one sentence what is wrong with lines that could not be parsed: first the slips people make, then the place. */
export function explain(
  text: string,
  lines: readonly LogicalLine[],
  chunk: Span,
  error: ErrorPlace | undefined,
): SyntaxProblem {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const slip = line && slipOf(text, line, lines[i + 1], i === 0);
    if (slip) return slip;
  }
  if (error?.missing !== undefined) {
    const name = readable[error.missing] ?? (/^\w+$/.test(error.missing) ? error.missing : `'${error.missing}'`);
    return { span: placeOf(text, error.start, chunk), message: `${name} is expected here` };
  }
  const first = lines[0] ?? chunk;
  const at =
    error && error.start > chunk.start ? placeOf(text, error.start, chunk) : { start: first.start, end: first.end };
  return { span: at, message: "this is not valid Python" };
}

const readable: Readonly<Record<string, string>> = {
  identifier: "a name",
  _newline: "the end of the line",
  _indent: "an indented block",
  block: "an indented block",
};

/** A well-known slip in one line, or undefined. */
function slipOf(
  text: string,
  line: LogicalLine,
  next: LogicalLine | undefined,
  isFirst: boolean,
): SyntaxProblem | undefined {
  const code = text.slice(line.start, line.end);
  const problem = (message: string, span: Span = { start: line.start, end: line.end }): SyntaxProblem => ({
    span,
    message,
  });
  const keyword = blockKeyword(code);
  const indented = next !== undefined && next.indent > line.indent;
  if (keyword !== undefined && indented && !code.endsWith(":")) return problem(colonMissing(keyword));
  if (keyword !== undefined && code.endsWith(":") && !indented)
    return problem("an indented block is expected after the ':'");
  if (keyword !== undefined && isFirst && /^(?:elif|else|except|finally)$/.test(keyword))
    return problem(`'${keyword}' has no statement above that it belongs to`);
  if (/[^=!<>]=$/.test(code)) return problem("a value is expected after '='");
  if (/^(?:print|exec)\s+[^\s(=.[]/.test(code))
    return problem(`${code.slice(0, 5).trim()} is a function: write it with parentheses`);
  if (/^[\w.]+\([^()]*\)\s*=(?!=)/.test(code))
    return problem("nothing can be assigned to a function call; to compare, write '=='");
  if (/^(?:[0-9][\w.]*|[a-z]{0,2}'[^']*'|[a-z]{0,2}"[^"]*")\s*=(?!=)/i.test(code))
    return problem("nothing can be assigned to a literal; to compare, write '=='");
  if (line.sideBySide) return problem("an operator or a comma is missing before this", line.sideBySide);
  return undefined;
}

/** From a place to the end of its line, inside the chunk. */
function placeOf(text: string, start: number, chunk: Span): Span {
  const from = Math.min(Math.max(start, chunk.start), Math.max(chunk.end - 1, chunk.start));
  const newline = text.indexOf("\n", from);
  const end = Math.min(newline < 0 ? text.length : newline, chunk.end);
  return { start: from, end: Math.max(end, Math.min(from + 1, chunk.end)) };
}
