import type { Expr, Stmt, TryStmt } from "../python/ir.ts";
import { names } from "../python/walk.ts";
import { boundNames, patternNames } from "./bound-names.ts";
import { iterated } from "./elements.ts";
import { closure, decorate, defineClass, keepDefaults } from "./functions.ts";
import { refer } from "./heap.ts";
import { bind, fresh, type Machine, mutate, writeToken } from "./machine.ts";
import { operate } from "./operate.ts";
import { seeChange } from "./sights.ts";
import { branches, loop, merge, restore, snapshot } from "./state.ts";
import { assign, remove } from "./targets.ts";
import { plain, type Value } from "./value.ts";

export function executeAll(m: Machine, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) execute(m, stmt);
}

/** Runs one statement abstractly. */
export function execute(m: Machine, stmt: Stmt): void {
  if ((stmt.kind === "for" || stmt.kind === "with") && stmt.isAsync && m.stack.length === 0) {
    m.trace.refusals.push({
      span: stmt.span,
      what: "waits at the top level of a cell, which the function of a step cannot do",
    });
  }
  switch (stmt.kind) {
    case "expr":
      m.evaluate(stmt.value);
      return;
    case "assign": {
      const value = m.evaluate(stmt.value);
      for (const target of stmt.targets) assign(m, target, value);
      return;
    }
    case "augassign":
      return augment(m, stmt.target, stmt);
    case "annassign":
      // Python evaluates the annotations of variables outside functions.
      if (m.stack.length === 0) annotate(m, stmt.annotation);
      if (stmt.value) assign(m, stmt.target, m.evaluate(stmt.value));
      return;
    case "delete":
      for (const target of stmt.targets) remove(m, target);
      return;
    case "return":
      m.returns.push(stmt.value ? m.evaluate(stmt.value) : plain("None"));
      return;
    case "raise":
      if (stmt.exception) m.evaluate(stmt.exception);
      if (stmt.cause) m.evaluate(stmt.cause);
      return;
    case "assert":
      m.evaluate(stmt.test);
      if (stmt.message) m.evaluate(stmt.message);
      return;
    case "import":
      for (const name of stmt.names) {
        const member = name.as === undefined ? (name.name.split(".")[0] ?? name.name) : name.name;
        bind(m, name.as ?? member, { ...plain("module"), member });
      }
      return;
    case "importfrom":
      for (const name of stmt.names) {
        if (name.name === "*") {
          m.trace.refusals.push({ span: stmt.span, what: `imports every name of '${stmt.module}'` });
          writeToken(m, "namespace");
          continue;
        }
        const module = `${".".repeat(stmt.level)}${stmt.module}`;
        if (module === "__future__" && name.name === "annotations") m.lazyAnnotations = true;
        bind(m, name.as ?? name.name, { ...plain("member"), member: `${module}.${name.name}` });
      }
      return;
    case "if":
      m.evaluate(stmt.test);
      return branches(
        m,
        [() => executeAll(m, stmt.body), () => executeAll(m, stmt.otherwise)],
        [raises(stmt.body), raises(stmt.otherwise)],
      );
    case "for":
      loop(m, () => {
        const iterable = m.evaluate(stmt.iterable);
        operate(m, iterable);
        assign(m, stmt.target, iterated(m, iterable));
        executeAll(m, stmt.body);
      });
      executeAll(m, stmt.otherwise);
      return;
    case "while":
      loop(m, () => {
        m.evaluate(stmt.test);
        executeAll(m, stmt.body);
      });
      executeAll(m, stmt.otherwise);
      return;
    case "with":
      for (const item of stmt.items) {
        const context = m.evaluate(item.context);
        operate(m, context);
        if (item.target) assign(m, item.target, context);
      }
      executeAll(m, stmt.body);
      return;
    case "try":
      return attempt(m, stmt);
    case "match":
      m.evaluate(stmt.subject);
      return branches(m, [
        ...stmt.cases.map((c) => () => {
          const names = new Set<string>();
          patternNames(c.pattern, names);
          const subject = m.evaluate(stmt.subject);
          for (const name of names)
            bind(m, name, { type: "unknown", objs: m.heap.reach(subject.objs), tags: subject.tags });
          if (c.guard) m.evaluate(c.guard);
          executeAll(m, c.body);
        }),
        undefined,
      ]);
    case "function": {
      keepDefaults(m, stmt.params, stmt.name);
      for (const { annotation } of stmt.params) annotate(m, annotation);
      annotate(m, stmt.returns);
      // A function that rebinds variables around it has a state of its own.
      const isStateful = m.frame !== undefined && boundNames(stmt.body).nonlocals.size > 0;
      let value: Value = {
        ...plain("function"),
        ...(isStateful ? { objs: new Set([fresh(m, stmt.span, "closure").id]) } : {}),
        callables: [{ kind: "function", name: stmt.name, definition: stmt, frame: closure(m) }],
      };
      for (const decorator of stmt.decorators) {
        value = decorate(m, m.evaluate(decorator), value, decorator.span);
      }
      bind(m, stmt.name, value);
      return;
    }
    case "class":
      bind(
        m,
        stmt.name,
        stmt.decorators.reduce((made, d) => decorate(m, m.evaluate(d), made, d.span), defineClass(m, stmt)),
      );
      return;
    case "typealias":
      bind(m, stmt.name, plain("type"));
      return;
    case "opaque":
      m.trace.refusals.push({ span: stmt.span, what: "could not be parsed" });
      return;
    default:
      return;
  }
}

