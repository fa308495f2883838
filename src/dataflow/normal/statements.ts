import type { AssignStmt, Expr, ForStmt, Stmt } from "../../python/ir.ts";
import { blocksOf, targetNames, walkStmts } from "../../python/walk.ts";
import { boundNames } from "../bound-names.ts";
import { isTable } from "./context.ts";
import { changedInPlace, hasEffect, normalExpr } from "./expressions.ts";
import { assign, attribute, call, item, keyword, list, method, text } from "./nodes.ts";
import { bindName, isShared, isTableHere, keep, replaceObject, type State, typeOf } from "./state.ts";

/** Longest literal list of tables that a loop is written out for. */
const mostTurns = 16;

/** Writes the statement to `state.out` in its normal form. */
export function normalStmt(state: State, stmt: Stmt): void {
  switch (stmt.kind) {
    case "expr": {
      const value = stmt.value;
      if (value.kind === "call" && value.func.kind === "attribute" && isInPlace(state, value)) {
        changedInPlace(state, value);
        return;
      }
      const done = normalExpr(state, value);
      if (done.kind !== "name" && done.kind !== "constant") state.out.push({ ...stmt, value: done });
      return;
    }
    case "assign":
      normalAssign(state, stmt);
      return;
    case "augassign": {
      const { target } = stmt;
      const isColumn =
        target.kind === "subscript" && target.value.kind === "name" && typeOf(state, target.value) === "DataFrame";
      // A column is added to in place, so whoever shares its elements sees it.
      if (isColumn && target.value.kind === "name" && isShared(state, target.value.id)) {
        state.left.push({ span: stmt.span, why: "the table is held elsewhere" });
        state.out.push(stmt);
        return;
      }
      const op = stmt.op.replace(/=$/, "");
      if (isColumn && target.index.kind === "constant" && !hasEffect(state, stmt.value)) {
        const value = normalExpr(state, stmt.value);
        const sum: Expr = { kind: "binary", op, left: target, right: value, span: stmt.span };
        state.out.push(assign(target, sum, stmt.span));
      } else
        state.out.push({ ...stmt, value: hasEffect(state, stmt.value) ? stmt.value : normalExpr(state, stmt.value) });
      return;
    }
    case "delete":
      for (const target of stmt.targets) normalDelete(state, target);
      return;
    case "for":
      normalFor(state, stmt);
      return;
    case "if":
      state.out.push({
        ...stmt,
        test: normalExpr(state, stmt.test),
        body: block(state, stmt.body),
        otherwise: block(state, stmt.otherwise),
      });
      forget(state, stmt);
      return;
    case "with":
      state.out.push({ ...stmt, body: block(state, stmt.body) });
      return;
    case "while":
      forget(state, stmt);
      state.out.push({ ...stmt, body: block(state, stmt.body), otherwise: block(state, stmt.otherwise) });
      forget(state, stmt);
      return;
    case "try":
      state.out.push({
        ...stmt,
        body: block(state, stmt.body),
        handlers: stmt.handlers.map((one) => ({ ...one, body: block(state, one.body) })),
        otherwise: block(state, stmt.otherwise),
        finally: block(state, stmt.finally),
      });
      forget(state, stmt);
      return;
    default:
      state.out.push(stmt);
  }
}

function isInPlace(state: State, expr: Expr): boolean {
  if (expr.kind !== "call" || expr.func.kind !== "attribute" || !isTableHere(state, expr.func.value)) return false;
  const flag = expr.keywords.find((one) => one.name === "inplace")?.value;
  const parts = [...expr.args, ...expr.keywords.map((one) => one.value)];
  return flag?.kind === "constant" && flag.value === true && !parts.some((one) => hasEffect(state, one));
}

/** A block of its own: what it writes stays inside it. */
function block(state: State, stmts: readonly Stmt[]): readonly Stmt[] {
  const start = state.out.length;
  for (const stmt of stmts) normalStmt(state, stmt);
  const inner = state.out.splice(start);
  return inner.length === 0 && stmts.length > 0 && stmts[0] ? [{ kind: "pass", span: stmts[0].span }] : inner;
}

