import type { Expr, FStringPart, Param, Pattern, Stmt, TypeParam } from "./ir.ts";

/** A statement or an expression. */
export type PyNode = Expr | Stmt;

const nothing: readonly never[] = [];

function given(...values: readonly (Expr | undefined)[]): readonly Expr[] {
  return values.filter((value) => value !== undefined);
}

function ofParts(parts: readonly FStringPart[]): readonly Expr[] {
  return parts.flatMap((part) => (part.kind === "field" ? [part.value, ...ofParts(part.spec)] : []));
}

/** Annotations and defaults of parameters, in order. */
export function paramExprs(params: readonly Param[]): readonly Expr[] {
  return params.flatMap((param) => given(param.annotation, param.default));
}

function typeParamExprs(params: readonly TypeParam[]): readonly Expr[] {
  return params.flatMap((param) => given(param.bound, param.default));
}

/** The expressions directly inside an expression, in the order of the source (a comprehension's element first). */
export function childExprs(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "name":
    case "constant":
      return nothing;
    case "fstring":
      return ofParts(expr.parts);
    case "attribute":
    case "starred":
    case "await":
      return [expr.value];
    case "subscript":
      return [expr.value, expr.index];
    case "slice":
      return given(expr.lower, expr.upper, expr.step);
    case "call":
      return [expr.func, ...expr.args, ...expr.keywords.map((keyword) => keyword.value)];
    case "binary":
      return [expr.left, expr.right];
    case "bool":
      return expr.values;
    case "unary":
      return [expr.operand];
    case "compare":
      return [expr.left, ...expr.comparators];
    case "conditional":
      return [expr.then, expr.test, expr.otherwise];
    case "lambda":
      return [...paramExprs(expr.params), expr.body];
    case "tuple":
    case "list":
    case "set":
      return expr.items;
    case "dict":
      return expr.items.flatMap((item) => given(item.key, item.value));
    case "comprehension":
      return [
        ...given(expr.key, expr.element),
        ...expr.clauses.flatMap((clause) => [clause.target, clause.iterable, ...clause.conditions]),
      ];
    case "walrus":
      return [expr.target, expr.value];
    case "yield":
      return given(expr.value);
  }
}

/** The expressions inside a pattern: literal values, keys and classes. */
export function patternExprs(pattern: Pattern): readonly Expr[] {
  switch (pattern.kind) {
    case "value":
      return [pattern.value];
    case "capture":
      return pattern.pattern ? patternExprs(pattern.pattern) : nothing;
    case "star":
      return nothing;
    case "sequence":
    case "or":
      return pattern.patterns.flatMap(patternExprs);
    case "mapping":
      return [...pattern.keys, ...pattern.patterns.flatMap(patternExprs)];
    case "class":
      return [
        pattern.cls,
        ...pattern.patterns.flatMap(patternExprs),
        ...pattern.keywords.flatMap((keyword) => patternExprs(keyword.pattern)),
      ];
  }
}

/** The names that a pattern binds, in order. */
export function patternNames(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case "value":
      return nothing;
    case "capture":
      return [
        ...(pattern.pattern ? patternNames(pattern.pattern) : []),
        ...(pattern.name === undefined ? [] : [pattern.name]),
      ];
    case "star":
      return pattern.name === undefined ? nothing : [pattern.name];
    case "sequence":
    case "or":
      return pattern.patterns.flatMap(patternNames);
    case "mapping":
      return [...pattern.patterns.flatMap(patternNames), ...(pattern.rest === undefined ? [] : [pattern.rest])];
    case "class":
      return [
        ...pattern.patterns.flatMap(patternNames),
        ...pattern.keywords.flatMap((keyword) => patternNames(keyword.pattern)),
      ];
  }
}

