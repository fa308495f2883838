import type { Span } from "../../foundation/span.ts";
import type { AssignStmt, CallExpr, ConstantExpr, Expr, Keyword, NameExpr, SubscriptExpr } from "../../python/ir.ts";

/** Nodes of the IR that stand for code at `span`, made while statements are normalised. */
export function name(id: string, span: Span): NameExpr {
  return { kind: "name", id, span };
}

export function text(value: string, span: Span): ConstantExpr {
  return { kind: "constant", type: "str", value, span };
}

export function number(value: number, span: Span): ConstantExpr {
  return { kind: "constant", type: "int", value, span };
}

export function none(span: Span): ConstantExpr {
  return { kind: "constant", type: "none", value: null, span };
}

export function list(items: readonly Expr[], span: Span): Expr {
  return { kind: "list", items, span };
}

export function assign(target: Expr, value: Expr, span: Span): AssignStmt {
  return { kind: "assign", targets: [target], value, span };
}

export function item(value: Expr, index: Expr, span: Span): SubscriptExpr {
  return { kind: "subscript", value, index, span };
}

export function attribute(value: Expr, attr: string, span: Span): Expr {
  return { kind: "attribute", value, attr, attrSpan: span, span };
}

export function keyword(key: string, value: Expr): Keyword {
  return { name: key, value, span: value.span };
}

/** `value.method(args, keywords)`. */
export function method(
  value: Expr,
  called: string,
  args: readonly Expr[],
  keywords: readonly Keyword[],
  span: Span,
): CallExpr {
  return { kind: "call", func: attribute(value, called, span), args, keywords, span };
}

export function call(func: string, args: readonly Expr[], span: Span): CallExpr {
  return { kind: "call", func: name(func, span), args, keywords: [], span };
}
