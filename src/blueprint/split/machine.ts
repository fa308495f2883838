import type { Dataflow } from "../../dataflow/analyse.ts";
import type { Span } from "../../foundation/span.ts";
import type { Expr, NameExpr, Stmt } from "../../python/ir.ts";
import type { Knowledge } from "../../python/knowledge/knowledge.ts";
import { printExpr } from "../../python/print/expressions.ts";
import type { Import } from "../blueprint.ts";
import {
  type Bound,
  type Labels,
  type LabelTable,
  type Lesson,
  type Prediction,
  predictionsOf,
  type Rows,
  rowwise,
  type Source,
} from "./bound.ts";
import type { CallPlace, Capture, Cut, Definition, Trouble, TroubleCode } from "./graph.ts";

/** Names as one scope sees them. */
export interface Scope {
  readonly names: Map<string, Bound>;
  readonly outer?: Scope;
}

/** What is declared of rows before those that are asked for. */
export interface LookBack {
  /** The column that says when a row was; undefined: no history is declared, there is the batch alone. */
  readonly at?: string;
  /** Units that read nothing but history. */
  readonly units: ReadonlySet<number>;
}

/** A prediction beside the fit of its model: the rows of both should have been prepared in one way. */
export interface Pair {
  readonly prediction: Prediction;
  readonly unit: number;
  readonly span: Span;
  readonly data: Expr;
  readonly lesson: Lesson;
}

/** What is known of a cut beside its place: two with one key hold the same value. */
export interface Origin {
  readonly key: string;
  readonly unit: number;
  readonly span: Span;
  /** The call of a function inside which it is computed; of several the outermost. */
  readonly call?: CallPlace;
  /** The rows that it is computed of, where that is known. */
  readonly rows: readonly Rows[];
  /** The literal that it is, if it is one. */
  readonly constant?: Bound["constant"];
  /** The texts that it is a list of, where the code says so. */
  readonly texts?: readonly string[];
}

/** What the split knows while it goes through the statements. */
export interface Machine {
  readonly flow: Dataflow;
  readonly knowledge: Knowledge;
  /** The unit that is being gone through. */
  unit: number;
  scope: Scope;
  /** State of what can be changed in place, by its identity. */
  readonly objects: Map<number, Bound>;
  /** Where definitions go: the graph, or the body of a loop. */
  definitions: Definition[];
  readonly cuts: Map<string, Cut>;
  /** Ids of cuts by what they keep and where. */
  readonly cutIds: Map<string, string>;
  /** Versions that are dummies: what they are before they get columns of their own. */
  readonly opened: Map<string, Expr>;
  readonly troubles: Map<string, Trouble>;
  readonly sources: Source[];
  readonly predictions: Prediction[];
  /** Last fits of models, in order: what is predicted when no prediction is made. */
  readonly fits: {
    readonly unit: number;
    readonly model: Expr;
    readonly rows: Rows;
    readonly data: Bound;
    readonly text?: string;
    readonly through?: readonly LabelTable[];
  }[];
  /** What each model was asked about, and what it was fitted to before. */
  readonly pairs: Pair[];
  /** What cuts are made of, by their ids. */
  readonly origins: Map<string, Origin>;
  /** Numbers of values, by which two places tell that they read the same one. */
  readonly identities: Map<object, number>;
  /** Loop variables of the loops around, whose values cuts are kept by. */
  keys: string[];
  /** Calls of functions that are being gone through. */
  readonly calls: (CallPlace & { readonly of: string })[];
  /** Rows that a loop around makes are gone after it: those up to this number are not. */
  loopFrom: number;
  /** Inside a loop or a branch: nothing there is an answer by itself. */
  depth: number;
  readonly rowSets: Map<string, Rows>;
  /** Columns that models are fitted to. */
  readonly labels: Set<string>;
  /** One of them has a name that the code does not tell. */
  isLabelHidden: boolean;
  /** Names of libraries, as they are imported. */
  readonly imports: Map<string, Import>;
  /** Unit in which each global name got its value last. */
  readonly boundAt: Map<string, number>;
  /** What was saved in files, by their paths. */
  readonly saved: Map<string, Bound>;
  /** Columns that some statement has read by name. */
  readonly columnsRead: Set<string>;
  /** Answers may look at rows before: those of the batch, and of a declared history, which is in the order of `at`. */
  readonly lookBack?: LookBack | undefined;
  counter: number;
  evaluate(expr: Expr): Bound;
  execute(stmts: readonly Stmt[]): void;
}

