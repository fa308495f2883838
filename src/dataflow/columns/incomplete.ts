import type { Dataflow } from "../analyse.ts";
import type { ObjId } from "../value.ts";
import {
  allColumns,
  type ColumnSet,
  intersect,
  isEmpty,
  minus,
  noColumns,
  only,
  overlaps,
  union,
} from "./column-set.ts";
import { type DemandMap, justRows } from "./demand-map.ts";
import type { TableEvent } from "./events.ts";

/** What is not in a table as it is in the notebook. */
interface Lack {
  /** Columns with other values, or that are not there, or there and should not be. */
  readonly columns: ColumnSet;
  /** Columns that have the right values at another place among the others. */
  readonly moved: ColumnSet;
}

const nothing: Lack = { columns: noColumns, moved: noColumns };

/**
 * Tables that are not at the end what they are in the notebook, because a statement that writes some of their columns was left
 * out: of such a column nothing that is kept is made, but the table as a whole is another one.
 */
export function incompleteTables(flow: Dataflow, kept: ReadonlySet<number>): ReadonlySet<ObjId> {
  const lacks = new Map<ObjId, Lack>();
  const add = (obj: ObjId, more: Lack): void => {
    const before = lacks.get(obj) ?? nothing;
    const now = { columns: union(before.columns, more.columns), moved: union(before.moved, more.moved) };
    if (!isEmpty(now.columns) || !isEmpty(now.moved)) lacks.set(obj, now);
  };
  const step = (event: TableEvent, isKept: boolean, unsure: boolean): void => {
    if (event.kind === "write" && !isKept) add(event.obj, { columns: event.columns, moved: noColumns });
    if (event.kind === "write" && isKept && event.replaces && !unsure && !flow.heap.get(event.obj).several) {
      const before = lacks.get(event.obj);
      if (before && overlaps(before.columns, event.replaces))
        lacks.set(event.obj, {
          columns: minus(before.columns, event.replaces),
          moved: union(before.moved, intersect(before.columns, event.replaces)),
        });
    }
    if (event.kind === "derive" && isKept) add(event.to, after(event.map, lacks.get(event.from)));
    if (event.kind === "change" && isKept) add(event.obj, after(event.map, lacks.get(event.obj)));
  };
  for (const { unit, trace } of flow.facts) {
    // What may run again can hand on what it made itself; a third round adds nothing, as names only pass on or all are lost.
    for (let round = trace.unsure ? 2 : 1; round > 0; round--)
      for (const event of trace.tables) step(event, kept.has(unit.id), trace.unsure);
  }
  // What is not kept at all is not incomplete.
  return new Set([...lacks.keys()].filter((obj) => flow.heap.get(obj).history.some((unit) => kept.has(unit))));
}

/** What a result lacks whose source lacks this. */
function after(map: DemandMap, lack: Lack = nothing): Lack {
  const { columns } = lack;
  if (map.plus && overlaps(columns, map.plus)) return { columns: allColumns, moved: noColumns };
  return {
    columns: forward(map, columns),
    // A list of names puts its columns into an order of its own.
    moved: map.within ? noColumns : forward(map, lack.moved),
  };
}

/** Columns of a result that may be made of these of its source. */
function forward(map: DemandMap, columns: ColumnSet): ColumnSet {
  if (isEmpty(columns)) return noColumns;
  const { renamed, affix, suffixes, within, without = noColumns } = map;
  let out = minus(within ? intersect(columns, union(within, justRows)) : columns, without);
  if ((renamed || affix || suffixes) && out.cofinite) return allColumns;
  if (renamed) out = only([...out.labels].map((label) => renamed.get(label) ?? label));
  if (affix)
    out = only([...out.labels].map((label) => (affix.at === "start" ? affix.text + label : label + affix.text)));
  if (suffixes) out = only([...out.labels].flatMap((label) => [label, ...suffixes.map((s) => label + s)]));
  return out;
}
