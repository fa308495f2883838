import type { Span } from "../foundation/span.ts";
import type { Expr, Keyword } from "./ir.ts";

/** Takes a problem and where it is. */
export type Report = (span: Span, message: string) => void;

const keywords: ReadonlySet<string> = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** A name that no code may bind, read or look up: a keyword (perhaps only after normalisation), and `__debug__` where it is bound. */
export function reserved(name: string, span: Span, report: Report, use: "bind" | "read" | "attribute" = "bind"): void {
  if (keywords.has(name)) report(span, `'${name}' is a keyword of Python and no name`);
  else if (name === "__debug__" && use === "bind") report(span, "nothing can be assigned to __debug__");
}

/** No keyword argument may come twice. */
export function namedOnce(given: readonly Keyword[], report: Report): void {
  const seen = new Set<string>();
  for (const { name, span } of given) {
    if (name === undefined) continue;
    reserved(name, span, report);
    if (seen.has(name)) report(span, `the keyword argument '${name}' is given twice`);
    seen.add(name);
  }
}

const described: Readonly<Record<string, string>> = {
  constant: "a literal",
  fstring: "an f-string",
  call: "a function call",
  binary: "an expression",
  bool: "an expression",
  unary: "an expression",
  compare: "a comparison",
  conditional: "a conditional expression",
  lambda: "a lambda",
  set: "a set",
  dict: "a dict",
  comprehension: "a comprehension",
  walrus: "a named expression",
  await: "an await expression",
  yield: "a yield expression",
};

function what(expr: Expr): string {
  return described[expr.kind] ?? "this";
}

/** A target of `=`, `for`, `with … as` or a comprehension. */
export function checkTarget(target: Expr, report: Report): void {
  if (target.kind === "starred") report(target.span, "a starred target must be in a list or tuple");
  else inTarget(target, report);
}

function inTarget(target: Expr, report: Report): void {
  switch (target.kind) {
    case "name":
      reserved(target.id, target.span, report);
      return;
    case "attribute":
      reserved(target.attr, target.attrSpan, report);
      return;
    case "subscript":
      return;
    case "starred":
      inTarget(target.value, report);
      return;
    case "tuple":
    case "list":
      if (target.items.filter((item) => item.kind === "starred").length > 1)
        report(target.span, "only one target of a list or tuple can be starred");
      for (const item of target.items) inTarget(item, report);
      return;
    default:
      report(target.span, `nothing can be assigned to ${what(target)}`);
  }
}

/** A target that must be one name, attribute or index. */
export function single(target: Expr, report: Report, where: string): void {
  if (target.kind === "name" || target.kind === "attribute" || target.kind === "subscript") inTarget(target, report);
  else report(target.span, `the target of ${where} must be a name, an attribute or an index`);
}

/** A target of `del`. */
export function deletable(target: Expr, report: Report): void {
  switch (target.kind) {
    case "name":
      reserved(target.id, target.span, report);
      return;
    case "attribute":
    case "subscript":
      return;
    case "tuple":
    case "list":
      for (const item of target.items) deletable(item, report);
      return;
    default:
      report(target.span, `'del' cannot delete ${what(target)}`);
  }
}
