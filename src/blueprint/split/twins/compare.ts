import type { Rows } from "../bound.ts";
import { isWithin } from "../bound.ts";
import {
  asTable,
  branchLabel,
  column,
  type Keep,
  type Node,
  type Numbers,
  nodeOf,
  type Site,
  within,
} from "./nodes.ts";
import { takesAll } from "./number.ts";

/** How two treatments of rows differ (fit-apply.md, part 6). */
export type Sort = "own figure" | "missing step" | "other value" | "other order" | "other columns";

/** One certain difference. `trained` is where the rows of the fit are treated, `served` where the answered ones are. */
export interface Difference {
  readonly sort: Sort;
  readonly trained?: Site;
  readonly served?: Site;
}

/** The rows on both sides, and the labels: a column that is only told does not count. */
export interface Sides {
  readonly trained: Rows;
  readonly served: Rows;
  readonly labels: ReadonlySet<string>;
}

interface Comparer {
  readonly n: Numbers;
  readonly sides: Sides;
  /** Pairs that have been looked at already. */
  readonly done: Map<string, boolean | undefined>;
  readonly found: Difference[];
}

/** Operations of which one side alone is made. */
interface Own {
  readonly trained: ReadonlySet<string>;
  readonly served: ReadonlySet<string>;
}

/** What surely differs between the treatment of the rows of a fit and that of the answered ones; where it is not sure, nothing. */
export function differences(n: Numbers, trained: number, served: number, sides: Sides): readonly Difference[] {
  const c: Comparer = { n, sides, done: new Map(), found: [] };
  compare(c, trained, served, { own: ownOf(n, trained, served), isWhole: true, isGiven: true });
  return c.found;
}

function ownOf(n: Numbers, trained: number, served: number): Own {
  const [a, b] = [within(n, trained), within(n, served)];
  const labels = (ids: ReadonlySet<number>, others: ReadonlySet<number>): ReadonlySet<string> =>
    new Set(
      [...ids].flatMap((id) => {
        const node = nodeOf(n, id);
        return node.kind === "op" && !others.has(id) && !isColumnOf(node.label) ? [node.label] : [];
      }),
    );
  return { trained: labels(a, b), served: labels(b, a) };
}

/** `[age]` is a column of what it stands behind, no step. */
function isColumnOf(label: string): boolean {
  return label.startsWith("[") && !label.endsWith("=");
}

interface Context {
  readonly own: Own;
  /** All columns of a table reach the model from here. */
  readonly isWhole: boolean;
  /** It is what the model itself is given. */
  readonly isGiven?: boolean;
}

/** Notes what surely differs; true where nothing does, undefined where nobody can say. */
function compare(c: Comparer, a: number, b: number, context: Context): boolean | undefined {
  if (a === b) return true;
  const key = `${a}:${b}:${context.isWhole}`;
  if (!c.done.has(key)) {
    c.done.set(key, undefined);
    c.done.set(key, compared(c, a, b, context));
  }
  return c.done.get(key);
}

function compared(c: Comparer, a: number, b: number, context: Context): boolean | undefined {
  const [one, other] = [nodeOf(c.n, a), nodeOf(c.n, b)];
  if (!isRows(one) || !isRows(other)) return undefined;
  if (one.kind === "table" || other.kind === "table") return tables(c, a, b, context);
  if (one.kind !== "op" || other.kind !== "op") return chains(c, a, b, context);
  if (one.label !== other.label || one.kids.length !== other.kids.length) return chains(c, a, b, context);
  const before = c.found.length;
  let isEqual: boolean | undefined = true;
  one.kids.forEach((kid, i) => {
    const pair = other.kids[i] ?? kid;
    const [x, y] = [nodeOf(c.n, kid), nodeOf(c.n, pair)];
    const isPart = isColumnOf(one.label) && x.kind !== "table" && y.kind !== "table";
    const isWhole = context.isWhole && (isPart || takesAll(one.label));
    if (compare(c, kid, pair, { own: context.own, isWhole }) !== true) isEqual = undefined;
  });
  // What comes before differs already: that is the first pair.
  if (isEqual || c.found.length > before) return isEqual;
  one.kids.forEach((kid, i) => {
    const pair = other.kids[i] ?? kid;
    const sort = kid === pair ? undefined : valuesDiffer(c, nodeOf(c.n, kid), nodeOf(c.n, pair));
    if (sort) c.found.push({ sort, trained: siteOf(c, kid) ?? one.site, served: siteOf(c, pair) ?? other.site });
  });
  return undefined;
}

