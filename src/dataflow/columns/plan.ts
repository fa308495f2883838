import type { Arguments } from "../arguments.ts";
import type { ChangedColumns, Machine } from "../machine.ts";
import { unknownValue, type Value } from "../value.ts";
import { allColumns, type ColumnSet, noColumns, only } from "./column-set.ts";
import { choosesRows, keepsColumns } from "./columnwise.ts";
import { type DemandMap, sameNames } from "./demand-map.ts";
import { atMost, columnLabels, entriesOf, type Labels, label, labelsOf } from "./labels.ts";
import { otherValues, type Shape, sameRows, someRows, sortedRows } from "./shape.ts";
import { storedColumns } from "./store.ts";

/** What a call does with the columns of the table that it is called on. */
export interface Plan {
  /** Read, whatever becomes of the result. */
  readonly uses: ColumnSet;
  /** Must be there, whatever becomes of the result. */
  readonly exists: ColumnSet;
  /** What is demanded of the result is demanded so of the table. */
  readonly map: DemandMap;
  /** Tables among the arguments of which the result is made by the same rule. */
  readonly others: readonly Value[];
  /** What a call that works in place changes. */
  readonly changed: ChangedColumns;
  /** Each row of the result is one of the table, and the other way round. */
  readonly keepsRows: boolean;
  /** What the result is, next to the table. */
  readonly shape: Shape;
}

const anything: ChangedColumns = { columns: allColumns };
const same: Plan = {
  uses: noColumns,
  exists: noColumns,
  map: sameNames,
  others: [],
  changed: anything,
  keepsRows: false,
  shape: {},
};

/** Arguments that a rule knows: any other one, and it says nothing. */
type Rule = (m: Machine, args: Arguments, self: Value) => Plan | undefined;

