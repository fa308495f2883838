import { madeArguments } from "./arguments.ts";
import { callFunction, classesOf, method } from "./functions.ts";
import { type Machine, mutate, useWhole } from "./machine.ts";
import type { Callable, Value } from "./value.ts";

/** Special methods that run where an instance or a subclass is made, not where one is used; and names that are no methods. */
const elsewhere =
  /^__(?:init|new|post_init|init_subclass|class_getitem|set_name|doc|slots|module|qualname|annotations|match_args|dict|sklearn_\w+|getattr|getattribute|setattr|delattr|call)__$/;

/** An operator, a subscript, a test, `with`, `for`, text or a library meets an instance of a notebook class: its special methods run. */
export function operate(m: Machine, value: Value): void {
  if (value.objs.size === 0) return;
  for (const c of classesOf(m, value)) for (const name of specialNames(c)) runSpecial(m, value, c, name);
}

/** Runs one special method of the notebook class of a value, if there is one. */
export function runSpecial(m: Machine, value: Value, c: Callable & { kind: "class" }, name: string): void {
  const own = method(c, name);
  if (!own) {
    if (c.members.has(name)) mutate(m, m.heap.reach(value.objs), `an operator of ${c.name}`);
    return;
  }
  if (m.stack.includes(own.definition)) return;
  m.unsure++;
  useWhole(m, callFunction(m, { ...own, self: value }, madeArguments([]), m.place), name);
  m.unsure--;
}

/** Reading, setting or deleting an attribute of an instance whose class has a word in it. */
export function meetAttribute(m: Machine, value: Value, names: readonly string[]): void {
  if (value.objs.size === 0) return;
  for (const c of classesOf(m, value)) for (const name of names) runSpecial(m, value, c, name);
}

function specialNames(c: Callable & { kind: "class" }): ReadonlySet<string> {
  const own = [...c.members.keys()].filter((name) => /^__\w+__$/.test(name) && !elsewhere.test(name));
  const inherited = c.bases.flatMap((base) =>
    (base.callables ?? []).flatMap((one) => (one.kind === "class" ? [...specialNames(one)] : [])),
  );
  return new Set([...own, ...inherited]);
}
