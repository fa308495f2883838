import type { Expr, Stmt } from "../../python/ir.ts";
import { walkExpr, walkStmtExprs, walkStmts } from "../../python/walk.ts";
import type { Given } from "./arguments.ts";
import { type Bound, fitted, holdsRows, type UserFunction } from "./bound.ts";
import { rowsOf } from "./combine.ts";
import { change, globalScope, type Machine, now, trouble } from "./machine.ts";
import { namesIn } from "./names.ts";

/** Methods that change a list, set or dict in place. */
const mutators = new Set(
  "append extend insert remove pop clear sort reverse update setdefault add discard popitem appendleft".split(" "),
);

/** A method that changes a list or dict in place; undefined where it is another one. What is in it is known no longer than it can be followed. */
export function changedByMethod(m: Machine, expr: Expr, attr: string, base: Bound, given: Given): Bound | undefined {
  const isContainer = base.kind === "sequence" || base.kind === "mapping";
  if (!isContainer || !mutators.has(attr)) return undefined;
  const [first] = given.positional;
  const more = attr === "append" && first ? [first] : attr === "extend" ? first?.items : undefined;
  if (more && base.items && m.depth === 0) {
    change(m, base, { ...base, items: [...base.items, ...more] });
    return fitted("value", { constant: null });
  }
  const row = [base, ...given.all].find(holdsRows);
  const rows = row && rowsOf(row);
  if (!rows) {
    forget(m, base);
    return fitted();
  }
  const lost = trouble(m, "container", expr, rows, [base, ...given.all]);
  change(m, base, fitted("value", { of: lost }));
  return /^(?:pop|popitem|setdefault)$/.test(attr) ? lost : fitted();
}

/** What is in a list or dict is not known any more. */
export function forget(m: Machine, value: Bound): void {
  if (!value.items && !value.entries) return;
  const { items: _items, entries: _entries, ...rest } = value;
  change(m, value, rest);
}

/** A function that is not gone through may change the lists and dicts that it is given, or that it knows by name. */
export function forgetChanged(m: Machine, { definition }: UserFunction, given: Given): void {
  if (definition.kind === "lambda" || !mutates(definition.body)) return;
  for (const value of given.all) if (!holdsRows(value)) forget(m, now(m, value));
  const names = globalScope(m).names;
  for (const name of namesIn(definition)) {
    const held = names.get(name);
    const value = held && now(m, held);
    if (value && !holdsRows(value)) forget(m, value);
  }
}

function mutates(body: readonly Stmt[]): boolean {
  let found = false;
  walkStmts(body, (stmt) => {
    if (stmt.kind === "augassign" || stmt.kind === "delete") found = true;
    if (stmt.kind === "assign" && stmt.targets.some(({ kind }) => kind === "subscript")) found = true;
  });
  walkStmtExprs(body, (expr) => {
    walkExpr(expr, (one) => {
      if (one.kind === "call" && one.func.kind === "attribute" && mutators.has(one.func.attr)) found = true;
    });
  });
  return found;
}
