import type { Expr, Stmt, TryStmt } from "../python/ir.ts";
import { isStandardLibrary } from "../python/knowledge/distributions.ts";
import { names } from "../python/walk.ts";
import { boundNames, patternNames } from "./bound-names.ts";
import { iterated } from "./elements.ts";
import { closure, decorate, defineClass, keepDefaults } from "./functions.ts";
import { refer } from "./heap.ts";
import { bind, fresh, type Machine, mutate, writeToken } from "./machine.ts";
import { operate } from "./operate.ts";
import { enterPart, partNow } from "./parts.ts";
import { seeChange } from "./sights.ts";
import { branches, leaveLoop, loop, merge, mergeBound, restore, snapshot } from "./state.ts";
import { assign, remove } from "./targets.ts";
import { plain, type Value } from "./value.ts";

export function executeAll(m: Machine, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) execute(m, stmt);
}

/** Runs one statement abstractly, as a part of its own where it stands outside of functions. */
export function execute(m: Machine, stmt: Stmt): void {
  const around = m.part;
  enterPart(m, stmt);
  perform(m, stmt);
  m.part = around;
}

function perform(m: Machine, stmt: Stmt): void {
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
      const value = m.see(stmt.value);
      for (const target of stmt.targets) assign(m, target, value);
      return;
    }
    case "augassign":
      return augment(m, stmt.target, stmt);
    case "annassign":
      // Python evaluates the annotations of variables outside functions.
      if (m.stack.length === 0) annotate(m, stmt.annotation);
      if (stmt.value) assign(m, stmt.target, m.see(stmt.value));
      return;
    case "delete":
      for (const target of stmt.targets) remove(m, target);
      return;
    case "return":
      m.returns.push(stmt.value ? m.see(stmt.value) : plain("None"));
      return;
    case "raise":
      if (stmt.exception) m.evaluate(stmt.exception);
      if (stmt.cause) m.evaluate(stmt.cause);
      return;
    case "assert":
      m.operate(m.evaluate(stmt.test));
      if (stmt.message) m.evaluate(stmt.message);
      return;
    case "import":
      for (const name of stmt.names) {
        noteAccessors(m, name.name);
        const member = name.as === undefined ? (name.name.split(".")[0] ?? name.name) : name.name;
        bind(m, name.as ?? member, { ...plain("module"), member });
      }
      return;
    case "importfrom":
      noteAccessors(m, stmt.level > 0 ? "." : stmt.module);
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
      m.operate(m.evaluate(stmt.test));
      return branches(
        m,
        [() => executeAll(m, stmt.body), () => executeAll(m, stmt.otherwise)],
        [leaves(stmt.body), leaves(stmt.otherwise)],
      );
    case "for":
      return loop(
        m,
        () => {
          const iterable = m.see(stmt.iterable);
          operate(m, iterable);
          assign(m, stmt.target, iterated(m, iterable));
          executeAll(m, stmt.body);
        },
        () => executeAll(m, stmt.otherwise),
      );
    case "while":
      return loop(
        m,
        () => {
          m.operate(m.evaluate(stmt.test));
          executeAll(m, stmt.body);
        },
        () => executeAll(m, stmt.otherwise),
      );
    case "break":
    case "continue":
      return leaveLoop(m, stmt.kind);
    case "with":
      for (const item of stmt.items) {
        const context = m.evaluate(item.context);
        operate(m, context);
        noteContext(m, item.context, context);
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

/** A library of which nothing is known may give tables new attributes, which are no columns. */
function noteAccessors(m: Machine, module: string): void {
  const [top = ""] = module.split(".");
  if (!m.knowledge.knowsPackage(top) && !isStandardLibrary(top)) m.accessors = true;
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

/** True for a block that never reaches its end. */
function leaves(body: readonly Stmt[]): boolean {
  const last = body[body.length - 1]?.kind;
  return last === "raise" || last === "break" || last === "continue";
}

/** A context of which nothing is known may swallow what is raised, or make something of what its body does. */
function noteContext(m: Machine, expr: Expr, context: Value): void {
  const part = partNow(m);
  if (!part) return;
  const isKnown = context.type === "file" || context.type === "connection" || context.type === "context";
  if (!isKnown || swallows(expr)) part.holds = true;
}

function swallows(expr: Expr): boolean {
  const callee = expr.kind === "call" ? expr.func : expr;
  return (callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.attr : "") === "suppress";
}

function attempt(m: Machine, stmt: TryStmt): void {
  const start = snapshot(m);
  const outer = m.bound;
  m.bound = [];
  m.depth++;
  m.unsure++;
  executeAll(m, stmt.body);
  const { bound } = m;
  m.bound = outer;
  outer?.push(...bound);
  const afterBody = snapshot(m);
  executeAll(m, stmt.otherwise);
  const ends = leaves(stmt.body) || leaves(stmt.otherwise) ? [] : [snapshot(m)];
  for (const handler of stmt.handlers) {
    restore(m, afterBody);
    merge(m, start);
    mergeBound(m, bound);
    if (handler.type) m.evaluate(handler.type);
    if (handler.name !== undefined) bind(m, handler.name, plain("unknown-scalar"));
    executeAll(m, handler.body);
    // Python unbinds the name when the handler ends.
    if (handler.name !== undefined) {
      if (!m.frame && start.names.has(handler.name)) m.trace.deletes.add(handler.name);
      (m.frame ?? m).names.delete(handler.name);
    }
    if (!leaves(handler.body)) ends.push(snapshot(m));
  }
  const [first, ...rest] = ends;
  if (first) restore(m, first);
  for (const end of rest) merge(m, end);
  m.depth--;
  m.unsure--;
  executeAll(m, stmt.finally);
}
