import type { TestDirectiveCstNode } from "../../grammar/cst.generated.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Span } from "../foundation/span.ts";
import { type Builder, nodeRange, nodeSpan } from "./builder.ts";
import type { Test, TestLine } from "./directive.ts";
import { buildExpression } from "./expression.ts";
import { buildName, buildText, optionalText } from "./names.ts";

/** A test: one record, or arguments by name, and at least one expectation. */
export function buildTest(b: Builder, node: TestDirectiveCstNode, span: Span): Test {
  const { title: titles, name, given, expectDirective } = node.children;
  const title = buildText(b, titles[0]);
  const lines: TestLine[] = [];
  for (const line of given ?? []) {
    const [expression] = line.children.expression;
    if (expression === undefined) continue;
    const named = line.children.name?.[0] === undefined ? {} : { name: buildName(b, line.children.name[0]) };
    lines.push({ kind: "given", ...named, value: buildExpression(b, nodeRange(expression)), span: nodeSpan(b, line) });
  }
  for (const line of expectDirective ?? []) {
    const [expression] = line.children.expression;
    if (expression === undefined) continue;
    const reason = optionalText(b, "reason", line.children.reason);
    lines.push({
      kind: "expect",
      expression: buildExpression(b, nodeRange(expression)),
      ...reason,
      span: nodeSpan(b, line),
    });
  }
  lines.sort((x, y) => x.span.start - y.span.start);
  sayForm(b, lines, title.span, titles[0]?.image ?? "");
  const of = name?.[0] === undefined ? {} : { of: buildName(b, name[0]) };
  return { kind: "test", title, ...of, lines, span };
}

function sayForm(b: Builder, lines: readonly TestLine[], at: Span, title: string): void {
  if (!lines.some((line) => line.kind === "expect")) {
    b.say(report("CW1131", b.place(at), { title, why: "expects nothing" }));
  }
  const givens = lines.flatMap((line) => (line.kind === "given" ? [line] : []));
  const bare = givens.filter((line) => line.name === undefined);
  const second = bare[1] ?? (bare.length > 0 ? givens.find((line) => line.name !== undefined) : undefined);
  if (second !== undefined) {
    const why = bare.length > 1 ? "has two records after `given =`" : "gives a record and an argument at once";
    b.say(report("CW1131", b.place(second.span), { title, why }));
  }
  const seen = new Set<string>();
  for (const { name } of givens) {
    if (name === undefined) continue;
    if (seen.has(name.name)) b.say(report("CW1123", b.place(name.span), { what: `\`given ${name.name}\`` }));
    seen.add(name.name);
  }
}
