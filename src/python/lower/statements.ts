import type { Expr, ImportName, Stmt } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import {
  fieldOf,
  has,
  identifier,
  inner,
  LowerError,
  type Lowering,
  namedOf,
  need,
  spanOf,
  textOf,
} from "./context.ts";
import { lowerTypeParams } from "./params.ts";

type Lower = (cx: Lowering, node: RawNode) => Stmt;

/** Statements without a body of their own, by the grammar's node type. */
export const simpleStatements: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ["expression_statement", expression],
  ["return_statement", (cx, node) => ({ kind: "return", ...optional("value", cx, inners(node)), span: spanOf(node) })],
  ["delete_statement", remove],
  ["raise_statement", raise],
  ["assert_statement", assertion],
  ["import_statement", plainImport],
  ["import_from_statement", importFrom],
  ["future_import_statement", importFrom],
  ["global_statement", scope("global")],
  ["nonlocal_statement", scope("nonlocal")],
  ["pass_statement", (_cx, node) => ({ kind: "pass", span: spanOf(node) })],
  ["break_statement", (_cx, node) => ({ kind: "break", span: spanOf(node) })],
  ["continue_statement", (_cx, node) => ({ kind: "continue", span: spanOf(node) })],
  ["type_alias_statement", typeAlias],
]);

function inners(node: RawNode): RawNode | undefined {
  return namedOf(node)[0];
}

function optional<K extends string>(key: K, cx: Lowering, node: RawNode | undefined): { [P in K]?: Expr } {
  return node ? ({ [key]: cx.expr(node) } as { [P in K]?: Expr }) : {};
}

function expression(cx: Lowering, node: RawNode): Stmt {
  const items = namedOf(node);
  const [first] = items;
  const last = items[items.length - 1];
  if (!first || !last) throw new LowerError(node, "an expression is missing here");
  if (first.type === "assignment") return assignment(cx, first);
  if (first.type === "augmented_assignment") return augmented(cx, first);
  const span = spanOf(node);
  if (items.length === 1 && !has(node, ",")) {
    const value = cx.expr(first);
    if (value.kind === "starred") throw new LowerError(first, "a starred expression cannot stand here alone");
    return { kind: "expr", value, span };
  }
  const end = has(node, ",") ? node.end : last.end;
  return {
    kind: "expr",
    value: { kind: "tuple", items: items.map((i) => cx.expr(i)), span: { start: first.start, end } },
    span,
  };
}

/** `a = b = value`, nested to the right in the grammar; also `a: T = value`. */
function assignment(cx: Lowering, node: RawNode): Stmt {
  const type = fieldOf(node, "type");
  if (type) {
    const left = need(node, "left");
    const right = fieldOf(node, "right");
    if (right?.type === "assignment" || right?.type === "augmented_assignment")
      throw new LowerError(right, "an annotated assignment can have one target only");
    const target = cx.expr(left);
    if (left.type === "pattern_list" || target.kind === "tuple" || target.kind === "list")
      throw new LowerError(left, "only a single target can be annotated");
    return {
      kind: "annassign",
      target,
      annotation: cx.annotation(type),
      ...optional("value", cx, right),
      span: spanOf(node),
    };
  }
  const targets: Expr[] = [];
  let at = node;
  for (;;) {
    targets.push(cx.expr(need(at, "left")));
    const right = need(at, "right");
    if (right.type === "augmented_assignment" || (right.type === "assignment" && fieldOf(right, "type")))
      throw new LowerError(right, "this assignment cannot stand on the right of another");
    if (right.type !== "assignment") {
      const value = cx.expr(right);
      if (value.kind === "starred") throw new LowerError(right, "a starred expression cannot stand here alone");
      return { kind: "assign", targets, value, span: spanOf(node) };
    }
    at = right;
  }
}

function augmented(cx: Lowering, node: RawNode): Stmt {
  const operator = node.children.find((child) => !child.named)?.type ?? "";
  const right = need(node, "right");
  if (right.type === "assignment" || right.type === "augmented_assignment")
    throw new LowerError(right, "an assignment cannot stand on the right of another with an operator");
  const value = cx.expr(right);
  if (value.kind === "starred") throw new LowerError(right, "a starred expression cannot stand here alone");
  const target = cx.expr(need(node, "left"));
  return { kind: "augassign", target, op: operator.slice(0, -1), value, span: spanOf(node) };
}

