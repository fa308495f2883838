import type {
  ComprehensionExpr,
  Expr,
  FStringPart,
  Param,
  Pattern,
  PyModule,
  Stmt,
  SyntaxProblem,
  TypeParam,
} from "./ir.ts";
import { factsOf, mangle, newTable, type Table } from "./scope-table.ts";
import { childExprs } from "./walk.ts";

/** Walks a module in the order of CPython's symtable.c and fills one table per scope. */
interface Collector {
  readonly problems: SyntaxProblem[];
  /** With `from __future__ import annotations`, annotations name nothing. */
  readonly lazyAnnotations: boolean;
  readonly module: Table;
  table: Table;
  /** The class whose private names are mangled here. */
  privateTo: string | undefined;
}

/** Fills the tables of a module; problems with `global` and `nonlocal` go to `problems`. */
export function collect(body: readonly Stmt[], node: PyModule, problems: SyntaxProblem[]): Table {
  const module = newTable("module", "top", node, undefined);
  const lazyAnnotations = body.some(
    (stmt) =>
      stmt.kind === "importfrom" &&
      stmt.module === "__future__" &&
      stmt.level === 0 &&
      stmt.names.some((name) => name.name === "annotations"),
  );
  statements({ problems, lazyAnnotations, module, table: module, privateTo: undefined }, body);
  return module;
}

function statements(c: Collector, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) statement(c, stmt);
}

function inside(c: Collector, table: Table, work: () => void): void {
  const outer = c.table;
  c.table = table;
  work();
  c.table = outer;
}

function own(c: Collector, name: string) {
  return factsOf(c.table, mangle(c.privateTo, name));
}

function assign(c: Collector, name: string): void {
  own(c, name).assigned = true;
}

function use(c: Collector, name: string): void {
  own(c, name).read = true;
  if (
    name === "super" &&
    (c.table.kind === "function" || c.table.kind === "lambda" || c.table.kind === "comprehension")
  )
    own(c, "__class__").read = true;
}

function statement(c: Collector, stmt: Stmt): void {
  switch (stmt.kind) {
    case "expr":
      expr(c, stmt.value);
      return;
    case "assign":
      for (const one of stmt.targets) target(c, one);
      expr(c, stmt.value);
      return;
    case "augassign":
      target(c, stmt.target);
      expr(c, stmt.value);
      return;
    case "annassign":
      annotated(c, stmt);
      return;
    case "delete":
      for (const one of stmt.targets) target(c, one);
      return;
    case "return":
      maybe(c, stmt.value);
      return;
    case "raise":
      maybe(c, stmt.exception);
      maybe(c, stmt.cause);
      return;
    case "assert":
      expr(c, stmt.test);
      maybe(c, stmt.message);
      return;
    case "import":
      for (const name of stmt.names) own(c, name.as ?? name.name.split(".")[0] ?? name.name).imported = true;
      return;
    case "importfrom":
      for (const name of stmt.names) if (name.name !== "*") own(c, name.as ?? name.name).imported = true;
      return;
    case "global":
    case "nonlocal":
      for (const name of stmt.names) declare(c, stmt.kind, name, stmt.span);
      return;
    case "if":
    case "while":
      expr(c, stmt.test);
      statements(c, stmt.body);
      statements(c, stmt.otherwise);
      return;
    case "for":
      target(c, stmt.target);
      expr(c, stmt.iterable);
      statements(c, stmt.body);
      statements(c, stmt.otherwise);
      return;
    case "with":
      for (const item of stmt.items) {
        expr(c, item.context);
        if (item.target) target(c, item.target);
      }
      statements(c, stmt.body);
      return;
    case "try":
      statements(c, stmt.body);
      statements(c, stmt.otherwise);
      for (const handler of stmt.handlers) {
        maybe(c, handler.type);
        if (handler.name !== undefined) assign(c, handler.name);
        statements(c, handler.body);
      }
      statements(c, stmt.finally);
      return;
    case "match":
      expr(c, stmt.subject);
      for (const one of stmt.cases) {
        pattern(c, one.pattern);
        maybe(c, one.guard);
        statements(c, one.body);
      }
      return;
    case "function":
      definition(c, stmt);
      return;
    case "class":
      classDefinition(c, stmt);
      return;
    case "typealias":
      assign(c, stmt.name);
      inside(c, newTable("type-alias", stmt.name, stmt, c.table), () => {
        typeParams(c, stmt.typeParams);
        expr(c, stmt.value);
      });
      return;
    default:
      return;
  }
}

