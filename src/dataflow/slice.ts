import type { Dataflow } from "./analyse.ts";

/** Why a unit is in the slice: the unit that needs it and what for; no `by` for a root. */
export interface Kept {
  readonly unit: number;
  readonly by?: number;
  readonly what: string;
}

/** Everything that the roots need, statement by statement, backwards. Earliest explanation wins. */
export function slice(flow: Dataflow, roots: ReadonlyMap<number, string>): ReadonlyMap<number, Kept> {
  const kept = new Map<number, Kept>();
  const todo: Kept[] = [...roots].sort(([a], [b]) => a - b).map(([unit, what]) => ({ unit, what }));
  for (let next = todo.shift(); next; next = todo.shift()) {
    if (kept.has(next.unit)) continue;
    kept.set(next.unit, next);
    const facts = flow.facts[next.unit];
    if (!facts) continue;
    for (const dep of facts.trace.deps) {
      if (!kept.has(dep))
        todo.push({ unit: dep, by: next.unit, what: [...(facts.trace.why.get(dep) ?? [])].join(", ") });
    }
  }
  return kept;
}
