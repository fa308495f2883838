import type { Expr } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import {
  has,
  identifier,
  inner,
  LowerError,
  type Lowering,
  namedOf,
  nameExpr,
  spanOf,
  textOf,
  tupleEnd,
} from "./context.ts";
import { lowerBinary } from "./operators.ts";

/** An annotation to a plain expression: the grammar has `list[int] | None` in node types of its own. */
export function lowerAnnotation(cx: Lowering, node: RawNode): Expr {
  switch (node.type) {
    case "type":
      return lowerAnnotation(cx, inner(node));
    case "generic_type":
      return generic(cx, node);
    case "union_type":
      return lowerBinary(cx, node);
    case "splat_type":
      if (textOf(cx, node).startsWith("**")) throw new LowerError(node, "'**' cannot stand in an annotation");
      return { kind: "starred", value: nameExpr(cx, inner(node)), span: spanOf(node) };
    case "member_type": {
      const [value, name] = namedOf(node);
      if (!value || !name) throw new LowerError(node, "an attribute's name is missing here");
      const attr = identifier(cx, name);
      return { kind: "attribute", value: lowerAnnotation(cx, value), attr, attrSpan: spanOf(name), span: spanOf(node) };
    }
    case "constrained_type": {
      // `A[1:2]` in an annotation: the grammar takes the slice for a bound.
      const [lower, upper] = namedOf(node).map((part) => lowerAnnotation(cx, part));
      if (!lower || !upper) throw new LowerError(node, "a part of this slice is missing");
      return { kind: "slice", lower, upper, span: spanOf(node) };
    }
    default:
      return cx.expr(node);
  }
}

function generic(cx: Lowering, node: RawNode): Expr {
  const [name, list] = node.children;
  if (!name || !list) throw new LowerError(node, "an index is missing here");
  const value: Expr = nameExpr(
    cx,
    name.named ? name : { ...name, start: node.start, end: node.start + name.type.length },
  );
  const items = namedOf(list);
  const exprs = items.map((item) => lowerAnnotation(cx, item));
  const [first] = exprs;
  const last = items[items.length - 1];
  if (!first || !items[0] || !last) throw new LowerError(node, "an index is missing here");
  const plain = exprs.length === 1 && first.kind !== "starred" && !has(list, ",");
  const index: Expr = plain
    ? first
    : { kind: "tuple", items: exprs, span: { start: items[0].start, end: tupleEnd(cx, list, last) } };
  return { kind: "subscript", value, index, span: spanOf(node) };
}
