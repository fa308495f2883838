import type { Expr, FunctionStmt, Stmt } from "../../python/ir.ts";
import { bind, box, decided, type Machine } from "./machine.ts";
import { assign, boxOf, turnsOf } from "./targets.ts";
import { either, type Lessons, lessonsOf, union, unknown, type Value } from "./values.ts";

/** Runs statements on what is known. */
export function execute(m: Machine, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) one(m, stmt);
}

function one(m: Machine, stmt: Stmt): void {
  m.steps--;
  if (m.steps < 0) return;
  switch (stmt.kind) {
    case "expr":
      m.evaluate(stmt.value);
      return;
    case "assign": {
      const [target] = stmt.targets;
      const value =
        stmt.targets.length === 1 && target?.kind === "name" ? boxOf(m, stmt.value) : box(m.evaluate(stmt.value));
      for (const to of stmt.targets) assign(m, to, value);
      return;
    }
    case "augassign": {
      const { target, op, value, span } = stmt;
      assign(m, target, box(m.evaluate({ kind: "binary", op, left: target, right: value, span })));
      return;
    }
    case "annassign":
      if (stmt.value) assign(m, stmt.target, boxOf(m, stmt.value));
      return;
    case "delete":
      for (const target of stmt.targets)
        if (target.kind === "subscript") {
          const holder = boxOf(m, target.value);
          const label = m.evaluate(target.index).constant;
          if (typeof label === "string")
            holder.value = {
              ...holder.value,
              gone: new Set([...(holder.value.gone ?? []), label]),
              columns: without(holder.value, label),
            };
        }
      return;
    case "return":
      if (stmt.value) m.returns.at(-1)?.push(decided(m, m.evaluate(stmt.value)));
      return;
    case "import":
      for (const { name, as } of stmt.names)
        bind(
          m,
          as ?? name.split(".")[0] ?? name,
          box({ ...unknown, kind: "member", member: as ? name : name.split(".")[0] }),
        );
      return;
    case "importfrom":
      for (const { name, as } of stmt.names)
        bind(m, as ?? name, box({ ...unknown, kind: "member", member: `${stmt.module}.${name}` }));
      return;
    case "function":
      define(m, stmt);
      return;
    case "if":
      branch(m, stmt.test, stmt.body, stmt.otherwise);
      return;
    case "for":
      for (const turn of turnsOf(m, stmt.iterable)) {
        assign(m, stmt.target, turn);
        m.execute(stmt.body);
      }
      m.execute(stmt.otherwise);
      return;
    case "while":
      m.evaluate(stmt.test);
      m.execute(stmt.body);
      return;
    case "with":
      for (const { context, target } of stmt.items) {
        const value = m.evaluate(context);
        if (target) assign(m, target, box(value));
      }
      m.execute(stmt.body);
      return;
    case "try":
      m.execute(stmt.body);
      m.execute(stmt.otherwise);
      m.execute(stmt.finally);
      return;
    default:
  }
}

function without(value: Value, label: string): Value["columns"] {
  if (!value.columns) return undefined;
  return new Map([...value.columns].filter(([name]) => name !== label));
}

function define(m: Machine, definition: FunctionStmt): void {
  bind(
    m,
    definition.name,
    box({ ...unknown, kind: "function", fn: { name: definition.name, definition, unit: m.unit, scope: m.scope } }),
  );
}

/** Figures of models that a test asks about decide what is done. */
function deciding(value: Value): Lessons {
  return new Set([...lessonsOf(value)].filter(({ kind }) => kind === "measured"));
}

function branch(m: Machine, test: Expr, body: readonly Stmt[], otherwise: readonly Stmt[]): void {
  const outer = m.control;
  m.control = union(outer, deciding(m.evaluate(test)));
  const before = new Map(m.scope.names);
  m.execute(body);
  if (otherwise.length > 0) {
    const then = new Map(m.scope.names);
    for (const [name, held] of before) m.scope.names.set(name, held);
    m.execute(otherwise);
    for (const [name, held] of then) {
      const other = m.scope.names.get(name);
      if (other !== held && other && held !== before.get(name))
        m.scope.names.set(name, box(other === before.get(name) ? held.value : either(held.value, other.value)));
    }
  }
  m.control = outer;
}
