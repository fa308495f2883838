import type { Dataflow, UnitFacts } from "./analyse.ts";
import { allColumns } from "./columns/column-set.ts";
import { type Live, type LiveOptions, liveColumns } from "./columns/live.ts";
import type { ObjId } from "./value.ts";

/** Why a unit is in the slice: the unit that needs it and what for; no `by` for a root. */
export interface Kept {
  readonly unit: number;
  readonly by?: number;
  readonly what: string;
}

/** An object that is wanted whole as it is before a unit. */
export interface Wanted {
  readonly obj: ObjId;
  readonly before: number;
  readonly what: string;
}

/**
 * Everything that the roots need, statement by statement, backwards. Of tables only what is demanded: who writes a column that
 * nobody reads afterwards is not needed. What a root makes is wanted whole. Earliest explanation wins.
 */
export function slice(
  flow: Dataflow,
  roots: ReadonlyMap<number, string>,
  wanted: readonly Wanted[] = [],
): ReadonlyMap<number, Kept> {
  return sliceAndDemands(flow, roots, wanted).kept;
}

/** The same, with what is demanded of each table on the way. */
export function sliceAndDemands(
  flow: Dataflow,
  roots: ReadonlyMap<number, string>,
  wanted: readonly Wanted[] = [],
): { readonly kept: ReadonlyMap<number, Kept>; readonly demands: Demands } {
  const { needed, live: demands } = goBack(flow, roots, wanted);
  const kept = new Map<number, Kept>();
  const todo: Kept[] = [...roots].sort(([a], [b]) => a - b).map(([unit, what]) => ({ unit, what }));
  const left = [...needed.values()].sort((a, b) => a.unit - b.unit);
  for (let at = 0; at < todo.length || left.length > 0; at++) {
    // Whoever is not found from reader to writer is needed past a writer that was left out.
    const next = todo[at] ?? left.pop();
    if (!next || kept.has(next.unit) || !needed.has(next.unit)) continue;
    if (at >= todo.length) todo.push(next);
    kept.set(next.unit, next);
    const facts = flow.facts[next.unit];
    if (!facts) continue;
    for (const dep of facts.trace.deps) {
      if (!kept.has(dep))
        todo.push({ unit: dep, by: next.unit, what: [...(facts.trace.why.get(dep) ?? [])].join(", ") });
    }
  }
  return { kept, demands };
}

/** What is demanded of each table at each point of the program. */
export type Demands = Pick<Live, "after" | "steps">;

/** What the roots demand of each table after each unit. */
export function demandsOf(
  flow: Dataflow,
  roots: ReadonlyMap<number, string>,
  wanted: readonly Wanted[] = [],
  options: LiveOptions = {},
): Demands {
  return goBack(flow, roots, wanted, options).live;
}

/** One pass backwards over the program, with the columns that are demanded of each table. */
function goBack(
  flow: Dataflow,
  roots: ReadonlyMap<number, string>,
  wanted: readonly Wanted[],
  options: LiveOptions = {},
): { readonly needed: ReadonlyMap<number, Kept>; readonly live: Live } {
  const live = liveColumns(flow.heap, options);
  const needed = new Map<number, Kept>();
  const hard = new Map<number, Kept>();
  const wantedAt = Map.groupBy(wanted, (w) => w.before);
  for (let id = flow.facts.length - 1; id >= 0; id--) {
    for (const want of wantedAt.get(id + 1) ?? []) live.add(want.obj, { columns: allColumns, what: want.what }, id);
    const facts = flow.facts[id];
    if (!facts) continue;
    const root = roots.get(id);
    if (root !== undefined)
      for (const obj of madeBy(flow, facts)) live.add(obj, { columns: allColumns, what: root }, id);
    const { tables, unsure } = facts.trace;
    const why = root === undefined ? (hard.get(id) ?? demanded(facts, live)) : { unit: id, what: root };
    if (!why) continue;
    needed.set(id, why);
    live.back(tables, unsure, id);
    for (const dep of facts.trace.hard)
      if (!hard.has(dep)) hard.set(dep, { unit: dep, by: id, what: [...(facts.trace.why.get(dep) ?? [])].join(", ") });
  }
  return { needed, live };
}

/** Who demands a column that a unit writes. */
function demanded(facts: UnitFacts, live: Live): Kept | undefined {
  for (const event of facts.trace.tables) {
    const demand = event.kind === "write" ? live.wants(event.obj, event.columns) : undefined;
    if (demand)
      return { unit: facts.unit.id, ...(demand.by === undefined ? {} : { by: demand.by }), what: demand.what };
  }
  return undefined;
}

/** All that a unit changes, and all that the names it binds can get at. */
function madeBy(flow: Dataflow, facts: UnitFacts): ReadonlySet<ObjId> {
  return flow.heap.reach([...facts.trace.mutated, ...[...facts.written.values()].flatMap((value) => [...value.objs])]);
}
