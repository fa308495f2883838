import type { ConstantExpr, DictExpr, Expr, Keyword } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { lowerComprehension } from "./comprehensions.ts";
import {
  fieldOf,
  has,
  identifier,
  inner,
  LowerError,
  type Lowering,
  namedOf,
  nameExpr,
  need,
  spanOf,
  textOf,
  tupleEnd,
} from "./context.ts";
import { lowerNumber } from "./numbers.ts";
import { lowerAwait, lowerBinary, lowerBool, lowerCompare, lowerConditional, lowerUnary } from "./operators.ts";
import { lowerParams } from "./params.ts";
import { lowerString } from "./strings.ts";

type Lower = (cx: Lowering, node: RawNode) => Expr;

/** An expression node to the IR. Parentheses leave no trace but in tuples and generators, as in CPython's `ast`. */
export function lowerExpr(cx: Lowering, node: RawNode): Expr {
  const lower = byType.get(node.type);
  if (starLed.has(node.type) && cx.text.charCodeAt(node.start) === 42) return hoistStar(cx, node);
  if (!lower) throw new LowerError(node, `this is no expression: ${excerpt(textOf(cx, node))}`);
  return lower(cx, node);
}

const starLed: ReadonlySet<string> = new Set(["call", "attribute", "subscript", "binary_operator"]);

/** `*f(x), y`: the grammar binds the star to `f` alone; Python stars all of `f(x)`. */
function hoistStar(cx: Lowering, node: RawNode): Expr {
  const spine: RawNode[] = [];
  let at: RawNode | undefined = node;
  while (at && starLed.has(at.type)) {
    spine.push(at);
    at = at.children[0];
  }
  if (at?.type !== "list_splat" && at?.type !== "list_splat_pattern")
    throw new LowerError(node, "a starred expression cannot stand here");
  let value = inner(at);
  const start = value.start;
  for (const one of spine.reverse()) value = { ...one, start, children: [value, ...one.children.slice(1)] };
  // The first child keeps the field it had under its parent.
  return { kind: "starred", value: cx.expr(refield(value)), span: spanOf(node) };
}

const firstField: Readonly<Record<string, string>> = {
  call: "function",
  attribute: "object",
  subscript: "value",
  binary_operator: "left",
};

function refield(node: RawNode): RawNode {
  const field = firstField[node.type];
  const [first, ...rest] = node.children;
  if (field === undefined || !first) return node;
  return { ...node, children: [{ ...refield(first), field }, ...rest] };
}

export function excerpt(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 40 || line.length < text.length ? `${line.slice(0, 40)}…` : line;
}

function constant(type: ConstantExpr["type"], value: ConstantExpr["value"]): Lower {
  return (_cx, node) => ({ kind: "constant", type, value, span: spanOf(node) });
}

function sequence(kind: "tuple" | "list" | "set"): Lower {
  return (cx, node) => ({ kind, items: namedOf(node).map((item) => element(cx, item)), span: spanOf(node) });
}

function tuple(cx: Lowering, node: RawNode): Expr {
  const items = namedOf(node);
  if (items.length === 1 && !has(node, ","))
    throw new LowerError(node, "a starred expression cannot stand in parentheses alone");
  return sequence("tuple")(cx, node);
}

/** An item of a collection: a bare yield may not stand there, and stars may. */
function element(cx: Lowering, node: RawNode): Expr {
  if (node.type === "yield") throw new LowerError(node, "yield must stand in parentheses here");
  return cx.expr(node);
}

function parenthesized(cx: Lowering, node: RawNode): Expr {
  const value = inner(node);
  if (value.type === "list_splat") throw new LowerError(node, "a starred expression cannot stand in parentheses alone");
  return cx.expr(value);
}

function starred(cx: Lowering, node: RawNode): Expr {
  return { kind: "starred", value: cx.expr(inner(node)), span: spanOf(node) };
}

function attribute(cx: Lowering, node: RawNode): Expr {
  const name = need(node, "attribute");
  return {
    kind: "attribute",
    value: cx.expr(need(node, "object")),
    attr: identifier(cx, name),
    attrSpan: spanOf(name),
    span: spanOf(node),
  };
}

/** Several indices, a trailing comma or a star make the index a tuple. */
function subscript(cx: Lowering, node: RawNode): Expr {
  const items = node.children.filter((child) => child.named && child.field === "subscript");
  return {
    kind: "subscript",
    value: cx.expr(need(node, "value")),
    index: indexOf(cx, node, items),
    span: spanOf(node),
  };
}

export function indexOf(cx: Lowering, node: RawNode, items: readonly RawNode[]): Expr {
  const exprs = items.map((item) => cx.expr(item));
  const [first] = exprs;
  const last = items[items.length - 1];
  if (!first || !items[0] || !last) throw new LowerError(node, "an index is missing here");
  if (exprs.length === 1 && first.kind !== "starred" && !has(node, ",")) return first;
  return { kind: "tuple", items: exprs, span: { start: items[0].start, end: tupleEnd(cx, node, last) } };
}

function slice(cx: Lowering, node: RawNode): Expr {
  const parts: (Expr | undefined)[] = [undefined, undefined, undefined];
  let at = 0;
  for (const child of node.children) {
    if (child.named) parts[at] = cx.expr(child);
    else at++;
  }
  const [lower, upper, step] = parts;
  return {
    kind: "slice",
    ...(lower ? { lower } : {}),
    ...(upper ? { upper } : {}),
    ...(step ? { step } : {}),
    span: spanOf(node),
  };
}