/** After a way that may or may not have run, nothing is known of the names that it binds. */
function forget(state: State, stmt: Stmt): void {
  for (const id of boundNames(blocksOf(stmt).flat()).bound) {
    state.types.set(id, "unknown");
    state.held.add(id);
    state.shared.add(id);
  }
}

function normalAssign(state: State, stmt: AssignStmt): void {
  const [target, ...more] = stmt.targets;
  if (!target) return;
  if (more.length === 0 && target.kind === "tuple" && stmt.value.kind === "tuple" && isPairwise(target, stmt.value)) {
    pairwise(state, target.items, stmt.value.items);
    return;
  }
  let value = normalExpr(state, stmt.value);
  if (more.length > 0 && value.kind !== "name" && value.kind !== "constant") value = keep(state, value);
  for (const one of stmt.targets) store(state, one, value, stmt);
}

function isPairwise(target: Expr, value: Expr): boolean {
  return (
    target.kind === "tuple" &&
    value.kind === "tuple" &&
    target.items.length === value.items.length &&
    ![...target.items, ...value.items].some((one) => one.kind === "starred")
  );
}

/** `a, b = x, y`: all values first, then the targets from left to right. */
function pairwise(state: State, targets: readonly Expr[], values: readonly Expr[]): void {
  const bound = new Set(targets.flatMap(targetNames));
  const isFree = (one: Expr): boolean => one.kind === "constant" || (one.kind === "name" && !bound.has(one.id));
  const lone = values.length === 1;
  const done = values.map((one) => {
    const value = normalExpr(state, one);
    return isFree(value) || lone ? value : keep(state, value);
  });
  targets.forEach((target, i) => {
    const value = done[i];
    if (value) store(state, target, value, { kind: "assign", targets: [target], value, span: target.span });
  });
}

function store(state: State, target: Expr, value: Expr, stmt: AssignStmt): void {
  if (target.kind === "name") {
    state.out.push(assign(target, value, stmt.span));
    bindName(state, target.id, value);
    return;
  }
  if (target.kind === "attribute" && target.value.kind === "name" && typeOf(state, target.value) === "DataFrame") {
    if (storeAttribute(state, target.value.id, target, value, stmt)) return;
  } else if (target.kind === "subscript" && target.value.kind === "subscript") {
    if (storeChained(state, target, target.value, value, stmt)) return;
  }
  state.out.push(assign(target, value, stmt.span));
  for (const id of targetNames(target)) {
    state.types.set(id, "unknown");
    state.same.set(id, new Set());
    state.held.add(id);
    state.shared.add(id);
  }
}

/** `f.columns = names` is a renaming by a map from old to new; `f.c = v` a store into a column that exists. */
function storeAttribute(
  state: State,
  table: string,
  target: Expr & { kind: "attribute" },
  value: Expr,
  stmt: AssignStmt,
): boolean {
  const { span } = stmt;
  if (target.attr === "columns") {
    const old = attribute(target.value, "columns", span);
    const map = keep(state, call("dict", [call("zip", [old, value], span)], span));
    return replaceObject(state, table, method(target.value, "rename", [], [keyword("columns", map)], span));
  }
  if (target.attr === "index")
    return replaceObject(
      state,
      table,
      method(
        target.value,
        "set_axis",
        [value],
        [keyword("axis", { kind: "constant", type: "int", value: 0, span })],
        span,
      ),
    );
  const exists = state.context.hasColumn(table, target.attr);
  if (exists === undefined) state.left.push({ span: target.span, why: "the column may not exist" });
  if (exists !== true) return false;
  state.out.push(assign(item(target.value, text(target.attr, span), span), value, span));
  return true;
}