const rules: Readonly<Record<string, Rule>> = {
  drop(m, args) {
    if (!onlyNamed(args, "labels columns axis index inplace errors level", 1)) return undefined;
    if (args.named.has("level")) return undefined;
    const axis = args.named.get("axis");
    const isColumns = axis?.constant === 1 || axis?.constant === "columns";
    if (axis && !isColumns && !isRows(axis)) return undefined;
    const given = args.positional[0] ?? args.named.get("labels");
    const columns = args.named.get("columns") ?? (isColumns ? given : undefined);
    // Rows by their labels.
    if (!columns) return given || args.named.has("index") ? { ...same, shape: someRows } : undefined;
    const found = labelsOf(m.heap, columns);
    const lenient = args.named.get("errors")?.constant === "ignore";
    return {
      ...same,
      exists: lenient ? noColumns : atMost(found),
      map: found?.sure ? { without: only(found.labels) } : sameNames,
      changed: found?.sure ? { columns: only(found.labels), removes: only(found.labels) } : { columns: atMost(found) },
      keepsRows: !args.named.has("index"),
      shape: { ...(args.named.has("index") ? someRows : sameRows), columns: found?.sure ? "mapped" : "some" },
    };
  },
  rename(m, args) {
    if (!onlyNamed(args, "columns inplace errors copy", 0)) return undefined;
    const names = renames(m, args.named.get("columns"));
    if (!names) return undefined;
    const touched = only([...names.keys(), ...names.values()]);
    return {
      ...same,
      exists: args.named.has("errors") ? only(names.keys()) : noColumns,
      map: { renamed: names },
      changed: { columns: touched },
      keepsRows: true,
      shape: sameRows,
    };
  },
  assign(_, args) {
    if (args.open || args.positional.length > 0) return undefined;
    return { ...same, map: { made: only(args.named.keys()) }, keepsRows: true, shape: sameRows };
  },
  set_index(m, args) {
    if (!onlyNamed(args, "keys drop inplace append verify_integrity", 1)) return undefined;
    const found = labelsOf(m.heap, args.positional[0] ?? args.named.get("keys"));
    if (!found) return undefined;
    const isMoved = found.sure && !args.named.has("drop");
    return {
      ...same,
      uses: only(found.labels),
      map: isMoved ? { without: only(found.labels) } : sameNames,
      keepsRows: true,
      shape: {
        ...sameRows,
        columns: isMoved ? "mapped" : "some",
        index: args.named.has("append") ? undefined : "column",
      },
    };
  },
  reset_index(_, args) {
    if (!onlyNamed(args, "drop inplace", 0)) return undefined;
    if (args.named.get("drop")?.constant === true)
      return { ...same, keepsRows: true, shape: { ...sameRows, index: "reset" } };
    // The index becomes a column, called another name if there is a column of its own.
    return { ...same, exists: only(["index", "level_0"]), keepsRows: true, shape: fromIndex };
  },
  sort_values(m, args) {
    if (
      !onlyNamed(args, "by ascending inplace kind na_position ignore_index axis", 1) ||
      !isRows(args.named.get("axis"))
    )
      return undefined;
    const found = labelsOf(m.heap, args.positional[0] ?? args.named.get("by"));
    return found && { ...same, uses: only(found.labels), keepsRows: true, shape: numbered(args, sortedRows) };
  },
  dropna(m, args) {
    if (!onlyNamed(args, "axis how thresh subset inplace ignore_index", 0) || !isRows(args.named.get("axis")))
      return undefined;
    return { ...same, uses: atMost(labelsOf(m.heap, args.named.get("subset"))), shape: numbered(args, someRows) };
  },
  drop_duplicates(m, args) {
    if (!onlyNamed(args, "subset keep inplace ignore_index", 1)) return undefined;
    const found = labelsOf(m.heap, args.positional[0] ?? args.named.get("subset"));
    return { ...same, uses: atMost(found), shape: numbered(args, someRows) };
  },
  duplicated: (m, args) => reading(m, args, "subset keep", 1, "subset"),
  value_counts: (m, args) => reading(m, args, "subset normalize sort ascending dropna", 1, "subset"),
  nlargest: (m, args) => ranked(m, args),
  nsmallest: (m, args) => ranked(m, args),
  explode: (m, args) => {
    const found = labelsOf(m.heap, args.positional[0] ?? args.named.get("column"));
    return found && onlyNamed(args, "column ignore_index", 1)
      ? { ...same, uses: only(found.labels), shape: { columns: "mapped" } }
      : undefined;
  },
  query(_, args) {
    const text = args.positional[0]?.constant;
    if (typeof text !== "string" || !onlyNamed(args, "inplace", 1)) return undefined;
    return { ...same, uses: only(queryColumns(text)), shape: someRows };
  },
  filter(m, args) {
    if (!onlyNamed(args, "items like regex axis", 1)) return undefined;
    const axis = args.named.get("axis");
    if (axis && axis.constant !== 1 && axis.constant !== "columns") return undefined;
    const found = labelsOf(m.heap, args.positional[0] ?? args.named.get("items"));
    const map = found ? { within: only(found.labels) } : sameNames;
    return { ...same, map, keepsRows: true, shape: { ...sameRows, columns: "some" } };
  },
  reindex(m, args) {
    if (!onlyNamed(args, "columns fill_value", 0)) return undefined;
    const found = labelsOf(m.heap, args.named.get("columns"));
    const map = found ? { within: only(found.labels) } : sameNames;
    // What is not there is made.
    const shape: Shape = found?.sure
      ? { ...sameRows, exactly: only(found.labels) }
      : { ...sameRows, columns: undefined };
    return { ...same, map, keepsRows: true, shape };
  },
  get(m, args) {
    const found = labelsOf(m.heap, args.positional[0]);
    return found && onlyNamed(args, "default", 2) ? { ...same, uses: only(found.labels) } : undefined;
  },
  pop(m, args) {
    const found = labelsOf(m.heap, args.positional[0]);
    if (!found || !onlyNamed(args, "item", 1)) return undefined;
    const columns = only(found.labels);
    return { ...same, uses: columns, changed: { columns, ...(found.sure ? { removes: columns } : {}) } };
  },
  melt(m, args) {
    if (!onlyNamed(args, "id_vars value_vars var_name value_name ignore_index", 0)) return undefined;
    return readingAll(m, [args.named.get("id_vars"), args.named.get("value_vars")]);
  },
  pivot_table(m, args) {
    if (!onlyNamed(args, "values index columns aggfunc fill_value observed dropna margins", 0)) return undefined;
    const parts = [args.named.get("values"), args.named.get("index"), args.named.get("columns")];
    return args.named.has("values")
      ? readingAll(
          m,
          parts.filter((part) => part !== undefined),
        )
      : undefined;
  },
  sample(m, args) {
    if (!onlyNamed(args, "n frac replace weights random_state axis ignore_index", 1)) return undefined;
    if (!isRows(args.named.get("axis"))) return undefined;
    const weights = args.named.get("weights");
    const shape: Shape = args.named.has("replace")
      ? { columns: "mapped", index: "kept" }
      : { ...sortedRows, rows: "some" };
    return {
      ...same,
      uses: weights?.type === "str" ? atMost(labelsOf(m.heap, weights)) : noColumns,
      shape: numbered(args, shape),
    };
  },
  astype(m, args) {
    if (!onlyNamed(args, "dtype copy errors", 1)) return undefined;
    const given = args.positional[0] ?? args.named.get("dtype");
    const entries = entriesOf(m.heap, given);
    const isOne = given !== undefined && given.type !== "dict" && given.type !== "unknown" && given.objs.size === 0;
    if (!entries && !isOne) return undefined;
    return {
      ...same,
      exists: entries ? only([...entries.keys()].map(label)) : noColumns,
      keepsRows: true,
      shape: sameRows,
    };
  },
  add_prefix: (_, args) => affixed(args, "start"),
  add_suffix: (_, args) => affixed(args, "end"),
  copy: (_, args) => (onlyNamed(args, "deep", 1) ? { ...same, keepsRows: true, shape: sameRows } : undefined),
  insert(m, args, self) {
    const found = columnLabels(m.heap, args.positional[1] ?? args.named.get("column") ?? unknownValue);
    if (!found || !onlyNamed(args, "loc column value", 3)) return undefined;
    // Anywhere but in front there must be columns before it.
    const isFirst = (args.positional[0] ?? args.named.get("loc"))?.constant === 0;
    const value = args.positional[2] ?? args.named.get("value");
    return {
      ...same,
      exists: isFirst ? noColumns : allColumns,
      changed: storedColumns(m, self, only(found.labels), value),
    };
  },
  replace(m, args) {
    if (!onlyNamed(args, "to_replace value inplace", 2)) return undefined;
    const parts = [...args.positional, ...["to_replace", "value"].flatMap((name) => args.named.get(name) ?? [])];
    // `None` makes objects of a whole block of columns.
    return parts.every((part) => isPlainly(m, part)) ? { ...same, keepsRows: true, shape: otherValues } : undefined;
  },
  merge: (m, args, self) => joined(m, args, self),
  join(m, args) {
    if (!onlyNamed(args, "other how on", 1)) return undefined;
    const other = args.positional[0] ?? args.named.get("other");
    const on = args.named.get("on");
    const keys = on ? labelsOf(m.heap, on) : { labels: new Set<string>() };
    if (!keys || other?.type !== "DataFrame") return undefined;
    // Columns that both have are an error, so nobody gets another name.
    return { ...same, uses: only(keys.labels), others: [other], shape: { columns: "mapped" } };
  },
};

