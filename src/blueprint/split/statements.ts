import type { AssignStmt, Expr, Stmt } from "../../python/ir.ts";
import { type Bound, fitted, holdsRows, isRow } from "./bound.ts";
import { classOf, storeAttribute } from "./classes.ts";
import { never, rowsOf } from "./combine.ts";
import { forget } from "./containers.ts";
import { branch, guarded, loop } from "./control.ts";
import { bindNames } from "./expressions.ts";
import { bind, change, define, isTemporary, type Machine, now, placed, trouble } from "./machine.ts";
import { dropColumn, readsColumn, spoilViews, storeColumn, storeItem } from "./stores.ts";

/** Goes through statements in their normal form. */
export function execute(m: Machine, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) perform(m, stmt);
}

function perform(m: Machine, stmt: Stmt): void {
  switch (stmt.kind) {
    case "import":
      for (const { name, as } of stmt.names) {
        const top = name.split(".")[0] ?? name;
        m.imports.set(as ?? top, { module: as ? name : top, local: as ?? top });
        m.scope.names.set(as ?? top, fitted("member", { member: as ? name : top }));
      }
      return;
    case "importfrom":
      for (const { name, as } of stmt.names) {
        m.imports.set(as ?? name, { module: stmt.module, name, local: as ?? name });
        m.scope.names.set(as ?? name, fitted("member", { member: `${stmt.module}.${name}` }));
      }
      return;
    case "function":
      m.scope.names.set(stmt.name, fitted("function", { fn: { definition: stmt, name: stmt.name, unit: m.unit } }));
      return;
    case "class":
      m.scope.names.set(stmt.name, classOf(stmt, m.unit));
      return;
    case "expr":
      m.evaluate(stmt.value);
      return;
    case "assign":
      assign(m, stmt);
      return;
    case "annassign":
      if (stmt.value) store(m, stmt.target, stmt.value, m.evaluate(stmt.value));
      return;
    case "augassign": {
      const op = stmt.op.replace(/=$/, "");
      const sum: Expr = { kind: "binary", op, left: stmt.target, right: stmt.value, span: stmt.span };
      const before = m.evaluate(stmt.target);
      const after = m.evaluate(sum);
      // Tables and arrays are changed in place: whoever shares them sees it.
      if (stmt.target.kind === "name" && isRow(before) && before.object !== undefined && isRow(after)) {
        spoilViews(m, before, stmt.target);
        change(m, before, define(m, stmt.target.id, after));
      } else store(m, stmt.target, sum, after);
      return;
    }
    case "delete":
      for (const target of stmt.targets)
        if (target.kind === "name") m.scope.names.delete(target.id);
        else if (target.kind === "subscript") removed(m, target, m.evaluate(target.value), m.evaluate(target.index));
      return;
    case "if":
      branch(m, stmt);
      return;
    case "for":
      loop(m, stmt);
      return;
    case "with":
      for (const { target, context } of stmt.items) {
        const opened = m.evaluate(context);
        if (target?.kind === "name") bind(m, target.id, opened);
        else if (target) bindNames(m, target);
      }
      execute(m, stmt.body);
      return;
    case "while":
    case "try":
    case "match":
      guarded(m, stmt);
      return;
    default:
      return;
  }
}

function assign(m: Machine, stmt: AssignStmt): void {
  const [target] = stmt.targets;
  const value = m.evaluate(stmt.value);
  if (target?.kind === "name" && isTemporary(target.id) && !holdsRows(value)) {
    // A name that the normal form made: what it stands for has a place in the notebook, it has none.
    m.scope.names.set(target.id, { ...value, stands: value.stands ?? stmt.value });
    return;
  }
  for (const one of stmt.targets) store(m, one, stmt.value, value);
}

/** A list or dict that gets a name: its parts can be changed through it, so each is known by its identity. */
function parted(m: Machine, name: string, value: Bound): Bound {
  const part = (one: Bound, key: string): Bound =>
    isRow(one) && one.object === undefined ? placed(m, define(m, `${name}_${key}`.replace(/\W/g, "_"), one)) : one;
  if (value.items?.some(isRow)) return { ...value, items: value.items.map((one, i) => part(one, String(i))) };
  if (value.entries && [...value.entries.values()].some(isRow))
    return { ...value, entries: new Map([...value.entries].map(([key, one]) => [key, part(one, key)])) };
  return value;
}

/** `del f[c]` of a table; of a list or dict nobody knows what is left. */
function removed(m: Machine, target: Expr & { kind: "subscript" }, base: Bound, index: Bound): void {
  if (base.kind !== "sequence" && base.kind !== "mapping") dropColumn(m, target, base, index);
  else if (!holdsRows(base)) forget(m, base);
  else {
    const lost = trouble(m, "container", target, rowsOf(base) ?? never(), [base]);
    change(m, base, fitted("value", { of: lost }));
  }
}

/** Binds a name, unpacks into several, or stores into a column. */
function store(m: Machine, target: Expr, expr: Expr, value: Bound): void {
  switch (target.kind) {
    case "name": {
      const shared = expr.kind === "name" || value.object !== undefined;
      const held = shared ? value : parted(m, target.id, define(m, target.id, value));
      bind(m, target.id, held);
      return;
    }
    case "tuple":
    case "list":
      target.items.forEach((item, i) => {
        const part = value.items?.[i];
        const one = part
          ? now(m, part)
          : holdsRows(value)
            ? trouble(m, "container", expr, rowsOf(value) ?? never(), [value])
            : fitted();
        if (item.kind === "name") bind(m, item.id, define(m, item.id, one));
        else if (item.kind === "subscript") storeItem(m, item, expr, one);
        else if (item.kind === "attribute") store(m, item, expr, one);
      });
      return;
    case "subscript":
      storeItem(m, target, expr, value);
      return;
    case "attribute": {
      const base = m.evaluate(target.value);
      if (base.kind === "frame" && isRow(base) && readsColumn(m, expr, target.attr))
        storeColumn(m, base, { kind: "constant", type: "str", value: target.attr, span: target.span }, value, expr);
      else if (base.cls && base.kind === "estimator" && !holdsRows(value)) storeAttribute(m, base, target.attr, value);
      else if (isRow(base)) change(m, base, trouble(m, "unknown operation", target, base.rows ?? never(), [base]));
      else if (base.object !== undefined && holdsRows(value)) change(m, base, { ...base, of: value, kind: "value" });
      return;
    }
    default:
      return;
  }
}