/** `f['c'][rows] = v`: before pandas 3 it reaches the table, with copy-on-write it is lost. */
function storeChained(
  state: State,
  target: Expr & { kind: "subscript" },
  inner: Expr & { kind: "subscript" },
  value: Expr,
  stmt: AssignStmt,
): boolean {
  if (typeOf(state, inner.value) !== "DataFrame" || inner.index.kind !== "constant") return false;
  const { copyOnWrite } = state.context;
  if (copyOnWrite === undefined) {
    state.left.push({ span: stmt.span, why: "the version of pandas decides" });
    return false;
  }
  if (copyOnWrite) return true;
  const index: Expr = { kind: "tuple", items: [target.index, inner.index], span: stmt.span };
  state.out.push(assign(item(attribute(inner.value, "loc", stmt.span), index, stmt.span), value, stmt.span));
  return true;
}

/** `del f['c']` is the table without the column. */
function normalDelete(state: State, target: Expr): void {
  if (target.kind === "tuple" || target.kind === "list") {
    for (const one of target.items) normalDelete(state, one);
    return;
  }
  if (target.kind === "subscript" && target.value.kind === "name" && typeOf(state, target.value) === "DataFrame") {
    const { span } = target;
    const rest = method(target.value, "drop", [], [keyword("columns", list([target.index], span))], span);
    if (replaceObject(state, target.value.id, rest)) return;
  }
  state.out.push({ kind: "delete", targets: [target], span: target.span });
}

function normalFor(state: State, stmt: ForStmt): void {
  const turns = turnsOf(state, stmt);
  if (turns) {
    for (const turn of turns) {
      normalAssign(state, { kind: "assign", targets: [stmt.target], value: turn, span: stmt.span });
      for (const inner of stmt.body) normalStmt(state, inner);
    }
    return;
  }
  const iterable = normalExpr(state, stmt.iterable);
  // To go through a table is to go through the names of its columns, as they are at the start.
  const isFrame = typeOf(state, iterable) === "DataFrame";
  const all = isFrame ? call("list", [attribute(iterable, "columns", iterable.span)], iterable.span) : iterable;
  forget(state, stmt);
  // A text behind the loop was one in each turn, unless the body gives the name another value.
  const { bound } = boundNames(stmt.body);
  for (const id of targetNames(stmt.target)) {
    const isText = !bound.has(id) && state.context.typeAfter?.(id) === "str";
    state.types.set(id, isText ? "str" : "unknown");
  }
  state.out.push({ ...stmt, iterable: all, body: block(state, stmt.body), otherwise: block(state, stmt.otherwise) });
  forget(state, stmt);
}

/** The values that a loop over a literal list of tables goes through, where it can be written out turn by turn. */
function turnsOf(state: State, stmt: ForStmt): readonly Expr[] | undefined {
  const { iterable } = stmt;
  if (stmt.otherwise.length > 0 || stmt.isAsync || (iterable.kind !== "tuple" && iterable.kind !== "list"))
    return undefined;
  if (iterable.items.length > mostTurns || leaves(stmt.body)) return undefined;
  const bound = new Set([...boundNames(stmt.body).bound, ...targetNames(stmt.target)]);
  const flat = iterable.items.flatMap((one) => (one.kind === "tuple" ? one.items : [one]));
  const isPlain = flat.every((one) => one.kind === "constant" || (one.kind === "name" && !bound.has(one.id)));
  const hasTable = flat.some((one) => one.kind === "name" && isTable(typeOf(state, one)));
  const fits = iterable.items.every((one) => stmt.target.kind === "name" || isPairwise(stmt.target, one));
  return isPlain && hasTable && fits ? iterable.items : undefined;
}

/** True where `break` or `continue` may end a turn early. */
function leaves(body: readonly Stmt[]): boolean {
  let found = false;
  walkStmts(body, (stmt) => {
    if (stmt.kind === "break" || stmt.kind === "continue" || stmt.kind === "return") found = true;
    return stmt.kind !== "function" && stmt.kind !== "class";
  });
  return found;
}
