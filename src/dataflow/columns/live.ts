import type { Heap } from "../heap.ts";
import type { ObjId } from "../value.ts";
import {
  allColumns,
  type ColumnSet,
  contains,
  has,
  isEmpty,
  minus,
  noColumns,
  only,
  overlaps,
  unionAll,
} from "./column-set.ts";
import { type DemandMap, demandBefore, justRows, labelBefore, sameNames } from "./demand-map.ts";
import type { TableChange, TableEvent, TableWrite } from "./events.ts";

/** Who demands columns of a table, and what for. */
export interface Demand {
  readonly columns: ColumnSet;
  readonly by?: number;
  readonly what: string;
}

/** The columns of every table that are demanded at one point of the program, while it is gone through backwards. */
export interface Live {
  /** Demands more of a table as it is after a unit. */
  add(obj: ObjId, demand: Demand, unit: number): void;
  /** Someone who demands one of these columns. */
  wants(obj: ObjId, columns: ColumnSet): Demand | undefined;
  /** Goes back over what a statement does: from what is demanded after it to what is demanded before it. */
  back(events: readonly TableEvent[], unsure: boolean, unit: number): void;
  /** What is demanded of a table as it is right after a unit, once that unit has been reached. */
  after(obj: ObjId, unit: number): ColumnSet;
  /** Demands added and taken away so far: the work done. */
  readonly steps: number;
}

export interface LiveOptions {
  /** Trusts maps that are true but in corners of a library. */
  readonly loose?: boolean;
}

/** Since when (going backwards: up to which unit) something is demanded, and since when it is not. */
interface Turn {
  readonly upTo: number;
  readonly demanded: boolean;
}

/** What is demanded of one table. Each column by itself, so that a store takes one away without a look at the others. */
interface Table {
  readonly labels: Map<string, Demand>;
  cofinite: readonly Demand[];
  /** When each column came and went, and when the cofinite demands became others. */
  readonly turns: Map<string, Turn[]>;
  readonly cofiniteTurns: { readonly upTo: number; readonly sets: readonly ColumnSet[] }[];
}

const same: readonly string[] = [];