/** How many arguments without a name a method takes before one could be an axis or the like. */
const positionsBeforeAxis: Readonly<Record<string, number>> = {
  cumsum: 0,
  cumprod: 0,
  cummax: 0,
  cummin: 0,
  sort_index: 0,
  shift: 2,
  diff: 1,
  clip: 2,
  where: 2,
  mask: 2,
};

/** What a method of a table does with columns; undefined where nobody can say, which means: it reads them all. */
export function planOf(m: Machine, attr: string, args: Arguments, self: Value): Plan | undefined {
  if (self.type !== "DataFrame" || args.open) return undefined;
  if (args.all.some((value) => (value.callables?.length ?? 0) > 0) && attr !== "assign") return undefined;
  const rule = Object.hasOwn(rules, attr) ? rules[attr] : undefined;
  if (rule) return rule(m, args, self);
  if (!keepsColumns(attr)) return undefined;
  if (args.positional.length > (positionsBeforeAxis[attr] ?? 1) || !isRows(args.named.get("axis"))) return undefined;
  if (args.all.some((value) => value.type === "None" || value.nullable)) return undefined;
  const keys = attr === "fillna" ? entriesOf(m.heap, args.positional[0] ?? args.named.get("value")) : undefined;
  return {
    ...same,
    changed: keys ? { columns: only([...keys.keys()].map(label)) } : anything,
    keepsRows: !choosesRows(attr),
    shape: shapeOf(attr),
  };
}

/** The index becomes a column, called what only the data can tell. */
const fromIndex: Shape = { ...sameRows, columns: undefined, index: "reset" };

