import { elementOf, isAsMade, type Obj, refer } from "./heap.ts";
import { type Machine, mutate, useWhole } from "./machine.ts";
import { joinAll, plain, unknownValue, type Value } from "./value.ts";

/** The parts of a tuple or list, each by itself; undefined where a list has been changed since it was written out. */
export function sureItems(m: Machine, value: Value): readonly Value[] | undefined {
  if (value.type !== "list") return value.items;
  return isAsMade(m.heap, value) ? value.items : undefined;
}

const containers = new Set(["list", "tuple", "set", "dict", "iterator"]);

/** What a `for` over this value binds. */
export function iterated(m: Machine, value: Value): Value {
  consume(m, value);
  m.operate(value);
  const isOld = isOutdated(m, value);
  // Of a container the elements are for the caller to read; of anything else all that is in it may come out.
  if (isOld || !containers.has(value.type)) useWhole(m, value, "its elements");
  const items = value.type === "list" || value.type === "tuple" ? sureItems(m, value) : undefined;
  if (items && items.length > 0) {
    const one = joinAll(items);
    return { ...one, tags: one.tags | value.tags };
  }
  const type = m.knowledge.typeInfo(value.type);
  if (value.type === "DataFrame" || value.type === "column-or-frame") return plain("unknown-scalar");
  if (value.type === "GroupBy") {
    const group: Value = { type: "DataFrame", objs: value.objs, tags: value.tags };
    return { ...plain("tuple"), items: [plain("unknown-scalar"), group], objs: value.objs };
  }
  if (type?.iterates !== undefined) {
    const element = type.iterates;
    // An element of a column may be a number, or an object that the column holds.
    return m.knowledge.isImmutable(element) && element !== "unknown-scalar"
      ? plain(element, value.tags)
      : { type: element, objs: value.objs, tags: value.tags };
  }
  const isKeys = value.type === "dict";
  if (isKeys) return plain("unknown-scalar", value.tags);
  const element = isOld ? unknownValue : elementOf(m.heap, value);
  if (element !== unknownValue) return { ...element, tags: element.tags | value.tags };
  return { type: "unknown", objs: m.heap.reach(value.objs), tags: value.tags };
}

/**
 * Iterators and files are used up by who reads them: an earlier one is another one afterwards. What a generator or a mapped function
 * reads and changes, it reads and changes now.
 */
export function consume(m: Machine, value: Value): void {
  const earlier = [...value.objs].filter((id) => {
    const { type, parts } = m.heap.get(id);
    return (type === "iterator" || type === "file") && [...parts].some((part) => part !== m.part);
  });
  mutate(m, earlier, "what is left of it");
  for (const id of earlier) {
    if (m.resuming.has(id)) continue;
    m.resuming.add(id);
    m.unsure++;
    for (const resume of m.heap.get(id).resume) resume();
    m.unsure--;
    m.resuming.delete(id);
  }
}

const mostResumed = 4;

/** An iterator goes through these when it is used, not when it is made; `resume` does once more what it does then. */
export function goesThrough(m: Machine, iterator: Obj, sources: readonly Value[], resume?: () => void): void {
  for (const { objs } of sources)
    for (const id of objs) {
      refer(m.heap, iterator, id);
      iterator.sources.set(id, m.heap.get(id).changes);
    }
  // In further rounds of a loop it is the same code again.
  if (resume && iterator.resume.length < mostResumed) iterator.resume.push(resume);
}

/** True for an iterator over something that was changed since: what is known of its elements holds no more. */
function isOutdated(m: Machine, value: Value): boolean {
  return [...value.objs].some((id) =>
    [...m.heap.get(id).sources].some(([source, changes]) => m.heap.get(source).changes !== changes),
  );
}
