import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { Expr, NameExpr, Stmt } from "../python/ir.ts";
import type { Knowledge } from "../python/knowledge/knowledge.ts";
import { allColumns, type ColumnSet, isAll, overlaps, union } from "./columns/column-set.ts";
import { type DemandMap, demandBefore, justRows } from "./columns/demand-map.ts";
import type { TableEvent } from "./columns/events.ts";
import type { Shape } from "./columns/shape.ts";
import type { GivenUpCalls } from "./given-up.ts";
import { type Heap, hold, type Lens, newHeap, type Obj } from "./heap.ts";
import { type NameSnapshot, type NameTable, nameTable } from "./names.ts";
import { alsoWrittenBy, needParts, type Part, partNow, writtenBy } from "./parts.ts";
import { newTrace, type Trace } from "./trace.ts";
import type { Frame, ObjId, Value } from "./value.ts";

/** A module-level name as it is now. */
export interface Binding {
  readonly value: Value;
  /** Units that may have bound it. */
  readonly defs: ReadonlySet<number>;
  /** The parts of these units that may have. */
  readonly parts: ReadonlySet<number>;
  /** Some way through a branch leaves the name without a value. */
  readonly maybe?: true;
}

/** Units, and parts of them, that wrote something. */
export interface Writers {
  readonly units: ReadonlySet<number>;
  readonly parts: ReadonlySet<number>;
}

/** Names as they are where a loop is left or begins its next round early. */
export interface LoopExits {
  readonly breaks: Snapshot[];
  readonly continues: Snapshot[];
}

/** A name bound at module level, or in a frame. */
export interface Bound {
  readonly name: string;
  readonly frame: Frame | undefined;
  readonly value: Value;
  readonly binding: Binding | undefined;
}

/** The names of every scope at one point, to run branches from and to join afterwards. */
export interface Snapshot {
  readonly names: NameSnapshot<Binding>;
  readonly frames: readonly (readonly [Frame, Map<string, Value>])[];
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
  readonly tokens: Map<string, Writers>;
  /** Who may have unbound a name that was bound before. */
  readonly removed: Map<string, Writers>;
  /** Widgets declared so far, with their default where it is sure. */
  readonly widgets: Map<string, { readonly unit: number; readonly value: string | undefined }>;
  readonly signatures: Map<string, Signature>;
  /** For each use of a module-level name the units whose binding it has met so far; `builtin` where none had bound it. */
  readonly met: Map<NameExpr, Set<number>>;
  /** Values of defaults, as they were when their function was defined. */
  readonly defaults: Map<Expr, Value>;
  readonly diagnostics: Diagnostic[];
  readonly labels: Set<string>;
  readonly labelsSeen: Set<string>;
  unit: number;
  /** Parts of all units, by id; the one that runs, -1 between units. */
  readonly parts: Part[];
  readonly partOf: Map<Stmt, number>;
  part: number;
  /** The statements inside this unit are told apart. */
  splits: boolean;
  /** Loops around what runs. */
  looping: number;
  /** Ways out of the loops around what runs, innermost last. */
  readonly loops: LoopExits[];
  /** Iterators that are being used. */
  readonly resuming: Set<ObjId>;
  /** What was bound since the outermost `try` body began; undefined outside of one. */
  bound: Bound[] | undefined;
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
  /** Calls that were not followed. */
  readonly givenUp: GivenUpCalls;
  /** The call at the top level of the unit that is being evaluated. */
  callSite: Span | undefined;
  /** Counts changes of any kind: more after a call than before it means the call was not pure. */
  changes: number;
  /** `from __future__ import annotations`: annotations are text, not evaluated. */
  lazyAnnotations: boolean;
  /** Depth of loops, branches and functions: 0 at the top level of the notebook. */
  depth: number;
  /** A library was imported that may give tables attributes of its own. */
  accessors: boolean;
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
  /** An instance of a notebook class is used by something that may run its special methods. */
  operate(value: Value): void;
  /** The value of an expression, all of which is read. */
  evaluate(expr: Expr): Value;
  /** The value of an expression, of whose tables the caller notes which columns are read. */
  see(expr: Expr): Value;
  execute(stmt: Stmt): void;
  executeAll(stmts: readonly Stmt[]): void;
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
    met: new Map(),
    defaults: new Map(),
    diagnostics: [],
    labels,
    labelsSeen: new Set(),
    removed: new Map(),
    unit: -1,
    parts: [],
    partOf: new Map(),
    part: -1,
    splits: true,
    looping: 0,
    loops: [],
    resuming: new Set(),
    bound: undefined,
    place: { start: 0, end: 0 },
    trace: newTrace(),
    frame: undefined,
    stack: [],
    returns: [],
    budget: 0,
    givenUp: { last: new Map(), lostIn: undefined, units: 0, mentioned: new WeakMap(), lastMet: new WeakMap() },
    callSite: undefined,
    changes: 0,
    lazyAnnotations: false,
    depth: 0,
    accessors: false,
    unsure: 0,
    supposing: 0,
    seeded: new Set(),
    rowSets: new Map(),
    rowOrigins: new Map(),
    given: { values: [] },
    operate: missing,
    evaluate: missing,
    see: missing,
    execute: missing,
    executeAll: missing,
  };
}

