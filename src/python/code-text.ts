import type { Span } from "../foundation/span.ts";
import type { PyModule } from "./ir.ts";

/** A span of a module's text, by default all of it, with blanks where comments stand: nothing that is said in passing is taken for code. */
export function codeText({ text, comments }: PyModule, span: Span = { start: 0, end: text.length }): string {
  let out = "";
  let at = span.start;
  for (const { span: comment } of comments) {
    if (comment.end <= at || comment.start >= span.end) continue;
    const end = Math.min(comment.end, span.end);
    out += text.slice(at, comment.start) + " ".repeat(end - Math.max(at, comment.start));
    at = end;
  }
  return out + text.slice(at, span.end);
}
