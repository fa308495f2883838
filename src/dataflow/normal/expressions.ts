import type { CallExpr, Expr, LambdaExpr } from "../../python/ir.ts";
import { walkExpr } from "../../python/walk.ts";
import { isTable } from "./context.ts";
import { assign, attribute, item, list, method, name, none, text } from "./nodes.ts";
import { bindName, isTableHere, keep, replaceObject, type State, typeOf } from "./state.ts";
import { boundInside, substitute } from "./substitute.ts";

/**
 * The expression with its side effects taken out: what they do is written before it, in the order in which Python
 * evaluates. Calls on the results of calls, where those are tables, become statements of their own, and lambdas that
 * are given a whole table (`assign`, `pipe`, `loc`) are put in place of their call.
 */
export function normalExpr(state: State, expr: Expr): Expr {
  switch (expr.kind) {
    case "walrus": {
      const value = normalExpr(state, expr.value);
      state.out.push(assign(expr.target, value, expr.span));
      bindName(state, expr.target.id, value);
      return expr.target;
    }
    case "attribute": {
      const value = receiver(state, expr.value);
      return value === expr.value ? expr : { ...expr, value };
    }
    case "subscript": {
      const base = receiver(state, expr.value);
      const lambdas = expr.index.kind === "tuple" ? expr.index.items : [expr.index];
      if (lambdas.some(isFrameLambda) && (isTable(typeOf(state, base)) || isLocator(state, base))) {
        const [table, where] = tableOf(state, base);
        const parts = lambdas.map((one) => (isFrameLambda(one) ? normalExpr(state, inlined(state, one, table)) : one));
        const [first] = parts;
        const index: Expr =
          expr.index.kind === "tuple" || !first ? { ...expr.index, kind: "tuple", items: parts } : first;
        return { ...expr, value: where, index };
      }
      const [value, index] = inOrder(state, [base, expr.index]);
      return { ...expr, value: value ?? base, index: index ?? expr.index };
    }
    case "slice": {
      const given = [expr.lower, expr.upper, expr.step];
      const done = inOrder(
        state,
        given.filter((one) => one !== undefined),
      );
      let at = 0;
      const [lower, upper, step] = given.map((one) => (one ? done[at++] : undefined));
      return { ...expr, ...(lower ? { lower } : {}), ...(upper ? { upper } : {}), ...(step ? { step } : {}) };
    }
    case "call":
      return normalCall(state, expr);
    case "binary": {
      const [left, right] = inOrder(state, [expr.left, expr.right]);
      return { ...expr, left: left ?? expr.left, right: right ?? expr.right };
    }
    case "unary":
      return { ...expr, operand: normalExpr(state, expr.operand) };
    case "compare": {
      if (expr.comparators.length > 1) return guarded(state, expr);
      const [left, right] = inOrder(state, [expr.left, ...expr.comparators]);
      return { ...expr, left: left ?? expr.left, comparators: right ? [right] : expr.comparators };
    }
    case "tuple":
    case "list":
    case "set":
      return { ...expr, items: inOrder(state, expr.items) };
    case "starred":
      return { ...expr, value: normalExpr(state, expr.value) };
    case "dict": {
      const flat = inOrder(
        state,
        expr.items.flatMap(({ key, value }) => (key ? [key, value] : [value])),
      );
      let at = 0;
      const next = (before: Expr): Expr => flat[at++] ?? before;
      return {
        ...expr,
        items: expr.items.map(({ key, value }) => ({ ...(key ? { key: next(key) } : {}), value: next(value) })),
      };
    }
    default:
      return guarded(state, expr);
  }
}

/** Stays as it is: its parts run not at all, later, or many times, so nothing may be taken out of it. */
function guarded(state: State, expr: Expr): Expr {
  if (hasEffect(state, expr)) state.left.push({ span: expr.span, why: "the effect happens on one way only" });
  return expr;
}

