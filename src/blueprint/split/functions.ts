import type { CallExpr, Param, Stmt } from "../../python/ir.ts";
import { walkStmts } from "../../python/walk.ts";
import { type Given, poison } from "./arguments.ts";
import { type Bound, fitted, holdsRows, isRow, type UserFunction } from "./bound.ts";
import { rowsOf } from "./combine.ts";
import { forgetChanged } from "./containers.ts";
import { define, globalScope, type Machine, nameOf, placed, trouble } from "./machine.ts";
import { namesIn } from "./names.ts";

const deepest = 8;

/** A function of the notebook that is given rows is gone through as if it stood at the call (fit-apply.md, part 5). */
export function callUser(m: Machine, expr: CallExpr, fn: UserFunction, given: Given): Bound {
  if (!fn.isMethod && !given.all.some(holdsRows) && !readsRows(m, fn)) {
    forgetChanged(m, fn, given);
    return fitted("estimator", selectsBy(m, fn, given));
  }
  const { definition } = fn;
  const row = given.all.find(holdsRows);
  const rows = row && rowsOf(row);
  const refuse = (): Bound => {
    poison(m, expr, given.all);
    return rows ? trouble(m, "unknown operation", expr, rows, given.all) : fitted();
  };
  if (m.calls.length >= deepest || m.calls.some((call) => call.of === fn.name)) return refuse();
  if (expr.keywords.some((keyword) => keyword.name === undefined) || expr.args.some((arg) => arg.kind === "starred"))
    return refuse();
  const outer = m.scope;
  const unit = m.unit;
  const names = bindParams(m, definition.params, given);
  if (!names) return refuse();
  // What nobody else has a name for gets one, or what the function stores into it would be lost.
  if (definition.kind !== "lambda")
    for (const [name, value] of names)
      if (value.object === undefined && (isRow(value) || value.items || value.entries))
        names.set(name, placed(m, isRow(value) ? define(m, name, value) : value));
  m.scope = { names, outer: globalScope(m) };
  const keys = m.keys;
  m.calls.push({ of: fn.name, unit, span: expr.func.span, name: callName(expr, fn.name), keys: [...keys] });
  m.keys = [];
  m.unit = fn.unit;
  let out: Bound | undefined;
  if (definition.kind === "lambda") out = m.evaluate(definition.body);
  else if (isPlain(definition.body)) out = returned(m, definition.body) ?? fitted("value", { constant: null });
  m.calls.pop();
  m.keys = keys;
  m.unit = unit;
  m.scope = outer;
  return out ?? refuse();
}

/** The columns that the estimator takes which a function does nothing but make. */
function selectsBy(m: Machine, { definition }: UserFunction, given: Given): Pick<Bound, "selects"> {
  if (definition.kind === "lambda" || m.calls.length >= deepest) return {};
  const [only, ...more] = definition.body.filter((stmt) => stmt.kind !== "expr" || stmt.value.kind !== "constant");
  if (only?.kind !== "return" || only.value?.kind !== "call" || more.length > 0) return {};
  const names = bindParams(m, definition.params, given);
  if (!names) return {};
  const outer = m.scope;
  m.scope = { names, outer: globalScope(m) };
  m.calls.push({ of: definition.name, unit: m.unit, span: only.value.span, name: definition.name, keys: [...m.keys] });
  const { selects } = m.evaluate(only.value);
  m.calls.pop();
  m.scope = outer;
  return selects ? { selects } : {};
}

/** What a call is called: the function, and what it is given first. */
function callName(expr: CallExpr, fn: string): string {
  const [first] = expr.args;
  return first?.kind === "name" ? `${fn}_${first.id}` : fn;
}

/** What a body returns; on branches that are known it goes one way. undefined: it runs to its end. */
function returned(m: Machine, body: readonly Stmt[]): Bound | undefined {
  for (const stmt of body) {
    if (stmt.kind === "return") return stmt.value ? m.evaluate(stmt.value) : fitted("value", { constant: null });
    const test = stmt.kind === "if" && returns(stmt) ? m.evaluate(stmt.test) : undefined;
    if (stmt.kind === "if" && typeof test?.constant === "boolean") {
      const value = returned(m, test.constant ? stmt.body : stmt.otherwise);
      if (value) return value;
    } else if (returns(stmt)) {
      const [rows] = [...m.scope.names.values()].flatMap((value) => rowsOf(value) ?? []);
      return rows ? trouble(m, "branch", nameOf("return", stmt.span), rows) : fitted();
    } else m.execute([stmt]);
  }
  return undefined;
}

function returns(stmt: Stmt): boolean {
  let found = false;
  walkStmts([stmt], (one) => {
    if (one.kind === "return") found = true;
  });
  return found;
}

/** It does nothing that only a real call could do. */
function isPlain(body: readonly Stmt[]): boolean {
  let plain = true;
  walkStmts(body, (stmt) => {
    if (stmt.kind === "global" || stmt.kind === "nonlocal") plain = false;
    if (stmt.kind === "expr" && stmt.value.kind === "yield") plain = false;
  });
  return plain;
}

function bindParams(m: Machine, params: readonly Param[], given: Given): Map<string, Bound> | undefined {
  const names = new Map<string, Bound>();
  let at = 0;
  for (const param of params) {
    if (param.type === "star" || param.type === "double-star") return undefined;
    const value =
      given.named.get(param.name) ??
      (param.type === "keyword-only" ? undefined : given.positional[at++]) ??
      (param.default ? m.evaluate(param.default) : undefined);
    if (!value) return undefined;
    names.set(param.name, value);
  }
  return at > params.length ? undefined : names;
}

/** It looks at a table of the notebook without being given it. */
function readsRows(m: Machine, { definition }: UserFunction): boolean {
  const global = globalScope(m);
  return [...namesIn(definition)].some((name) => {
    const value = global.names.get(name);
    return value !== undefined && holdsRows(value);
  });
}
