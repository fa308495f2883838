import type { CallExpr } from "../../python/ir.ts";
import type { Given } from "./arguments.ts";
import { type Bound, fitted, holdsRows, isRow } from "./bound.ts";
import { never } from "./combine.ts";
import { type Machine, trouble } from "./machine.ts";
import * as rules from "./rules.ts";

/** True when a call goes along each row, false when along all rows; undefined when the code does not say. */
function alongRow(given: Given, place: number | undefined): boolean | undefined {
  const value = given.named.get("axis") ?? (place === undefined ? undefined : given.positional[place]);
  if (!value) return false;
  const { constant } = value;
  if (constant === 1 || constant === "columns") return true;
  return constant === 0 || constant === "index" || constant === "rows" || constant === null ? false : undefined;
}

/** Where the axis stands among the arguments of a method of tables and arrays. */
const places: Readonly<Record<string, number | undefined>> = {
  quantile: 1,
  agg: 1,
  aggregate: 1,
  corrwith: 1,
  value_counts: undefined,
  describe: undefined,
  memory_usage: undefined,
  info: undefined,
  item: undefined,
  corr: undefined,
  cov: undefined,
};

/** A figure over all rows is training's; one of each row is computed for a given row (rule 3). */
export function figureOf(
  m: Machine,
  expr: CallExpr,
  attr: string,
  base: Bound,
  given: Given,
  entrywise: (kind?: Bound["kind"]) => Bound,
): Bound {
  if (base.kind !== "frame" && base.kind !== "array") return fitted();
  const along = alongRow(given, attr in places ? places[attr] : 0);
  if (along === false) return fitted();
  // How many modes or quantiles a row has is another question: they make a table.
  const isOne = attr !== "mode" && (attr !== "quantile" || !isList(given.named.get("q") ?? given.positional[0]));
  if (along && rules.byAxis.has(attr) && isOne)
    return { ...entrywise(base.kind === "frame" ? "series" : base.kind), width: 1 };
  return trouble(m, "unknown operation", expr, base.rows ?? never(), [base]);
}

/** Where the axis stands among the arguments of a function of numpy. */
const numpyPlaces: Readonly<Record<string, number | undefined>> = {
  percentile: 2,
  quantile: 2,
  nanpercentile: 2,
  nanquantile: 2,
  unique: undefined,
  bincount: undefined,
  histogram: undefined,
  histogram_bin_edges: undefined,
  corrcoef: undefined,
  cov: undefined,
  linspace: undefined,
  arange: undefined,
};

/** The same for the functions of numpy; of several values for each row, `axis=0` gives one for each row. */
export function numpyFigureOf(
  m: Machine,
  expr: CallExpr,
  name: string,
  given: Given,
  entrywise: (kind?: Bound["kind"]) => Bound,
): Bound {
  const [first] = given.positional;
  const along = alongRow(given, name in numpyPlaces ? numpyPlaces[name] : 1);
  const rows = first && (first.rows ?? first.items?.find(isRow)?.rows);
  if (!first || !rows) return fitted();
  const refused = (): Bound => trouble(m, "unknown operation", expr, rows, given.all);
  if (first.items) {
    const hasAxis = given.named.has("axis") || given.positional.length > 1;
    if (!hasAxis) return fitted();
    return along === false && first.items.every(isRow) && !given.all.slice(1).some(holdsRows)
      ? oneOf(entrywise("array"), first.items)
      : refused();
  }
  if (along === false || first.kind === "series") return fitted();
  if (along === undefined || isList(given.named.get("q") ?? given.positional[1])) return refused();
  return { ...entrywise(first.kind === "frame" ? "series" : first.kind), width: 1 };
}

/** What is made of single values for each row is single itself. */
function oneOf(value: Bound, parts: readonly Bound[]): Bound {
  return parts.every(({ kind, width }) => kind === "series" || width === 1) ? { ...value, width: 1 } : value;
}

function isList(value: Bound | undefined): boolean {
  return value?.kind === "sequence" || value?.items !== undefined;
}