/** Parts in the order in which Python evaluates them; those before an effect keep the value that they had then. */
function inOrder(state: State, exprs: readonly Expr[]): readonly Expr[] {
  let last = -1;
  exprs.forEach((one, i) => {
    if (hasEffect(state, one)) last = i;
  });
  return exprs.map((one, i) => {
    const done = normalExpr(state, one);
    return i < last && !isStable(done, exprs.slice(i + 1)) ? keep(state, done) : done;
  });
}

/** A constant, or the name of an object that stays the one it is, whatever the later parts change in it. */
function isStable(expr: Expr, later: readonly Expr[]): boolean {
  if (expr.kind === "constant") return true;
  if (expr.kind === "attribute") return expr.value.kind === "name" && isStable(expr.value, later);
  return expr.kind === "name" && !later.some((one) => boundInside(one).has(expr.id));
}

function receiver(state: State, expr: Expr): Expr {
  const done = normalExpr(state, expr);
  return done.kind === "call" && isTable(typeOf(state, done)) ? keep(state, done) : done;
}

/** What a call changes besides giving a value: a table's column taken out, a change in place. */
function effectOf(state: State, expr: CallExpr): "pop" | "inplace" | undefined {
  const { func } = expr;
  if (func.kind !== "attribute" || !isTableHere(state, func.value)) return undefined;
  if (func.attr === "pop" && expr.args.length === 1 && expr.keywords.length === 0) return "pop";
  const flag = expr.keywords.find((one) => one.name === "inplace")?.value;
  return flag?.kind === "constant" && flag.value === true ? "inplace" : undefined;
}

export function hasEffect(state: State, expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (one) => {
    if (one.kind === "lambda") return false;
    if (one.kind === "walrus" || (one.kind === "call" && effectOf(state, one) !== undefined)) found = true;
    return !found;
  });
  return found;
}

function normalCall(state: State, expr: CallExpr): Expr {
  const keywords = [...expr.keywords];
  const isOrdered = keywords.every((one) => expr.args.every((arg) => arg.span.start < one.span.start));
  if (!isOrdered) return guarded(state, expr);
  const effect = effectOf(state, expr);
  const parts = inOrder(state, [expr.func, ...expr.args, ...keywords.map((one) => one.value)]);
  const func = parts[0] ?? expr.func;
  const args = parts.slice(1, 1 + expr.args.length);
  const done: CallExpr = {
    ...expr,
    func,
    args,
    keywords: keywords.map((one, i) => ({ ...one, value: parts[1 + args.length + i] ?? one.value })),
  };
  if (func.kind !== "attribute") return done;
  if (effect === "pop") return popped(state, done, func.value);
  if (effect === "inplace") {
    changedInPlace(state, done);
    return none(expr.span);
  }
  if (!isTableHere(state, func.value)) return done;
  if (func.attr === "assign") return assigned(state, done, func.value);
  if (func.attr === "pipe") return piped(state, done, func.value);
  return done;
}

/** `f.pop(c)`: the column, and then the table without it. */
function popped(state: State, expr: CallExpr, table: Expr): Expr {
  const [column] = expr.args;
  if (table.kind !== "name" || !column || typeOf(state, table) !== "DataFrame") {
    state.left.push({ span: expr.span, why: "the table has no name" });
    return expr;
  }
  const key = column.kind === "constant" || column.kind === "name" ? column : keep(state, column);
  const start = state.out.length;
  const value = keep(state, item(table, key, expr.span));
  const rest = method(
    table,
    "drop",
    [],
    [{ name: "columns", value: list([key], expr.span), span: expr.span }],
    expr.span,
  );
  if (replaceObject(state, table.id, rest)) return value;
  state.out.length = start;
  return expr;
}

