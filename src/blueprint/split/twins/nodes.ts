import type { Span } from "../../../foundation/span.ts";
import type { CallPlace, Cut } from "../graph.ts";
import type { Origin } from "../machine.ts";

/** Where the notebook computes something; `call` is the call of its function inside which that is. */
export interface Site {
  readonly unit: number;
  readonly span: Span;
  readonly call?: CallPlace;
}

/** Columns that a table is known to have: these, some that only the data tell, or all that it was read with. */
export type Keep = readonly string[] | "some" | undefined;

/** What is computed for a raw row, by its number (fit-apply.md, part 6): equal numbers are one computation. */
export type Node =
  | /** The raw row. */ { readonly kind: "raw" }
  | /** Nobody can say; equal to nothing but itself. */ { readonly kind: "unknown" }
  | /** A literal. */ { readonly kind: "constant"; readonly text: string }
  | /** A function, or a name of a library. */ { readonly kind: "code"; readonly text: string }
  | /** What training keeps. */ { readonly kind: "learned"; readonly site?: Site; readonly origin?: Origin }
  | {
      /** A table with columns of its own; the others are those of its base. undefined: the column is gone. */
      readonly kind: "table";
      readonly base: number;
      readonly columns: ReadonlyMap<string, number | undefined>;
      readonly keep: Keep;
    }
  | {
      /** An operation: what it does, and on what. */
      readonly kind: "op";
      readonly label: string;
      readonly kids: readonly number[];
      readonly site: Site;
    };

/** Numbers of all that is computed, and what is known where a statement stands. */
export interface Numbers {
  readonly nodes: Node[];
  readonly ids: Map<string, number>;
  /** Number of each version of the graph, as far as it has been gone through. */
  readonly versions: Map<string, number>;
  /** Loop variables of the loops around, and what they are in this turn. */
  readonly turns: Map<string, string>;
  readonly cuts: ReadonlyMap<string, Cut>;
  readonly origins: ReadonlyMap<string, Origin>;
  /** The statement that is gone through. */
  unit: number;
  call: CallPlace | undefined;
}

/** Nothing numbered yet. */
export function newNumbers(cuts: ReadonlyMap<string, Cut>, origins: ReadonlyMap<string, Origin>): Numbers {
  return { nodes: [], ids: new Map(), versions: new Map(), turns: new Map(), cuts, origins, unit: 0, call: undefined };
}

function numbered(n: Numbers, key: string, node: Node): number {
  const known = n.ids.get(key);
  if (known !== undefined) return known;
  const id = n.nodes.length;
  n.nodes.push(node);
  n.ids.set(key, id);
  return id;
}

/** What stands behind a number. */
export function nodeOf(n: Numbers, id: number): Node {
  return n.nodes[id] ?? { kind: "unknown" };
}

/** The raw row. */
export function raw(n: Numbers): number {
  return numbered(n, "raw", { kind: "raw" });
}

/** Something that nobody can say, and that is nothing else. */
export function unknown(n: Numbers): number {
  n.nodes.push({ kind: "unknown" });
  return n.nodes.length - 1;
}

/** A literal, by its text. */
export function constant(n: Numbers, text: string): number {
  return numbered(n, `constant ${text}`, { kind: "constant", text });
}

/** A function or a name of a library, by its text. */
export function code(n: Numbers, text: string): number {
  return numbered(n, `code ${text}`, { kind: "code", text });
}

/** What training keeps in a cut, turn by turn where it has keys. */
export function learned(n: Numbers, id: string, keys: readonly string[]): number {
  const origin = n.origins.get(id);
  if (origin?.constant !== undefined && typeof origin.constant !== "object")
    return constant(n, JSON.stringify(origin.constant));
  return numbered(n, `learned ${origin?.key ?? id} by ${keys.join(",")}`, {
    kind: "learned",
    ...(origin ? { origin, site: { unit: origin.unit, span: origin.span, ...callOf(origin) } } : {}),
  });
}

function callOf({ call }: { readonly call?: CallPlace | undefined }): Pick<Site, "call"> {
  return call ? { call } : {};
}

/** An operation. */
export function op(n: Numbers, label: string, kids: readonly number[], span: Span): number {
  const site = { unit: n.unit, span, ...callOf(n) };
  return numbered(n, `op ${label} ${kids.join(",")}`, { kind: "op", label, kids, site });
}

