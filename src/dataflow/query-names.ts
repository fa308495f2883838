import type { CallExpr, Expr, FStringPart, NameExpr } from "../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import { type Machine, siteOf } from "./machine.ts";

/** Variables that the text of a `df.query("a > @limit")` or `df.eval(…)` mentions, each with the span of that text. */
export function queryNames(call: CallExpr): readonly NameExpr[] {
  if (call.func.kind !== "attribute" || !/^(?:query|eval)$/.test(call.func.attr)) return [];
  return [...call.args, ...call.keywords.map((keyword) => keyword.value)].flatMap((arg) =>
    mentioned(textOf(arg)).map((id): NameExpr => ({ kind: "name", id, span: arg.span })),
  );
}

/** Reads the variables that a query mentions. A text that stands elsewhere cannot be followed into the product. */
export function readQuery(m: Machine, call: CallExpr, args: Arguments): void {
  const seen = queryNames(call);
  for (const name of seen) m.evaluate(name);
  if (call.func.kind !== "attribute" || !/^(?:query|eval)$/.test(call.func.attr)) return;
  for (const { constant } of args.all)
    for (const id of typeof constant === "string" ? mentioned(constant) : [])
      if (!seen.some((name) => name.id === id))
        m.trace.refusals.push({
          span: siteOf(m, call.span),
          what: `runs a query text that stands elsewhere and mentions '@${id}'`,
        });
}

function mentioned(text: string): readonly string[] {
  return [...text.matchAll(/@([A-Za-z_]\w*)/g)].map((match) => match[1] ?? "");
}

/** The text that an expression writes out, as far as it is written out. */
function textOf(expr: Expr): string {
  if (expr.kind === "constant") return typeof expr.value === "string" ? expr.value : "";
  if (expr.kind === "binary") return `${textOf(expr.left)} ${textOf(expr.right)}`;
  if (expr.kind !== "fstring") return "";
  return expr.parts.map((part: FStringPart) => (part.kind === "text" ? part.value : " ")).join("");
}