/** `f.op(…, inplace=True)` becomes `f = f.op(…)`, and `f[c].op(…, inplace=True)` a store into `f`. True when it did. */
export function changedInPlace(state: State, expr: CallExpr): boolean {
  const { func } = expr;
  if (func.kind !== "attribute") return false;
  const value: CallExpr = { ...expr, keywords: expr.keywords.filter((one) => one.name !== "inplace") };
  const target = func.value;
  if (target.kind === "name") {
    if (replaceObject(state, target.id, value)) return true;
  } else if (
    target.kind === "subscript" &&
    typeOf(state, target.value) === "DataFrame" &&
    (target.index.kind === "constant" || (target.index.kind === "name" && typeOf(state, target.index) === "str"))
  ) {
    // With copy-on-write the selection is a copy, and the change is lost with it.
    if (state.context.copyOnWrite === true) return true;
    if (state.context.copyOnWrite === false) {
      state.out.push(assign(target, value, expr.span));
      return true;
    }
    state.left.push({ span: expr.span, why: "the version of pandas decides" });
  } else state.left.push({ span: expr.span, why: "the table has no name" });
  state.out.push({ kind: "expr", value: expr, span: expr.span });
  return false;
}

/** `x.assign(a=…, b=lambda d: …)`: a copy that gets its columns one by one. */
function assigned(state: State, expr: CallExpr, table: Expr): Expr {
  if (expr.args.length > 0 || expr.keywords.some((one) => one.name === undefined)) return expr;
  const isFlat = (one: Expr): boolean => one.kind === "constant" || isFrameLambda(one);
  const values = expr.keywords.map(({ value }) => (isFlat(value) ? value : keep(state, value)));
  const copy = keep(state, method(table, "copy", [], [], expr.span));
  expr.keywords.forEach((one, i) => {
    const given = values[i] ?? one.value;
    const value = isFrameLambda(given) ? normalExpr(state, inlined(state, given, copy)) : given;
    state.out.push(assign(item(copy, text(one.name ?? "", one.span), one.span), value, one.span));
  });
  return copy;
}

/** `x.pipe(f, a)` is `f(x, a)`; a lambda is put in place. */
function piped(state: State, expr: CallExpr, table: Expr): Expr {
  const [func, ...rest] = expr.args;
  if (!func || func.kind === "starred" || func.kind === "tuple") return expr;
  if (isFrameLambda(func) && rest.length === 0 && expr.keywords.length === 0) {
    const [named] = tableOf(state, table);
    return normalExpr(state, inlined(state, func, named));
  }
  if (func.kind !== "name") return expr;
  return { ...expr, func, args: [table, ...rest] };
}

/** A lambda of one plain parameter: what pandas calls with the whole table. */
function isFrameLambda(expr: Expr): expr is LambdaExpr {
  const [param] = expr.kind === "lambda" ? expr.params : [];
  return (
    expr.kind === "lambda" &&
    expr.params.length === 1 &&
    param?.default === undefined &&
    (param?.type === "normal" || param?.type === "positional-only")
  );
}

function isLocator(state: State, expr: Expr): boolean {
  return expr.kind === "attribute" && /^i?loc$/.test(expr.attr) && isTable(typeOf(state, expr.value));
}

/** The table under a name, and the expression as before with that name in it. */
function tableOf(state: State, expr: Expr): readonly [table: Expr, whole: Expr] {
  const isPlace = isLocator(state, expr);
  const base = isPlace && expr.kind === "attribute" ? expr.value : expr;
  const table = base.kind === "name" ? base : keep(state, base);
  return [table, isPlace && expr.kind === "attribute" ? attribute(table, expr.attr, expr.span) : table];
}

/** The body of the lambda with the table in place of its parameter. */
function inlined(state: State, lambda: LambdaExpr, table: Expr): Expr {
  const [param] = lambda.params;
  const id = param?.name ?? "";
  const free = table.kind === "name" && boundInside(lambda.body).has(table.id) ? keep(state, table) : table;
  return substitute(lambda.body, id, free.kind === "name" ? name(free.id, lambda.span) : free);
}