function call(cx: Lowering, node: RawNode): Expr {
  const func = cx.expr(need(node, "function"));
  const list = need(node, "arguments");
  if (list.type === "generator_expression")
    return { kind: "call", func, args: [cx.expr(list)], keywords: [], span: spanOf(node) };
  return { kind: "call", func, ...lowerArguments(cx, list), span: spanOf(node) };
}

/** Arguments of a call or a class; the order rules of Python are checked here. */
export function lowerArguments(cx: Lowering, list: RawNode): { args: readonly Expr[]; keywords: readonly Keyword[] } {
  const args: Expr[] = [];
  const keywords: Keyword[] = [];
  const named = namedOf(list);
  if (named.length === 0 && has(list, ",")) throw new LowerError(list, "an argument is expected before the ','");
  for (const child of named) {
    if (child.type === "keyword_argument") {
      const name = need(child, "name");
      keywords.push({ name: identifier(cx, name), value: cx.expr(need(child, "value")), span: spanOf(child) });
    } else if (child.type === "dictionary_splat") {
      keywords.push({ value: cx.expr(inner(child)), span: spanOf(child) });
    } else {
      const isStar = child.type === "list_splat";
      if (!isStar && keywords.length > 0)
        throw new LowerError(child, "a positional argument stands after a keyword argument; put it before");
      if (isStar && keywords.some((keyword) => keyword.name === undefined))
        throw new LowerError(child, "an argument with * stands after one with **; put it before");
      if (child.type === "generator_expression" && named.length > 1 && cx.text.charAt(child.start) !== "(")
        throw new LowerError(child, "a generator that is not the only argument must stand in parentheses");
      args.push(element(cx, child));
    }
  }
  return { args, keywords };
}

function dictionary(cx: Lowering, node: RawNode): Expr {
  const items = namedOf(node).map((child): DictExpr["items"][number] =>
    child.type === "dictionary_splat"
      ? { value: cx.expr(inner(child)) }
      : { key: cx.expr(need(child, "key")), value: cx.expr(need(child, "value")) },
  );
  return { kind: "dict", items, span: spanOf(node) };
}

function walrus(cx: Lowering, node: RawNode): Expr {
  return {
    kind: "walrus",
    target: nameExpr(cx, need(node, "name")),
    value: cx.expr(need(node, "value")),
    span: spanOf(node),
  };
}

function lambda(cx: Lowering, node: RawNode): Expr {
  const params = fieldOf(node, "parameters");
  return {
    kind: "lambda",
    params: params ? lowerParams(cx, params) : [],
    body: cx.expr(need(node, "body")),
    span: spanOf(node),
  };
}

function lowerYield(cx: Lowering, node: RawNode): Expr {
  const value = namedOf(node)[0];
  return {
    kind: "yield",
    from: has(node, "from"),
    ...(value ? { value: cx.expr(value) } : {}),
    span: spanOf(node),
  };
}

function asPattern(_cx: Lowering, node: RawNode): never {
  throw new LowerError(node, "'as' cannot stand in an expression; use := to name a value");
}

const byType: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ["identifier", nameExpr],
  ["string", lowerString],
  ["concatenated_string", lowerString],
  ["integer", lowerNumber],
  ["float", lowerNumber],
  ["true", constant("bool", true)],
  ["false", constant("bool", false)],
  ["none", constant("none", null)],
  ["ellipsis", constant("ellipsis", undefined)],
  ["attribute", attribute],
  ["subscript", subscript],
  ["slice", slice],
  ["call", call],
  ["binary_operator", (cx, node) => lowerBinary(cx, node)],
  ["unary_operator", lowerUnary],
  ["not_operator", lowerUnary],
  ["boolean_operator", lowerBool],
  ["comparison_operator", lowerCompare],
  ["conditional_expression", lowerConditional],
  ["named_expression", walrus],
  ["lambda", lambda],
  ["await", lowerAwait],
  ["yield", lowerYield],
  ["list", sequence("list")],
  ["list_pattern", sequence("list")],
  ["set", sequence("set")],
  ["tuple", tuple],
  ["expression_list", sequence("tuple")],
  ["pattern_list", sequence("tuple")],
  ["tuple_pattern", tuplePattern],
  ["dictionary", dictionary],
  ["list_comprehension", lowerComprehension("list")],
  ["set_comprehension", lowerComprehension("set")],
  ["dictionary_comprehension", lowerComprehension("dict")],
  ["generator_expression", lowerComprehension("generator")],
  ["parenthesized_expression", parenthesized],
  ["list_splat", starred],
  ["list_splat_pattern", starred],
  ["as_pattern", asPattern],
  ["type", (cx, node) => cx.annotation(node)],
]);

/** `(a) = 1` is the grammar's tuple pattern of one, without a comma: only parentheses. */
function tuplePattern(cx: Lowering, node: RawNode): Expr {
  const items = namedOf(node);
  const [only] = items;
  if (only && items.length === 1 && !has(node, ",")) {
    if (only.type === "list_splat_pattern") throw new LowerError(node, "a starred target must be in a list or tuple");
    return cx.expr(only);
  }
  return sequence("tuple")(cx, node);
}
