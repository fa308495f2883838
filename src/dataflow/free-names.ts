import { remembered } from "../foundation/remembered.ts";
import type { Span } from "../foundation/span.ts";
import type { CallExpr, Expr, FStringPart, NameExpr, Param, Pattern, Stmt, TypeParam } from "../python/ir.ts";
import { boundNames, patternNames, targetNames } from "./bound-names.ts";
import { queryNames } from "./query-names.ts";

/** One use of a name that belongs to the module's scope. */
export interface NameUse {
  readonly id: string;
  readonly span: Span;
  readonly mode: "load" | "store" | "delete";
  /** The call whose callee this name is. */
  readonly call?: CallExpr;
  /** Inside a function, lambda or class body: read when that runs. */
  readonly deferred: boolean;
  /** Inside a function or lambda that is itself inside one: it may run long after the call that made it. */
  readonly nested: boolean;
  /** The expression; none for targets and for names in the text of a query. */
  readonly node?: NameExpr;
}

interface Scope {
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  /** Class bodies are invisible to the scopes inside them. */
  readonly isClass: boolean;
  readonly parent: Scope | undefined;
}

/** Every use of a module-level name in statements, in source order, functions and comprehensions seen through. */
export function freeUses(stmts: readonly Stmt[]): readonly NameUse[] {
  const [only, second] = stmts;
  return only && !second ? usesIn(only) : stmts.flatMap(usesIn);
}

const usesIn = remembered(findUses);

