import type { Span } from "../foundation/span.ts";
import { type Arguments, madeArguments } from "./arguments.ts";
import { callFunction, classesOf, instantiate, method, methodNames } from "./functions.ts";
import type { Machine } from "./machine.ts";
import type { Callable, ObjId, Value } from "./value.ts";

const learns = /^(?:\.(?:partial_)?fit|sklearn\.(?:model_selection|inspection|calibration|base)\.)/;

/**
 * scikit-learn runs the functions and the notebook classes that an estimator was made of: what they read and change, this call
 * reads and changes. A call that does not learn leaves their `fit` alone.
 */
export function runHeldCode(m: Machine, self: Value | undefined, args: Arguments, callee: string, span: Span): void {
  const given = self ? [self] : args.all;
  const ids = new Set(given.flatMap((value) => [...m.heap.reach(value.objs)]));
  if (self?.type !== "estimator" && ![...ids].some((id) => m.heap.get(id).type === "estimator")) return;
  run(m, ids, [], madeArguments(self ? args.positional : args.positional.slice(1)), learns.test(callee), span);
}

/** A library about which nothing is known may run all code that it is given. */
export function runAllCode(m: Machine, given: readonly Value[], args: Arguments, span: Span): void {
  const ids = new Set(given.flatMap((value) => [...m.heap.reach(value.objs)]));
  const direct = given.flatMap((value) => value.callables ?? []);
  run(m, ids, direct, args, true, span);
}

function run(
  m: Machine,
  ids: ReadonlySet<ObjId>,
  direct: readonly Callable[],
  args: Arguments,
  all: boolean,
  span: Span,
): void {
  const done = new Set<Callable>();
  const once = (c: Callable): void => {
    if (done.has(c)) return;
    done.add(c);
    if (c.kind === "function") callFunction(m, c, args, span);
    else instantiate(m, c, args, span);
  };
  // Whether and how often it runs is the library's affair.
  m.unsure++;
  direct.forEach(once);
  for (const id of ids) {
    const { callables } = m.heap.get(id);
    if (callables.size === 0) continue;
    const own = methodsOf(m, id, all);
    for (const bound of own.bound) callFunction(m, bound, args, span);
    for (const c of callables) if (!own.definitions.has(c.definition)) once(c);
  }
  m.unsure--;
}

/** The methods of the notebook classes that an object may be an instance of, bound to it. */
function methodsOf(
  m: Machine,
  id: ObjId,
  all: boolean,
): { readonly bound: readonly (Callable & { kind: "function" })[]; readonly definitions: ReadonlySet<object> } {
  const bound: (Callable & { kind: "function" })[] = [];
  const definitions = new Set<object>();
  const self: Value = { type: m.heap.get(id).type, objs: new Set([id]), tags: 0 };
  for (const c of classesOf(m, self)) {
    for (const name of methodNames(c)) {
      const found = method(c, name);
      if (!found) continue;
      definitions.add(found.definition);
      if (!/^__|^_repr_/.test(name) && (all || !/^(?:partial_)?fit/.test(name))) bound.push({ ...found, self });
    }
  }
  return { bound, definitions };
}