interface TableParts {
  readonly base: number;
  readonly columns: ReadonlyMap<string, number | undefined>;
  readonly keep: Keep;
}

/** A table by its parts; what stands in it as it was read is not counted as its own. */
function table(n: Numbers, { base, columns, keep }: TableParts): number {
  const own = new Map([...columns].sort(([a], [b]) => (a < b ? -1 : 1)));
  if (own.size === 0 && keep === undefined) return base;
  const key = `table ${base} ${JSON.stringify([...own])} ${JSON.stringify(keep ?? null)}`;
  return numbered(n, key, { kind: "table", base, columns: own, keep });
}

/** Any row value as a table. */
export function asTable(n: Numbers, id: number): TableParts {
  const node = nodeOf(n, id);
  return node.kind === "table" ? node : { base: id, columns: new Map(), keep: undefined };
}

/** A column that only a loop names: nobody knows which. */
export function isAnyColumn(name: string): boolean {
  return name.startsWith("*");
}

/** What training decides one of two ways by. */
export const branchLabel = "if";

/** Operations that do the same to a table as to each of its columns. */
const byColumn = /^\.(?:fillna|clip|abs|round|replace|isna|isnull|notna|notnull)\(/;

/** A column of a table. */
export function column(n: Numbers, id: number, name: string, span: Span): number {
  const node = nodeOf(n, id);
  if (node.kind === "table") {
    if (node.columns.has(name)) return node.columns.get(name) ?? unknown(n);
    if ([...node.columns.keys()].some(isAnyColumn)) return op(n, `[${name}]`, [id], span);
    return column(n, node.base, name, span);
  }
  if (node.kind === "op" && byColumn.test(node.label)) {
    const [first, ...rest] = node.kids;
    const isPlain = rest.every((kid) => {
      const one = nodeOf(n, kid);
      return one.kind === "constant" && !one.text.startsWith("{");
    });
    if (first !== undefined && isPlain) {
      const kids = [column(n, first, name, span), ...rest];
      return numbered(n, `op ${node.label} ${kids.join(",")}`, { ...node, kids });
    }
  }
  if (node.kind === "op" && node.label === branchLabel) {
    const [test, ...ways] = node.kids;
    const kids = [...(test === undefined ? [] : [test]), ...ways.map((way) => column(n, way, name, span))];
    if (ways.length === 2 && kids[1] === kids[2]) return kids[1] ?? unknown(n);
    return numbered(n, `op ${branchLabel} ${kids.join(",")}`, { ...node, kids });
  }
  return op(n, `[${name}]`, [id], span);
}

/** A table with a column that is replaced; undefined: that is gone. */
export function withColumn(n: Numbers, id: number, name: string, value: number | undefined): number {
  const { base, columns, keep } = asTable(n, id);
  // What only a loop names may be any of those before.
  if (isAnyColumn(name))
    return table(n, { base: id, columns: new Map([[name, value]]), keep: keep === undefined ? keep : "some" });
  const kept =
    keep === undefined || keep === "some"
      ? keep
      : value === undefined
        ? keep.filter((one) => one !== name)
        : [...new Set([...keep, name])];
  return table(n, { base, columns: new Map([...columns, [name, value]]), keep: kept });
}

/** Some columns of a table alone. */
export function selected(n: Numbers, id: number, names: readonly string[] | undefined, span: Span): number {
  if (!names) {
    const { base, columns } = asTable(n, id);
    return table(n, { base, columns, keep: "some" });
  }
  const columns = new Map(names.map((name) => [name, column(n, id, name, span)] as const));
  return table(n, { base: asTable(n, id).base, columns, keep: names });
}

/** Rows of the notebook stand behind a number. */
export function isRowNode(node: Node): boolean {
  return node.kind === "raw" || node.kind === "table" || node.kind === "op" || node.kind === "unknown";
}

/** All that a number is made of, itself among them. */
export function within(n: Numbers, root: number): ReadonlySet<number> {
  const out = new Set<number>();
  const open = [root];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (out.has(id)) continue;
    out.add(id);
    const node = nodeOf(n, id);
    if (node.kind === "op") open.push(...node.kids);
    if (node.kind === "table") open.push(node.base, ...[...node.columns.values()].flatMap((one) => one ?? []));
  }
  return out;
}
