import type { Span } from "../foundation/span.ts";
import type { ErrorPlace } from "./engine.ts";
import type { SyntaxProblem } from "./ir.ts";

/** Says in one sentence what is wrong with a chunk that could not be parsed: first the slips people make, then the place. */
export function explain(text: string, chunk: Span, error: ErrorPlace | undefined): SyntaxProblem {
  const source = text.slice(chunk.start, chunk.end);
  const first = source.split("\n", 1)[0] ?? "";
  const firstSpan = { start: chunk.start, end: chunk.start + first.length };
  const block = /^(?:async\s+)?(def|class|if|for|while|with|try|elif|else|except|finally|match)\b/.exec(first)?.[1];
  const code = withoutComment(first);
  if (block && !/[:,([{\\]$/.test(code) && !/:/.test(code.replace(/\[[^\]]*\]|\{[^}]*\}|\([^)]*\)/g, "")))
    return { span: firstSpan, message: `a ':' is expected at the end of this '${block}' line` };
  if (block && code.endsWith(":") && !/\n[ \t]+\S/.test(source))
    return { span: firstSpan, message: "an indented block is expected after the ':'" };
  if (/^(?:elif|else|except|finally)\b/.test(first))
    return { span: firstSpan, message: `'${block}' has no statement above that it belongs to` };
  if (/[^=!<>]=$/.test(code)) return { span: firstSpan, message: "a value is expected after '='" };
  if (/^(?:print|exec)\s+[^\s(=.[]/.test(first))
    return { span: firstSpan, message: "print and exec are functions: write them with parentheses" };
  if (error?.missing !== undefined) {
    const name = /^\w+$/.test(error.missing) ? (readable[error.missing] ?? error.missing) : `'${error.missing}'`;
    return { span: lineSpan(text, error.start, chunk), message: `${name} is expected here` };
  }
  const at = error ? lineSpan(text, error.start, chunk) : firstSpan;
  return { span: at, message: "this is not valid Python" };
}

const readable: Readonly<Record<string, string>> = {
  identifier: "a name",
  _newline: "the end of the line",
  _indent: "an indented block",
  block: "an indented block",
};

function withoutComment(line: string): string {
  return line.replace(/\s+#[^'"]*$/, "").trimEnd();
}

/** From a place to the end of its line, inside the chunk. */
function lineSpan(text: string, start: number, chunk: Span): Span {
  const from = Math.min(Math.max(start, chunk.start), Math.max(chunk.end - 1, chunk.start));
  const newline = text.indexOf("\n", from);
  const end = Math.min(newline < 0 ? text.length : newline, chunk.end);
  return { start: from, end: Math.max(end, Math.min(from + 1, chunk.end)) };
}
