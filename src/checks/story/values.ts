import type { Span } from "../../foundation/span.ts";
import type { FunctionStmt, LambdaExpr } from "../../python/ir.ts";

/**
 * What the laws of leakage know of a value: which rows it has, what was learned from which rows to make it, and which columns have
 * a part in each of its rows. What nobody knows is innocent: a law speaks only of what the code shows.
 */

/** A place in the code with the calls of the notebook's functions on the way to it, the outermost first. */
export interface Site {
  readonly unit: number;
  readonly span: Span;
  readonly calls: readonly Call[];
}

/** One call of a function of the notebook. */
export interface Call {
  readonly unit: number;
  readonly span: Span;
  readonly name: string;
}

/** A set of rows: those of a table that is read, or what an operation left of others. */
export interface Rows {
  readonly id: number;
  /** Those that these were taken out of, or made of. */
  readonly from: readonly Rows[];
  /** Those that were put one below the other. */
  readonly parts?: readonly Rows[];
  /** What these are of a split. */
  readonly side?: Side;
}

/** One side of a split. */
export interface Side {
  readonly split: Split;
  readonly name: "train" | "test";
}

/** Rows are divided into those that a model is fitted on and those that are held out. */
export interface Split {
  readonly site: Site;
  /** As written: "train_test_split", "KFold". */
  readonly how: string;
  readonly base: Rows;
  /** Which rows go where is left to chance. */
  readonly isRandom: boolean;
  /** It keeps the rows of a group together. */
  readonly isGrouped: boolean;
  /** One of several folds. */
  readonly isFold: boolean;
}

export type LessonKind =
  | "statistic"
  | "scaler"
  | "encoder"
  | "selection"
  | "decomposition"
  | "resampling"
  | "target"
  | "vectorizer"
  | "ahead"
  | "measured";

/** Something that was learned from rows and has a part in a value since. */
export interface Lesson {
  readonly kind: LessonKind;
  readonly rows: Rows;
  readonly site: Site;
  /** What learned it, as written: "df['a'].mean()", "StandardScaler". */
  readonly text: string;
  /** The columns that it was learned from. */
  readonly of: ReadonlySet<string>;
  /** There is one figure for each group, as after `groupby`. */
  readonly isGrouped?: true;
}

export type Lessons = ReadonlySet<Lesson>;

/** What is known of one column. */
export interface Column {
  /** The same for all copies of the same values: "3:age" of a column that was read, a number of one that was computed. */
  readonly is: string;
  /** Every column of the same row that has a part in it, itself included. */
  readonly made: ReadonlySet<string>;
  readonly lessons: Lessons;
  /** It is known to be a date or a time. */
  readonly isTime?: true;
}

/** A model's answers: of which model, for which rows. */
export interface Predicted {
  readonly model: Estimator;
  readonly rows: Rows;
  /** Two answers that were compared with labels are right or wrong. */
  readonly isCompared?: true;
}

/** An estimator of a library: what it was made of, and what it has seen. */
export interface Estimator {
  /** Name of its class: "StandardScaler". */
  readonly name: string;
  readonly role: string;
  readonly site: Site;
  /** Those that it is made of. */
  readonly parts: readonly Estimator[];
  /** Words among its arguments: "early_stopping_rounds", "cv". */
  readonly words: ReadonlySet<string>;
  /** What its arguments were chosen by. */
  readonly chosenBy: Lessons;
  /** What its fits taught it. */
  lessons: Lessons;
  fittedOn: readonly Rows[];
  /** Its fits learned a label. */
  isSupervised: boolean;
}

export type Kind =
  | "frame"
  | "series"
  | "groups"
  | "windows"
  | "figure"
  | "estimator"
  | "index"
  | "folds"
  | "sequence"
  | "mapping"
  | "function"
  | "member"
  | "accessor"
  | "text"
  | "other";

/** A value. Immutable; what can be changed stands in a box. */
export interface Value {
  readonly kind: Kind;
  readonly rows?: Rows | undefined;
  /** Of a column, a figure and the like; of a table what holds for all columns that are not listed, `is` the source of their names. */
  readonly column: Column;
  /** Columns of a table that are known one by one. */
  readonly columns?: ReadonlyMap<string, Column> | undefined;
  /** Columns that are not there. */
  readonly gone?: ReadonlySet<string>;
  /** There are no columns but those listed. */
  readonly isClosed?: boolean;
  /** Columns were dropped or chosen that nobody knows: what is not listed may not be there. */
  readonly isVague?: boolean;
  readonly constant?: string | number | boolean | null | undefined;
  readonly items?: readonly Box[] | undefined;
  readonly entries?: ReadonlyMap<string, Box> | undefined;
  readonly estimator?: Estimator | undefined;
  readonly fn?: UserFunction | undefined;
  /** Qualified name of a library, or name of a builtin. */
  readonly member?: string | undefined;
  /** What an accessor, a group-by object or a window belongs to. */
  readonly of?: Value | undefined;
  readonly attr?: string | undefined;
  readonly predicted?: Predicted | undefined;
  /** Columns by which a group-by object groups. */
  readonly by?: readonly string[];
  /** Of a condition over rows: which one it is; with "~" in front the others. */
  readonly mask?: string | undefined;
  /** A cross-validation splitter, or the two sides of its split. */
  readonly split?: Splitter | undefined;
}