/** A machine that has seen nothing yet of a program. */
export function newMachine(flow: Dataflow, lookBack?: LookBack): Machine {
  const missing = (): never => {
    throw new Error("the machine is not wired");
  };
  return {
    flow,
    knowledge: flow.knowledge,
    unit: 0,
    scope: { names: new Map() },
    objects: new Map(),
    definitions: [],
    cuts: new Map(),
    cutIds: new Map(),
    opened: new Map(),
    troubles: new Map(),
    sources: [],
    predictions: [],
    fits: [],
    pairs: [],
    origins: new Map(),
    identities: new Map(),
    keys: [],
    loopFrom: Number.POSITIVE_INFINITY,
    calls: [],
    depth: 0,
    rowSets: new Map(),
    labels: new Set(),
    isLabelHidden: false,
    imports: new Map(),
    boundAt: new Map(),
    saved: new Map(),
    columnsRead: new Set(),
    lookBack,
    counter: 0,
    evaluate: missing,
    execute: missing,
  };
}

/** The next number: of a version, a row set, an object. */
export function next(m: Machine): number {
  m.counter++;
  return m.counter;
}

/** A name as an expression, standing where something of the notebook stands. */
export function nameOf(id: string, span: Span): NameExpr {
  return { kind: "name", id, span };
}

/** A name that the normal form made for a part of an expression: the notebook has none such. */
export function isTemporary(name: string): boolean {
  return /^_\d+$/.test(name);
}

/** The value of a name, as it is now. */
export function lookUp(m: Machine, id: string): Bound | undefined {
  for (let scope: Scope | undefined = m.scope; scope; scope = scope.outer) {
    const found = scope.names.get(id);
    if (!found) continue;
    const is = fresh(m, now(m, found));
    // What a name stands for is the name's, not the object's.
    return found.stands === is.stands ? is : { ...is, stands: found.stands };
  }
  return undefined;
}

/** A list or dict with its parts as they are now; one that holds itself does so as it was. */
function fresh(m: Machine, value: Bound, around: readonly number[] = []): Bound {
  const { items, entries, object } = value;
  if (!items && !entries) return value;
  const inside = object === undefined ? around : [...around, object];
  const part = (one: Bound): Bound =>
    one.object !== undefined && inside.includes(one.object) ? one : fresh(m, now(m, one), inside);
  const isOld = (one: Bound): boolean => one.object !== undefined || one.items !== undefined;
  if (items?.some(isOld)) return { ...value, items: items.map(part) };
  if (entries && [...entries.values()].some(isOld))
    return { ...value, entries: new Map([...entries].map(([key, one]) => [key, part(one)])) };
  return value;
}

/** A value as it is now, after all changes in place. */
export function now(m: Machine, value: Bound): Bound {
  return value.object === undefined ? value : (m.objects.get(value.object) ?? value);
}

/** Gives a value an identity, so that a change through one name is seen through the others. */
export function placed(m: Machine, value: Bound): Bound {
  if (value.object !== undefined) return value;
  const object = next(m);
  const out = { ...value, object };
  m.objects.set(object, out);
  return out;
}

/** Changes what stands behind a value, for every name of it. */
export function change(m: Machine, value: Bound, to: Bound): void {
  if (value.object === undefined) return;
  m.objects.set(value.object, { ...to, object: value.object });
  for (const [id, at] of value.twins ?? []) {
    const twin = m.objects.get(id);
    if (twin?.rows) m.objects.set(id, { ...trouble(m, "container", at, twin.rows, [twin]), object: id });
  }
}

/** Binds a name in the scope that is in force. */
export function bind(m: Machine, id: string, value: Bound): void {
  if (!m.scope.outer) m.boundAt.set(id, m.unit);
  m.scope.names.set(id, placed(m, value));
}

/** Dummies before they were put into columns of their own. */
export function openedBy(m: Machine, code: Expr | undefined): Expr | undefined {
  if (code?.kind === "name") return m.opened.get(code.id);
  const isOpened = code?.kind === "call" && code.func.kind === "name" && code.func.id === "%with_columns";
  return isOpened ? code.args[0] : undefined;
}

/** The outermost call of a function that is being gone through. */
export function callOf(m: Machine): { readonly call?: CallPlace } {
  const [first] = m.calls;
  return first ? { call: first } : {};
}

/** A new version of a row value, under a name. */
export function define(m: Machine, name: string, value: Bound): Bound {
  if (value.time !== "row" || !value.code) return value;
  if (value.code.kind === "name" && !value.code.id.startsWith("@")) return value;
  const version = `${name}#${next(m)}`;
  m.definitions.push({ kind: "assign", version, name, unit: m.unit, code: value.code, ...callOf(m) });
  const opened = openedBy(m, value.code);
  if (opened) m.opened.set(version, opened);
  return { ...value, code: nameOf(version, value.code.span) };
}

/** Notes that nobody can say what this is for a given row; the answer is refused if it needs it. */
export function trouble(m: Machine, code: TroubleCode, expr: Expr, rows: Rows, from: readonly Bound[] = []): Bound {
  const id = `!${m.troubles.size + 1}`;
  m.troubles.set(id, { id, code, unit: m.unit, span: expr.span, text: printExpr(expr).slice(0, 120) });
  return rowwise("unknown", nameOf(id, expr.span), rows, { predictions: predictionsOf(from) });
}