function annotated(c: Collector, stmt: Extract<Stmt, { kind: "annassign" }>): void {
  if (stmt.target.kind === "name") {
    // In parentheses the name is not declared.
    const simple = stmt.target.span.start === stmt.span.start;
    const facts = c.table.names.get(mangle(c.privateTo, stmt.target.id));
    if (simple && facts && (facts.global || facts.nonlocal) && c.table !== c.module)
      c.problems.push({
        span: stmt.span,
        message: `'${stmt.target.id}' is annotated here and declared global or nonlocal`,
      });
    if (simple) own(c, stmt.target.id).annotated = true;
    if (simple || stmt.value) assign(c, stmt.target.id);
  } else target(c, stmt.target);
  annotation(c, stmt.annotation);
  maybe(c, stmt.value);
}

function declare(c: Collector, kind: "global" | "nonlocal", name: string, span: SyntaxProblem["span"]): void {
  const id = mangle(c.privateTo, name);
  const before = c.table.names.get(id);
  const used = before?.parameter
    ? "is a parameter"
    : before?.assigned || before?.imported
      ? "is assigned"
      : before?.annotated
        ? "is annotated"
        : before?.read
          ? "is used"
          : undefined;
  if (used !== undefined) c.problems.push({ span, message: `'${name}' ${used} before it is declared ${kind}` });
  factsOf(c.table, id)[kind] = true;
  if (kind === "global") factsOf(c.module, id).global = true;
  c.table.declarations.set(id, span);
}

function definition(c: Collector, stmt: Extract<Stmt, { kind: "function" }>): void {
  assign(c, stmt.name);
  for (const one of defaultsOf(stmt.params)) expr(c, one);
  const rest = (): void => {
    for (const type of ["positional-only", "normal", "star", "double-star", "keyword-only"] as const)
      for (const param of stmt.params) if (param.type === type && param.annotation) annotation(c, param.annotation);
    if (stmt.returns) annotation(c, stmt.returns);
  };
  const body = (): void =>
    inside(c, newTable("function", stmt.name, stmt, c.table), () => {
      parameters(c, stmt.params);
      statements(c, stmt.body);
    });
  if (stmt.typeParams.length === 0) {
    rest();
    for (const one of stmt.decorators) expr(c, one);
    body();
    return;
  }
  for (const one of stmt.decorators) expr(c, one);
  inside(c, newTable("type-parameters", stmt.name, stmt, c.table), () => {
    typeParams(c, stmt.typeParams);
    rest();
    body();
  });
}

function classDefinition(c: Collector, stmt: Extract<Stmt, { kind: "class" }>): void {
  assign(c, stmt.name);
  const bases = (): void => {
    for (const one of stmt.bases) expr(c, one);
    for (const one of stmt.keywords) expr(c, one.value);
  };
  const body = (): void => {
    const outer = c.privateTo;
    inside(c, newTable("class", stmt.name, stmt, c.table), () => {
      c.privateTo = stmt.name;
      statements(c, stmt.body);
    });
    c.privateTo = outer;
  };
  if (stmt.typeParams.length === 0) {
    bases();
    for (const one of stmt.decorators) expr(c, one);
    body();
    return;
  }
  for (const one of stmt.decorators) expr(c, one);
  inside(c, newTable("type-parameters", stmt.name, stmt, c.table), () => {
    typeParams(c, stmt.typeParams);
    bases();
    body();
  });
}

function typeParams(c: Collector, params: readonly TypeParam[]): void {
  for (const param of params) {
    assign(c, param.name);
    maybe(c, param.bound);
    maybe(c, param.default);
  }
}

/** Defaults in CPython's order: those of positional parameters first. */
function defaultsOf(params: readonly Param[]): readonly Expr[] {
  const keywordOnly = params.filter((param) => param.type === "keyword-only");
  const rest = params.filter((param) => param.type !== "keyword-only");
  return [...rest, ...keywordOnly].flatMap((param) => (param.default ? [param.default] : []));
}

function parameters(c: Collector, params: readonly Param[]): void {
  for (const param of params) own(c, param.name).parameter = true;
}

