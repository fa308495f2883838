import type { Dataflow } from "./analyse.ts";
import { controlOf } from "./control.ts";
import type { Part } from "./parts.ts";

/** These parts and all that they need: who made, changed or set what they read, and what must stay with them for the sake of control. */
export function neededParts(flow: Dataflow, seeds: Iterable<number>): ReadonlySet<number> {
  const byUnit = partsByUnit(flow);
  const control = new Map<number, ReadonlySet<number>>();
  const controlled = new Set<number>();
  const out = new Set<number>();
  const todo = [...seeds];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const part = flow.parts[id];
    if (!part || out.has(id)) continue;
    out.add(id);
    for (const needed of part.needs) if (!out.has(needed)) todo.push(needed);
    if (!controlled.has(part.unit)) {
      controlled.add(part.unit);
      for (const [key, needed] of controlOf(byUnit.get(part.unit) ?? [])) control.set(key, needed);
    }
    for (const needed of control.get(id) ?? []) if (!out.has(needed)) todo.push(needed);
  }
  return out;
}

/** The parts of each unit; a unit of one part is not divided. */
export function partsByUnit(flow: Dataflow): ReadonlyMap<number, readonly Part[]> {
  const out = new Map<number, Part[]>();
  for (const part of flow.parts) {
    const list = out.get(part.unit);
    if (list) list.push(part);
    else out.set(part.unit, [part]);
  }
  return out;
}
