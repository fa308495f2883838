import type { CallExpr } from "../python/ir.ts";
import { type Effect, pure } from "../python/knowledge/effect.ts";
import { type Arguments, evaluateArguments, isDeterministic, madeArguments } from "./arguments.ts";
import { functionOnTables, methodOnTable } from "./columns/call.ts";
import { databricks } from "./databricks.ts";
import { callBack, callFunction, classesOf, extendsEstimator, instantiate, isStatic, method } from "./functions.ts";
import { apply, isNoCopy } from "./library.ts";
import { type Machine, mutate, siteOf, tagsOf, useWhole } from "./machine.ts";
import { readQuery } from "./query-names.ts";
import { maker } from "./sights.ts";
import { special } from "./special.ts";
import { unknownCall } from "./unknown-call.ts";
import { type Callable, join, plain, tag, type Value } from "./value.ts";
import { written } from "./written.ts";

type ClassCallable = Callable & { readonly kind: "class" };

/** The value and effects of a call. */
export function call(m: Machine, expr: CallExpr): Value {
  const before = m.changes;
  const value = dispatch(m, expr);
  if (m.changes > before && m.stack.length === 0) m.trace.impure.push(expr.span);
  noteFigure(m, expr, value);
  return value;
}

function dispatch(m: Machine, expr: CallExpr): Value {
  const { func } = expr;
  if (func.kind === "attribute") {
    const base = m.see(func.value);
    const args = evaluateArguments(m, expr);
    runQuery(m, expr, args);
    if (base.member !== undefined) return callMember(m, expr, `${base.member}.${func.attr}`, args);
    return callMethod(m, expr, base, func.attr, args);
  }
  const callee = m.evaluate(func);
  const args = evaluateArguments(m, expr);
  if (callee.member !== undefined) {
    runQuery(m, expr, args);
    return callMember(m, expr, callee.member, args);
  }
  return callValue(m, expr, callee, args);
}

/** Reads what the text of a query or a formula mentions, and runs the functions among it on columns. */
function runQuery(m: Machine, expr: CallExpr, args: Arguments): void {
  for (const value of readQuery(m, expr, args)) callBack(m, value, madeArguments([plain("Series")]), expr.span);
}

function callValue(m: Machine, expr: CallExpr, callee: Value, args: Arguments): Value {
  let out: Value | undefined;
  mutate(
    m,
    [...callee.objs].filter((id) => m.heap.get(id).type === "closure"),
    written(expr),
  );
  for (const callable of callee.callables ?? []) {
    const result =
      callable.kind === "function"
        ? callFunction(m, callable, args, expr.span)
        : instantiate(m, callable, args, expr.span);
    out = out ? join(out, result) : result;
  }
  const { members = [] } = callee;
  if (members.length > 0) runQuery(m, expr, args);
  for (const member of members) out = joined(out, callMember(m, expr, member, args));
  if (out) return callee.foreign ? join(out, anyCall(m, callee, args, expr, written(expr))) : out;
  for (const c of classesOf(m, callee)) {
    const invoke = method(c, "__call__");
    if (invoke) return callFunction(m, { ...invoke, self: callee }, args, expr.span);
  }
  for (const value of [callee, ...args.all]) useWhole(m, value, written(expr));
  if (callee.type === "unknown-pure" && callee.objs.size > 0) callBack(m, callee, args, expr.span);
  if (callee.type === "unknown-pure") return apply(m, pureCall, callee, args, expr, "a library function");
  const held = callBack(m, callee, args, expr.span);
  return join(
    held ?? unknownCall(m, callee, args, expr, written(expr)),
    unknownCall(m, callee, args, expr, written(expr)),
  );
}

/** A call of something else than what is known of the callee. */
function anyCall(m: Machine, self: Value, args: Arguments, expr: CallExpr, callee: string): Value {
  for (const value of [self, ...args.all]) useWhole(m, value, callee);
  return unknownCall(m, self, args, expr, callee);
}

const pureCall: Effect = { ...pure, view: true, holds: true, inplace: true, returns: "unknown-pure" };

/** A function or class of a library, by its qualified name. */
function callMember(m: Machine, expr: CallExpr, member: string, args: Arguments): Value {
  return functionOnTables(m, member, args, () => memberResult(m, expr, member, args));
}

function memberResult(m: Machine, expr: CallExpr, member: string, args: Arguments): Value {
  const made = databricks(m, expr, member, args) ?? special(m, expr, member, args);
  if (made) return made;
  const effect = m.knowledge.functionEffect(member);
  if (!effect) {
    if (member.includes(".") && !m.trace.unknownMembers.has(member))
      m.trace.unknownMembers.set(member, siteOf(m, expr.span));
    return unknownCall(m, undefined, args, expr, member);
  }
  const result = apply(m, effect, undefined, args, expr, member);
  if (m.knowledge.isEstimatorClass(member)) {
    const seeded = [...args.named].some(
      ([key, value]) => (key === "random_state" || key === "seed") && value.type !== "None",
    );
    const parts = args.all.flatMap((value) => [...m.heap.reach(value.objs)]).map((id) => m.heap.get(id));
    const calls = args.all.some(({ member: given }) => given !== undefined && m.knowledge.functionEffect(given)?.draws);
    const draws = calls || parts.some((part) => part.draws) || (!seeded && !isDeterministic(effect, args));
    const random = !seeded && (effect.random || isConditionMet(effect, args));
    const advances = parts.some((part) => part.advances) || (!seeded && effect.advances);
    const worksOnArguments = [...args.named].some(([key, value]) => isNoCopy(key, value));
    for (const id of result.objs) {
      const obj = m.heap.get(id);
      obj.draws ||= draws;
      if (random) obj.random ??= maker(m, expr);
      obj.seedsParts ||= effect.seedsParts;
      obj.clones ||= effect.clones;
      obj.advances ||= advances;
      obj.worksOnArguments ||= worksOnArguments;
    }
  }
  return result;
}

