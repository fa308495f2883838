import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import type { Knowledge } from "../python/knowledge/knowledge.ts";
import { allColumns, type ColumnSet, union } from "./columns/column-set.ts";
import { type DemandMap, demandBefore, justRows } from "./columns/demand-map.ts";
import type { TableEvent } from "./columns/events.ts";
import { type Heap, hold, type Lens, newHeap, type Obj } from "./heap.ts";
import { type NameTable, nameTable } from "./names.ts";
import type { Sight } from "./sights.ts";
import type { Frame, ObjId, Value } from "./value.ts";

/** A module-level name as it is now. */
export interface Binding {
  readonly value: Value;
  /** Units that may have bound it. */
  readonly defs: ReadonlySet<number>;
  /** Some way through a branch leaves the name without a value. */
  readonly maybe?: true;
}

/** What was seen while one unit was evaluated. */
export interface Trace {
  /** Names whose value came, or may have come, from outside the unit. */
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  readonly deletes: Set<string>;
  /** Objects changed. */
  readonly mutated: Set<ObjId>;
  /** Those of `mutated` that are only supposed to be changed, for want of knowledge. */
  readonly supposed: Set<ObjId>;
  /** Units this one needs, or may need: who made or changed a column of a table counts as if it had made all. */
  readonly deps: Set<number>;
  /** Those of `deps` that it needs whatever columns are demanded; the others follow from `tables`. */
  readonly hard: Set<number>;
  /** What it does with columns of tables, in order. */
  readonly tables: TableEvent[];
  /** Some of `tables` may happen never, or more than once. */
  unsure: boolean;
  /** Unit needed → the names, objects and tokens it is needed for (for explain). */
  readonly why: Map<number, Set<string>>;
  readonly draws: Set<string>;
  /** Generators whose state it sets. */
  readonly seeds: Set<string>;
  readonly tokenReads: Set<string>;
  readonly tokenWrites: Set<string>;
  /** Free names that nothing had bound yet. */
  readonly undefined: Map<string, Span>;
  /** Calls that read or write files. */
  readonly files: FileUse[];
  /** Job parameters of Databricks (widgets) that it reads where it stands, each with its declared default. */
  readonly widgets: WidgetUse[];
  /** Names of the widgets that it declares. */
  readonly declares: string[];
  /** Secrets of Databricks that it reads where it stands. */
  readonly secrets: { readonly span: Span; readonly scope: string; readonly key: string }[];
  /** Calls that end the notebook. */
  readonly exits: Span[];
  /** Score calls and the like that stand in an expression statement or a print. */
  readonly figures: FigureUse[];
  /** Library or callee → span of calls about which nothing is known. */
  readonly unknownCalls: Map<string, Span>;
  /** The same, for functions and classes of libraries by their qualified names. */
  readonly unknownMembers: Map<string, Span>;
  /** Something other than showing happened: a value was stored, an object changed, a token written. */
  display: boolean;
  /** Calls that show something. */
  readonly shows: Span[];
  /** Calls that change an object, a name or hidden state. */
  readonly impure: Span[];
  /** Settings of the whole process that it changes and that change what later code computes. */
  readonly settings: { readonly span: Span; readonly what: string }[];
  /** Why the unit cannot be understood, if so. */
  readonly refusals: Refusal[];
  /** What only laws ask about. */
  readonly sights: Sight[];
}

export interface Refusal {
  readonly span: Span;
  /** Ends the sentence "depends on code that …". */
  readonly what: string;
  /** It is a shell line or a magic, not Python. */
  readonly isCommand?: true;
}

export interface FileUse {
  readonly mode: "load" | "store";
  /** Of the whole call. */
  readonly span: Span;
  /** Of the argument that names the file. */
  readonly pathSpan: Span | undefined;
  readonly path: string | undefined;
  /** Qualified name or `.method` of the callee. */
  readonly callee: string;
  /** Inside a notebook function's body: the span belongs to its cell. */
  readonly inFunction: boolean;
  readonly depth: number;
  /** What is known of the meaning of what is written. */
  readonly tags: number;
}

export interface WidgetUse {
  /** Of the whole call. */
  readonly span: Span;
  readonly name: string;
  readonly value: string;
  /** The unit that declares the widget. */
  readonly unit: number;
}

export interface FigureUse {
  readonly span: Span;
  readonly name: string;
  readonly type: string;
  readonly tags: number;
}

