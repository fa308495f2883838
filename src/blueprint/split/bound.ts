import type { Span } from "../../foundation/span.ts";
import type { ClassStmt, Expr, FunctionStmt, LambdaExpr } from "../../python/ir.ts";

/**
 * What the split knows of a value (fit-apply.md, part 2). `fit`: it depends on no single given row, so training computes it.
 * `row`: one entry for each given row, entry i made of row i and of what training kept. `shape`: how many rows there are.
 */
export type Time = "fit" | "row" | "shape";

/** What a value is, as far as the rules must know. `unknown`: nobody can say what it is for a given row. */
export type Kind =
  | "frame"
  | "series"
  | "array"
  | "records"
  | "list"
  | "stack"
  | "groups"
  | "window"
  | "accessor"
  | "estimator"
  | "member"
  | "function"
  | "class"
  | "sequence"
  | "mapping"
  | "value"
  | "unknown";

/** The rows that a value has: those of a dataset, or what row operations left of them. Equal only when `id` is. */
export interface Rows {
  readonly id: number;
  readonly source: Source;
  readonly parent?: Rows;
  /** What an entry's label says about the row of the dataset. */
  readonly labels: Labels;
  /** A sort, shuffle or sample changed the order. */
  readonly isReordered: boolean;
  /** Entries are known by their places, not by labels that a variable holds. */
  readonly isPositional?: boolean;
  /** Rows of which these are all, in another order. */
  readonly permutes?: Rows | undefined;
  /** Labels are places: 0, 1, 2 and so on. */
  readonly isNumbered?: boolean;
  /** Which rows a lag would look at; "lost" where nobody can say. */
  readonly view?: View | "lost" | undefined;
  /** Rows that have the same places as these, where the labels are others. */
  readonly places?: Rows | undefined;
  /** Two tables one under the other, in this order and with all their rows. */
  readonly stack?: Stack | undefined;
  /** Such stacks that these rows were taken out of: which of the two tables they are. */
  readonly taken?: ReadonlyMap<number, 0 | 1>;
}

/** What is known of two tables that were put under each other. */
export interface Stack {
  readonly id: number;
  readonly parts: readonly [Rows, Rows];
  /** Where it was done, if only once. */
  readonly place?: { readonly name: string; readonly unit: number; readonly span: Span };
}

/** The rows that the notebook has in hand, in their order, as the predictor has them beside the history. */
export interface View {
  readonly code: Expr;
  /** Columns by which they are sorted, if they are. */
  readonly sorted?: readonly string[];
  /** Keys of joins that left out rows without a partner. */
  readonly matched?: readonly (readonly string[])[];
}

/** How a table is grouped, where the code says by which columns. */
export interface Grouping {
  readonly names: readonly string[];
  /** The call of `groupby`, of literals. */
  readonly call: Expr & { kind: "call" };
  /** What is chosen of the groups, and its names where the code says them. */
  readonly picked?: Expr;
  readonly columns?: readonly string[];
  readonly isFrame: boolean;
}

/** A table that the notebook reads: its rows are what may be answered. */
export interface Source {
  /** Name of its first version in the graph. */
  readonly version: string;
  readonly unit: number;
  readonly read: Expr;
  /** Of several tables under each other: those that they were read from. */
  readonly among?: readonly Source[];
}

/** True when both may hold rows of one table. */
export function isSameTable(one: Source | undefined, other: Source | undefined): boolean {
  if (!one || !other) return false;
  const all = [one, ...(one.among ?? [])];
  return [other, ...(other.among ?? [])].some((source) => all.includes(source));
}

/** Where training notes what new labels or places mean: entry i of the table is the label before. */
export type LabelTable = { readonly name: string; readonly unit: number } & (
  | /** The table at this place is about to be numbered anew. */ { readonly how: "around"; readonly span: Span }
  | /** The function at this place joins tables: not every row may find a partner. */ {
      readonly how: "join";
      readonly span: Span;
    }
  | /** The method at this place makes a column the index. */ { readonly how: "keys"; readonly span: Span }
  | /** The function at this place splits arrays; `part` is the one that is meant. */ {
      readonly how: "split";
      readonly span: Span;
      readonly part: string;
    }
  | /** The function at this place puts tables under each other and numbers their rows; `part` is the one that is meant. */ {
      readonly how: "parts";
      readonly span: Span;
      readonly part: string;
    }
  | /** Places stand for these numbers. */ { readonly how: "values"; readonly text: string }
  | /** Places stand for the labels of this variable. */ { readonly how: "index"; readonly variable: string }
);

/** The tables through which an entry's label leads back to a position in the dataset; "lost": nobody can follow it. */
export type Labels = readonly LabelTable[] | "lost";

/** A function of the notebook, with the names that it sees. */
export interface UserFunction {
  readonly definition: FunctionStmt | LambdaExpr;
  readonly name: string;
  readonly unit: number;
  /** Its first argument is the object whose method it is. */
  readonly isMethod?: true;
}

/** A prediction: of which model, and on which rows. */
export interface Prediction {
  readonly id: number;
  readonly unit: number;
  readonly rows: Rows;
  /** What leads from a place among these rows back to a label of the dataset; undefined where nothing does. */
  readonly through?: readonly LabelTable[];
}