function isRows(node: Node): boolean {
  return node.kind === "op" || node.kind === "table" || node.kind === "raw";
}

function siteOf(c: Comparer, id: number): Site | undefined {
  const node = nodeOf(c.n, id);
  return node.kind === "learned" ? node.site : undefined;
}

/** How two values differ that no row has a part in; undefined where nobody can say that they do. */
function valuesDiffer(c: Comparer, trained: Node, served: Node): Sort | undefined {
  if (trained.kind === "constant" && served.kind === "constant") return "other value";
  const { sides } = c;
  if (isOwn(served, sides.served, sides.trained))
    return isOwn(trained, sides.trained, sides.served) ? "own figure" : undefined;
  return isMixed(trained, served) || isMixed(served, trained) ? "other value" : undefined;
}

/** A stopgap beside a figure of rows; any other number may be that figure, written down. */
function isMixed(stopgap: Node, figure: Node): boolean {
  const isFigure = figure.kind === "learned" && (figure.origin?.rows.length ?? 0) > 0;
  return isFigure && stopgap.kind === "constant" && /^(?:0|-\d+)$/.test(stopgap.text);
}

/** It is computed of the rows of one side alone. */
function isOwn(node: Node, own: Rows, other: Rows): boolean {
  const rows = node.kind === "learned" ? (node.origin?.rows ?? []) : [];
  const isOf = (one: Rows): boolean => (isWithin(one, own) || isWithin(own, one)) && !isWithin(other, one);
  return rows.length > 0 && rows.every(isOf);
}

/** Column by column; a column that nobody is sure to hand over does not count. */
function tables(c: Comparer, a: number, b: number, context: Context): boolean | undefined {
  if (!context.isWhole) return undefined;
  const [one, other] = [asTable(c.n, a), asTable(c.n, b)];
  const names = columnsOf(c, one, other, context.isGiven === true);
  if (!names) return undefined;
  const { n } = c;
  // Where nothing is done to the tables as wholes, what is done to one column makes up for nothing in another one.
  const isApart = one.base === other.base;
  const isSelected = isNamed(one.keep) || isNamed(other.keep);
  let isEqual: boolean | undefined =
    isSelected || (one.keep === undefined && other.keep === undefined) ? true : undefined;
  for (const name of names) {
    const [x, y] = [columnIn(c, one, a, name), columnIn(c, other, b, name)];
    if (x === undefined || y === undefined) isEqual = undefined;
    else if (compare(c, x, y, { own: isApart && x !== y ? ownOf(n, x, y) : context.own, isWhole: true }) !== true)
      isEqual = undefined;
  }
  if (!isSelected && compare(c, one.base, other.base, context) !== true) isEqual = undefined;
  return isEqual;
}

/** The columns are known by their names. */
function isNamed(keep: Keep): keep is readonly string[] {
  return keep !== undefined && keep !== "some";
}

type Table = ReturnType<typeof asTable>;

/** A column's number; undefined where it is gone. */
function columnIn(c: Comparer, table: Table, id: number, name: string): number | undefined {
  if (table.columns.has(name)) return table.columns.get(name);
  return column(c.n, id, name, { start: 0, end: 0 });
}

/** Columns that surely reach the model and may differ. undefined: the tables have not the same ones. */
function columnsOf(c: Comparer, one: Table, other: Table, isGiven: boolean): readonly string[] | undefined {
  const isFeature = (name: string): boolean => !c.sides.labels.has(name);
  const [first, second] = [one.keep, other.keep].map((keep) => (isNamed(keep) ? keep.filter(isFeature) : undefined));
  if (first && second) {
    if ([...first].sort().join("\n") === [...second].sort().join("\n")) return first;
    // What stands in between may take less than it is given.
    if (isGiven && first.length === second.length) c.found.push({ sort: "other columns" });
    return undefined;
  }
  const named = first ?? second;
  if (named) return named;
  const surely = (table: Table): readonly string[] =>
    table.keep === undefined ? [...table.columns].flatMap(([name, id]) => (id === undefined ? [] : [name])) : [];
  const names = [...new Set([...surely(one), ...surely(other)])];
  const isGone = (table: Table, name: string): boolean =>
    table.columns.has(name) && table.columns.get(name) === undefined;
  return names.filter((name) => isFeature(name) && !isGone(one, name) && !isGone(other, name));
}

