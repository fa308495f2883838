import type { Expr } from "../../python/ir.ts";
import { type ChangedColumns, type Machine, note, useColumns } from "../machine.ts";
import type { Value } from "../value.ts";
import { allColumns, type ColumnSet, only, union } from "./column-set.ts";
import { justRows, wholeSource } from "./demand-map.ts";
import { attributeLabel, columnLabels, labelsOf } from "./labels.ts";
import { type Shape, sameRows } from "./shape.ts";
import { choiceOf, isFrame } from "./tables.ts";

const everything: ChangedColumns = { columns: allColumns };

/**
 * What a store into a part of a table changes. A store that is not confined to columns of known names needs all of them: it may go
 * by position, or take one value for each.
 */
export function storeInto(
  m: Machine,
  base: Value,
  key: Value,
  keyExpr: Expr,
  value: Value,
  which: string,
): ChangedColumns {
  if (base.type === "indexer" && base.exact) {
    const { many, columns, map, exists } = choiceOf(m, which, key, keyExpr);
    const written = map ? exists : columns;
    // `df.loc[label, "a"] = 1` adds a row where the label is new.
    if (!many || written.cofinite || (map && written.labels.size === 0)) return whole(m, base);
    useColumns(m, base, justRows, "rows");
    return { columns: written };
  }
  if (!isFrame(base)) return whole(m, base);
  const one = columnLabels(m.heap, key);
  const several = key.type === "list" ? labelsOf(m.heap, key) : undefined;
  const found = one ?? several;
  if (!found) return whole(m, base);
  return storedColumns(m, base, only(found.labels), value, found.sure && one !== undefined);
}

/** `df.c = value`: the column where there is one, an attribute of that name where there is none. */
export function storeAttribute(m: Machine, base: Value, name: string, value: Value): ChangedColumns {
  if (!isFrame(base) || name === "columns" || name === "index" || name === "attrs" || name === "flags")
    return whole(m, base);
  return storedColumns(m, base, only([name, attributeLabel(name)]), value);
}

/** `df.columns = names`: whichever column a name is given to, the rows stay what they are. */
export function renameByPosition(m: Machine, base: Value, value: Value): void {
  if (!isFrame(base)) return;
  const found = labelsOf(m.heap, value);
  const shape: Shape = { ...sameRows, columns: undefined, ...(found?.sure ? { exactly: only(found.labels) } : {}) };
  for (const obj of base.objs) note(m, { kind: "change", obj, map: wholeSource, shape, sure: isOne(base) });
}

/** `del df["c"]`. */
export function removeFrom(m: Machine, base: Value, key: Value): ChangedColumns {
  const found = isFrame(base) ? columnLabels(m.heap, key) : undefined;
  if (!found) return whole(m, base);
  const columns = only(found.labels);
  useColumns(m, base, columns, "a column", true);
  return { columns, ...(found.sure && isOne(base) ? { removes: columns } : {}) };
}

/** New values for these columns. In a table that may have no rows yet, the value may decide which rows there are. */
export function storedColumns(
  m: Machine,
  base: Value,
  columns: ColumnSet,
  value: Value | undefined,
  sure = false,
): ChangedColumns {
  useColumns(m, base, justRows, "rows");
  const fits = [...base.objs].every((id) => m.heap.get(id).solid) || isScalar(m, value) || isOwn(m, base, value);
  return {
    columns: fits ? columns : union(columns, justRows),
    ...(sure && isOne(base) ? { replaces: columns } : {}),
  };
}

/** One table, and no other that could be meant. */
export function isOne(base: Value): boolean {
  return base.exact === true && base.objs.size === 1;
}

/** A value that was computed from the very rows of the table. */
function isOwn(m: Machine, base: Value, value: Value | undefined): boolean {
  if (m.unsure > 0 || base.rows === undefined || value?.rows !== base.rows) return false;
  return ![...base.objs].some((id) => m.heap.get(id).reshaped);
}

function isScalar(m: Machine, value: Value | undefined): boolean {
  return (
    value !== undefined &&
    value.objs.size === 0 &&
    m.knowledge.isImmutable(value.type) &&
    /^(?:str|int|float|bool|Timestamp|None)$/.test(value.type)
  );
}

function whole(m: Machine, base: Value): ChangedColumns {
  useColumns(m, base, allColumns, "all columns", true);
  return everything;
}
