import type { Expr, Pattern } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { has, identifier, inner, LowerError, type Lowering, namedOf, nameExpr, spanOf, textOf } from "./context.ts";

/** The pattern of one `case`; several patterns with commas are a sequence without brackets. */
export function lowerCasePattern(cx: Lowering, clause: RawNode): Pattern {
  const patterns = clause.children.filter((child) => child.type === "case_pattern");
  const [first] = patterns;
  const last = patterns[patterns.length - 1];
  if (!first || !last) throw new LowerError(clause, "a pattern is missing here");
  const lowered = patterns.map((one) => lowerPattern(cx, one));
  const [only] = lowered;
  if (only && lowered.length === 1 && !has(clause, ",")) {
    if (only.kind === "star") throw new LowerError(first, "a starred pattern must stand in a sequence");
    return only;
  }
  return { kind: "sequence", patterns: lowered, span: { start: first.start, end: last.end } };
}

function lowerPattern(cx: Lowering, node: RawNode): Pattern {
  const span = spanOf(node);
  switch (node.type) {
    case "case_pattern":
      return casePattern(cx, node);
    case "as_pattern": {
      const [pattern, name] = namedOf(node);
      if (!pattern || !name) throw new LowerError(node, "a name is missing after 'as'");
      const id = identifier(cx, name);
      if (id === "_") throw new LowerError(name, "'_' cannot be a name after 'as'");
      return { kind: "capture", name: id, pattern: lowerPattern(cx, pattern), span };
    }
    case "dotted_name":
      return dotted(cx, node);
    case "splat_pattern": {
      const name = namedOf(node)[0];
      return { kind: "star", ...(name && textOf(cx, name) !== "_" ? { name: identifier(cx, name) } : {}), span };
    }
    case "union_pattern":
      return { kind: "or", patterns: alternatives(cx, node), span };
    case "list_pattern":
      return { kind: "sequence", patterns: namedOf(node).map((one) => lowerPattern(cx, one)), span };
    case "tuple_pattern": {
      const patterns = namedOf(node).map((one) => lowerPattern(cx, one));
      const [only] = patterns;
      if (only && patterns.length === 1 && !has(node, ",") && only.kind !== "star") return only;
      return { kind: "sequence", patterns, span };
    }
    case "dict_pattern":
      return mapping(cx, node);
    case "class_pattern":
      return classPattern(cx, node);
    case "complex_pattern":
      return { kind: "value", value: complex(cx, node), span };
    default:
      return { kind: "value", value: literal(cx, node), span };
  }
}

function literal(cx: Lowering, node: RawNode): Expr {
  const value = cx.expr(node);
  if (value.kind === "fstring") throw new LowerError(node, "a pattern cannot be an f-string");
  return value;
}

/** A wrapper around one pattern; `_` and the minus sign of `-1` have no node of their own. */
function casePattern(cx: Lowering, node: RawNode): Pattern {
  const named = namedOf(node);
  const [first] = named;
  if (!first) return { kind: "capture", span: spanOf(node) };
  if (first.type === "keyword_pattern")
    throw new LowerError(first, "a keyword pattern can only stand in a class pattern");
  if (node.children[0]?.type === "-") return negative(cx, first, node.start);
  return lowerPattern(cx, first);
}

function negative(cx: Lowering, number: RawNode, start: number): Pattern {
  const span = { start, end: number.end };
  return { kind: "value", value: { kind: "unary", op: "-", operand: cx.expr(number), span }, span };
}

function alternatives(cx: Lowering, node: RawNode): readonly Pattern[] {
  const out: Pattern[] = [];
  let minus: RawNode | undefined;
  let empty = true;
  for (const child of node.children) {
    if (child.type === "|") {
      empty = true;
      continue;
    }
    if (child.type === "-") {
      minus = child;
      continue;
    }
    if (!child.named && child.type !== "_") continue;
    if (!empty) throw new LowerError(child, "'|' is missing between two patterns");
    empty = false;
    if (child.type === "_") out.push({ kind: "capture", span: spanOf(node) });
    else out.push(minus ? negative(cx, child, minus.start) : lowerPattern(cx, child));
    minus = undefined;
  }
  return out;
}