/** Stands for a unit where a name means what Python itself gives it. */
export const builtin = -1;

/** Notes which bindings a use of a module-level name meets. */
export function meet(m: Machine, expr: NameExpr, defs: Iterable<number>): void {
  const known = m.met.get(expr) ?? new Set();
  for (const unit of defs) known.add(unit);
  m.met.set(expr, known);
}

/** Notes that the unit needs others, and that the part that runs needs parts of them, and for what. */
export function need(m: Machine, { units, parts }: Writers, what: string): void {
  needParts(m, parts);
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

/** Who wrote an object last. */
function writersOf(obj: Obj): Writers {
  return { units: obj.writers, parts: obj.parts };
}

/** Who may have bound a name. */
export function bindersOf(binding: Binding): Writers {
  return { units: binding.defs, parts: binding.parts };
}

/** The unit needs who wrote an object last. Of a table that depends on the columns, which the events tell. */
function needWriters(m: Machine, obj: Obj, what: string): void {
  if (!obj.table) return need(m, writersOf(obj), what);
  needParts(m, obj.parts);
  for (const unit of obj.writers) if (unit !== m.unit) mayNeed(m, unit, what);
}

/**
 * Gets hold of a value and of all that it refers to: the unit needs whoever wrote it last. Which columns of its tables are read is
 * for the caller to say, by `useWhole` or `useColumns`. What is in `seen` was done before, and what is done is in it afterwards.
 */
export function grasp(m: Machine, value: Value, what: string, seen?: Set<ObjId>): void {
  if (value.objs.size === 0) return;
  for (const id of m.heap.reach(value.objs, seen)) needWriters(m, m.heap.get(id), what);
}

/** Reads everything a value may be or refer to. */
export function readDeep(m: Machine, value: Value, what: string): void {
  grasp(m, value, what);
  useWhole(m, value, what);
}

/** Every column that is to be seen of the tables of a value is read; `seen` is as for `grasp`. */
export function useWhole(m: Machine, value: Value, what: string, seen?: Set<ObjId>): void {
  if (value.objs.size === 0 || !m.heap.hasTables) return;
  // What is seen in part through this value may be read wholly through another one.
  for (const id of m.heap.reach(value.objs, value.sees ? undefined : seen))
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
export function derive(m: Machine, from: Value, to: Value, map: DemandMap, what: string, shape: Shape = {}): void {
  for (const source of from.objs) {
    if (!m.heap.get(source).table) continue;
    const made = [...to.objs].filter((id) => id !== source && m.heap.get(id).table);
    for (const id of made) note(m, { kind: "derive", from: source, to: id, map, shape });
    if (made.length === 0 || made.length < to.objs.size) useTable(m, source, demandBefore(map, allColumns), what);
  }
}

export function note(m: Machine, event: TableEvent): void {
  const { wholes } = m.trace;
  if (event.kind !== "use") wholes.clear();
  else if (wholes.has(event.obj)) return;
  else if (isAll(event.columns) && !event.exists) wholes.add(event.obj);
  m.trace.tables.push(event);
  if (m.unsure > 0) m.trace.unsure = true;
}

/** An object came into being: this unit wrote it. */
export function born(m: Machine, obj: Obj): void {
  if (obj.writers.has(m.unit) || m.unsure > 0) obj.several = true;
  if (obj.table) note(m, { kind: "write", obj: obj.id, columns: allColumns, born: true });
  setParts(m, obj, obj.writers.has(m.unit) ? alsoWrittenBy(m, obj.parts) : new Set([m.part]));
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
    if (overlaps(columns, justRows)) obj.reshaped = true;
    if (obj.table) note(m, { kind: "write", obj: id, ...(direct.has(id) ? changed : {}), columns });
    if (m.supposing === 0) m.trace.supposed.delete(id);
    else if (!m.trace.mutated.has(id)) m.trace.supposed.add(id);
    m.trace.mutated.add(id);
    acts(m);
    if (obj.type === "file" || obj.type === "connection") storesInPart(m);
    if (obj.stored !== undefined) {
      m.trace.stores = true;
      writeToken(m, obj.stored);
    }
    if (obj.partOf !== undefined && !obj.history.includes(m.unit))
      m.trace.refusals.push({
        span: m.place,
        what: `changes what belongs to ${obj.partOf} after it was defined`,
      });
    if (obj.history[obj.history.length - 1] !== m.unit) obj.history.push(m.unit);
    if (direct.has(id)) {
      needWriters(m, obj, what);
      obj.writers = new Set([m.unit]);
      setParts(m, obj, writtenBy(m, obj.parts));
    } else {
      // Who made a view is no part of what changes its elements, but still of what the view is.
      obj.writers = new Set([...obj.writers, m.unit]);
      setParts(m, obj, alsoWrittenBy(m, obj.parts));
    }
  }
}

function setParts(m: Machine, obj: Obj, parts: ReadonlySet<number>): void {
  if ([...parts].some((id) => !obj.parts.has(id))) m.heap.grown++;
  obj.parts = parts;
}

/** Notes that the unit, and the part of it that runs, do more than show something. */
export function acts(m: Machine): void {
  m.trace.display = false;
  const part = partNow(m);
  if (part) part.acts = true;
}

/** Notes that the part that runs writes to a file. */
export function storesInPart(m: Machine): void {
  const part = partNow(m);
  if (part) part.stores = true;
}

/** A new object made by this unit at a span. */
export function fresh(m: Machine, span: Span, type: string, holds: readonly Value[] = []): Obj {
  const obj = m.heap.at(`${m.unit}:${m.part}:${m.stack.length}:${span.start}-${span.end}`, type);
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
    if (!obj.links.has(id)) m.heap.grown++;
    obj.links.add(id);
    m.heap.get(id).links.add(obj.id);
    obj.tags |= m.heap.get(id).tags & ~1;
  }
  return new Set([obj.id]);
}