function annotation(c: Collector, value: Expr): void {
  if (!c.lazyAnnotations) expr(c, value);
}

function maybe(c: Collector, value: Expr | undefined): void {
  if (value) expr(c, value);
}

function target(c: Collector, value: Expr): void {
  switch (value.kind) {
    case "name":
      assign(c, value.id);
      return;
    case "starred":
      target(c, value.value);
      return;
    case "tuple":
    case "list":
      for (const item of value.items) target(c, item);
      return;
    default:
      expr(c, value);
      return;
  }
}

function expr(c: Collector, value: Expr): void {
  switch (value.kind) {
    case "name":
      use(c, value.id);
      return;
    case "constant":
      return;
    case "lambda":
      for (const one of defaultsOf(value.params)) expr(c, one);
      inside(c, newTable("lambda", "lambda", value, c.table), () => {
        parameters(c, value.params);
        expr(c, value.body);
      });
      return;
    case "comprehension":
      comprehension(c, value);
      return;
    case "walrus":
      if (c.table.kind === "comprehension") hoist(c, value.target.id);
      expr(c, value.value);
      assign(c, value.target.id);
      return;
    case "conditional":
      expr(c, value.test);
      expr(c, value.then);
      expr(c, value.otherwise);
      return;
    case "dict":
      for (const item of value.items) maybe(c, item.key);
      for (const item of value.items) expr(c, item.value);
      return;
    case "fstring":
      parts(c, value.parts);
      return;
    default:
      for (const child of childExprs(value)) expr(c, child);
  }
}

function parts(c: Collector, all: readonly FStringPart[]): void {
  for (const part of all) {
    if (part.kind !== "field") continue;
    expr(c, part.value);
    parts(c, part.spec);
  }
}

const comprehensionNames = { list: "listcomp", set: "setcomp", dict: "dictcomp", generator: "genexpr" } as const;

/** The first iterable belongs to the scope around; everything else to the comprehension's own. */
function comprehension(c: Collector, value: ComprehensionExpr): void {
  const [first, ...rest] = value.clauses;
  if (first) expr(c, first.iterable);
  inside(c, newTable("comprehension", comprehensionNames[value.type], value, c.table), () => {
    if (first) {
      iterates(c, first.target);
      for (const one of first.conditions) expr(c, one);
    }
    for (const clause of rest) {
      iterates(c, clause.target);
      expr(c, clause.iterable);
      for (const one of clause.conditions) expr(c, one);
    }
    // CPython visits a dict's value before its key.
    expr(c, value.element);
    maybe(c, value.key);
  });
}

function iterates(c: Collector, value: Expr): void {
  target(c, value);
  const mark = (one: Expr): void => {
    if (one.kind === "name") own(c, one.id).iterates = true;
    else if (one.kind === "starred") mark(one.value);
    else if (one.kind === "tuple" || one.kind === "list") one.items.forEach(mark);
  };
  mark(value);
}

/** `:=` in a comprehension binds in the nearest scope that is none. */
function hoist(c: Collector, name: string): void {
  const id = mangle(c.privateTo, name);
  let home: Table | undefined = c.table;
  while (home?.kind === "comprehension") home = home.parent;
  if (!home || home.kind === "class") return;
  const here = factsOf(c.table, id);
  if (home.kind === "module") {
    here.global = true;
    factsOf(home, id).global = true;
    return;
  }
  if (home.names.get(id)?.global) here.global = true;
  else here.nonlocal = true;
  if (here.global) factsOf(c.module, id).global = true;
  factsOf(home, id).assigned = true;
}

function pattern(c: Collector, one: Pattern): void {
  switch (one.kind) {
    case "value":
      expr(c, one.value);
      return;
    case "capture":
      if (one.pattern) pattern(c, one.pattern);
      if (one.name !== undefined) assign(c, one.name);
      return;
    case "star":
      if (one.name !== undefined) assign(c, one.name);
      return;
    case "sequence":
    case "or":
      for (const part of one.patterns) pattern(c, part);
      return;
    case "mapping":
      for (const key of one.keys) expr(c, key);
      for (const part of one.patterns) pattern(c, part);
      if (one.rest !== undefined) assign(c, one.rest);
      return;
    case "class":
      expr(c, one.cls);
      for (const part of one.patterns) pattern(c, part);
      for (const keyword of one.keywords) pattern(c, keyword.pattern);
  }
}
