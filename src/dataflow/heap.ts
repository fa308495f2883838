import type { Span } from "../foundation/span.ts";
import { allColumns, type ColumnSet, contains, intersect, isEmpty, union } from "./columns/column-set.ts";
import { type Callable, isSame, join, type ObjId, possible, type Value } from "./value.ts";

/** What a view sees of the object that it looks at. */
export interface Lens {
  readonly columns: ColumnSet;
  /** A column has the same name in both. */
  readonly names: boolean;
}

/** The call that made something. */
export interface Maker {
  readonly unit: number;
  readonly span: Span;
  /** As it is written: "KFold". */
  readonly callee: string;
  /** The function around it, in whose cell the span is. */
  readonly definition?: object;
}

/** One abstract object. Contents only grow, so a later look sees at least what an earlier one saw. */
export interface Obj {
  readonly id: ObjId;
  readonly type: string;
  /** Objects it may refer to. */
  readonly contents: Set<ObjId>;
  /** Objects that may refer to it. */
  readonly holders: Set<ObjId>;
  /** Module-level names that it was ever bound to. */
  readonly names: Set<string>;
  /** Functions it may hold. */
  readonly callables: Set<Callable>;
  tags: number;
  /** Row sets that `fit` has seen. */
  readonly fittedRows: Set<string>;
  /** `fit` draws random numbers. */
  draws: boolean;
  /** `fit` takes numbers from the global generator on which nothing depends. */
  advances: boolean;
  /** An estimator or splitter that is known to draw numbers on which its result depends: the call that made it without a seed. */
  random: Maker | undefined;
  /** An ensemble hands its seed on to the estimators that it is made of: what they were made with does not count. */
  seedsParts: boolean;
  /** It fits copies of the estimators that it is made of. */
  clones: boolean;
  /** `fit` was given labels. */
  supervised: boolean;
  /** An estimator that changes what `fit`, `transform` and the like are given. */
  worksOnArguments: boolean;
  /** Tables and arrays that may share its elements: a change of elements is a change of them all. */
  readonly links: Set<ObjId>;
  /** For a view: what it sees of each object that it looks at. */
  readonly lenses: Map<ObjId, Lens>;
  /** A table: what is read and written of it is told apart by columns. */
  readonly table: boolean;
  /** It has rows if the data that the notebook reads has. */
  solid: boolean;
  /** A table that was read from outside: its columns are made of nothing else in the program. */
  loaded: boolean;
  /** Which columns it has depends on the rows that it was made of. */
  opened: boolean;
  /** Its rows were changed after it was made. */
  reshaped: boolean;
  /** More than one object may have been made here. */
  several: boolean;
  /** How often it was changed after it was made. */
  changes: number;
  /** The entries of a dict whose keys are all written out, as it was made. */
  entries: ReadonlyMap<string | number, Value> | undefined;
  /** What its elements or parts are, joined. */
  element: Value | undefined;
  /** Attributes of an instance of a notebook class. */
  readonly fields: Map<string, Value>;
  /** Units that wrote it last; every write reads what was there before, so the last one is enough. */
  writers: ReadonlySet<number>;
  /** The parts of these units that did. */
  parts: ReadonlySet<number>;
  /** Every unit that ever wrote it, in order. */
  readonly history: number[];
  /** What an iterator goes through when it is used, with how often each had been changed when the iterator was made. */
  readonly sources: Map<ObjId, number>;
  /** Does once more what an iterator does when it is used: the body of a generator, a function that is mapped. */
  readonly resume: (() => void)[];
  /** An open file that was opened to be written: the hidden state that stands for its place. */
  stored: string | undefined;
  /** An unknown library was given it together with others: what stands for all of them, any of which it may hold. */
  kept: ObjId | undefined;
  /** It stands for all that unknown libraries were given together. */
  gathers: boolean;
  /** Some container refers to it more than once, or may. */
  repeated: boolean;
  /** The definition of the notebook that it belongs to: "the class 'C'", "the defaults of 'f'". */
  partOf: string | undefined;
}

