import { report } from "../diagnostics/catalogue.ts";
import type { Span } from "../foundation/span.ts";
import type { Expr } from "../python/ir.ts";
import type { Builder } from "./builder.ts";
import type { Expression } from "./directive.ts";

/** The Python expression in a range of the directive's text; what is no expression is reported at its place. */
export function buildExpression(b: Builder, range: Span): Expression {
  const text = b.text.slice(range.start, range.end);
  const span = b.locate(range.start, range.end);
  const ast = parseOne(b, text, (at) => b.locate(range.start + at.start, range.start + at.end), span);
  return ast === undefined ? { text, span, ast: undefined } : { text, span, ast };
}

function parseOne(b: Builder, text: string, locate: (at: Span) => Span, whole: Span): Expr | undefined {
  const module = b.parse(text);
  const [problem] = module.problems;
  const [first, second] = module.body;
  const shown = text.replace(/\s+/g, " ");
  if (problem !== undefined) {
    b.say(report("CW1121", b.place(locate(problem.span)), { expression: shown, why: problem.message }));
    return undefined;
  }
  if (first?.kind === "expr" && second === undefined && first.value.kind !== "yield") return first.value;
  const why = first?.kind === "expr" && second === undefined ? "`yield` gives no value here" : "it is a statement";
  b.say(report("CW1121", b.place(whole), { expression: shown, why }));
  return undefined;
}
