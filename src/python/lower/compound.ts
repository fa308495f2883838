import type { Expr, IfStmt, Stmt, TryStmt, WithStmt } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { fieldOf, has, identifier, inner, LowerError, type Lowering, namedOf, need, tupleEnd } from "./context.ts";
import { lowerArguments } from "./expressions.ts";
import { definedName, lowerParams, lowerTypeParams } from "./params.ts";
import { lowerCasePattern, lowerGuard } from "./patterns.ts";

type Lower = (cx: Lowering, node: RawNode) => Stmt;

/** Statements with bodies, by the grammar's node type. */
export const compoundStatements: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ["if_statement", choice],
  ["for_statement", loop],
  ["while_statement", whileLoop],
  ["with_statement", withBlock],
  ["try_statement", tryBlock],
  ["match_statement", match],
  ["function_definition", (cx, node) => definition(cx, node, [], node.start)],
  ["class_definition", (cx, node) => classDefinition(cx, node, [], node.start)],
  ["decorated_definition", decorated],
]);

/** A block of the grammar may end in comments or blanks: a compound statement ends where its last statement does. */
function endOf(...blocks: readonly (readonly Stmt[])[]): number {
  let end = 0;
  for (const block of blocks) end = Math.max(end, block[block.length - 1]?.span.end ?? 0);
  return end;
}

function bodyOf(cx: Lowering, owner: RawNode, node: RawNode | undefined): readonly Stmt[] {
  const body = cx.block(node);
  if (body.length === 0) throw new LowerError(owner, "an indented block is expected after the ':'");
  return body;
}

function elseOf(cx: Lowering, node: RawNode): readonly Stmt[] {
  const clause = node.children.find((child) => child.type === "else_clause");
  return clause ? bodyOf(cx, clause, fieldOf(clause, "body")) : [];
}

/** elif chains are flat in the grammar and nested in the IR: built from the last. */
function choice(cx: Lowering, node: RawNode): Stmt {
  let otherwise = elseOf(cx, node);
  const clauses = [node, ...node.children.filter((child) => child.type === "elif_clause")];
  if (clauses.length > maxClauses) throw new LowerError(node, `more than ${maxClauses} elif clauses; use a dict`);
  let made: IfStmt | undefined;
  for (const clause of clauses.reverse()) {
    const test = cx.expr(need(clause, "condition"));
    const body = bodyOf(cx, clause, fieldOf(clause, "consequence"));
    const span = { start: clause.start, end: endOf(body, otherwise) };
    made = { kind: "if", test, body, otherwise, isElif: clause !== node, span };
    otherwise = [made];
  }
  if (!made) throw new LowerError(node, "this statement is incomplete");
  return made;
}

const maxClauses = 400;

function loop(cx: Lowering, node: RawNode): Stmt {
  const body = bodyOf(cx, node, fieldOf(node, "body"));
  const otherwise = elseOf(cx, node);
  const iterable = cx.expr(need(node, "right"));
  if (iterable.kind === "starred") throw new LowerError(iterable.span, "a starred expression cannot stand here alone");
  return {
    kind: "for",
    target: cx.expr(need(node, "left")),
    iterable,
    body,
    otherwise,
    isAsync: has(node, "async"),
    span: { start: node.start, end: endOf(body, otherwise) },
  };
}

function whileLoop(cx: Lowering, node: RawNode): Stmt {
  const body = bodyOf(cx, node, fieldOf(node, "body"));
  const otherwise = elseOf(cx, node);
  const span = { start: node.start, end: endOf(body, otherwise) };
  return { kind: "while", test: cx.expr(need(node, "condition")), body, otherwise, span };
}

function withBlock(cx: Lowering, node: RawNode): Stmt {
  const clause = node.children.find((child) => child.type === "with_clause");
  if (!clause) throw new LowerError(node, "an expression is missing after 'with'");
  if (clause.children[clause.children.length - 1]?.type === ",")
    throw new LowerError(clause, "a trailing comma needs parentheses around the items");
  const values = namedOf(clause).map((item) => need(item, "value"));
  const items = values.flatMap((value) => withItems(cx, value, values.length === 1));
  const body = bodyOf(cx, node, fieldOf(node, "body"));
  return { kind: "with", items, body, isAsync: has(node, "async"), span: { start: node.start, end: endOf(body) } };
}

type WithItem = WithStmt["items"][number];

/** `with (a, b):` has two items; `with (a, b) as c:` has one, and so has `with (a, *b):`. */
function withItems(cx: Lowering, node: RawNode, alone: boolean): readonly WithItem[] {
  if (node.type === "as_pattern") {
    const target = inner(need(node, "alias"));
    return [{ context: cx.expr(inner(node)), target: cx.expr(target) }];
  }
  if (alone && node.type === "parenthesized_expression" && inner(node).type === "as_pattern")
    return withItems(cx, inner(node), false);
  const parts = namedOf(node);
  const splits = (part: RawNode): boolean =>
    part.type !== "list_splat" && part.type !== "named_expression" && part.type !== "yield";
  if (alone && node.type === "tuple" && parts.length > 0 && parts.every(splits))
    return parts.flatMap((part) => withItems(cx, part, false));
  const context = cx.expr(node);
  if (context.kind === "starred") throw new LowerError(node, "a starred expression cannot stand here alone");
  return [{ context }];
}