/** `del a, b` deletes each; `del (a, b)` too, but as one tuple. */
function remove(cx: Lowering, node: RawNode): Stmt {
  const what = inner(node);
  const targets = what.type === "expression_list" ? namedOf(what).map((item) => cx.expr(item)) : [cx.expr(what)];
  return { kind: "delete", targets, span: spanOf(node) };
}

function raise(cx: Lowering, node: RawNode): Stmt {
  const cause = fieldOf(node, "cause");
  const exception = namedOf(node).find((child) => child !== cause);
  if (cause && !exception) throw new LowerError(node, "an exception is expected between 'raise' and 'from'");
  if (exception?.type === "expression_list")
    throw new LowerError(exception, "'raise A, b' is Python 2; write raise A(b)");
  return {
    kind: "raise",
    ...optional("exception", cx, exception),
    ...optional("cause", cx, cause),
    span: spanOf(node),
  };
}

function assertion(cx: Lowering, node: RawNode): Stmt {
  const [test, message, ...more] = namedOf(node);
  if (!test || more.length > 0) throw new LowerError(node, "assert takes a condition and at most one message");
  return { kind: "assert", test: cx.expr(test), ...optional("message", cx, message), span: spanOf(node) };
}

function plainImport(cx: Lowering, node: RawNode): Stmt {
  if (node.children[node.children.length - 1]?.type === ",")
    throw new LowerError(node, "a name is expected after the ','");
  return { kind: "import", names: importNames(cx, node), span: spanOf(node) };
}

function importNames(cx: Lowering, node: RawNode): readonly ImportName[] {
  return node.children
    .filter((child) => child.named && child.field === "name")
    .map((child) => {
      if (child.type !== "aliased_import") return { name: dotted(cx, child), span: spanOf(child) };
      const name = dotted(cx, need(child, "name"));
      return { name, as: identifier(cx, need(child, "alias")), span: spanOf(child) };
    });
}

function dotted(cx: Lowering, node: RawNode): string {
  return namedOf(node)
    .map((part) => identifier(cx, part))
    .join(".");
}

function importFrom(cx: Lowering, node: RawNode): Stmt {
  const from = fieldOf(node, "module_name");
  const prefix = from?.type === "relative_import" ? from.children.find((c) => c.type === "import_prefix") : undefined;
  const name = from?.type === "relative_import" ? from.children.find((c) => c.type === "dotted_name") : from;
  const star = node.children.find((child) => child.type === "wildcard_import");
  const names = star ? [{ name: "*", span: spanOf(star) }] : importNames(cx, node);
  const plain = names.find((one) => one.name.includes("."));
  if (plain) throw new LowerError(plain.span, "names after 'import' cannot have dots here");
  const lastComma = node.children[node.children.length - 1]?.type === ",";
  if (lastComma) throw new LowerError(node, "a trailing comma needs parentheses around the names");
  return {
    kind: "importfrom",
    module: from ? (name ? dotted(cx, name) : "") : "__future__",
    level: prefix ? textOf(cx, prefix).replace(/[^.]/g, "").length : 0,
    names,
    span: spanOf(node),
  };
}

function scope(kind: "global" | "nonlocal"): Lower {
  return (cx, node) => ({ kind, names: namedOf(node).map((name) => identifier(cx, name)), span: spanOf(node) });
}

function typeAlias(cx: Lowering, node: RawNode): Stmt {
  let left = inner(need(node, "left"));
  let params: RawNode | undefined;
  if (left.type === "generic_type") {
    params = left.children.find((child) => child.type === "type_parameter");
    left = inner(left);
  } else if (left.type === "subscript") throw new LowerError(left, "these type parameters cannot be read");
  if (left.type !== "identifier") throw new LowerError(left, "a type alias needs a name");
  return {
    kind: "typealias",
    name: identifier(cx, left),
    typeParams: lowerTypeParams(cx, params),
    value: cx.annotation(need(node, "right")),
    span: spanOf(node),
  };
}
