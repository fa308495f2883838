import type { Expr, Stmt } from "../../python/ir.ts";
import { isTable, type Left, memberOfExpr, type NormalContext, typeOfExpr } from "./context.ts";
import { assign, name } from "./nodes.ts";

/** The run over one unit: what was written so far, and what names hold by now. */
export interface State {
  readonly context: NormalContext;
  readonly out: Stmt[];
  readonly left: Left[];
  /** Types of names that the unit itself has bound. */
  readonly types: Map<string, string>;
  /** Names known to hold one object, as the unit itself made them. */
  readonly same: Map<string, ReadonlySet<string>>;
  /** Names bound by the unit whose object something besides names may refer to. */
  readonly held: Set<string>;
  /** Names whose elements a selection made by the unit may share. */
  readonly shared: Set<string>;
  readonly taken: Set<string>;
  readonly count: { n: number };
}

export function newState(context: NormalContext, taken: Iterable<string>): State {
  return {
    context,
    out: [],
    left: [],
    types: new Map(),
    same: new Map(),
    held: new Set(),
    shared: new Set(),
    taken: new Set(taken),
    count: { n: 0 },
  };
}

export function typeOf(state: State, expr: Expr): string {
  return typeOfExpr(expr, state.context, state.types);
}

/**
 * True for a table or a column, also one that a variable names. A chain of calls on such a column stays one expression: it is one column
 * that is made of itself, whichever it is.
 */
export function isTableHere(state: State, expr: Expr): boolean {
  if (isTable(typeOf(state, expr))) return true;
  return expr.kind === "subscript" && typeOf(state, expr.value) === "DataFrame" && typeOf(state, expr.index) === "str";
}

/** A name that nothing else uses. */
export function freshName(state: State): string {
  for (;;) {
    const id = `_${++state.count.n}`;
    if (!state.taken.has(id)) {
      state.taken.add(id);
      return id;
    }
  }
}

/** Keeps a value under a new name and gives the name. */
export function keep(state: State, value: Expr): Expr {
  const target = name(freshName(state), value.span);
  bindName(state, target.id, value);
  state.out.push(assign(target, value, value.span));
  return target;
}

/** Notes what a name holds after `id = value`. */
export function bindName(state: State, id: string, value: Expr): void {
  const type = typeOf(state, value);
  const group = value.kind === "name" ? new Set([...aliasesOf(state, value.id), value.id]) : undefined;
  for (const other of aliasesOf(state, id)) state.same.set(other, without(state, other, id));
  const isOther = value.kind !== "name" && !isNew(state, value);
  set(state.held, id, value.kind === "name" ? isHeld(state, value.id) : isOther);
  set(state.shared, id, value.kind === "name" ? isShared(state, value.id) : isOther);
  share(state, value);
  state.types.set(id, type);
  if (!group) {
    state.same.set(id, new Set());
    return;
  }
  group.delete(id);
  state.same.set(id, group);
  for (const other of group) state.same.set(other, new Set([...aliasesOf(state, other), id]));
}

/** A selection may share the elements of its table: from now on the table has another owner. */
function share(state: State, value: Expr): void {
  let base = value;
  while (base.kind === "attribute" || base.kind === "subscript") base = base.value;
  if (base === value || base.kind !== "name" || !isTable(typeOf(state, base))) return;
  for (const id of [base.id, ...aliasesOf(state, base.id)]) state.shared.add(id);
}

function set(names: Set<string>, id: string, isIn: boolean): void {
  if (isIn) names.add(id);
  else names.delete(id);
}

/** True where a selection may share the elements of what a name holds. */
export function isShared(state: State, id: string): boolean {
  return state.shared.has(id) || (!state.same.has(id) && state.context.isShared(id));
}

/** True where something besides names may refer to the object of a name. */
export function isHeld(state: State, id: string): boolean {
  return state.same.has(id) ? state.held.has(id) : state.context.isHeld(id);
}

/** True for a call that makes an object of its own: nothing else shares it. */
function isNew(state: State, value: Expr): boolean {
  if (value.kind !== "call") return false;
  const { func } = value;
  const { knowledge } = state.context;
  const member = memberOfExpr(func, state.context);
  const effect =
    member !== undefined
      ? knowledge.functionEffect(member)
      : func.kind === "attribute"
        ? knowledge.methodEffect(typeOf(state, func.value), func.attr)
        : undefined;
  return effect !== undefined && !effect.view && !effect.self && !effect.holds;
}

function without(state: State, of: string, id: string): ReadonlySet<string> {
  return new Set([...aliasesOf(state, of)].filter((other) => other !== id));
}

/** The other names that hold the object of a name. */
export function aliasesOf(state: State, id: string): ReadonlySet<string> {
  return state.same.get(id) ?? new Set(state.context.aliases(id));
}

/** `f = value` in place of a change of the object that `f` holds: every name of the object moves on with it. */
export function replaceObject(state: State, id: string, value: Expr): boolean {
  if (isHeld(state, id) || (changesElements(value) && isShared(state, id))) {
    state.left.push({ span: value.span, why: "the table is held elsewhere" });
    return false;
  }
  const others = [...aliasesOf(state, id)];
  if (others.some((other) => isHeld(state, other))) {
    state.left.push({ span: value.span, why: "the table is held elsewhere" });
    return false;
  }
  const type = typeOf(state, value);
  state.out.push(assign(name(id, value.span), value, value.span));
  for (const other of others) state.out.push(assign(name(other, value.span), name(id, value.span), value.span));
  state.types.set(id, type);
  for (const other of others) state.types.set(other, type);
  for (const one of [id, ...others]) state.shared.delete(one);
  return true;
}

/** In-place methods that write into the elements; all others give the table new rows or columns and leave the old ones alone. */
function changesElements(value: Expr): boolean {
  const called = value.kind === "call" && value.func.kind === "attribute" ? value.func.attr : "";
  return /^(?:fillna|replace|clip|where|mask|interpolate|ffill|bfill|update)$/.test(called);
}