export function liveColumns(heap: Heap, options: LiveOptions = {}): Live {
  const tables = new Map<ObjId, Table>();
  let grown = 0;
  let steps = 0;
  /** What is demanded now is demanded of tables as they are after this unit. */
  let upTo = 0;

  function tableOf(obj: ObjId): Table {
    const known = tables.get(obj);
    if (known) return known;
    const made: Table = { labels: new Map(), cofinite: [], turns: new Map(), cofiniteTurns: [] };
    tables.set(obj, made);
    return made;
  }

  function turn(table: Table, label: string, demanded: boolean): void {
    steps++;
    const turns = table.turns.get(label) ?? [];
    turns.push({ upTo, demanded });
    table.turns.set(label, turns);
  }

  function setCofinite(table: Table, now: readonly Demand[]): void {
    steps++;
    table.cofinite = now;
    table.cofiniteTurns.push({ upTo, sets: now.map((demand) => demand.columns) });
  }

  function add(obj: ObjId, demand: Demand): void {
    const { columns } = demand;
    if (isEmpty(columns)) return;
    const table = tableOf(obj);
    if (columns.cofinite) {
      const all = unionAll(table.cofinite.map((other) => other.columns));
      if (contains(all, columns)) return;
      grown++;
      // What this says too need not be kept twice.
      setCofinite(table, [...table.cofinite.filter((other) => !contains(columns, other.columns)), demand]);
      return;
    }
    for (const label of columns.labels) addLabel(table, label, demand);
  }

  function addLabel(table: Table, label: string, demand: Demand): void {
    if (table.labels.has(label) || table.cofinite.some((other) => has(other.columns, label))) return;
    grown++;
    table.labels.set(label, demand.columns.labels.size === 1 ? demand : { ...demand, columns: only([label]) });
    turn(table, label, true);
  }

  function remove(table: Table, label: string): void {
    if (table.labels.delete(label)) turn(table, label, false);
  }

  function trusted(map: DemandMap): DemandMap {
    return map.loose && !options.loose ? { plus: allColumns } : map;
  }

  /** Each demand on a result as one on its source. */
  function mapped(table: Table, given: DemandMap): readonly Demand[] {
    const map = trusted(given);
    const out: Demand[] = [];
    let first: Demand | undefined;
    for (const [label, demand] of table.labels) {
      first ??= demand;
      steps++;
      const before = map === sameNames ? same : labelBefore(map, label);
      if (before === same || (before.length === 1 && before[0] === label)) out.push(demand);
      else if (before.length > 0) out.push({ ...demand, columns: only(before) });
    }
    for (const demand of table.cofinite) out.push({ ...demand, columns: demandBefore(map, demand.columns) });
    if (first) out.push({ ...first, columns: justRows }, { ...first, columns: map.plus ?? noColumns });
    return out;
  }

  function change({ obj, map, sure }: TableChange, isSure: boolean): void {
    const table = tableOf(obj);
    const now = mapped(table, map);
    if (isSure && sure && !heap.get(obj).several) {
      const left = new Set(now.flatMap(({ columns }) => (columns.cofinite ? [] : [...columns.labels])));
      for (const label of [...table.labels.keys()]) if (!left.has(label)) remove(table, label);
      if (table.cofinite.length > 0) setCofinite(table, []);
    }
    for (const demand of now) add(obj, demand);
  }

  function write({ obj, replaces = noColumns, removes = noColumns }: TableWrite, isSure: boolean): void {
    if (!isSure || heap.get(obj).several || (isEmpty(replaces) && isEmpty(removes))) return;
    const table = tableOf(obj);
    for (const gone of [replaces, removes]) {
      const labels = gone.cofinite ? [...table.labels.keys()].filter((label) => has(gone, label)) : gone.labels;
      for (const label of labels) remove(table, label);
    }
    // Where all columns are demanded their order counts, and a replaced one keeps the place that the first store gave it.
    if (table.cofinite.some((demand) => overlaps(demand.columns, removes))) {
      const left = table.cofinite.map((demand) => ({ ...demand, columns: minus(demand.columns, removes) }));
      setCofinite(table, []);
      for (const demand of left) add(obj, demand);
    }
  }

  function step(event: TableEvent, isSure: boolean, unit: number): void {
    switch (event.kind) {
      case "use":
        return add(event.obj, { columns: event.columns, by: unit, what: event.what });
      case "derive":
        for (const demand of mapped(tableOf(event.to), event.map)) add(event.from, demand);
        return;
      case "change":
        return change(event, isSure);
      case "write":
        return write(event, isSure);
    }
  }

  function once(events: readonly TableEvent[], isSure: boolean, unit: number): void {
    for (let i = events.length - 1; i >= 0; i--) {
      const event = events[i];
      if (event) step(event, isSure, unit);
    }
  }

  return {
    add(obj, demand, unit) {
      upTo = unit;
      add(obj, demand);
    },
    wants(obj, columns) {
      const table = tables.get(obj);
      if (!table) return undefined;
      if (!columns.cofinite)
        for (const label of columns.labels) {
          const found = table.labels.get(label);
          if (found) return found;
        }
      else for (const [label, demand] of table.labels) if (has(columns, label)) return demand;
      return table.cofinite.find((demand) => overlaps(demand.columns, columns));
    },
    back(events, unsure, unit) {
      upTo = unit - 1;
      once(events, !unsure, unit);
      // What may run again feeds itself.
      for (let before = -1; unsure && grown !== before; ) {
        before = grown;
        once(events, !unsure, unit);
      }
    },
    after(obj, unit) {
      const table = tables.get(obj);
      if (!table) return noColumns;
      const labels = [...table.turns].flatMap(([label, turns]) => (last(turns, unit)?.demanded ? [label] : []));
      return unionAll([only(labels), ...(last(table.cofiniteTurns, unit)?.sets ?? [])]);
    },
    get steps() {
      return steps;
    },
  };
}

/** The last turn, going backwards, that still holds after a unit. */
function last<T extends { readonly upTo: number }>(turns: readonly T[], unit: number): T | undefined {
  let [low, high] = [0, turns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle]?.upTo ?? 0) >= unit) low = middle + 1;
    else high = middle;
  }
  return turns[low - 1];
}
