import {
  allColumns,
  beforeRename,
  type ColumnSet,
  has,
  intersect,
  isEmpty,
  minus,
  noColumns,
  only,
  union,
} from "./column-set.ts";

/**
 * How a demand on the result of a table operation becomes one on its source: a column of the result is made of the column of the
 * same name, but for what is said here. Plain data, so that it can be compared and printed.
 */
export interface DemandMap {
  /** The source's name → the result's name. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** Columns of the source that are not in the result. */
  readonly without?: ColumnSet;
  /** Columns that are made anew. One that was there keeps its place among the others, which counts where all are demanded. */
  readonly made?: ColumnSet;
  /** Text that every name of the result has and the source's has not. */
  readonly affix?: { readonly text: string; readonly at: "start" | "end" };
  /** Only these columns of the source come into the result. */
  readonly within?: ColumnSet;
  /** Read for any column of the result. */
  readonly plus?: ColumnSet;
  /** Endings that a join gives to columns which both sides have: who is there decides what the other is called. */
  readonly suffixes?: readonly string[];
  /** In corners of the library one column decides the type of another: true to the rule, but no ground for leaving a column out. */
  readonly loose?: true;
}

/** Rows of a table: how many, which, in which order, with which labels. Whoever reads a column reads them too. */
export const rowsLabel = "\u0000rows";
export const justRows: ColumnSet = only([rowsLabel]);

/** Without the labels that stand for rows and for attributes. */
export function realColumns(columns: ColumnSet): ColumnSet {
  const { cofinite, labels } = columns;
  const hasOthers = [...labels].some((label) => label.startsWith("\u0000"));
  return hasOthers
    ? { cofinite, labels: new Set([...labels].filter((label) => !label.startsWith("\u0000"))) }
    : columns;
}

/** A column keeps its name. */
export const sameNames: DemandMap = {};
/** Any column of the result is made of any of the source. */
export const wholeSource: DemandMap = { plus: allColumns };

/** The demand on the source of an operation whose result is demanded so. */
export function demandBefore(map: DemandMap, demand: ColumnSet): ColumnSet {
  if (isEmpty(demand)) return noColumns;
  let out = map.without ? minus(demand, map.without) : demand;
  if (map.made && !out.cofinite) out = minus(out, map.made);
  if (map.affix) out = withoutAffix(out, map.affix);
  if (map.renamed) out = beforeRename(out, map.renamed);
  if (map.suffixes)
    out = out.cofinite ? allColumns : only([...out.labels].flatMap((l) => stems(l, map.suffixes ?? [])));
  if (map.within) out = intersect(out, map.within);
  return union(union(out, map.plus ?? noColumns), justRows);
}

/** Old names by new name, of each rename. */
const oldNames = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, readonly string[]>>();

function oldNamesOf(renamed: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const known = oldNames.get(renamed);
  if (known) return known;
  const made = new Map<string, string[]>();
  for (const [old, name] of renamed) made.set(name, [...(made.get(name) ?? []), old]);
  oldNames.set(renamed, made);
  return made;
}

/** The same for a single column, without what is read for any column (`plus`, and the rows). */
export function labelBefore(map: DemandMap, label: string): readonly string[] {
  if (map.without && has(map.without, label)) return [];
  if (map.made && has(map.made, label)) return [];
  let out: readonly string[] = [label];
  if (map.affix) out = [...withoutAffix(only(out), map.affix).labels];
  if (map.renamed) {
    const { renamed } = map;
    const old = oldNamesOf(renamed);
    out = out.flatMap((one) => [...(renamed.has(one) ? [] : [one]), ...(old.get(one) ?? [])]);
  }
  if (map.suffixes) out = out.flatMap((one) => stems(one, map.suffixes ?? []));
  const { within } = map;
  return within ? out.filter((one) => has(within, one)) : out;
}

function withoutAffix({ cofinite, labels }: ColumnSet, { text, at }: NonNullable<DemandMap["affix"]>): ColumnSet {
  const bare = [...labels].flatMap((label) => {
    if (at === "start") return label.startsWith(text) ? [label.slice(text.length)] : [];
    return label.endsWith(text) ? [label.slice(0, -text.length)] : [];
  });
  return { cofinite, labels: new Set(bare) };
}

function stems(label: string, suffixes: readonly string[]): readonly string[] {
  return [label, ...suffixes.filter((s) => s !== "" && label.endsWith(s)).map((s) => label.slice(0, -s.length))];
}
