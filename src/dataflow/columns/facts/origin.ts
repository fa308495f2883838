import type { ObjId } from "../../value.ts";
import { type ColumnSet, contains, isEmpty, noColumns, union } from "../column-set.ts";

/** Columns of tables that the program did not make of other tables, by table. */
export type RawColumns = ReadonlyMap<ObjId, ColumnSet>;

/** The raw columns that a value comes from. Never fewer than there are; what one statement reads counts for all that it makes. */
export interface Origin {
  /** It is computed from these themselves. */
  readonly made: RawColumns;
  /** It is computed with something that was learned or collected from these: a number, a fitted estimator, a dict. */
  readonly learned: RawColumns;
}

const none: RawColumns = new Map();
export const noOrigin: Origin = { made: none, learned: none };

function together(a: RawColumns, b: RawColumns): RawColumns {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  let out: Map<ObjId, ColumnSet> | undefined;
  for (const [table, columns] of b) {
    const before = a.get(table) ?? noColumns;
    if (contains(before, columns)) continue;
    out ??= new Map(a);
    out.set(table, union(before, columns));
  }
  return out ?? a;
}

export function bothOrigins(a: Origin, b: Origin): Origin {
  if (a === b || b === noOrigin) return a;
  if (a === noOrigin) return b;
  const made = together(a.made, b.made);
  const learned = together(a.learned, b.learned);
  return made === a.made && learned === a.learned ? a : { made, learned };
}

/** The origin of what is learned from values of this one. */
export function learnedFrom(origin: Origin): Origin {
  return origin === noOrigin ? origin : { made: none, learned: together(origin.learned, origin.made) };
}

/** The origin of columns of a table that the program did not make. */
export function rawOrigin(table: ObjId, columns: ColumnSet): Origin {
  return isEmpty(columns) ? noOrigin : { made: new Map([[table, columns]]), learned: none };
}

export function isNoOrigin({ made, learned }: Origin): boolean {
  return made.size === 0 && learned.size === 0;
}