function findUses(top: Stmt): readonly NameUse[] {
  const uses: NameUse[] = [];
  let scope: Scope | undefined;
  let deferred = 0;

  const isFree = (id: string): boolean => {
    let inner = true;
    for (let s = scope; s; s = s.parent) {
      if (s.globals.has(id)) return true;
      if (s.locals.has(id) && (inner || !s.isClass)) return false;
      inner = false;
    }
    return true;
  };
  const note = (id: string, span: Span, mode: NameUse["mode"], call?: CallExpr, node?: NameExpr): void => {
    if (!isFree(id)) return;
    const how = { deferred: deferred > 0, nested: deferred > 1 };
    uses.push({ id, span, mode, ...how, ...(call ? { call } : {}), ...(node ? { node } : {}) });
  };
  const within = (inner: Omit<Scope, "parent">, work: () => void, isDeferred: boolean): void => {
    const before = { scope, deferred };
    scope = { ...inner, parent: scope };
    if (isDeferred) deferred++;
    work();
    scope = before.scope;
    deferred = before.deferred;
  };
  const exprs = (list: readonly (Expr | undefined)[]): void => {
    for (const e of list) if (e) expr(e);
  };
  const typeParams = (list: readonly TypeParam[]): void => {
    for (const p of list) exprs([p.bound, p.default]);
  };
  const defaults = (params: readonly Param[]): void => {
    for (const p of params) exprs([p.default, p.annotation]);
  };
  const fparts = (parts: readonly FStringPart[]): void => {
    for (const part of parts) {
      if (part.kind === "text") continue;
      expr(part.value);
      fparts(part.spec);
    }
  };
  const expr = (e: Expr): void => {
    switch (e.kind) {
      case "name":
        return note(e.id, e.span, "load", undefined, e);
      case "constant":
        return;
      case "fstring":
        return fparts(e.parts);
      case "attribute":
      case "starred":
      case "await":
        return expr(e.value);
      case "subscript":
        return exprs([e.value, e.index]);
      case "slice":
        return exprs([e.lower, e.upper, e.step]);
      case "call":
        if (e.func.kind === "name") note(e.func.id, e.func.span, "load", e, e.func);
        else expr(e.func);
        exprs(e.args);
        for (const { id, span } of queryNames(e)) note(id, span, "load");
        return exprs(e.keywords.map((k) => k.value));
      case "binary":
        return exprs([e.left, e.right]);
      case "bool":
        return exprs(e.values);
      case "unary":
        return expr(e.operand);
      case "compare":
        return exprs([e.left, ...e.comparators]);
      case "conditional":
        return exprs([e.then, e.test, e.otherwise]);
      case "lambda":
        defaults(e.params);
        return within(
          { locals: new Set(e.params.map((p) => p.name)), globals: new Set(), isClass: false },
          () => expr(e.body),
          true,
        );
      case "tuple":
      case "list":
      case "set":
        return exprs(e.items);
      case "dict":
        for (const item of e.items) exprs([item.key, item.value]);
        return;
      case "comprehension": {
        const locals = new Set<string>();
        for (const clause of e.clauses) targetNames(clause.target, locals);
        exprs([e.clauses[0]?.iterable]);
        return within(
          { locals, globals: new Set(), isClass: false },
          () => {
            e.clauses.forEach((clause, i) => {
              if (i > 0) expr(clause.iterable);
              target(clause.target);
              exprs(clause.conditions);
            });
            exprs([e.key, e.element]);
          },
          false,
        );
      }
      case "walrus":
        expr(e.value);
        return note(e.target.id, e.target.span, "store");
      case "yield":
        return exprs([e.value]);
    }
  };
  const target = (e: Expr): void => {
    if (e.kind === "name") note(e.id, e.span, "store");
    else if (e.kind === "tuple" || e.kind === "list") for (const item of e.items) target(item);
    else if (e.kind === "starred") target(e.value);
    else expr(e);
  };
  const pattern = (p: Pattern): void => {
    if (p.kind === "value") expr(p.value);
    else if (p.kind === "capture") {
      if (p.pattern) pattern(p.pattern);
    } else if (p.kind === "mapping") {
      exprs(p.keys);
      p.patterns.forEach(pattern);
    } else if (p.kind === "class") {
      expr(p.cls);
      p.patterns.forEach(pattern);
      for (const k of p.keywords) pattern(k.pattern);
    } else if (p.kind !== "star") p.patterns.forEach(pattern);
  };
  const all = (list: readonly Stmt[]): void => {
    for (const s of list) stmt(s);
  };
  const stmt = (s: Stmt): void => {
    switch (s.kind) {
      case "expr":
        return expr(s.value);
      case "assign":
        expr(s.value);
        return s.targets.forEach(target);
      case "augassign":
        if (s.target.kind === "name") note(s.target.id, s.target.span, "load", undefined, s.target);
        expr(s.value);
        return target(s.target);
      case "annassign":
        exprs([s.annotation, s.value]);
        if (s.value || s.target.kind !== "name") target(s.target);
        return;
      case "delete":
        for (const t of s.targets) {
          if (t.kind === "name") note(t.id, t.span, "delete");
          else expr(t);
        }
        return;
      case "return":
        return exprs([s.value]);
      case "raise":
        return exprs([s.exception, s.cause]);
      case "assert":
        return exprs([s.test, s.message]);
      case "import":
        for (const name of s.names) note(name.as ?? name.name.split(".")[0] ?? name.name, name.span, "store");
        return;
      case "importfrom":
        for (const name of s.names) if (name.name !== "*") note(name.as ?? name.name, name.span, "store");
        return;
      case "if":
      case "while":
        expr(s.test);
        all(s.body);
        return all(s.otherwise);
      case "for":
        expr(s.iterable);
        target(s.target);
        all(s.body);
        return all(s.otherwise);
      case "with":
        for (const item of s.items) {
          expr(item.context);
          if (item.target) target(item.target);
        }
        return all(s.body);
      case "try":
        all(s.body);
        for (const handler of s.handlers) {
          exprs([handler.type]);
          if (handler.name !== undefined) note(handler.name, handler.span, "store");
          all(handler.body);
        }
        all(s.otherwise);
        return all(s.finally);
      case "match":
        expr(s.subject);
        for (const c of s.cases) {
          const names = new Set<string>();
          patternNames(c.pattern, names);
          for (const name of names) note(name, c.pattern.span, "store");
          pattern(c.pattern);
          exprs([c.guard]);
          all(c.body);
        }
        return;
      case "function": {
        exprs(s.decorators);
        defaults(s.params);
        exprs([s.returns]);
        typeParams(s.typeParams);
        note(s.name, s.nameSpan, "store");
        const bound = boundNames(s.body);
        const locals = new Set([...bound.bound, ...s.params.map((p) => p.name), ...s.typeParams.map((p) => p.name)]);
        for (const name of [...bound.globals, ...bound.nonlocals]) locals.delete(name);
        return within({ locals, globals: bound.globals, isClass: false }, () => all(s.body), true);
      }
      case "class": {
        exprs(s.decorators);
        exprs(s.bases);
        exprs(s.keywords.map((k) => k.value));
        typeParams(s.typeParams);
        note(s.name, s.nameSpan, "store");
        return within(
          { locals: boundNames(s.body).bound, globals: new Set(), isClass: true },
          () => all(s.body),
          false,
        );
      }
      case "typealias":
        note(s.name, s.span, "store");
        return expr(s.value);
      default:
        return;
    }
  };
  stmt(top);
  return uses;
}

/** Names a statement reads from the module's scope. */
export function freeReads(stmts: readonly Stmt[]): ReadonlySet<string> {
  return new Set(
    freeUses(stmts)
      .filter((use) => use.mode === "load")
      .map((use) => use.id),
  );
}