/** The notebook's name of a version; of any other code "frame". */
export function versionName(code: Expr | undefined): string {
  return (code?.kind === "name" && code.id.split("#")[0]) || "frame";
}

/** Rows of the dataset that nobody follows: of what is wrong with the answer as a whole. */
export function lostRows(source: Source): Rows {
  return { id: 0, source, labels: "lost", isReordered: false };
}

/** Rows that came of others by an operation; the same operation gives the same rows. */
export function rowsAfter(m: Machine, parent: Rows, operation: string, more: Partial<Rows> = {}): Rows {
  const key = `${parent.id}:${operation}`;
  const known = m.rowSets.get(key);
  if (known) return known;
  const isLost = parent.isPositional === true && more.labels === undefined;
  const lost = isLost ? ({ labels: "lost" } as const) : {};
  const view = parent.view === undefined ? undefined : "lost";
  const rows: Rows = {
    ...parent,
    ...lost,
    stack: undefined,
    places: undefined,
    view,
    isNumbered: false,
    permutes: undefined,
    id: next(m),
    parent,
    ...more,
  };
  m.rowSets.set(key, rows);
  return rows;
}

/** The rows whose places these rows have. */
export function placesRoot(rows: Rows): Rows {
  let root = rows;
  while (root.places) root = root.places;
  return root;
}

/** True when both were taken out of the same parts of tables put together. */
export function isSamePart({ taken: one }: Rows, { taken: other }: Rows): boolean {
  return one === other || (one?.size === other?.size && [...(one ?? [])].every(([id, at]) => other?.get(id) === at));
}

/** The same rows with their places as labels; `labels` lead from them back to the dataset. */
export function numberedRows(m: Machine, rows: Rows, labels: Labels): Rows {
  const root = placesRoot(rows);
  for (const one of [rows, root]) if (one.isNumbered && isSamePart(one, rows)) return one;
  const key = `numbered:${[...(rows.taken ?? [])].join(";")}`;
  const more = {
    labels,
    isNumbered: true,
    isPositional: false,
    places: root,
    ...(rows.taken ? { taken: rows.taken } : {}),
  };
  const known = rowsAfter(m, root, key, { ...more, stack: rows.stack, view: rows.view });
  if (known.labels !== "lost" || labels === "lost") return known;
  // The first who numbered them did not know where they come from.
  const better = { ...known, labels };
  m.rowSets.set(`${root.id}:${key}`, better);
  return better;
}

/** The rows that a mask chooses; `written` is its text in the notebook. */
export function rowsWhere(m: Machine, rows: Rows, written: Expr, mask: Bound, more: Partial<Rows> = {}): Rows {
  return rowsAfter(m, rows, `mask:${printExpr(mask.code ?? written)}`, more);
}

/** A cut: the predictor reads it from the state, training keeps it. */
export function cut(
  m: Machine,
  hint: string,
  type: string,
  capture: Capture,
  texts?: readonly string[],
  which = "",
  lacks?: ReadonlySet<string>,
): Expr {
  const calls = m.calls.map(({ of: _of, ...place }) => place);
  const key = `${which}${capture.kind}:${capture.unit}:${capture.span.start}-${capture.span.end}:${calls.map((call) => `${call.name}@${call.unit}:${call.span.start}`).join(".")}:${m.keys.join(",")}`;
  const known = m.cutIds.get(key);
  if (known !== undefined) return keyed(m, known, capture.span);
  const keys = [...calls.flatMap((call) => call.keys), ...m.keys];
  const id = `@${m.cuts.size + 1}`;
  m.cutIds.set(key, id);
  m.cuts.set(id, { id, hint, type, capture, keys, ownKeys: [...m.keys], calls, lacks, ...(texts ? { texts } : {}) });
  return keyed(m, id, capture.span);
}

function keyed(m: Machine, id: string, span: Span): Expr {
  const field = nameOf(id, span);
  const all = [...m.calls.flatMap((call) => call.keys), ...m.keys];
  if (all.length === 0) return field;
  const keys = all.map((key) => nameOf(key, span));
  const [first] = keys;
  const index: Expr = first && keys.length === 1 ? first : { kind: "tuple", items: keys, span };
  return { kind: "subscript", value: field, index, span };
}

/** The place of an expression in the training code, for an edit. */
export function around(m: Machine, expr: Expr, call: string, also?: string): Capture {
  return { kind: "around", unit: m.unit, span: expr.span, call, ...(also ? { also } : {}) };
}

/** The scope of the notebook itself, around all calls. */
export function globalScope(m: Machine): Scope {
  let scope = m.scope;
  while (scope.outer) scope = scope.outer;
  return scope;
}
