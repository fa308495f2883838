import { classesOf } from "./functions.ts";
import { type Machine, mutate } from "./machine.ts";
import type { Value } from "./value.ts";

/** Special methods that tell how an instance is made and shown; the others run where an operator stands. */
const silent =
  /^__(?:init|new|repr|str|format|doc|slots|module|class_getitem|init_subclass|sklearn_\w+|post_init|hash|eq)__$/;

/** An operator, a subscript, `with`, `for` or a library meets an instance of a notebook class: its special methods may change it. */
export function operate(m: Machine, value: Value): void {
  if (value.objs.size === 0) return;
  for (const c of classesOf(m, value))
    if ([...c.members.keys()].some((name) => name.startsWith("__") && name.endsWith("__") && !silent.test(name)))
      mutate(m, m.heap.reach(value.objs), `an operator of ${c.name}`);
}
