import type { Dataflow, UnitFacts } from "../analyse.ts";
import type { ObjId } from "../value.ts";
import { type ColumnSet, isEmpty, noColumns, union } from "./column-set.ts";
import { realColumns } from "./demand-map.ts";
import { shownLabel } from "./labels.ts";

/** Columns of one table, by the names through which it could be got at. */
export interface TableColumns {
  readonly obj: ObjId;
  readonly names: readonly string[];
  readonly columns: ColumnSet;
}

/** What a unit reads and writes of the tables that were there before it, or that it binds to a name. */
export interface ColumnStory {
  readonly reads: readonly TableColumns[];
  readonly writes: readonly TableColumns[];
}

/** Tells which columns a unit reads and writes. */
export function columnStory(flow: Dataflow, facts: UnitFacts): ColumnStory {
  const reads = new Map<ObjId, ColumnSet>();
  const writes = new Map<ObjId, ColumnSet>();
  for (const event of facts.trace.tables) {
    const into = event.kind === "use" ? reads : event.kind === "write" ? writes : undefined;
    if (into && "columns" in event) into.set(event.obj, union(into.get(event.obj) ?? noColumns, event.columns));
  }
  const told = (sets: ReadonlyMap<ObjId, ColumnSet>): readonly TableColumns[] =>
    [...sets].flatMap(([obj, columns]) => {
      const names = namesAt(flow, obj, facts.unit.id);
      const shown = columns.cofinite ? columns : realColumns(columns);
      return names.length === 0 || isEmpty(shown) ? [] : [{ obj, names, columns: shown }];
    });
  return { reads: told(reads), writes: told(writes) };
}

/** Names that may denote an object right before or right after a unit. */
export function namesAt(flow: Dataflow, obj: ObjId, unit: number): readonly string[] {
  const around = [flow.before[unit] ?? flow.names, flow.before[unit + 1] ?? flow.names];
  return [...flow.heap.get(obj).names].filter((name) =>
    around.some((names) => names.get(name)?.value.objs.has(obj) ?? false),
  );
}

/** `'a' and 'b'`, `all but 'y'`, `all`; of more columns than `most` only the first ones. */
export function columnsText({ cofinite, labels }: ColumnSet, most = 6): string {
  const real = [...labels].filter((label) => !label.startsWith("\u0000")).sort();
  const shown = real.slice(0, most).map(shownLabel);
  const more = real.length > most ? `${shown.join(", ")} and ${real.length - most} more` : listed(shown);
  if (!cofinite) return more;
  return real.length === 0 ? "all" : `all but ${more}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}
