import type { Span } from "../foundation/span.ts";
import type { Expr, Stmt, SyntaxProblem } from "./ir.ts";
import { scopeProblems } from "./scopes.ts";
import { checkPattern, checkReachable } from "./validity-patterns.ts";
import { checkTarget, deletable, namedOnce, type Report, reserved, single } from "./validity-targets.ts";
import { blocksOf, childExprs, paramExprs, stmtExprs, targetNames } from "./walk.ts";

/** Where a statement stands. */
interface Place {
  readonly where: "module" | "class" | "function" | "async function";
  readonly inLoop: boolean;
  /** Inside a handler of `except*`, which control may not leave. */
  readonly inStar: boolean;
}

interface Checker {
  readonly report: Report;
  /** True once a statement needs its names looked at by scopes.ts. */
  declares: boolean;
}

/** What the grammar accepts and Python does not, in one top-level statement: the first such thing, or undefined. */
export function validity(stmt: Stmt): SyntaxProblem | undefined {
  let first: SyntaxProblem | undefined;
  const report: Report = (span, message) => {
    first ??= { span: { start: span.start, end: span.end }, message };
  };
  const checker: Checker = { report, declares: false };
  statement(checker, stmt, { where: "module", inLoop: false, inStar: false });
  if (!first && checker.declares) return scopeProblems([stmt])[0];
  return first;
}

/** Features of `from __future__ import …`. */
const features: ReadonlySet<string> = new Set(
  "nested_scopes generators division absolute_import with_statement print_function unicode_literals barry_as_FLUFL generator_stop annotations".split(
    " ",
  ),
);

/** `from __future__` imports must stand first; the index of each statement that breaks it, with its problem. */
export function futureProblems(body: readonly Stmt[]): ReadonlyMap<number, SyntaxProblem> {
  const out = new Map<number, SyntaxProblem>();
  let open = true;
  body.forEach((stmt, i) => {
    const isFuture = stmt.kind === "importfrom" && stmt.module === "__future__" && stmt.level === 0;
    if (!isFuture) {
      const isDocstring =
        i === 0 && stmt.kind === "expr" && stmt.value.kind === "constant" && stmt.value.type === "str";
      if (!isDocstring && stmt.kind !== "opaque") open = false;
      return;
    }
    const unknown = stmt.names.find((name) => !features.has(name.name));
    if (unknown) out.set(i, { span: unknown.span, message: `'${unknown.name}' is no feature of __future__` });
    else if (!open)
      out.set(i, { span: stmt.span, message: "an import from __future__ must stand before all other code" });
  });
  return out;
}

function block(checker: Checker, stmts: readonly Stmt[], place: Place): void {
  for (const stmt of stmts) statement(checker, stmt, place);
}

function statement(checker: Checker, stmt: Stmt, place: Place): void {
  const { report } = checker;
  simpleRules(checker, stmt, place);
  for (const expr of stmtExprs(stmt)) {
    // Defaults and decorators are evaluated where the definition stands.
    expression(checker, expr, place, starMayStand(stmt, expr));
  }
  switch (stmt.kind) {
    case "if":
      block(checker, stmt.body, place);
      block(checker, stmt.otherwise, place);
      break;
    case "for":
      checkTarget(stmt.target, report);
      if (stmt.isAsync) awaitAllowed(checker, stmt, place, "'async for'");
      block(checker, stmt.body, { ...place, inLoop: true, inStar: false });
      block(checker, stmt.otherwise, place);
      break;
    case "while":
      block(checker, stmt.body, { ...place, inLoop: true, inStar: false });
      block(checker, stmt.otherwise, place);
      break;
    case "with":
      if (stmt.isAsync) awaitAllowed(checker, stmt, place, "'async with'");
      for (const item of stmt.items) if (item.target) checkTarget(item.target, report);
      block(checker, stmt.body, place);
      break;
    case "try":
      block(checker, stmt.body, place);
      for (const handler of stmt.handlers) {
        if (handler.name !== undefined) reserved(handler.name, handler.span, report);
        block(checker, handler.body, stmt.isStar ? { ...place, inStar: true } : place);
      }
      block(checker, stmt.otherwise, place);
      block(checker, stmt.finally, place);
      break;
    case "match":
      checkReachable(stmt.cases, report);
      for (const one of stmt.cases) {
        checkPattern(one.pattern, report);
        block(checker, one.body, place);
      }
      break;
    case "function":
      reserved(stmt.name, stmt.nameSpan, report);
      for (const param of stmt.params) reserved(param.name, param.span, report);
      block(checker, stmt.body, {
        where: stmt.isAsync ? "async function" : "function",
        inLoop: false,
        inStar: false,
      });
      if (stmt.isAsync) asyncGenerator(checker, stmt.body);
      break;
    case "class":
      reserved(stmt.name, stmt.nameSpan, report);
      namedOnce(stmt.keywords, report);
      block(checker, stmt.body, { where: "class", inLoop: false, inStar: false });
      break;
  }
}

