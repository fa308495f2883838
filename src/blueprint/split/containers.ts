import type { Expr, Stmt } from "../../python/ir.ts";
import { walkExpr, walkStmtExprs, walkStmts } from "../../python/walk.ts";
import type { Given } from "./arguments.ts";
import { type Bound, fitted, holdsRows, isRow, predictionsOf, rowwise, type UserFunction } from "./bound.ts";
import { common, rowsOf } from "./combine.ts";
import { change, define, globalScope, type Machine, now, trouble } from "./machine.ts";
import { namesIn } from "./names.ts";

/** Methods that change a list, set or dict in place. */
export const mutators: ReadonlySet<string> = new Set(
  "append extend insert remove pop clear sort reverse update setdefault add discard popitem appendleft".split(" "),
);

/** A method that changes a list or dict in place; undefined where it is another one. What is in it is known no longer than it can be followed. */
export function changedByMethod(m: Machine, expr: Expr, attr: string, base: Bound, given: Given): Bound | undefined {
  const isContainer = base.kind === "sequence" || base.kind === "mapping" || base.kind === "stack";
  if (!isContainer || !mutators.has(attr)) return undefined;
  const [first] = given.positional;
  const more = attr === "append" && first ? [first] : attr === "extend" ? first?.items : undefined;
  if (more && base.items && m.depth === 0) {
    change(m, base, { ...base, items: [...base.items, ...more] });
    return fitted("value", { constant: null });
  }
  if (attr === "append" && first && given.all.length === 1) {
    const longer = appended(m, expr, base, first);
    if (longer) {
      change(m, base, longer);
      return fitted("value", { constant: null });
    }
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

/** A list with one more row value, as a version of its own: in a loop nobody knows how many there are. */
function appended(m: Machine, expr: Expr, list: Bound, value: Bound): Bound | undefined {
  const target = expr.kind === "call" && expr.func.kind === "attribute" ? expr.func.value : undefined;
  if (!isRow(value) || !value.code || !value.rows || target?.kind !== "name" || value.kind === "unknown")
    return undefined;
  // Rows that a turn makes are others in each turn.
  if (value.rows.id > m.loopFrom) return undefined;
  const start = list.kind === "stack" ? list : grownFrom(list, value, expr);
  const each = start?.each && eachOf([start.each, value.kind]);
  if (!start?.code || !each || common([start, value])?.id !== value.rows.id) return undefined;
  const before: Expr[] =
    start.code.kind === "list" ? [...start.code.items] : [{ kind: "starred", value: start.code, span: expr.span }];
  const code: Expr = { kind: "list", items: [...before, value.code], span: expr.span };
  const { width: _width, ...rest } = start;
  return define(m, target.id, {
    ...rest,
    code,
    each,
    object: undefined,
    predictions: predictionsOf([start, value]),
    ...(start.width === 1 && value.width === 1 ? { width: 1 } : {}),
  });
}

/** What each of several values is: columns among tables count as tables. */
function eachOf(kinds: readonly Bound["kind"][]): Bound["kind"] | undefined {
  const [first, ...rest] = kinds;
  if (rest.every((kind) => kind === first)) return first;
  return kinds.every((kind) => kind === "frame" || kind === "series") ? "frame" : undefined;
}

/** A list that is known item by item as one that can grow by values like this one. */
export function grownFrom({ kind, items }: Bound, value: Bound, at: Expr): Bound | undefined {
  const { rows } = value;
  if (kind !== "sequence" || !items || !rows || value.kind === "unknown") return undefined;
  const last = value.kind === "stack" ? value.each : value.kind;
  const each = last && eachOf([last, ...items.map((item) => item.kind)]);
  const isFitting = items.every((item) => item.code !== undefined && item.rows?.id === rows.id);
  if (!each || !isFitting) return undefined;
  const code: Expr = { kind: "list", items: items.flatMap((item) => item.code ?? []), span: at.span };
  const isSingle = value.width === 1 && items.every((item) => item.width === 1);
  return rowwise("stack", code, rows, { predictions: predictionsOf(items), each, ...(isSingle ? { width: 1 } : {}) });
}

/** What is in a list or dict is not known any more. */
export function forget(m: Machine, value: Bound): void {
  if (!value.items && !value.entries && !value.lacks) return;
  const { items: _items, entries: _entries, lacks: _lacks, ...rest } = value;
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
