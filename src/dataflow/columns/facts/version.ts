import type { ObjId } from "../../value.ts";
import { allColumns, type ColumnSet, has, isEmpty, minus, noColumns, only, overlaps } from "../column-set.ts";
import { type DemandMap, demandBefore, justRows, labelBefore, realColumns } from "../demand-map.ts";
import type { Shape } from "../shape.ts";
import { chained, writerOf } from "./chain.ts";
import { columnsOfOne } from "./image.ts";
import { bothOrigins, noOrigin, type Origin, rawOrigin } from "./origin.ts";

/** A set of rows: equal only when it is the very same one. `some`: rows of `of`, which it was taken from. */
export interface RowSet {
  readonly kind: "made" | "some" | "changed";
  readonly of?: RowSet;
  readonly unit: number;
}

/** An order of rows: equal only when it is the very same one. */
export interface RowOrder {
  readonly unit: number;
}

/** How rows are labelled: as they were where they came into the program, by new numbers, by a column, or nobody knows. */
export type RowLabels = "source" | "reset" | "column" | "unknown";

/** What is known of the rows of a table. */
export interface Rows {
  readonly set: RowSet;
  readonly order: RowOrder;
  readonly labels: RowLabels;
}

/** A table that a version is made of, and how. */
export interface Source {
  readonly version: Version;
  readonly map: DemandMap;
  readonly shape: Shape;
}

/** Columns that one statement wrote. */
export interface Stored {
  readonly columns: ColumnSet;
  readonly origin: Origin;
  /** Nothing of the old ones is left: surely there from now on. */
  readonly replaces: ColumnSet;
  readonly removes: ColumnSet;
}

/** One version of a table. Versions share what they have in common: each holds what is new in it. */
export interface Version {
  readonly obj: ObjId;
  readonly unit: number;
  /** The program reads it from outside or makes it of no table: its columns are raw. */
  readonly isRaw: boolean;
  /** Which columns there are depends on the rows it was made of. */
  readonly isOpen: boolean;
  readonly sources: readonly Source[];
  /** What its columns come from besides its sources. */
  readonly rest: Origin;
  readonly stored: Stored | undefined;
  readonly rows: Rows;
}

/** Columns that there may be, and those that there are for sure. */
export interface Columns {
  readonly may: ColumnSet;
  readonly sure: ColumnSet;
}

/** Asks versions, and remembers the answers. */
export interface VersionFacts {
  columnsOf(version: Version): Columns;
  /** Where these columns of it come from. */
  originOf(version: Version, columns: ColumnSet): Origin;
  isOpen(version: Version): boolean;
  /** Versions visited so far: the work done. */
  readonly visited: number;
}

