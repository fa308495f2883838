import { allBut, allColumns, type ColumnSet, has, intersect, minus, noColumns, only, union } from "../column-set.ts";
import { type DemandMap, realColumns } from "../demand-map.ts";
import type { Columns, Source, Version } from "./version.ts";

/** The columns of a version, by those of its sources. */
export function columnsOfOne(version: Version, of: (source: Version) => Columns): Columns {
  const { sources, stored } = version;
  let may = sources.length === 0 ? allColumns : noColumns;
  let sure = noColumns;
  for (const source of sources) {
    const found = image(source, of(source.version));
    may = union(may, found.may);
    sure = union(sure, found.sure);
  }
  if (!stored) return { may, sure };
  const real = realColumns(stored.columns);
  return {
    may: minus(union(may, real), stored.removes),
    sure: union(minus(sure, real.cofinite ? noColumns : stored.removes), realColumns(stored.replaces)),
  };
}

/** The columns that a result has of a source that has these. */
function image({ map, shape }: Source, { may, sure }: Columns): Columns {
  if (shape.exactly) return { may: shape.exactly, sure: shape.exactly };
  if (shape.columns === undefined) return { may: allColumns, sure: noColumns };
  const mapped = {
    may: mappedTo(map, may, true),
    sure: shape.columns === "some" ? noColumns : mappedTo(map, sure, false),
  };
  if (shape.columns !== "open") return mapped;
  return { ...mapped, may: map.without && !map.without.cofinite ? allBut(map.without.labels) : allColumns };
}

/** `isUpper`: all that there may be; else only what is sure. */
function mappedTo(map: DemandMap, columns: ColumnSet, isUpper: boolean): ColumnSet {
  const { within, without = noColumns, made = noColumns, renamed, affix, suffixes } = map;
  let out = minus(within ? intersect(columns, within) : columns, without);
  if (renamed) out = renamedTo(out, renamed);
  if (affix) out = withAffix(out, affix);
  if (suffixes) {
    if (!isUpper) out = noColumns;
    else out = out.cofinite ? allColumns : only([...out.labels].flatMap((l) => [l, ...suffixes.map((s) => l + s)]));
  }
  return union(out, made);
}

/** The names of these columns after a rename. */
function renamedTo(columns: ColumnSet, newNames: ReadonlyMap<string, string>): ColumnSet {
  if (!columns.cofinite) return only([...columns.labels].map((label) => newNames.get(label) ?? label));
  const missing = new Set(columns.labels);
  for (const old of newNames.keys()) missing.add(old);
  for (const [old, name] of newNames) if (has(columns, old)) missing.delete(name);
  return allBut(missing);
}

/** The same after `add_prefix` or `add_suffix`. Of a table of which not all columns are known, any may have the name. */
function withAffix(columns: ColumnSet, { text, at }: NonNullable<DemandMap["affix"]>): ColumnSet {
  if (columns.cofinite) return allColumns;
  return only([...columns.labels].map((label) => (at === "start" ? text + label : label + text)));
}