export interface Splitter {
  readonly name: string;
  readonly isRandom: boolean;
  readonly isGrouped: boolean;
  readonly isOrdered: boolean;
}

/** What a name stands for: shared by all names of the same thing, so that a change in place is seen by all. */
export interface Box {
  value: Value;
}

export interface UserFunction {
  readonly name: string;
  readonly definition: FunctionStmt | LambdaExpr;
  readonly unit: number;
  readonly scope: Scope;
}

export interface Scope {
  readonly names: Map<string, Box>;
  readonly outer?: Scope | undefined;
}

export const noLessons: Lessons = new Set();
const nothing: ReadonlySet<string> = new Set();
export const noColumn: Column = { is: "", made: nothing, lessons: noLessons };
export const unknown: Value = { kind: "other", column: noColumn };

/** Both sets; the one of them where the other adds nothing. */
export function union<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  for (const one of b) if (!a.has(one)) return new Set([...a, ...b]);
  return a;
}

/** True when every row of one set is one of the other's, or made of them. */
export function isWithin(part: Rows, whole: Rows): boolean {
  return climbs(part, whole, new Set());
}

function climbs(at: Rows, whole: Rows, seen: Set<number>): boolean {
  if (at.id === whole.id) return true;
  if (seen.has(at.id)) return false;
  seen.add(at.id);
  if (at.from.some((from) => climbs(from, whole, seen))) return true;
  if (at.parts?.length && at.parts.every((from) => climbs(from, whole, new Set(seen)))) return true;
  return (whole.parts ?? []).some((from) => from.id === at.id);
}

/** True when these rows were made of others, or some of them were. */
export function comesOf(rows: Rows, others: Rows): boolean {
  const seen = new Set<number>();
  const todo = [rows];
  for (let at = todo.pop(); at; at = todo.pop()) {
    if (at.id === others.id) return true;
    if (seen.has(at.id)) continue;
    seen.add(at.id);
    todo.push(...at.from, ...(at.parts ?? []));
  }
  return false;
}

/** True when nobody can say that two row sets share a row, and they come of one. */
export function areApart(a: Rows, b: Rows): boolean {
  return !isWithin(a, b) && !isWithin(b, a);
}

/** A row set and all that it was taken out of, nearest first. */
export function lineOf(rows: Rows): readonly Rows[] {
  const out: Rows[] = [];
  const todo = [rows];
  const seen = new Set<number>();
  for (let at = todo.shift(); at; at = todo.shift()) {
    if (seen.has(at.id)) continue;
    seen.add(at.id);
    out.push(at);
    todo.push(...at.from);
  }
  return out;
}

/** The sides of splits that rows belong to, the innermost first. */
export function sidesOf(rows: Rows): readonly Side[] {
  return lineOf(rows).flatMap(({ side }) => side ?? []);
}

/** A column of a table; undefined where it is not there, or nobody can say that it is. */
export function columnOf(value: Value, label: string): Column | undefined {
  const listed = value.columns?.get(label);
  if (listed) return listed;
  if (value.isClosed || value.gone?.has(label)) return undefined;
  if (value.column.is === "") return { ...value.column, made: nothing };
  const is = `${value.column.is}:${label}`;
  return { ...value.column, is, made: new Set([is]) };
}

/** Every lesson in a value, in any of its columns or parts. */
export function lessonsOf(value: Value): Lessons {
  let all = noLessons;
  for (const part of partsOf(value)) {
    if (!part.isClosed) all = union(all, part.column.lessons);
    for (const column of part.columns?.values() ?? []) all = union(all, column.lessons);
    if (part.estimator) all = union(all, union(part.estimator.chosenBy, part.estimator.lessons));
  }
  return all;
}

/** Every column of a row that has a part in a value. */
export function madeOf(value: Value): ReadonlySet<string> {
  let all: ReadonlySet<string> = nothing;
  for (const part of partsOf(value)) {
    all = union(all, part.column.made);
    for (const column of part.columns?.values() ?? []) all = union(all, column.made);
  }
  return all;
}

/** A value and what it holds, however deep, each once: a list may hold itself. */
export function partsOf(value: Value): Iterable<Value> {
  if (!value.items && !value.entries) return [value];
  const out = new Set([value]);
  for (const part of out) {
    for (const item of part.items ?? []) out.add(item.value);
    for (const item of part.entries?.values() ?? []) out.add(item.value);
  }
  return out;
}

/** The same value, with more lessons in every column of it. */
export function taught(value: Value, lessons: Lessons): Value {
  if (lessons.size === 0) return value;
  const teach = (column: Column): Column => ({ ...column, lessons: union(column.lessons, lessons) });
  return {
    ...value,
    column: teach(value.column),
    ...(value.columns ? { columns: new Map([...value.columns].map(([label, column]) => [label, teach(column)])) } : {}),
  };
}

/** The value that may be either. */
export function either(a: Value, b: Value): Value {
  if (a === b) return a;
  if (b.kind === "other" && b.column === noColumn) return a;
  const more = lessonsOf(a);
  const out = b.kind === "figure" && a.kind !== "figure" && a.rows ? a : b;
  return taught(out, out === b ? more : lessonsOf(b));
}
