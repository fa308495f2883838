import type { Span } from "../foundation/span.ts";
import { type Obj, refer } from "./heap.ts";
import { born, fresh, type Machine } from "./machine.ts";
import { join, type ObjId, type Value } from "./value.ts";

/** What `copy.deepcopy` gives: another object, and so are its parts, those of one type as one object. */
export function deepCopy(m: Machine, { items: _items, ...value }: Value, span: Span): Value {
  if (value.objs.size === 0) return value;
  const obj = fresh(m, span, value.type);
  const done = new Map<ObjId, ObjId>([...value.objs].map((id) => [id, obj.id]));
  for (const id of value.objs) fill(m, m.heap.get(id), obj, span, done);
  return { ...value, objs: new Set([obj.id]) };
}

/** Gives a copy what its source has. */
function fill(m: Machine, source: Obj, obj: Obj, span: Span, done: Map<ObjId, ObjId>): void {
  obj.tags |= source.tags;
  obj.draws ||= source.draws;
  obj.advances ||= source.advances;
  obj.worksOnArguments ||= source.worksOnArguments;
  obj.random ??= source.random;
  obj.seedsParts ||= source.seedsParts;
  obj.clones ||= source.clones;
  obj.supervised ||= source.supervised;
  obj.repeated ||= source.repeated;
  for (const row of source.fittedRows) obj.fittedRows.add(row);
  for (const c of source.callables) obj.callables.add(c);
  for (const id of source.contents) refer(m.heap, obj, partCopy(m, id, span, done));
  for (const [name, field] of source.fields) {
    // Classes are not copied.
    const copy = name === "__class__" ? field : valueCopy(m, field, span, done);
    const before = obj.fields.get(name);
    obj.fields.set(name, before ? join(before, copy) : copy);
  }
  // What unknown libraries have put together is together in the copy too.
  if (source.kept !== undefined) {
    obj.kept = partCopy(m, source.kept, span, done);
    m.heap.get(obj.kept).gathers = true;
    m.heap.get(obj.kept).kept = obj.kept;
  }
  if (!source.element || source.kept !== undefined) return;
  const element = valueCopy(m, source.element, span, done);
  obj.element = obj.element ? join(obj.element, element) : element;
}

function partCopy(m: Machine, id: ObjId, span: Span, done: Map<ObjId, ObjId>): ObjId {
  const known = done.get(id);
  if (known !== undefined) return known;
  const source = m.heap.get(id);
  const obj = m.heap.at(`${m.unit}:${m.part}:${m.stack.length}:${span.start}-${span.end}:part`, source.type);
  born(m, obj);
  done.set(id, obj.id);
  fill(m, source, obj, span, done);
  return obj.id;
}

function valueCopy(m: Machine, value: Value, span: Span, done: Map<ObjId, ObjId>): Value {
  if (value.objs.size === 0) return value;
  const { items, ...rest } = value;
  return {
    ...rest,
    objs: new Set([...value.objs].map((id) => partCopy(m, id, span, done))),
    ...(items ? { items: items.map((item) => valueCopy(m, item, span, done)) } : {}),
  };
}