/** Types of arguments and results seen at the calls of a notebook function, for its signature. */
export interface Signature {
  readonly params: Map<string, Value>;
  result: Value | undefined;
  /** Module-level names it read, itself or through calls. */
  readonly globals: Set<string>;
}

export interface Machine {
  /** What is known of libraries. */
  readonly knowledge: Knowledge;
  readonly heap: Heap;
  readonly names: NameTable<Binding>;
  readonly tokens: Map<string, ReadonlySet<number>>;
  /** Widgets declared so far, with their default where it is sure. */
  readonly widgets: Map<string, { readonly unit: number; readonly value: string | undefined }>;
  readonly signatures: Map<string, Signature>;
  /** Values of defaults, as they were when their function was defined. */
  readonly defaults: Map<Expr, Value>;
  readonly diagnostics: Diagnostic[];
  readonly labels: Set<string>;
  readonly labelsSeen: Set<string>;
  unit: number;
  /** Where the unit stands in its cell. */
  place: Span;
  trace: Trace;
  frame: Frame | undefined;
  /** Functions being evaluated, outermost first. */
  readonly stack: object[];
  /** Values returned so far by the function being evaluated. */
  returns: Value[];
  /** Evaluations left for this unit; beyond it calls are taken as unknown. */
  budget: number;
  /** The call at the top level of the unit that is being evaluated. */
  callSite: Span | undefined;
  /** Counts changes of any kind: more after a call than before it means the call was not pure. */
  changes: number;
  /** `from __future__ import annotations`: annotations are text, not evaluated. */
  lazyAnnotations: boolean;
  /** Depth of loops, branches and functions: 0 at the top level of the notebook. */
  depth: number;
  /** Depth of code that may run never, or more than once. */
  unsure: number;
  /** Depth of code that is only supposed to do what it does: nothing is known of it. */
  supposing: number;
  /** Global generators that have been seeded. */
  readonly seeded: Set<string>;
  /** Row sets by the place that made them, and the row set that each was taken from. */
  readonly rowSets: Map<string, string>;
  readonly rowOrigins: Map<string, string>;
  /** What the outermost call being evaluated was given, and all that can be got at from it, once somebody asks. */
  given: { readonly values: readonly Value[]; reach?: ReadonlySet<ObjId> };
  /** The value of an expression, all of which is read. */
  evaluate(expr: Expr): Value;
  /** The value of an expression, of whose tables the caller notes which columns are read. */
  see(expr: Expr): Value;
  execute(stmt: Stmt): void;
  executeAll(stmts: readonly Stmt[]): void;
}

export function newTrace(): Trace {
  return {
    reads: new Set(),
    writes: new Set(),
    deletes: new Set(),
    mutated: new Set(),
    supposed: new Set(),
    deps: new Set(),
    hard: new Set(),
    tables: [],
    unsure: false,
    why: new Map(),
    draws: new Set(),
    seeds: new Set(),
    tokenReads: new Set(),
    tokenWrites: new Set(),
    undefined: new Map(),
    files: [],
    widgets: [],
    declares: [],
    secrets: [],
    exits: [],
    figures: [],
    unknownCalls: new Map(),
    unknownMembers: new Map(),
    display: true,
    shows: [],
    impure: [],
    settings: [],
    refusals: [],
    sights: [],
  };
}

export function newMachine(knowledge: Knowledge, labels: Set<string>): Machine {
  const missing = (): never => {
    throw new Error("machine is not wired");
  };
  return {
    knowledge,
    heap: newHeap(),
    names: nameTable(),
    tokens: new Map(),
    widgets: new Map(),
    signatures: new Map(),
    defaults: new Map(),
    diagnostics: [],
    labels,
    labelsSeen: new Set(),
    unit: -1,
    place: { start: 0, end: 0 },
    trace: newTrace(),
    frame: undefined,
    stack: [],
    returns: [],
    budget: 0,
    callSite: undefined,
    changes: 0,
    lazyAnnotations: false,
    depth: 0,
    unsure: 0,
    supposing: 0,
    seeded: new Set(),
    rowSets: new Map(),
    rowOrigins: new Map(),
    given: { values: [] },
    evaluate: missing,
    see: missing,
    execute: missing,
    executeAll: missing,
  };
}

/** Notes that the unit needs others, and for what. */
export function need(m: Machine, units: Iterable<number>, what: string): void {
  for (const unit of units) {
    if (unit === m.unit) continue;
    mayNeed(m, unit, what);
    m.trace.hard.add(unit);
  }
}

