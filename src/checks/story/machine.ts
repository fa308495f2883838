import type { Dataflow } from "../../dataflow/analyse.ts";
import type { Span } from "../../foundation/span.ts";
import type { Expr, Stmt } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import type { StoryEvent } from "./events.ts";
import {
  type Box,
  type Call,
  type Column,
  type Lesson,
  type Lessons,
  noLessons,
  type Rows,
  type Scope,
  type Side,
  type Site,
  union,
  unknown,
  type Value,
} from "./values.ts";

/** Why rows count as being in the order of time. */
export interface TimeOrder {
  readonly site: Site;
  /** As written. */
  readonly text: string;
  /** The latest come first. */
  readonly isDescending: boolean;
}

/** Why several rows count as being of one thing. */
export interface Grouping {
  readonly site: Site;
  readonly label: string;
  /** As written. */
  readonly text: string;
}

/** What is known while the statements are gone through. */
export interface Machine {
  readonly flow: Dataflow;
  unit: number;
  scope: Scope;
  calls: readonly Call[];
  readonly events: StoryEvent[];
  readonly rowSets: Map<string, Rows>;
  readonly times: Map<number, TimeOrder>;
  readonly groupings: Map<number, Grouping>;
  /** What decides whether the statement at hand is run: figures of models among it. */
  control: Lessons;
  /** What the functions around give back, the innermost last. */
  readonly returns: Value[][];
  readonly running: Set<object>;
  /** Every lesson there is, by what it says but the columns: the same lesson is one object. */
  readonly lessons: Map<string, Lesson[]>;
  counter: number;
  steps: number;
  evaluate(expr: Expr): Value;
  execute(stmts: readonly Stmt[]): void;
}

export function newMachine(flow: Dataflow): Machine {
  const missing = (): never => {
    throw new Error("the machine is not wired");
  };
  return {
    flow,
    unit: 0,
    scope: { names: new Map() },
    calls: [],
    events: [],
    rowSets: new Map(),
    times: new Map(),
    groupings: new Map(),
    control: noLessons,
    returns: [],
    running: new Set(),
    lessons: new Map(),
    counter: 0,
    // Linear in the program: what runs functions in functions in loops is given up at some point.
    steps: 20_000 + 600 * flow.program.units.length,
    evaluate: missing,
    execute: missing,
  };
}

/** A place here and now. */
export function site(m: Machine, span: Span): Site {
  return { unit: m.unit, span, calls: m.calls };
}

/** A text of the notebook, short enough for a sentence. */
export function short(expr: Expr): string {
  const text = printExpr(expr).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function next(m: Machine): number {
  m.counter++;
  return m.counter;
}

/** Rows that come of others by an operation; the same operation gives the same rows. */
export function rowsAfter(
  m: Machine,
  from: readonly Rows[],
  operation: string,
  more: { readonly parts?: readonly Rows[]; readonly side?: Side } = {},
): Rows {
  const key = `${from.map(({ id }) => id).join(",")}/${more.parts?.map(({ id }) => id).join(",") ?? ""}:${operation}`;
  const known = m.rowSets.get(key);
  if (known) return known;
  const made: Rows = { id: next(m), from, ...more };
  m.rowSets.set(key, made);
  return made;
}

/** The key of an operation at a place, calls included. */
export function at(m: Machine, span: Span): string {
  return placeKey(site(m, span));
}

function placeKey({ calls, unit, span }: Site): string {
  return `${calls.map((call) => `${call.unit}.${call.span.start}`).join(">")}@${unit}.${span.start}`;
}

/** A column that is computed here of others. */
export function computed(m: Machine, made: ReadonlySet<string>, lessons: Lessons): Column {
  const is = `${next(m)}`;
  return { is, made: new Set([...made, is]), lessons };
}

/** A value of no rows, made of what was learned. */
export function figure(lessons: Lessons, more: Partial<Value> = {}): Value {
  return { kind: "figure", column: { is: "", made: new Set(), lessons }, ...more };
}

/** A lesson that is learned here. */
export function learn(m: Machine, lesson: Omit<Lesson, "site">, span: Span): Lessons {
  return new Set([known(m, { ...lesson, site: site(m, span) })]);
}

/** The lesson that says the same and is known already, or else this one. Sets of lessons tell them apart as objects: copies would add up. */
export function known(m: Machine, lesson: Lesson): Lesson {
  const { kind, rows, isGrouped, text } = lesson;
  const key = `${kind} ${rows.id} ${isGrouped ?? false} ${placeKey(lesson.site)}-${lesson.site.span.end} ${text}`;
  const alike = m.lessons.get(key);
  const found = alike?.find(({ of }) => of.size === lesson.of.size && [...of].every((one) => lesson.of.has(one)));
  if (found) return found;
  if (alike) alike.push(lesson);
  else m.lessons.set(key, [lesson]);
  return lesson;
}

export function lookUp(m: Machine, id: string): Box | undefined {
  for (let scope: Scope | undefined = m.scope; scope; scope = scope.outer) {
    const found = scope.names.get(id);
    if (found) return found;
  }
  return undefined;
}

/** Gives a name a value, and what decided about it. */
export function bind(m: Machine, id: string, box: Box): void {
  m.scope.names.set(id, m.control.size > 0 ? { value: decided(m, box.value) } : box);
}

/** A value that was chosen by what decides here. */
export function decided(m: Machine, value: Value): Value {
  if (m.control.size === 0) return value;
  return { ...value, column: { ...value.column, lessons: union(value.column.lessons, m.control) } };
}

/** Looks for evidence along the rows that some were taken out of. */
export function evidence<T>(found: ReadonlyMap<number, T>, rows: Rows): T | undefined {
  if (found.size === 0) return undefined;
  const seen = new Set<number>();
  const todo = [rows];
  for (let row = todo.shift(); row; row = todo.shift()) {
    const one = found.get(row.id);
    if (one) return one;
    if (seen.has(row.id)) continue;
    seen.add(row.id);
    todo.push(...row.from);
  }
  return undefined;
}

/** Texts that a value is a list of, or the one that it is; undefined when nobody knows. */
export function labelsOf(value: Value | undefined): readonly string[] | undefined {
  if (!value) return undefined;
  if (typeof value.constant === "string") return [value.constant];
  if (!value.items) return undefined;
  const out: string[] = [];
  for (const { value: item } of value.items) {
    if (typeof item.constant !== "string") return undefined;
    out.push(item.constant);
  }
  return out;
}

export function box(value: Value): Box {
  return { value };
}

export { unknown };