export interface Heap {
  /** The object made at a place (`site`), made on first sight. */
  at(site: string, type: string): Obj;
  get(id: ObjId): Obj;
  /** All objects that can be got at from these; where `seen` is given, only those that are not in it yet: now they are. */
  reach(ids: Iterable<ObjId>, seen?: Set<ObjId>): ReadonlySet<ObjId>;
  /** The objects and all from which they can be got at. */
  owners(ids: Iterable<ObjId>): ReadonlySet<ObjId>;
  /** These and all that may share elements with them. */
  sharing(ids: Iterable<ObjId>): ReadonlySet<ObjId>;
  /** What a change of elements in these columns of these objects changes, each with its own columns. */
  touched(ids: Iterable<ObjId>, columns: ColumnSet): ReadonlyMap<ObjId, ColumnSet>;
  readonly size: number;
  /** There are tables among the objects. */
  readonly hasTables: boolean;
  /** Counts what becomes known of objects: a round of a loop that adds nothing was the last. */
  grown: number;
}

const tableTypes = new Set(["DataFrame", "column-or-frame", "unknown-frame"]);

export function newHeap(): Heap {
  const objects: Obj[] = [];
  const bySite = new Map<string, Obj>();
  let hasTables = false;
  return {
    grown: 0,
    get size() {
      return objects.length;
    },
    get hasTables() {
      return hasTables;
    },
    at(site, type) {
      const key = `${site}|${type}`;
      const known = bySite.get(key);
      if (known) return known;
      const made: Obj = {
        id: objects.length,
        type,
        contents: new Set(),
        holders: new Set(),
        names: new Set(),
        callables: new Set(),
        tags: 0,
        fittedRows: new Set(),
        draws: false,
        advances: false,
        random: undefined,
        seedsParts: false,
        clones: false,
        supervised: false,
        worksOnArguments: false,
        links: new Set(),
        lenses: new Map(),
        table: tableTypes.has(type),
        solid: false,
        loaded: false,
        opened: false,
        reshaped: false,
        several: false,
        changes: 0,
        entries: undefined,
        element: undefined,
        fields: new Map(),
        writers: new Set(),
        parts: new Set(),
        history: [],
        sources: new Map(),
        resume: [],
        stored: undefined,
        kept: undefined,
        gathers: false,
        repeated: false,
        partOf: undefined,
      };
      hasTables ||= made.table;
      objects.push(made);
      bySite.set(key, made);
      return made;
    },
    get(id) {
      const found = objects[id];
      if (!found) throw new Error(`no object ${id}`);
      return found;
    },
    reach: (ids, seen) => closure(ids, (id) => objects[id]?.contents, seen),
    owners: (ids) => closure(ids, (id) => objects[id]?.holders),
    sharing: (ids) => closure(ids, (id) => objects[id]?.links),
    touched: (ids, columns) => touched(objects, ids, columns),
  };
}

/** Through a view only what it sees can be changed, in either direction. */
function touched(objects: readonly Obj[], ids: Iterable<ObjId>, columns: ColumnSet): ReadonlyMap<ObjId, ColumnSet> {
  const out = new Map<ObjId, ColumnSet>();
  const todo: (readonly [ObjId, ColumnSet])[] = [...ids].map((id) => [id, columns]);
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [id, changed] = next;
    const before = out.get(id);
    if (before && contains(before, changed)) continue;
    const now = before ? union(before, changed) : changed;
    out.set(id, now);
    const obj = objects[id];
    for (const other of obj?.links ?? []) {
      const neighbour = objects[other];
      if (!obj || !neighbour) continue;
      const passed = through(obj, neighbour, now);
      if (!isEmpty(passed)) todo.push([other, passed]);
    }
  }
  return out;
}

/** Columns of `to` that a change of columns of `from` changes, where one is a view of the other. */
function through(from: Obj, to: Obj, changed: ColumnSet): ColumnSet {
  const down = to.lenses.get(from.id);
  if (down) {
    const seen = intersect(changed, down.columns);
    return isEmpty(seen) || (down.names && to.table) ? seen : allColumns;
  }
  const up = from.lenses.get(to.id);
  if (up) return up.names && from.table ? intersect(changed, up.columns) : up.columns;
  return allColumns;
}

function closure(
  ids: Iterable<ObjId>,
  next: (id: ObjId) => Iterable<ObjId> | undefined,
  before?: Set<ObjId>,
): ReadonlySet<ObjId> {
  const out = new Set<ObjId>();
  const seen = before ?? out;
  const todo = [...ids];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    out.add(id);
    for (const inner of next(id) ?? []) if (!seen.has(inner)) todo.push(inner);
  }
  return out;
}

