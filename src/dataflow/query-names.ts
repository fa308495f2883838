import type { CallExpr, Expr, FStringPart, NameExpr } from "../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import { type Machine, siteOf } from "./machine.ts";
import type { Value } from "./value.ts";

/** Functions of patsy and statsmodels that look up names of a formula where they are called. */
const formulaReaders =
  /^(?:ols|wls|gls|glsar|glm|glmgam|rlm|logit|probit|poisson|mnlogit|negativebinomial|quantreg|mixedlm|gee|ordinal_gee|nominal_gee|phreg|conditional_\w+|from_formula|dmatrix|dmatrices)$/;
/** What patsy brings along itself. */
const ownNames = new Set("C Q I center scale standardize bs cr cc te Treatment Sum Poly Diff Helmert".split(" "));

/**
 * Variables that a text mentions which a library looks up in the notebook: `df.query("a > @limit")`, `df.eval(…)`, and the
 * functions and modules of a formula, `ols("y ~ np.log(x) + f(z)", df)`. Each has the span of that text.
 */
export function queryNames(call: CallExpr): readonly NameExpr[] {
  const find = reader(call);
  if (!find) return [];
  return [...call.args, ...call.keywords.map((keyword) => keyword.value)].flatMap((arg) =>
    find(textOf(arg)).map((id): NameExpr => ({ kind: "name", id, span: arg.span })),
  );
}

/** Reads the variables that a query or a formula mentions, and gives their values: it calls those that are functions. A text that stands elsewhere cannot be followed into the product. */
export function readQuery(m: Machine, call: CallExpr, args: Arguments): readonly Value[] {
  const find = reader(call);
  if (!find) return [];
  const isQuery = find === mentioned;
  const seen = queryNames(call);
  const read = seen.filter((name) => isQuery || m.names.has(name.id)).map((name) => m.evaluate(name));
  for (const { constant } of args.all)
    for (const id of typeof constant === "string" ? find(constant) : [])
      if (!seen.some((name) => name.id === id) && (isQuery || m.names.has(id)))
        m.trace.refusals.push({
          span: siteOf(m, call.span),
          what: isQuery
            ? `runs a query text that stands elsewhere and mentions '@${id}'`
            : `reads a formula that stands elsewhere and mentions '${id}'`,
        });
  return read;
}

function reader(call: CallExpr): ((text: string) => readonly string[]) | undefined {
  const { func } = call;
  const last = func.kind === "attribute" ? func.attr : func.kind === "name" ? func.id : "";
  if (func.kind === "attribute" && /^(?:query|eval)$/.test(last)) return mentioned;
  return formulaReaders.test(last) ? inFormula : undefined;
}

function mentioned(text: string): readonly string[] {
  return [...text.matchAll(/@([A-Za-z_]\w*)/g)].map((match) => match[1] ?? "");
}

/** Names that are called or asked for an attribute: columns of the table never are. */
function inFormula(text: string): readonly string[] {
  const found = [...text.matchAll(/(?<![\w.'"])([A-Za-z_]\w*)\s*(?=[(.])/g)].map((match) => match[1] ?? "");
  return [...new Set(found)].filter((id) => !ownNames.has(id));
}

/** The text that an expression writes out, as far as it is written out. */
function textOf(expr: Expr): string {
  if (expr.kind === "constant") return typeof expr.value === "string" ? expr.value : "";
  if (expr.kind === "binary") return `${textOf(expr.left)} ${textOf(expr.right)}`;
  if (expr.kind !== "fstring") return "";
  return expr.parts.map((part: FStringPart) => (part.kind === "text" ? part.value : " ")).join("");
}