function dotted(cx: Lowering, node: RawNode): Pattern {
  const span = spanOf(node);
  const value = dottedExpr(cx, node);
  if (value.kind !== "name") return { kind: "value", value, span };
  return value.id === "_" ? { kind: "capture", span } : { kind: "capture", name: value.id, span };
}

function dottedExpr(cx: Lowering, node: RawNode): Expr {
  const [first, ...rest] = namedOf(node);
  if (!first) throw new LowerError(node, "a name is missing here");
  return rest.reduce<Expr>(
    (value, name) => ({
      kind: "attribute",
      value,
      attr: identifier(cx, name),
      attrSpan: spanOf(name),
      span: { start: first.start, end: name.end },
    }),
    nameExpr(cx, first),
  );
}

function mapping(cx: Lowering, node: RawNode): Pattern {
  const keys: Expr[] = [];
  const patterns: Pattern[] = [];
  let rest: string | undefined;
  let minus: RawNode | undefined;
  for (const child of node.children) {
    if (rest !== undefined && child.named) throw new LowerError(child, "nothing can follow '**' in a mapping pattern");
    if (child.type === "-") minus = child;
    else if (child.field === "key" && child.named) {
      const key = lowerPattern(cx, child);
      const value = minus ? negative(cx, child, minus.start) : key;
      if (value.kind !== "value")
        throw new LowerError(child, "a mapping pattern's key must be a literal or a dotted name");
      keys.push(value.value);
      minus = undefined;
    } else if (child.field === "value" && child.named) patterns.push(lowerPattern(cx, child));
    else if (child.type === "splat_pattern") {
      rest = identifier(cx, inner(child));
      if (!textOf(cx, child).startsWith("**"))
        throw new LowerError(child, "a mapping pattern's rest is written **name");
    }
  }
  if (keys.length !== patterns.length) throw new LowerError(node, "a key or a pattern is missing here");
  return { kind: "mapping", keys, patterns, ...(rest === undefined ? {} : { rest }), span: spanOf(node) };
}

function classPattern(cx: Lowering, node: RawNode): Pattern {
  const [name, ...args] = namedOf(node);
  if (!name) throw new LowerError(node, "a class is missing here");
  const patterns: Pattern[] = [];
  const keywords: { name: string; pattern: Pattern }[] = [];
  for (const arg of args) {
    const only = namedOf(arg)[0];
    if (only?.type === "keyword_pattern") {
      const key = namedOf(only)[0];
      if (!key) throw new LowerError(only, "a name is missing here");
      const id = identifier(cx, key);
      if (keywords.some((keyword) => keyword.name === id)) throw new LowerError(only, `'${id}' is matched twice`);
      keywords.push({ name: id, pattern: keywordValue(cx, only) });
    } else {
      if (keywords.length > 0)
        throw new LowerError(arg, "a positional pattern stands after a keyword pattern; put it before");
      const pattern = lowerPattern(cx, arg);
      if (pattern.kind === "star") throw new LowerError(arg, "a class pattern cannot hold a starred pattern");
      patterns.push(pattern);
    }
  }
  return { kind: "class", cls: dottedExpr(cx, name), patterns, keywords, span: spanOf(node) };
}

/** What stands after `=`; `_` and a minus sign are tokens without a node there too. */
function keywordValue(cx: Lowering, node: RawNode): Pattern {
  const value = namedOf(node)[1];
  if (!value) return { kind: "capture", span: spanOf(node) };
  const minus = node.children.find((child) => child.type === "-");
  return minus ? negative(cx, value, minus.start) : lowerPattern(cx, value);
}

function complex(cx: Lowering, node: RawNode): Expr {
  const [left, right] = namedOf(node);
  if (!left || !right) throw new LowerError(node, "a number is missing here");
  const signs = node.children.filter((child) => child.type === "-" || child.type === "+");
  const leading = node.children[0]?.type === "-";
  const op = signs[leading ? 1 : 0]?.type ?? "+";
  const first: Expr = leading
    ? { kind: "unary", op: "-", operand: cx.expr(left), span: { start: node.start, end: left.end } }
    : cx.expr(left);
  return { kind: "binary", op, left: first, right: cx.expr(right), span: spanOf(node) };
}

/** The guard of a case, when it has one. */
export function lowerGuard(cx: Lowering, clause: RawNode): Expr | undefined {
  const guard = clause.children.find((child) => child.type === "if_clause");
  return guard ? cx.expr(inner(guard)) : undefined;
}