/**
 * Lets an object refer to another. Where all can be got at from what stands for one of them and others, that does it for them: a web of
 * many objects has few references.
 */
export function refer(heap: Heap, owner: Obj, id: ObjId): void {
  const from = owner.kept === undefined ? owner : heap.get(owner.kept);
  const to = heap.get(id).kept ?? id;
  if (to !== id || (from !== owner && from.contents.has(id))) heap.get(id).repeated = true;
  if (to !== from.id) referTo(heap, from, to);
}

/** Lets an object refer to this very one. */
export function referTo(heap: Heap, owner: Obj, id: ObjId): void {
  if (owner.contents.has(id)) return;
  heap.grown++;
  owner.contents.add(id);
  heap.get(id).holders.add(owner.id);
}

const few = 8;

/** Some of these objects, from which all the others can be got at: to refer to those is enough. */
function leading(heap: Heap, ids: ReadonlySet<ObjId>): readonly ObjId[] {
  const covered = new Set<ObjId>();
  const out: ObjId[] = [];
  // What was made later refers to what was there before, more often than the other way round.
  for (const id of [...ids].sort((a, b) => b - a)) {
    if (covered.has(id)) {
      heap.get(id).repeated = true;
      continue;
    }
    out.push(id);
    const todo = [id];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (covered.has(next)) continue;
      covered.add(next);
      todo.push(...heap.get(next).contents);
    }
  }
  return out;
}

/** Lets `owner` refer to everything that `value` may be. */
export function hold(heap: Heap, owner: Obj, value: Value): void {
  const before = owner.callables.size + owner.tags;
  const { element } = owner;
  for (const id of value.objs.size > few ? leading(heap, value.objs) : value.objs) {
    if (id === owner.id) continue;
    if (owner.contents.has(id)) heap.get(id).repeated = true;
    refer(heap, owner, id);
  }
  for (const callable of value.callables ?? []) owner.callables.add(callable);
  owner.tags |= value.tags;
  if (owner.callables.size + owner.tags !== before) heap.grown++;
  // Of what an unknown library has been given nobody asks what went in.
  if (owner.kept !== undefined) return;
  owner.element = element ? join(element, forget(value)) : forget(value);
  if (!element || !isSame(element, owner.element)) heap.grown++;
}

/** What an element of a container is known to be, without what only one element has. */
function forget(value: Value): Value {
  const { constant: _constant, items: _items, exact: _exact, ...rest } = value;
  const texts = possible(value);
  return texts ? { ...rest, oneOf: texts } : rest;
}

/** True when nobody changed a container after it was made: its items are the ones it was made of. */
export function isAsMade(heap: Heap, value: Value): boolean {
  for (const id of value.objs) if (heap.get(id).changes > 0) return false;
  return true;
}

/** Any element of any of these objects. */
export function elementOf(heap: Heap, value: Value): Value {
  let out: Value | undefined;
  let isWhole = value.objs.size > 0;
  for (const id of value.objs) {
    const { element, kept } = heap.get(id);
    if (!element || kept !== undefined) isWhole = false;
    else out = out ? join(out, element) : element;
  }
  if (out && isWhole) {
    if (!out.oneOf || isAsMade(heap, value)) return out;
    const { oneOf: _oneOf, ...rest } = out;
    return rest;
  }
  // Nothing was seen going in: what comes out may be any part of the container.
  const objs = heap.reach(value.objs);
  const part: Value = { type: isOfLibraries(heap, objs) ? "unknown-pure" : "unknown", objs, tags: value.tags };
  return out ? join(out, part) : part;
}

/** True where listed libraries alone have made all of these: their methods change things by name only. */
export function isOfLibraries(heap: Heap, ids: ReadonlySet<ObjId>): boolean {
  if (ids.size === 0) return false;
  for (const id of ids) if (/^(?:unknown|closure|class|instance:.*)$/.test(heap.get(id).type)) return false;
  return true;
}

/** The type of what nobody can tell about a value made of these. */
export function openType(heap: Heap, parts: readonly Value[]): string {
  const areTold = parts.every(
    ({ type, callables }) => type !== "unknown" && !type.startsWith("instance:") && !callables,
  );
  const ids = heap.reach(parts.flatMap((part) => [...part.objs]));
  return areTold && (ids.size === 0 || isOfLibraries(heap, ids)) ? "unknown-pure" : "unknown";
}
