import { columnsText } from "../dataflow/tables.ts";
import type { Selection } from "./select.ts";

/** Unit that reads tables from outside → the columns of each that something kept reads, in words. */
export function columnsUsed({
  flow,
  kept,
  demands,
}: Pick<Selection, "flow" | "kept" | "demands">): ReadonlyMap<number, readonly string[]> {
  const out = new Map<number, readonly string[]>();
  for (const { unit, trace } of flow.facts) {
    if (!kept.has(unit.id)) continue;
    const loaded = trace.tables.flatMap((event) =>
      event.kind === "write" && event.born && flow.heap.get(event.obj).loaded ? [event.obj] : [],
    );
    // Going backwards, all that is demanded of a table stands where it comes into being.
    const texts = [...new Set(loaded)].map(
      (obj) => columnsText(demands.after(obj, unit.id - 1), Number.POSITIVE_INFINITY) || "none but its rows",
    );
    if (texts.length > 0) out.set(unit.id, texts);
  }
  return out;
}