export function readToken(m: Machine, token: string): void {
  m.trace.tokenReads.add(token);
  const writers = m.tokens.get(token);
  if (writers) need(m, writers, token);
}

/** Writes hidden state. It depends on what was there, so the last writer is enough. */
export function writeToken(m: Machine, token: string, strong = false): void {
  if (!strong || m.depth > 0) readToken(m, token);
  m.trace.tokenWrites.add(token);
  acts(m);
  m.changes++;
  const before = m.tokens.get(token);
  m.tokens.set(token, { units: new Set([m.unit]), parts: writtenBy(m, before?.parts ?? new Set()) });
}

/** A value that may be changed always has storage of its own, however little is known of it. */
function withStorage(m: Machine, name: string, value: Value): Value {
  const isKnown =
    value.objs.size > 0 || value.member !== undefined || value.callables !== undefined || value.constant !== undefined;
  if (isKnown || m.knowledge.isImmutable(value.type) || value.type === "module") return value;
  const obj = m.heap.at(`${m.unit}:${m.part}:${m.stack.length}:bind:${name}`, value.type);
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
        m.bound?.push({ name, frame: f, value, binding: undefined });
        return;
      }
    }
  }
  acts(m);
  m.changes++;
  m.trace.writes.add(name);
  const before = m.names.get(name);
  if (frame && before) {
    // A function that writes a global may not be the last word: keep who bound it before.
    need(m, bindersOf(before), name);
  }
  for (const id of value.objs) m.heap.get(id).names.add(name);
  const binding: Binding = { value, defs: new Set([m.unit]), parts: new Set([m.part]) };
  m.names.set(name, binding);
  m.bound?.push({ name, frame: undefined, value, binding });
  if (m.depth === 0) m.removed.delete(name);
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

/** Where code of a function stands while it runs; nothing at the top level. */
export function insideOf(
  m: Machine,
  span: Span,
): { readonly inside?: { readonly definition: object; readonly span: Span } } {
  const definition = m.stack[m.stack.length - 1];
  return definition ? { inside: { definition, span } } : {};
}