function mayNeed(m: Machine, unit: number, what: string): void {
  m.trace.deps.add(unit);
  const reasons = m.trace.why.get(unit) ?? new Set();
  reasons.add(what);
  m.trace.why.set(unit, reasons);
}

/** The unit needs who wrote an object last. Of a table that depends on the columns, which the events tell. */
function needWriters(m: Machine, obj: Obj, what: string): void {
  if (!obj.table) return need(m, obj.writers, what);
  for (const unit of obj.writers) if (unit !== m.unit) mayNeed(m, unit, what);
}

/**
 * Gets hold of a value and of all that it refers to: the unit needs whoever wrote it last. Which columns of its tables are read is
 * for the caller to say, by `useWhole` or `useColumns`.
 */
export function grasp(m: Machine, value: Value, what: string): void {
  if (value.objs.size === 0) return;
  for (const id of m.heap.reach(value.objs)) needWriters(m, m.heap.get(id), what);
}

/** Reads everything a value may be or refer to. */
export function readDeep(m: Machine, value: Value, what: string): void {
  grasp(m, value, what);
  useWhole(m, value, what);
}

/** Every column that is to be seen of the tables of a value is read. */
export function useWhole(m: Machine, value: Value, what: string): void {
  if (value.objs.size === 0) return;
  for (const id of m.heap.reach(value.objs))
    useTable(m, id, value.objs.has(id) && value.sees ? value.sees : allColumns, what);
}

/** These columns of the tables that a value names are read, and whatever else it refers to. */
export function useColumns(m: Machine, value: Value, columns: ColumnSet, what: string, exists?: true): void {
  for (const id of value.objs) useTable(m, id, columns, what, exists);
}

function useTable(m: Machine, obj: ObjId, columns: ColumnSet, what: string, exists?: true): void {
  if (!m.heap.get(obj).table) return;
  note(m, { kind: "use", obj, columns: union(columns, justRows), what, ...(exists ? { exists } : {}) });
}

/** The tables of `to` are made of those of `from`. What is made of a table and is none itself reads all that it may need. */
export function derive(m: Machine, from: Value, to: Value, map: DemandMap, what: string): void {
  for (const source of from.objs) {
    if (!m.heap.get(source).table) continue;
    const made = [...to.objs].filter((id) => id !== source && m.heap.get(id).table);
    for (const id of made) note(m, { kind: "derive", from: source, to: id, map });
    if (made.length === 0 || made.length < to.objs.size) useTable(m, source, demandBefore(map, allColumns), what);
  }
}

export function note(m: Machine, event: TableEvent): void {
  m.trace.tables.push(event);
  if (m.unsure > 0) m.trace.unsure = true;
}

/** An object came into being: this unit wrote it. */
export function born(m: Machine, obj: Obj): void {
  if (obj.writers.has(m.unit) || m.unsure > 0) obj.several = true;
  if (obj.table) note(m, { kind: "write", obj: obj.id, columns: allColumns });
  if (obj.writers.has(m.unit)) return;
  obj.writers = new Set([m.unit]);
  if (obj.history[obj.history.length - 1] !== m.unit) obj.history.push(m.unit);
}

/** Columns that a change is confined to, and what it leaves of them. */
export interface ChangedColumns {
  readonly columns: ColumnSet;
  /** Nothing of them is left but their place. */
  readonly replaces?: ColumnSet;
  readonly removes?: ColumnSet;
}

const anyColumn: ChangedColumns = { columns: allColumns };

/**
 * Changes objects: a read and a write of each. A change of elements is one of every view of them; a change of structure
 * (a column added, replaced or dropped) leaves the views as they are.
 */
export function mutate(
  m: Machine,
  ids: Iterable<ObjId>,
  what: string,
  part: "elements" | "structure" = "elements",
  changed: ChangedColumns = anyColumn,
): void {
  const direct = new Set(ids);
  const touched =
    part === "elements"
      ? m.heap.touched(direct, changed.columns)
      : new Map([...direct].map((id) => [id, changed.columns] as const));
  for (const [id, columns] of touched) {
    m.changes++;
    const obj = m.heap.get(id);
    obj.changes++;
    if (obj.table) note(m, { kind: "write", obj: id, ...(direct.has(id) ? changed : {}), columns });
    if (m.supposing === 0) m.trace.supposed.delete(id);
    else if (!m.trace.mutated.has(id)) m.trace.supposed.add(id);
    m.trace.mutated.add(id);
    m.trace.display = false;
    if (obj.partOf !== undefined && !obj.history.includes(m.unit))
      m.trace.refusals.push({
        span: m.place,
        what: `changes what belongs to ${obj.partOf} after it was defined`,
      });
    if (obj.history[obj.history.length - 1] !== m.unit) obj.history.push(m.unit);
    if (direct.has(id)) {
      needWriters(m, obj, what);
      obj.writers = new Set([m.unit]);
    } else {
      // Who made a view is no part of what changes its elements, but still of what the view is.
      obj.writers = new Set([...obj.writers, m.unit]);
    }
  }
}