type Steps = readonly (Node & { readonly kind: "op" })[];

/** The operations that are done one after the other, the first one first, and what they begin with. */
function stepsOf(n: Numbers, id: number): { readonly steps: Steps; readonly bottom: number } {
  const steps: (Node & { readonly kind: "op" })[] = [];
  let at = id;
  for (;;) {
    const node = nodeOf(n, at);
    if (node.kind !== "op" || isColumnOf(node.label) || node.label === branchLabel) break;
    const next = node.kids.find((kid) => isRows(nodeOf(n, kid)) || nodeOf(n, kid).kind === "unknown");
    if (next === undefined) break;
    steps.unshift(node);
    at = next;
  }
  return { steps, bottom: at };
}

/** Operations that may change places: on texts, and with numbers. */
const commuting = [/^\.(?:str|lower|upper|strip|title|replace)\b/, /^[-+]$/, /^[*/]$/];

/** Other operations on both sides: one that is missing, or that stands elsewhere; anything else may come to the same. */
function chains(c: Comparer, a: number, b: number, context: Context): undefined {
  const [one, other] = [stepsOf(c.n, a), stepsOf(c.n, b)];
  if (one.steps.length === 0 && other.steps.length === 0) return;
  const { own, isWhole } = context;
  if (compare(c, one.bottom, other.bottom, { own, isWhole }) !== true) return;
  const [x, y] = [one.steps, other.steps].map((steps) => steps.map((step) => step.label));
  if (!x || !y) return;
  if (isPermuted(x, y)) {
    const at = x.findIndex((label, i) => label !== y[i]);
    if (commuting.some((group) => x.every((label) => group.test(label))) || fillsInside(c, one.steps, other.steps))
      return;
    const [trained, served] = [one.steps[at]?.site, other.steps[at]?.site];
    if (trained && served) c.found.push({ sort: "other order", trained, served });
    return;
  }
  // Steps of its own on the other side may do the same by other means.
  const sure = (steps: Steps, at: number | undefined, mine: keyof Own, others: keyof Own): Site | undefined => {
    const step = at === undefined ? undefined : steps[at];
    const isSure = step && !own[others].has(step.label) && [...own[others]].every((label) => own[mine].has(label));
    // Rows of the fit had nothing to fill, or categories that only other rows have get a value.
    const isFill = mine === "served" && step?.label.startsWith(".fillna(");
    return isSure && !isFill ? step.site : undefined;
  };
  const served = sure(other.steps, extraIn(y, x), "served", "trained");
  const trained = sure(one.steps, extraIn(x, y), "trained", "served");
  if (served) c.found.push({ sort: "missing step", served });
  else if (trained) c.found.push({ sort: "missing step", trained });
}

/** Steps of which one fills in: it comes to the same, unless all others are limits outside which the fill is. */
function fillsInside(c: Comparer, one: Steps, other: Steps): boolean {
  if (!one.some(({ label }) => label.startsWith(".fillna("))) return false;
  const numbers = (steps: Steps, name: RegExp): number[] =>
    steps
      .filter(({ label }) => name.test(label))
      .flatMap(({ kids }) => kids.slice(1).map((kid) => numberIn(nodeOf(c.n, kid))));
  const [fill = Number.NaN, ...more] = numbers(one, /^\.fillna\(1\)/);
  const limits = numbers(one, /^\.clip\(2\)/);
  const isKnown = more.length === 0 && limits.length === 2 && one.length === 2 && other.length === 2;
  return !(isKnown && limits.some((limit, i) => (i === 0 ? fill < limit : fill > limit)));
}

function numberIn(node: Node): number {
  return node.kind === "constant" ? Number(node.text) : Number.NaN;
}

function isPermuted(x: readonly string[], y: readonly string[]): boolean {
  return (
    x.length === y.length && [...x].sort().join("\n") === [...y].sort().join("\n") && x.join("\n") !== y.join("\n")
  );
}

/** The first of the steps that the others lack, where these are all among them in the same order. */
function extraIn(steps: readonly string[], others: readonly string[]): number | undefined {
  if (steps.length <= others.length) return undefined;
  let at = 0;
  let extra: number | undefined;
  steps.forEach((label, i) => {
    if (label === others[at]) at++;
    else extra ??= i;
  });
  return at === others.length ? extra : undefined;
}