export function versionFacts(): VersionFacts {
  const columns = new Map<Version, Columns>();
  const origins = new Map<Version, Map<string, Origin>>();
  let visited = 0;

  function columnsOf(version: Version): Columns {
    for (const next of unanswered(version, (v) => columns.has(v))) {
      visited++;
      columns.set(
        next,
        columnsOfOne(next, (source) => columns.get(source) ?? { may: allColumns, sure: noColumns }),
      );
    }
    return columns.get(version) ?? { may: allColumns, sure: noColumns };
  }

  const known = (version: Version, wanted: Wanted): Origin | undefined => origins.get(version)?.get(keyOf(wanted));

  function answer(version: Version, wanted: Wanted, origin: Origin): void {
    const answers = origins.get(version) ?? new Map<string, Origin>();
    answers.set(keyOf(wanted), origin);
    origins.set(version, answers);
  }

  function originOf(version: Version, columns: ColumnSet): Origin {
    const real = realColumns(columns);
    if (!real.cofinite) {
      let out = noOrigin;
      for (const label of real.labels) out = bothOrigins(out, origin(version, label));
      return out;
    }
    return origin(version, real);
  }

  /** Goes back without recursion: programs are longer than the stack is deep. A version is made of earlier ones alone. */
  function origin(version: Version, wanted: Wanted): Origin {
    const todo: Part[] = [[version, wanted]];
    for (let next = todo.at(-1); next; next = todo.at(-1)) {
      const [start, columns] = next;
      if (known(start, columns)) {
        todo.pop();
        continue;
      }
      const at = typeof columns === "string" ? writerOf(start, columns) : start;
      const parts = partsBefore(at, columns);
      const open = parts.filter(([source, part]) => known(source, part) === undefined);
      if (open.length > 0) {
        todo.push(...open);
        continue;
      }
      todo.pop();
      visited++;
      let out = at.isRaw ? rawOrigin(at.obj, setOf(columns)) : at.rest;
      for (const [source, part] of parts) out = bothOrigins(out, known(source, part) ?? noOrigin);
      if (at.stored && concerns(at.stored.columns, columns)) out = bothOrigins(out, at.stored.origin);
      answer(start, columns, out);
    }
    return known(version, wanted) ?? noOrigin;
  }

  return {
    columnsOf,
    originOf,
    isOpen(version) {
      for (let at: Version | undefined = version; at; at = at.sources[0]?.version) {
        visited++;
        const [source] = at.sources;
        if (at.isOpen || source?.shape.columns === "open") return true;
        if (source?.shape.exactly || source?.shape.columns === undefined) return false;
      }
      return false;
    },
    get visited() {
      return visited;
    },
  };
}

/** A version and those that it is made of and that have no answer yet, sources first. */
function unanswered(version: Version, isDone: (version: Version) => boolean): readonly Version[] {
  const out: Version[] = [];
  const seen = new Set<Version>();
  const todo = [version];
  while (todo.length > 0) {
    const next = todo.pop();
    if (!next || seen.has(next) || isDone(next)) continue;
    seen.add(next);
    out.push(next);
    todo.push(...next.sources.map((source) => source.version));
  }
  // Every version is younger than what it is made of.
  return out.sort((a, b) => order(a) - order(b));
}

const ages = new WeakMap<Version, number>();
let age = 0;

/** Versions in the order in which they were made. */
export function born(version: Version): Version {
  ages.set(version, age++);
  chained(version);
  return version;
}

function order(version: Version): number {
  return ages.get(version) ?? 0;
}

/** One column, or a set of them. */
type Wanted = string | ColumnSet;
type Part = readonly [version: Version, wanted: Wanted];

function setOf(wanted: Wanted): ColumnSet {
  return typeof wanted === "string" ? only([wanted]) : wanted;
}

function concerns(columns: ColumnSet, wanted: Wanted): boolean {
  return typeof wanted === "string" ? has(columns, wanted) : overlaps(columns, wanted);
}

/** The columns of its sources that columns of a version are made of. */
function partsBefore({ sources, stored }: Version, wanted: Wanted): readonly Part[] {
  return sources.flatMap(({ version, map, shape }): readonly Part[] => {
    const isMapped = shape.columns !== undefined || shape.exactly !== undefined;
    const real = (set: ColumnSet): readonly Part[] => {
      const rest = minus(set, justRows);
      return isEmpty(rest) ? [] : [[version, rest]];
    };
    if (!isMapped) return real(demandBefore(map, allColumns));
    // Where all are meant the set stays the same although a column was replaced, so that one answer serves many.
    if (typeof wanted !== "string") return real(demandBefore(map, wanted));
    if (stored && (has(stored.replaces, wanted) || has(stored.removes, wanted))) return [];
    return [...labelBefore(map, wanted).map((label): Part => [version, label]), ...real(map.plus ?? noColumns)];
  });
}

const keys = new WeakMap<ColumnSet, string>();

function keyOf(wanted: Wanted): string {
  if (typeof wanted === "string") return wanted;
  const known = keys.get(wanted);
  if (known !== undefined) return known;
  const made = `\u0003${wanted.cofinite ? "-" : "+"}${[...wanted.labels].sort().join("\u0002")}`;
  keys.set(wanted, made);
  return made;
}