/** An annotation is evaluated where it stands: it reads the names that it mentions. */
function annotate(m: Machine, annotation: Expr | undefined): void {
  if (!annotation || m.lazyAnnotations) return;
  for (const id of names(annotation)) m.evaluate({ kind: "name", id, span: annotation.span });
}

function augment(m: Machine, target: Parameters<typeof assign>[1], stmt: Extract<Stmt, { kind: "augassign" }>): void {
  const before = m.evaluate(target);
  const value = m.evaluate(stmt.value);
  operate(m, before);
  seeChange(m, before, stmt.span);
  mutate(m, before.objs, target.kind === "name" ? target.id : "an object");
  for (const id of before.objs) {
    m.heap.get(id).tags |= value.tags;
    if (before.type === "list" || before.type === "unknown" || before.type === "set")
      for (const inner of value.objs) refer(m.heap, m.heap.get(id), inner);
  }
  const { constant: _constant, items: _items, ...rest } = before;
  const type =
    before.type === "int" && value.type !== "int"
      ? value.type === "unknown"
        ? "unknown-scalar"
        : value.type
      : before.type;
  assign(m, target, { ...rest, type, tags: rest.tags | value.tags });
}

function raises(body: readonly Stmt[]): boolean {
  return body[body.length - 1]?.kind === "raise";
}

function attempt(m: Machine, stmt: TryStmt): void {
  const start = snapshot(m);
  m.depth++;
  m.unsure++;
  executeAll(m, stmt.body);
  const afterBody = snapshot(m);
  executeAll(m, stmt.otherwise);
  const ends = [snapshot(m)];
  for (const handler of stmt.handlers) {
    restore(m, afterBody);
    merge(m, start);
    if (handler.type) m.evaluate(handler.type);
    if (handler.name !== undefined) bind(m, handler.name, plain("unknown-scalar"));
    executeAll(m, handler.body);
    // Python unbinds the name when the handler ends.
    if (handler.name !== undefined) {
      if (!m.frame && start.names.has(handler.name)) m.trace.deletes.add(handler.name);
      (m.frame ?? m).names.delete(handler.name);
    }
    if (!raises(handler.body)) ends.push(snapshot(m));
  }
  const [first, ...rest] = ends;
  if (first) restore(m, first);
  for (const end of rest) merge(m, end);
  m.depth--;
  m.unsure--;
  executeAll(m, stmt.finally);
}