function tryBlock(cx: Lowering, node: RawNode): Stmt {
  const body = bodyOf(cx, node, fieldOf(node, "body"));
  const clauses = node.children.filter((child) => child.type === "except_clause");
  const stars = clauses.filter((clause) => has(clause, "*")).length;
  if (stars > 0 && stars < clauses.length)
    throw new LowerError(node, "'except' and 'except*' cannot stand in one try statement");
  const handlers = clauses.map((clause, i) => handler(cx, clause, i === clauses.length - 1));
  const otherwise = elseOf(cx, node);
  const last = node.children.find((child) => child.type === "finally_clause");
  const final = last
    ? bodyOf(
        cx,
        last,
        last.children.find((child) => child.type === "block"),
      )
    : [];
  if (handlers.length === 0 && !last) throw new LowerError(node, "a try statement needs 'except' or 'finally'");
  if (handlers.length === 0 && otherwise.length > 0)
    throw new LowerError(node, "'else' of a try statement needs 'except'");
  const end = endOf(body, ...handlers.map((one) => one.body), otherwise, final);
  return {
    kind: "try",
    body,
    handlers,
    otherwise,
    finally: final,
    isStar: stars > 0,
    span: { start: node.start, end },
  };
}

function handler(cx: Lowering, node: RawNode, isLast: boolean): TryStmt["handlers"][number] {
  const body = bodyOf(
    cx,
    node,
    node.children.find((child) => child.type === "block"),
  );
  const span = { start: node.start, end: endOf(body) };
  const values = node.children.filter((child) => child.named && child.field === "value");
  const [first] = values;
  const last = values[values.length - 1];
  if (!first || !last) {
    if (!isLast) throw new LowerError(node, "a bare 'except:' must be the last");
    if (has(node, "*")) throw new LowerError(node, "'except*' needs a type");
    return { body, span };
  }
  const alias = fieldOf(node, "alias") ?? (first.type === "as_pattern" ? inner(need(first, "alias")) : undefined);
  if (values.length > 1) {
    // Since Python 3.14 several types need no parentheses, but not together with `as`.
    if (values.some((value) => value.type === "as_pattern") || alias)
      throw new LowerError(node, "several exception types with 'as' must stand in parentheses");
    const items = values.map((value) => cx.expr(value));
    return { type: { kind: "tuple", items, span: { start: first.start, end: last.end } }, body, span };
  }
  const type = cx.expr(first.type === "as_pattern" ? inner(first) : first);
  if (!alias) return { type, body, span };
  if (alias.type !== "identifier") throw new LowerError(alias, "after 'as' a plain name is expected");
  return { type, name: identifier(cx, alias), body, span };
}

function match(cx: Lowering, node: RawNode): Stmt {
  const subjects = node.children.filter((child) => child.named && child.field === "subject");
  const [first] = subjects;
  const last = subjects[subjects.length - 1];
  const body = fieldOf(node, "body");
  if (!first || !last || !body) throw new LowerError(node, "this match statement is incomplete");
  const exprs = subjects.map((one) => cx.expr(one));
  const [only] = exprs;
  const single = only && exprs.length === 1 && !has(node, ",");
  if (single && only.kind === "starred") throw new LowerError(first, "a starred expression cannot stand here alone");
  const cases = body.children
    .filter((child) => child.type === "case_clause")
    .map((clause) => {
      const guard = lowerGuard(cx, clause);
      const block = bodyOf(cx, clause, fieldOf(clause, "consequence"));
      const pattern = lowerCasePattern(cx, clause);
      return { pattern, ...(guard ? { guard } : {}), body: block, span: { start: clause.start, end: endOf(block) } };
    });
  if (cases.length === 0) throw new LowerError(node, "a match statement needs at least one case");
  return {
    kind: "match",
    subject: single
      ? only
      : { kind: "tuple", items: exprs, span: { start: first.start, end: tupleEnd(cx, node, last) } },
    cases,
    span: { start: node.start, end: endOf(...cases.map((one) => one.body)) },
  };
}

function decorated(cx: Lowering, node: RawNode): Stmt {
  const decorators = node.children.filter((child) => child.type === "decorator").map((one) => cx.expr(inner(one)));
  const defined = need(node, "definition");
  return defined.type === "class_definition"
    ? classDefinition(cx, defined, decorators, node.start)
    : definition(cx, defined, decorators, node.start);
}

function definition(cx: Lowering, node: RawNode, decorators: readonly Expr[], start: number): Stmt {
  const params = need(node, "parameters");
  const returns = fieldOf(node, "return_type");
  const body = bodyOf(cx, node, fieldOf(node, "body"));
  const returned = returns ? cx.annotation(returns) : undefined;
  if (returned?.kind === "starred") throw new LowerError(returned.span, "a return annotation cannot be starred");
  return {
    kind: "function",
    ...definedName(cx, node),
    params: lowerParams(cx, params),
    paramsSpan: { start: params.start + 1, end: params.end - 1 },
    ...(returned ? { returns: returned } : {}),
    decorators,
    typeParams: lowerTypeParams(cx, fieldOf(node, "type_parameters")),
    body,
    isAsync: has(node, "async"),
    span: { start, end: endOf(body) },
  };
}

function classDefinition(cx: Lowering, node: RawNode, decorators: readonly Expr[], start: number): Stmt {
  const list = fieldOf(node, "superclasses");
  const { args, keywords } = list ? lowerArguments(cx, list) : { args: [], keywords: [] };
  const body = bodyOf(cx, node, fieldOf(node, "body"));
  return {
    kind: "class",
    ...definedName(cx, node),
    bases: args,
    keywords,
    decorators,
    typeParams: lowerTypeParams(cx, fieldOf(node, "type_parameters")),
    body,
    span: { start, end: endOf(body) },
  };
}
