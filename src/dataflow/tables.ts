/**
 * What is known of the tables of a program, version by version: the one way into `columns/` for whoever is not of this room.
 *
 * Forwards (`tableFlow`): which columns a version may have and which it has for sure, whether that depends on the rows, which raw
 * columns each comes from, and what its rows are next to those of other versions. Backwards (`demandOf`): which columns of it
 * something kept reads later. Both are linear in the program, and say rather too much than too little: a column that is not in
 * `columns` is not there, one that is not in an origin has no part in a value, one that is not demanded changes nothing that is kept.
 */
import type { Dataflow } from "./analyse.ts";
import { type ColumnSet, only } from "./columns/column-set.ts";
import { realColumns } from "./columns/demand-map.ts";
import { versionsOf } from "./columns/facts/forward.ts";
import type { Origin, RawColumns } from "./columns/facts/origin.ts";
import { type RowSet, type Rows, type Version, versionFacts } from "./columns/facts/version.ts";
import type { Demands } from "./slice.ts";
import type { ObjId } from "./value.ts";

export { type ColumnSet, has, isAll, isEmpty } from "./columns/column-set.ts";
export type { Origin, RawColumns } from "./columns/facts/origin.ts";
export type { RowLabels, RowOrder, RowSet, Rows } from "./columns/facts/version.ts";
export { columnsText, namesAt } from "./columns/story.ts";
export { type Demands, demandsOf } from "./slice.ts";

/** A table as a unit leaves it. */
export interface TableVersion {
  readonly obj: ObjId;
  /** The unit that made this version: it is what it is right after it. */
  readonly unit: number;
  /** All columns that there may be: a finite set has no others. */
  readonly columns: ColumnSet;
  /** Those that are there for sure. */
  readonly sure: ColumnSet;
  /** Which columns there are depends on what stands in the rows, as after `get_dummies`. */
  readonly isOpen: boolean;
  /** It is made of no other table of the program: its columns are raw. */
  readonly isRaw: boolean;
  /** Its rows: which they are, in which order, with which labels. */
  readonly rows: Rows;
  /** The raw columns that a column of this version comes from. */
  originOf(label: string): Origin;
}

/** The versions of all tables of a program. */
export interface TableFlow {
  /** Every version of a table, oldest first. */
  versions(obj: ObjId): readonly TableVersion[];
  /** The version of a table that a unit leaves; undefined where there is no such table yet. */
  after(obj: ObjId, unit: number): TableVersion | undefined;
  /** The versions that a name denotes right after a unit: several where nobody can say which. */
  named(name: string, unit: number): readonly TableVersion[];
  /** Tables that the program does not make of others. */
  readonly raw: readonly ObjId[];
  /** Versions visited so far: the work done. */
  readonly visited: number;
}

/** Goes once over an analysed program; answers are worked out when they are asked for. */
export function tableFlow(flow: Dataflow): TableFlow {
  const facts = versionFacts();
  const versions = versionsOf(flow, facts);
  const told = (version: Version): TableVersion => ({
    obj: version.obj,
    unit: version.unit,
    get columns() {
      return facts.columnsOf(version).may;
    },
    get sure() {
      return facts.columnsOf(version).sure;
    },
    get isOpen() {
      return facts.isOpen(version);
    },
    isRaw: version.isRaw,
    rows: version.rows,
    originOf: (label) => facts.originOf(version, only([label])),
  });
  const after = (obj: ObjId, unit: number): TableVersion | undefined => {
    const list = versions.get(obj) ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.unit ?? 0) <= unit) low = middle + 1;
      else high = middle;
    }
    const found = list[low - 1];
    return found && told(found);
  };
  return {
    versions: (obj) => (versions.get(obj) ?? []).map(told),
    after,
    named(name, unit) {
      const binding = (flow.before[unit + 1] ?? flow.names).get(name);
      return [...(binding?.value.objs ?? [])].flatMap((obj) => after(obj, unit) ?? []);
    },
    raw: [...versions].flatMap(([obj, list]) => (list.some((version) => version.isRaw) ? [obj] : [])),
    get visited() {
      return facts.visited;
    },
  };
}

/** Columns of a version that something kept reads later. */
export function demandOf(demands: Demands, { obj, unit }: Pick<TableVersion, "obj" | "unit">): ColumnSet {
  return realColumns(demands.after(obj, unit));
}

/** True when two versions have the very same rows; `inOrder`: so that their values may be put together by position. */
export function haveSameRows(a: TableVersion, b: TableVersion, inOrder = false): boolean {
  return a.rows.set === b.rows.set && (!inOrder || a.rows.order === b.rows.order);
}

/** True when every row of a version is one of the other's. */
export function areRowsOf(part: TableVersion, whole: TableVersion): boolean {
  for (let at: RowSet | undefined = part.rows.set; at; at = at.kind === "some" ? at.of : undefined)
    if (at === whole.rows.set) return true;
  return false;
}

/** Every raw column that has a part in a value, directly or by what was learned from it. */
export function rawColumns({ made, learned }: Origin): readonly (readonly [ObjId, ColumnSet])[] {
  const all: RawColumns[] = [made, learned];
  return all.flatMap((columns) => [...columns]);
}
