import type { Heap } from "../heap.ts";
import type { ObjId } from "../value.ts";
import { allColumns, type ColumnSet, contains, isEmpty, minus, noColumns, overlaps, union } from "./column-set.ts";
import { type DemandMap, demandBefore } from "./demand-map.ts";
import type { TableEvent } from "./events.ts";

/** Who demands columns of a table, and what for. */
export interface Demand {
  readonly columns: ColumnSet;
  readonly by?: number;
  readonly what: string;
}

/** The columns of every table that are demanded at one point of the program, while it is gone through backwards. */
export interface Live {
  add(obj: ObjId, demand: Demand): void;
  of(obj: ObjId): ColumnSet;
  /** Someone who demands one of these columns. */
  wants(obj: ObjId, columns: ColumnSet): Demand | undefined;
  /** Goes back over what a statement does: from what is demanded after it to what is demanded before it. */
  back(events: readonly TableEvent[], unsure: boolean, unit: number): void;
}

export interface LiveOptions {
  /** Trusts maps that are true but in corners of a library. */
  readonly loose?: boolean;
}

export function liveColumns(heap: Heap, options: LiveOptions = {}): Live {
  const demands = new Map<ObjId, readonly Demand[]>();
  const totals = new Map<ObjId, ColumnSet>();
  let grown = 0;
  const of = (obj: ObjId): ColumnSet => totals.get(obj) ?? noColumns;

  function add(obj: ObjId, demand: Demand): void {
    const before = of(obj);
    if (isEmpty(demand.columns) || contains(before, demand.columns)) return;
    grown++;
    totals.set(obj, union(before, demand.columns));
    demands.set(obj, [...(demands.get(obj) ?? []), demand]);
  }

  function set(obj: ObjId, now: readonly Demand[]): void {
    totals.delete(obj);
    demands.delete(obj);
    for (const demand of now) add(obj, demand);
  }

  function map(given: DemandMap): DemandMap {
    return given.loose && !options.loose ? { plus: allColumns } : given;
  }

  function pass(from: ObjId, to: ObjId, by: DemandMap): void {
    const use = map(by);
    for (const demand of demands.get(to) ?? []) add(from, { ...demand, columns: demandBefore(use, demand.columns) });
  }

  function step(event: TableEvent, sure: boolean, unit: number): void {
    switch (event.kind) {
      case "use":
        add(event.obj, { columns: event.columns, by: unit, what: event.what });
        return;
      case "derive":
        pass(event.from, event.to, event.map);
        return;
      case "change": {
        if (!sure || !event.sure || heap.get(event.obj).several) return pass(event.obj, event.obj, event.map);
        const use = map(event.map);
        set(
          event.obj,
          (demands.get(event.obj) ?? []).map((d) => ({ ...d, columns: demandBefore(use, d.columns) })),
        );
        return;
      }
      case "write": {
        if (!sure || heap.get(event.obj).several || !(event.replaces || event.removes)) return;
        const { replaces = noColumns, removes = noColumns } = event;
        set(
          event.obj,
          (demands.get(event.obj) ?? []).map((d) => {
            const left = minus(d.columns, removes);
            // Where all columns are demanded their order counts, and a replaced one keeps the place that the first store gave it.
            return { ...d, columns: left.cofinite ? left : minus(left, replaces) };
          }),
        );
        return;
      }
    }
  }

  return {
    add,
    of,
    wants(obj, columns) {
      return overlaps(of(obj), columns) ? demands.get(obj)?.find((d) => overlaps(d.columns, columns)) : undefined;
    },
    back(events, unsure, unit) {
      const once = (): void => {
        for (let i = events.length - 1; i >= 0; i--) {
          const event = events[i];
          if (event) step(event, !unsure, unit);
        }
      };
      once();
      // What may run again feeds itself.
      for (let before = -1; unsure && grown !== before; ) {
        before = grown;
        once();
      }
    },
  };
}