function simpleRules(checker: Checker, stmt: Stmt, place: Place): void {
  const { report } = checker;
  const inFunction = place.where === "function" || place.where === "async function";
  switch (stmt.kind) {
    case "return":
      if (!inFunction) report(stmt.span, "'return' can only stand inside a function");
      else if (place.inStar) report(stmt.span, "'return' cannot leave an 'except*' block");
      break;
    case "break":
    case "continue":
      if (place.inStar) report(stmt.span, `'${stmt.kind}' cannot leave an 'except*' block`);
      else if (!place.inLoop) report(stmt.span, `'${stmt.kind}' can only stand inside a loop`);
      break;
    case "assign":
      for (const target of stmt.targets) checkTarget(target, report);
      break;
    case "augassign":
      single(stmt.target, report, "an assignment with an operator");
      break;
    case "annassign":
      single(stmt.target, report, "an annotated assignment");
      break;
    case "delete":
      for (const target of stmt.targets) deletable(target, report);
      break;
    case "global":
    case "nonlocal":
      checker.declares = true;
      if (stmt.kind === "nonlocal" && place.where === "module")
        report(stmt.span, "'nonlocal' can only stand inside a function");
      break;
    case "import":
      for (const name of stmt.names) reserved(name.as ?? name.name.split(".")[0] ?? "", name.span, report);
      break;
    case "importfrom":
      if (stmt.names[0]?.name === "*" && place.where !== "module")
        report(stmt.span, "'import *' can only stand at the top level");
      if (stmt.module === "__future__" && stmt.level === 0 && place.where !== "module")
        report(stmt.span, "an import from __future__ must stand before all other code");
      for (const name of stmt.names) reserved(name.as ?? name.name, name.span, report);
      break;
    case "typealias":
      reserved(stmt.name, stmt.span, report);
      break;
  }
}

/** Which expressions directly in a statement may be starred: the base classes and an annotation of `*args`. */
function starMayStand(stmt: Stmt, expr: Expr): boolean {
  if (stmt.kind === "class")
    return stmt.bases.includes(expr) || stmt.typeParams.some((param) => param.default === expr);
  if (stmt.kind === "function")
    return (
      stmt.params.some((param) => param.type === "star" && param.annotation === expr) ||
      stmt.typeParams.some((param) => param.default === expr)
    );
  return stmt.kind === "typealias" && stmt.typeParams.some((param) => param.default === expr);
}

function awaitAllowed(checker: Checker, at: { readonly span: Span }, place: Place, what: string): void {
  // A notebook's own top level may wait.
  if (place.where === "function") checker.report(at.span, `${what} can only stand inside an async function`);
  if (place.where === "class") checker.report(at.span, `${what} cannot stand in the body of a class`);
}

interface Inside {
  /** Names that a comprehension around this place iterates with. */
  readonly iterated?: readonly string[];
  /** In the iterable of a comprehension. */
  readonly inIterable?: boolean;
  /** In a generator expression, which may wait wherever it stands. */
  readonly inGenerator?: boolean;
}

