import type { Dataflow } from "../analyse.ts";
import type { Binding } from "../machine.ts";
import type { NormalContext } from "./context.ts";
import { type Normal, normalise } from "./index.ts";

/** What decides besides the program: pandas' way with stores through selections, and the columns that tables are known to have. */
export interface NormalFacts {
  readonly copyOnWrite: boolean | undefined;
  hasColumn(name: string, column: string): boolean | undefined;
}

/** The normal form of one unit of a program, with what the analysis knows of the names before it. */
export function normalUnit(flow: Dataflow, unit: number, facts: NormalFacts): Normal {
  const one = flow.program.units[unit];
  return one ? normalise([one.stmt], contextBefore(flow, unit, facts)) : { stmts: [], left: [] };
}

/** What is known before a unit runs. */
function contextBefore(flow: Dataflow, unit: number, facts: NormalFacts): NormalContext {
  const before = flow.before[unit] ?? flow.names;
  const objectsOf = (name: string): readonly number[] => [...(before.get(name)?.value.objs ?? [])];
  const some = (name: string, is: (id: number) => boolean): boolean => objectsOf(name).some(is);
  return {
    ...facts,
    knowledge: flow.knowledge,
    typeOf: (name) => before.get(name)?.value.type ?? "unknown",
    typeAfter: (name) => (flow.before[unit + 1] ?? flow.names).get(name)?.value.type ?? "unknown",
    memberOf: (name) => memberOf(before.get(name)),
    aliases: (name) => {
      const out = new Set<string>();
      for (const id of objectsOf(name))
        for (const other of flow.heap.get(id).names)
          if (other !== name && before.get(other)?.value.objs.has(id)) out.add(other);
      return [...out].sort();
    },
    // One name for several objects, as after a branch: a change of one of them is no change of the others.
    isHeld: (name) => objectsOf(name).length !== 1 || some(name, (id) => flow.heap.get(id).holders.size > 0),
    isShared: (name) => some(name, (id) => flow.heap.get(id).links.size > 0),
  };
}

/** Names that stand for a module or function of a library. */
function memberOf(binding: Binding | undefined): string | undefined {
  return binding?.value.member;
}
