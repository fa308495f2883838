import { classesOf, isStatic, method } from "./functions.ts";
import type { Machine } from "./machine.ts";
import { join, plain, type Value } from "./value.ts";

/** A method that changes what it belongs to, by the name that it has in this type or in any other. */
export function isChanging(m: Machine, type: string, name: string): boolean {
  return [type, "unknown-pure"].some((one) => {
    const method = m.knowledge.methodEffect(one, name);
    return method !== undefined && (method.mutates || method.mutatesArgs.length > 0);
  });
}

/** A method of a table that is not called here: whoever calls it later does so on what the table is then. */
export function isKeptMethod(m: Machine, type: string, name: string): boolean {
  if (!m.knowledge.isTable(type) && type !== "GroupBy") return false;
  return m.knowledge.isListedMethod(type, name) && !m.knowledge.isListedAttribute(type, name);
}

/** A method of a notebook class that is read, not called: it remembers its instance. */
export function boundMethod(m: Machine, base: Value, name: string): Value | undefined {
  let out: Value | undefined;
  for (const c of classesOf(m, base)) {
    const own = method(c, name);
    if (!own) continue;
    const callables = [isStatic(own) ? own : { ...own, self: base }];
    const value: Value = { ...plain("function"), objs: base.objs, callables };
    out = out ? join(out, value) : value;
  }
  return out;
}

export function instanceField(m: Machine, base: Value, name: string): Value | undefined {
  let out: Value | undefined;
  for (const id of base.objs) {
    const field = m.heap.get(id).fields.get(name);
    if (field) out = out ? join(out, field) : field;
  }
  return out;
}
