import type { Span } from "../foundation/span.ts";
import type { NameExpr } from "../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import { type GivenUp, limitsOf } from "./given-up.ts";
import { hold, type Obj } from "./heap.ts";
import { bindersOf, builtin, fresh, grasp, type Machine, meet, mutate, need, useWhole } from "./machine.ts";
import { type Callable, joinAll, type ObjId, type Value } from "./value.ts";

const none: ReadonlySet<ObjId> = new Set();
const builtins: ReadonlySet<number> = new Set([builtin]);

/** A recursive or too deep call: it and all that it calls may read every name they mention and change all that they are given. */
export function giveUp(m: Machine, callable: Callable & { kind: "function" }, args: Arguments, span: Span): Value {
  m.budget--;
  const before = m.givenUp.last.get(callable.definition);
  if (before && isDone(m, before, callable, args)) return before.result;
  const made = giveUpAnew(m, callable, args, span);
  const reached = m.heap.reach(made.objs);
  m.givenUp.last.set(callable.definition, {
    unit: m.unit,
    part: m.part,
    grown: m.heap.grown,
    writes: m.trace.writes.size,
    reached,
    result: { ...made, objs: reached },
  });
  return made;
}

/**
 * So many calls of this unit were given up that one of them counted for all: it read and changed whatever has a name. A part that slicing
 * keeps by itself says so for itself.
 */
export function isLost(m: Machine): boolean {
  const { lostIn } = m.givenUp;
  return lostIn?.unit === m.unit && lostIn.part === m.part && lostIn.writes === m.trace.writes.size;
}

/** What these values hold of code may run: the names that it mentions meet what they are bound to, once as long as none is bound anew. */
export function mentionAll(m: Machine, values: readonly Value[]): void {
  const seen = new Set<ObjId>();
  const state = `${m.unit}:${m.trace.writes.size}`;
  for (const value of values)
    for (const callable of codeIn(m, value, seen)) {
      if (m.givenUp.mentioned.get(callable.definition) === state) continue;
      m.givenUp.mentioned.set(callable.definition, state);
      mentionedBy(m, callable);
    }
}

/** It was done before in this part with as much, and nothing became known since: once more it would do and give the same. */
function isDone(m: Machine, before: GivenUp, { self }: Callable & { kind: "function" }, { all }: Arguments): boolean {
  if (before.unit !== m.unit || before.part !== m.part) return false;
  if (before.grown !== m.heap.grown || before.writes !== m.trace.writes.size) return false;
  return [...all, ...(self ? [self] : [])].every(({ objs }) => [...objs].every((id) => before.reached.has(id)));
}

/** Each object is walked through once, however many names lead to it. */
function giveUpAnew(m: Machine, callable: Callable & { kind: "function" }, args: Arguments, span: Span): Value {
  const touched: Value[] = [...args.all, ...(callable.self ? [callable.self] : [])];
  const [held, read] = [new Set<ObjId>(), new Set<ObjId>()];
  for (const value of touched) useWhole(m, value, callable.name, read);
  // Far beyond the budget (a web of methods that all hold each other) it may read and change whatever has a name: said once.
  const wasLost = isLost(m);
  if (m.budget < -limitsOf(m.givenUp).givenUp && !wasLost) {
    if (m.givenUp.lostIn?.unit !== m.unit) m.givenUp.units++;
    m.givenUp.lostIn = { unit: m.unit, part: m.part, writes: m.trace.writes.size };
  }
  const lost = isLost(m);
  const inside = mentionedBy(m, callable);
  for (const name of lost ? (wasLost ? [] : m.names.keys()) : inside) {
    const binding = m.names.get(name);
    if (!binding) continue;
    if ([...binding.defs].some((unit) => unit !== m.unit)) m.trace.reads.add(name);
    need(m, bindersOf(binding), name);
    grasp(m, binding.value, name, held);
    useWhole(m, binding.value, name, read);
    touched.push(binding.value);
  }
  const objs = new Set(touched.flatMap((value) => [...value.objs]));
  const reached = m.heap.reach(objs);
  m.supposing++;
  if (!lost || [...reached].some((id) => !m.trace.mutated.has(id))) mutate(m, reached, callable.name);
  m.supposing--;
  const made = fresh(m, span, "unknown");
  if (lost) for (const [, { value }] of m.names) for (const id of value.objs) objs.add(id);
  else holdAll(m, made, touched, objs);
  return { type: "unknown", objs: new Set([made.id, ...objs]), tags: 0 };
}

/** Lets an object hold many values at once: what it refers to is looked through once. */
function holdAll(m: Machine, owner: Obj, values: readonly Value[], objs: ReadonlySet<ObjId>): void {
  if (values.length === 0) return;
  const met = new Set<ObjId>();
  for (const value of values) {
    for (const id of value.objs)
      if (met.has(id)) m.heap.get(id).repeated = true;
      else met.add(id);
  }
  hold(m.heap, owner, { ...joinAll(values.map((value) => ({ ...value, objs: none }))), objs });
}

/** Names that the code of a function mentions, and the code of all that these names may call; their uses meet what they are bound to. */
function mentionedBy(m: Machine, callable: Callable): ReadonlySet<string> {
  const out = new Set<string>();
  const met = new Set<object>();
  const seen = new Set<ObjId>();
  const todo: Callable[] = [callable];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (met.has(next.definition)) continue;
    met.add(next.definition);
    for (const [name, uses] of namesIn(next.definition)) {
      const binding = m.names.get(name);
      meetAll(m, uses, binding?.defs ?? builtins);
      if (out.has(name)) continue;
      out.add(name);
      if (binding) todo.push(...codeIn(m, binding.value, seen));
    }
  }
  return out;
}

/** What uses have met before they need not meet again. */
function meetAll(m: Machine, uses: readonly NameExpr[], defs: ReadonlySet<number>): void {
  if (m.givenUp.lastMet.get(uses) === defs) return;
  m.givenUp.lastMet.set(uses, defs);
  for (const use of uses) meet(m, use, defs);
}

const mentions = new WeakMap<object, ReadonlyMap<string, readonly NameExpr[]>>();

/** Every name that stands in a definition, whatever its scope. */
function namesIn(definition: object): ReadonlyMap<string, readonly NameExpr[]> {
  const known = mentions.get(definition);
  if (known) return known;
  const out = new Map<string, NameExpr[]>();
  JSON.stringify(definition, (_, part: unknown) => {
    if (part !== null && typeof part === "object" && (part as { kind?: string }).kind === "name") {
      const name = part as NameExpr;
      const list = out.get(name.id) ?? [];
      list.push(name);
      out.set(name.id, list);
    }
    return part;
  });
  mentions.set(definition, out);
  return out;
}

/** Functions and classes that a value may be or hold; `seen` are objects that were looked at before. */
export function codeIn(m: Machine, value: Value, seen?: Set<ObjId>): readonly Callable[] {
  const held =
    value.objs.size === 0 ? [] : [...m.heap.reach(value.objs, seen)].flatMap((id) => [...m.heap.get(id).callables]);
  return [...(value.callables ?? []), ...held];
}