function expression(checker: Checker, expr: Expr, place: Place, starred = false, inside: Inside = {}): void {
  const { report } = checker;
  const visit = (child: Expr, star = false): void => expression(checker, child, place, star, inside);
  switch (expr.kind) {
    case "name":
      reserved(expr.id, expr.span, report, "read");
      return;
    case "constant":
      return;
    case "starred":
      if (!starred) report(expr.span, "a starred expression cannot stand here");
      visit(expr.value);
      return;
    case "attribute":
      reserved(expr.attr, expr.attrSpan, report, "attribute");
      visit(expr.value);
      return;
    case "tuple":
    case "list":
    case "set":
      for (const item of expr.items) visit(item, true);
      return;
    case "call":
      namedOnce(expr.keywords, report);
      visit(expr.func);
      for (const arg of expr.args) visit(arg, true);
      for (const keyword of expr.keywords) visit(keyword.value);
      return;
    case "lambda":
      for (const param of expr.params) reserved(param.name, param.span, report);
      for (const one of paramExprs(expr.params)) visit(one);
      expression(
        checker,
        expr.body,
        { where: "function", inLoop: false, inStar: false },
        false,
        inside.inIterable ? { inIterable: true } : {},
      );
      return;
    case "yield":
      if (inside.iterated) report(expr.span, "'yield' cannot stand inside a comprehension");
      else if (place.where === "module" || place.where === "class")
        report(expr.span, "'yield' can only stand inside a function");
      else if (expr.from && place.where === "async function")
        report(expr.span, "'yield from' cannot stand inside an async function");
      if (expr.value) visit(expr.value);
      return;
    case "await":
      if (!inside.inGenerator) awaitAllowed(checker, expr, place, "'await'");
      visit(expr.value);
      return;
    case "walrus":
      reserved(expr.target.id, expr.target.span, report);
      if (inside.inIterable) report(expr.span, "':=' cannot stand in the iterable of a comprehension");
      if (inside.iterated?.includes(expr.target.id))
        report(expr.span, `':=' cannot rebind '${expr.target.id}', which the comprehension iterates with`);
      if (inside.iterated && place.where === "class")
        report(expr.span, "':=' cannot stand in a comprehension in the body of a class");
      visit(expr.value);
      return;
    case "comprehension": {
      if (expr.clauses.some((clause) => clause.isAsync) && expr.type !== "generator" && !inside.inGenerator)
        awaitAllowed(checker, expr, place, "an asynchronous comprehension");
      const own = expr.clauses.flatMap((clause) => targetNames(clause.target));
      const isGenerator = expr.type === "generator";
      const within: Inside = { ...inside, iterated: [...(inside.iterated ?? []), ...own], inGenerator: isGenerator };
      expr.clauses.forEach((clause, i) => {
        checkTarget(clause.target, report);
        expression(checker, clause.target, place, false, within);
        const around = i === 0 ? inside : within;
        expression(checker, clause.iterable, place, false, { ...around, inIterable: true });
        for (const one of clause.conditions) expression(checker, one, place, false, within);
      });
      if (expr.key) expression(checker, expr.key, place, false, within);
      expression(checker, expr.element, place, false, within);
      return;
    }
    default:
      for (const child of childExprs(expr)) visit(child);
  }
}

/** An async function that yields may not return a value. */
function asyncGenerator(checker: Checker, body: readonly Stmt[]): void {
  let yields = false;
  const returns: Span[] = [];
  const inExpr = (expr: Expr): void => {
    if (expr.kind === "lambda") return;
    if (expr.kind === "yield") yields = true;
    for (const child of childExprs(expr)) inExpr(child);
  };
  const visit = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      if (stmt.kind === "return" && stmt.value) returns.push(stmt.span);
      if (stmt.kind === "function" || stmt.kind === "class") continue;
      for (const expr of stmtExprs(stmt)) inExpr(expr);
      for (const inner of blocksOf(stmt)) visit(inner);
    }
  };
  visit(body);
  const [first] = returns;
  if (yields && first) checker.report(first, "an async generator cannot return a value");
}