/** Rows may be numbered anew. */
function numbered(args: Arguments, shape: Shape): Shape {
  const asked = args.named.get("ignore_index");
  return asked === undefined || asked.constant === false ? shape : { ...shape, index: "reset" };
}

function shapeOf(attr: string): Shape {
  if (attr === "asfreq") return { columns: "mapped" };
  if (attr === "take") return { ...sortedRows, rows: "some" };
  if (attr === "sort_index") return sortedRows;
  return choosesRows(attr) ? someRows : otherValues;
}

/** A value of which it is sure that it is not, and does not hold, `None`. */
function isPlainly(m: Machine, value: Value): boolean {
  if (value.constant !== undefined) return value.constant !== null;
  if (value.member === "numpy.nan") return true;
  const entries = entriesOf(m.heap, value);
  if (entries) return [...entries.values()].every((part) => isPlainly(m, part));
  return value.type === "list" && labelsOf(m.heap, value) !== undefined;
}

function isRows(axis: Value | undefined): boolean {
  return axis === undefined || axis.constant === 0 || axis.constant === "index" || axis.constant === "rows";
}

/** True when every argument is one that the rule knows. */
function onlyNamed(args: Arguments, names: string, positions: number): boolean {
  const known = new Set(names.split(" "));
  return !args.open && args.positional.length <= positions && [...args.named.keys()].every((name) => known.has(name));
}

function reading(m: Machine, args: Arguments, names: string, positions: number, key: string): Plan | undefined {
  if (!onlyNamed(args, names, positions)) return undefined;
  const found = labelsOf(m.heap, args.positional[0] ?? args.named.get(key));
  return found && { ...same, uses: only(found.labels), map: { within: only(found.labels) }, keepsRows: true };
}

function readingAll(m: Machine, parts: readonly (Value | undefined)[]): Plan | undefined {
  const found = parts.map((part) => labelsOf(m.heap, part));
  if (!found.every((one): one is Labels => one !== undefined)) return undefined;
  const columns = only(found.flatMap((one) => [...one.labels]));
  return { ...same, uses: columns, map: { within: columns } };
}

function ranked(m: Machine, args: Arguments): Plan | undefined {
  const found = labelsOf(m.heap, args.positional[1] ?? args.named.get("columns"));
  return found && onlyNamed(args, "n columns keep", 2) ? { ...same, uses: only(found.labels) } : undefined;
}

function renames(m: Machine, value: Value | undefined): ReadonlyMap<string, string> | undefined {
  const entries = entriesOf(m.heap, value);
  if (!entries) return undefined;
  const out = new Map<string, string>();
  for (const [key, { constant }] of entries) {
    if (typeof constant !== "string" && typeof constant !== "number") return undefined;
    out.set(label(key), label(constant));
  }
  return out;
}

function affixed(args: Arguments, at: "start" | "end"): Plan | undefined {
  const text = args.positional[0]?.constant;
  if (typeof text !== "string" || text === "" || !onlyNamed(args, "", 1)) return undefined;
  return { ...same, map: { affix: { text, at } }, keepsRows: true, shape: sameRows };
}

/** `a.merge(b, on=…)`: the keys, and what else is demanded of either side. */
export function joined(m: Machine, args: Arguments, self: Value): Plan | undefined {
  if (!onlyNamed(args, "right on how left_on right_on suffixes validate sort indicator", 2)) return undefined;
  if (args.positional.length > 1 || self.type !== "DataFrame") return undefined;
  const other = args.positional[0] ?? args.named.get("right");
  const parts = ["on", "left_on", "right_on"].map((key) => args.named.get(key)).filter((part) => part !== undefined);
  const found = parts.map((part) => labelsOf(m.heap, part));
  if (parts.length === 0 || !found.every((one): one is Labels => one !== undefined)) return undefined;
  if (other?.type !== "DataFrame" || args.named.has("suffixes")) return undefined;
  const keys = only(found.flatMap((one) => [...one.labels]));
  return { ...same, uses: keys, others: [other], map: { suffixes: ["_x", "_y"] }, shape: { columns: "mapped" } };
}

/** Every word of a query that may be a column. */
function queryColumns(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`([^`]*)`/g)].map((match) => match[1] ?? "");
  const words = text.replace(/`[^`]*`/g, " ").matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu);
  return [...quoted, ...[...words].map((match) => match[0])];
}