/** What a model was fitted to: the code of its features, and where that was. */
export interface Lesson {
  readonly unit: number;
  readonly span: Span;
  readonly data: Expr;
  readonly rows: Rows;
  /** The columns that the model takes; "some": nobody knows which. undefined: all of them. */
  readonly takes: readonly string[] | "some" | undefined;
}

/** The same rows with new labels, from `at` on. */
export function relabelled(labels: Labels, table: LabelTable): Labels {
  return labels === "lost" ? "lost" : [...labels, table];
}

/** A value, as the split knows it. */
export interface Bound {
  readonly time: Time;
  readonly kind: Kind;
  /** Of row values: the predictor's code, in which a name is a version of the graph ("df#3"), a cut ("@2") or a trouble ("!1"). */
  readonly code?: Expr;
  readonly rows?: Rows;
  /** Qualified name in a library. */
  readonly member?: string;
  /** The literal that it is, if it is one. */
  readonly constant?: string | number | boolean | null;
  /** Parts of a list or tuple that is known item by item. */
  readonly items?: readonly Bound[];
  /** Parts of a dict that is known by its keys. */
  readonly entries?: ReadonlyMap<string, Bound>;
  /** Names that a list of columns does not hold, though the code does not tell all that it holds. */
  readonly lacks?: ReadonlySet<string> | undefined;
  readonly fn?: UserFunction;
  /** The class of the notebook that it is, or is an object of. */
  readonly cls?: { readonly stmt: ClassStmt; readonly unit: number };
  /** `.str`, `.dt`, `.loc` …, and the object that an attribute belongs to. */
  readonly of?: Bound;
  readonly attr?: string | undefined;
  /** Identity of what can be changed in place. */
  readonly object?: number | undefined;
  /** Objects whose storage it may share. */
  readonly views?: ReadonlySet<number> | undefined;
  /** Objects of which one way through a branch or loop made the same one as it, and where that was. */
  readonly twins?: ReadonlyMap<number, Expr> | undefined;
  /** Predictions that it is made of. */
  readonly predictions: ReadonlySet<Prediction>;
  /** Of an estimator: the only columns that it takes of a table, where its making says so. */
  readonly selects?: readonly string[];
  /** Of a pipeline: its first step takes all columns. */
  readonly takesAll?: true;
  /** Of an estimator: the rows of its last fits. */
  readonly fittedOn?: readonly Rows[];
  /** Of an estimator: what its last fit was given. */
  readonly lesson?: Lesson;
  /** Of what training computes: the rows that it is computed of, where that is known. */
  readonly learned?: readonly Rows[];
  /** Of groups, and of windows over them. */
  readonly grouping?: Grouping | undefined;
  /** The one column of a table that it was taken from. */
  readonly column?: string | undefined;
  /** What training cannot keep of it, since it would be another one in production: the moment, a model from elsewhere. */
  readonly taint?: "clock" | "foreign file" | undefined;
  /** It is the number of these rows; backwards, what is left of nought when they are taken away. */
  readonly counts?: Rows | undefined;
  readonly isBackwards?: boolean;
  /** Of a list of row values: what each of them is. */
  readonly each?: Kind | undefined;
  /** Columns of an array or frame that are known to be one. */
  readonly width?: 1;
  /** Where a name that stands for an expression was written by the normal form: what it stands for. */
  readonly stands?: Expr | undefined;
}

/** No prediction at all; shared, since most values are made of none. */
export const none: ReadonlySet<Prediction> = new Set();

/** A value that training computes. */
export function fitted(kind: Kind = "value", more: Partial<Bound> = {}): Bound {
  return { time: "fit", kind, predictions: none, ...more };
}

/** A value with an entry for each given row. */
export function rowwise(kind: Kind, code: Expr, rows: Rows, more: Partial<Bound> = {}): Bound {
  return { time: "row", kind, code, rows, predictions: none, ...more };
}

/** True when entry i of a value is that of place i: it has no labels. */
export function isByPlace({ kind }: Bound): boolean {
  return kind === "array" || kind === "list" || kind === "records";
}

/** True when the value itself has one entry for each given row. */
export function isRow(value: Bound): boolean {
  return value.time === "row";
}

/** True when a value, or a part of it, has an entry for each row. */
export function holdsRows(value: Bound): boolean {
  return (
    isRow(value) ||
    (value.items?.some(holdsRows) ?? false) ||
    [...(value.entries?.values() ?? [])].some(holdsRows) ||
    (value.of !== undefined && holdsRows(value.of))
  );
}

/** Predictions that any of these are made of. */
export function predictionsOf(values: readonly Bound[]): ReadonlySet<Prediction> {
  const some = values.filter((value) => value.predictions.size > 0);
  return some.length === 0 ? none : new Set(some.flatMap((value) => [...value.predictions]));
}

/** True when values with the outer rows find the inner ones by label: these were taken out of them and not numbered anew. */
export function isAligned(inner: Rows, permuted: Rows): boolean {
  let outer = permuted;
  // Rows in another order have the same labels.
  while (outer.permutes && inner.id !== outer.id) outer = outer.permutes;
  if (inner.id === outer.id) return true;
  if (!isWithin(inner, outer) || inner.labels === "lost" || outer.labels === "lost") return false;
  return inner.labels.length === outer.labels.length;
}

/** True when one row set is the other or was taken out of it. */
export function isWithin(inner: Rows, outer: Rows): boolean {
  for (let at: Rows | undefined = inner; at; at = at.parent) if (at.id === outer.id) return true;
  return false;
}