/** The expressions directly in a statement, not those of the statements inside it. */
export function stmtExprs(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case "expr":
      return [stmt.value];
    case "assign":
      return [...stmt.targets, stmt.value];
    case "augassign":
      return [stmt.target, stmt.value];
    case "annassign":
      return given(stmt.target, stmt.annotation, stmt.value);
    case "delete":
      return stmt.targets;
    case "return":
      return given(stmt.value);
    case "raise":
      return given(stmt.exception, stmt.cause);
    case "assert":
      return given(stmt.test, stmt.message);
    case "if":
    case "while":
      return [stmt.test];
    case "for":
      return [stmt.target, stmt.iterable];
    case "with":
      return stmt.items.flatMap((item) => given(item.context, item.target));
    case "try":
      return stmt.handlers.flatMap((handler) => given(handler.type));
    case "match":
      return [stmt.subject, ...stmt.cases.flatMap((one) => [...patternExprs(one.pattern), ...given(one.guard)])];
    case "function":
      return [
        ...stmt.decorators,
        ...typeParamExprs(stmt.typeParams),
        ...paramExprs(stmt.params),
        ...given(stmt.returns),
      ];
    case "class":
      return [
        ...stmt.decorators,
        ...typeParamExprs(stmt.typeParams),
        ...stmt.bases,
        ...stmt.keywords.map((keyword) => keyword.value),
      ];
    case "typealias":
      return [...typeParamExprs(stmt.typeParams), stmt.value];
    default:
      return nothing;
  }
}

/** The blocks of statements inside a statement, in order. */
export function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case "if":
    case "for":
    case "while":
      return [stmt.body, stmt.otherwise];
    case "with":
    case "function":
    case "class":
      return [stmt.body];
    case "try":
      return [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.finally];
    case "match":
      return stmt.cases.map((one) => one.body);
    default:
      return nothing;
  }
}

const statementKinds: ReadonlySet<string> = new Set(
  "expr assign augassign annassign delete return raise assert import importfrom global nonlocal pass break continue if for while with try match function class typealias opaque".split(
    " ",
  ),
);

/** Tells a statement from an expression. */
export function isStmt(node: PyNode): node is Stmt {
  return statementKinds.has(node.kind);
}

/** Everything directly inside a node: its expressions, then its statements. */
export function childrenOf(node: PyNode): readonly PyNode[] {
  return isStmt(node) ? [...stmtExprs(node), ...blocksOf(node).flat()] : childExprs(node);
}

/** Visits an expression and all inside it, outer before inner; `false` from the visitor skips what is inside. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => unknown): void {
  if (visit(expr) === false) return;
  for (const child of childExprs(expr)) walkExpr(child, visit);
}

/** Visits all statements, outer before inner, with functions and classes; `false` skips the blocks inside. */
export function walkStmts(stmts: readonly Stmt[], visit: (stmt: Stmt) => unknown): void {
  for (const stmt of stmts) {
    if (visit(stmt) === false) continue;
    for (const block of blocksOf(stmt)) walkStmts(block, visit);
  }
}

/** Visits every expression of all statements, with those in functions and classes. */
export function walkStmtExprs(stmts: readonly Stmt[], visit: (expr: Expr) => unknown): void {
  walkStmts(stmts, (stmt) => {
    for (const expr of stmtExprs(stmt)) walkExpr(expr, visit);
  });
}

/** The names that an assignment to this target binds, in order; attributes and indices bind none. */
export function targetNames(target: Expr): readonly string[] {
  switch (target.kind) {
    case "name":
      return [target.id];
    case "starred":
      return targetNames(target.value);
    case "tuple":
    case "list":
      return target.items.flatMap(targetNames);
    default:
      return nothing;
  }
}

/** The free names of an expression, each once, in order: those bound by its own lambdas and comprehensions are left out. */
export function names(expr: Expr): readonly string[] {
  const out = new Set<string>();
  collect(expr, new Set(), out);
  return [...out];
}

function collect(expr: Expr, bound: ReadonlySet<string>, out: Set<string>): void {
  if (expr.kind === "name") {
    if (!bound.has(expr.id)) out.add(expr.id);
  } else if (expr.kind === "lambda") {
    for (const one of paramExprs(expr.params)) collect(one, bound, out);
    collect(expr.body, new Set([...bound, ...expr.params.map((param) => param.name)]), out);
  } else if (expr.kind === "comprehension") {
    const [first, ...rest] = expr.clauses;
    if (first) collect(first.iterable, bound, out);
    const inside = new Set([...bound, ...expr.clauses.flatMap((clause) => targetNames(clause.target))]);
    for (const clause of expr.clauses) {
      collect(clause.target, inside, out);
      for (const one of clause.conditions) collect(one, inside, out);
    }
    for (const clause of rest) collect(clause.iterable, inside, out);
    for (const one of given(expr.key, expr.element)) collect(one, inside, out);
  } else for (const child of childExprs(expr)) collect(child, bound, out);
}