/** A new object made by this unit at a span. */
export function fresh(m: Machine, span: Span, type: string, holds: readonly Value[] = []): Obj {
  const obj = m.heap.at(`${m.unit}:${m.stack.length}:${span.start}-${span.end}`, type);
  born(m, obj);
  for (const value of holds) hold(m.heap, obj, value);
  return obj;
}

const wholeLens: Lens = { columns: allColumns, names: false };

/** A table or array made here that may share the elements of another value. */
export function viewOf(m: Machine, base: Value, type: string, span: Span, lens: Lens = wholeLens): ReadonlySet<ObjId> {
  if (base.objs.size === 0) return base.objs;
  const obj = fresh(m, span, type);
  for (const id of base.objs) {
    if (id === obj.id) continue;
    const before = obj.lenses.get(id);
    obj.lenses.set(
      id,
      before ? { columns: union(before.columns, lens.columns), names: before.names && lens.names } : lens,
    );
    obj.links.add(id);
    m.heap.get(id).links.add(obj.id);
    obj.tags |= m.heap.get(id).tags & ~1;
  }
  return new Set([obj.id]);
}

export function readToken(m: Machine, token: string): void {
  m.trace.tokenReads.add(token);
  need(m, m.tokens.get(token) ?? [], token);
}

/** Writes hidden state. It depends on what was there, so the last writer is enough. */
export function writeToken(m: Machine, token: string, strong = false): void {
  if (!strong || m.depth > 0) readToken(m, token);
  m.trace.tokenWrites.add(token);
  m.trace.display = false;
  m.changes++;
  m.tokens.set(token, new Set([m.unit]));
}

/** A value that may be changed always has storage of its own, however little is known of it. */
function withStorage(m: Machine, name: string, value: Value): Value {
  const isKnown =
    value.objs.size > 0 || value.member !== undefined || value.callables !== undefined || value.constant !== undefined;
  if (isKnown || m.knowledge.isImmutable(value.type) || value.type === "module") return value;
  const obj = m.heap.at(`${m.unit}:${m.stack.length}:bind:${name}`, value.type);
  born(m, obj);
  return { ...value, objs: new Set([obj.id]) };
}

/** Binds a name where the code stands: in the function's frame or at module level. */
export function bind(m: Machine, name: string, given: Value): void {
  const { frame } = m;
  const value = withStorage(m, name, given);
  if (frame && !frame.globals.has(name)) {
    for (let f: Frame | undefined = frame; f; f = f.parent) {
      if (f === frame || f.names.has(name)) {
        f.names.set(name, value);
        return;
      }
    }
  }
  m.trace.display = false;
  m.changes++;
  m.trace.writes.add(name);
  const before = m.names.get(name);
  if (frame && before) {
    // A function that writes a global may not be the last word: keep who bound it before.
    need(m, before.defs, name);
  }
  for (const id of value.objs) m.heap.get(id).names.add(name);
  m.names.set(name, { value, defs: new Set([m.unit]) });
}

/** Everything a value means, its objects' marks included. */
export function tagsOf(m: Machine, value: Value): number {
  let tags = value.tags;
  if (value.objs.size > 0) for (const id of m.heap.reach(value.objs)) tags |= m.heap.get(id).tags;
  return tags;
}

/** Functions on the stack are known by where they stand; their signatures are kept under this key. */
export function signatureKey(definition: object): string {
  const named = definition as { readonly name?: string; readonly span: Span };
  return `${named.name ?? "<lambda>"}@${named.span.start}-${named.span.end}`;
}

/** Where to point for something seen at a span: inside a function's body that is the call in this unit. */
export function siteOf(m: Machine, span: Span): Span {
  return m.stack.length > 0 ? (m.callSite ?? span) : span;
}