/** An argument of a class says that it draws after all. */
function isConditionMet({ deterministic }: Effect, args: Arguments): boolean {
  const { argument, values } = deterministic?.unless ?? {};
  // Solvers of one and the same convex problem meet at the same end, in whatever order they take the rows.
  if (argument === "solver") return false;
  const given = argument === undefined ? undefined : args.named.get(argument)?.constant;
  return values ? values.includes(String(given)) : given === true;
}

function callMethod(m: Machine, expr: CallExpr, base: Value, attr: string, args: Arguments): Value {
  let out: Value | undefined;
  for (const c of classesOf(m, base)) {
    const own = isSuper(expr) ? inheritedMethod(m, c, attr) : method(c, attr);
    if (own) out = joined(out, callFunction(m, isStatic(own) ? own : { ...own, self: base }, args, expr.span));
    else if (extendsEstimator(c)) out = joined(out, inherited(m, expr, base, c, attr, args));
  }
  for (const c of base.type === "class" ? (base.callables ?? []) : []) {
    const own = c.kind === "class" ? method(c, attr) : undefined;
    if (own) out = joined(out, callFunction(m, isOfClass(own) ? { ...own, self: base } : own, args, expr.span));
  }
  if (out) {
    // It may as well be something that is no instance of these classes.
    const isAll = [...base.objs].every((id) => /^(?:instance:.*|class)$/.test(m.heap.get(id).type));
    return isAll ? out : join(out, anyCall(m, base, args, expr, `.${attr}`));
  }
  for (const id of base.objs) {
    const field = m.heap.get(id).fields.get(attr);
    if (field) return callValue(m, expr, field, args);
  }
  return methodOnTable(m, base, attr, args, (changed) => {
    const made = special(m, expr, `.${attr}`, args, base);
    if (made) return made;
    const effect = base.type === "unknown" ? undefined : m.knowledge.methodEffect(base.type, attr);
    if (effect) return apply(m, effect, base, args, expr, `.${attr}`, changed);
    if (base.type === "figure") return plain("figure");
    return unknownCall(m, base, args, expr, `.${attr}`);
  });
}

function isSuper({ func }: CallExpr): boolean {
  if (func.kind !== "attribute" || func.value.kind !== "call") return false;
  return func.value.func.kind === "name" && func.value.func.id === "super";
}

/** What `super()` finds: the next method behind the one that is running, in the classes that stand above it. */
function inheritedMethod(m: Machine, c: ClassCallable, attr: string): (Callable & { kind: "function" }) | undefined {
  for (const one of c.bases.flatMap((base) => base.callables ?? [])) {
    const found = one.kind === "class" ? method(one, attr) : undefined;
    if (one.kind !== "class" || !found) continue;
    const next = m.stack.includes(found.definition) ? inheritedMethod(m, one, attr) : found;
    if (next) return next;
  }
  return undefined;
}

function isOfClass({ definition }: Callable & { kind: "function" }): boolean {
  return (
    definition.kind === "function" && definition.decorators.some((d) => d.kind === "name" && d.id === "classmethod")
  );
}

function joined(a: Value | undefined, b: Value): Value {
  return a ? join(a, b) : b;
}

/** `fit_transform` and friends that a notebook class inherits from scikit-learn's mixins. */
function inherited(
  m: Machine,
  expr: CallExpr,
  base: Value,
  c: Parameters<typeof method>[0],
  attr: string,
  args: Arguments,
): Value {
  if (attr === "fit_transform" || attr === "fit_predict") {
    const fit = method(c, "fit");
    const then = method(c, attr === "fit_transform" ? "transform" : "predict");
    if (fit) callFunction(m, { ...fit, self: base }, args, expr.span);
    const [first] = args.positional;
    if (then)
      return callFunction(
        m,
        { ...then, self: base },
        { ...args, positional: first ? [first] : [], all: args.all },
        expr.span,
      );
  }
  for (const value of [base, ...args.all]) useWhole(m, value, attr);
  const effect = m.knowledge.methodEffect("estimator", attr);
  return effect ? apply(m, effect, base, args, expr, `.${attr}`) : unknownCall(m, base, args, expr, `.${attr}`);
}

const scalars = new Set(["float", "int", "unknown-scalar", "float-or-array", "bool"]);

/** Figures that are more than one number. */
const figureTables = /^(?:confusion_matrix|classification_report|cross_val_score|precision_recall_fscore_support)$/;

/** A figure that is computed where it is shown, at the top level: production keeps it under a name of its own. */
function noteFigure(m: Machine, expr: CallExpr, value: Value): void {
  if (m.stack.length > 0 || m.depth > 0) return;
  const tags = tagsOf(m, value);
  if ((tags & (tag.score | tag.prediction | tag.trainPrediction)) === 0) return;
  const last = expr.func.kind === "attribute" ? expr.func.attr : expr.func.kind === "name" ? expr.func.id : "figure";
  if (!scalars.has(value.type) && !figureTables.test(last)) return;
  m.trace.figures.push({ span: expr.span, name: last, type: value.type, tags });
}
