import type { Span } from "../foundation/span.ts";
import type { Expr } from "../python/ir.ts";
import { removeFrom, renameByPosition, storeAttribute, storeInto } from "./columns/store.ts";
import { iterated, sureItems } from "./elements.ts";
import { hold, type Obj } from "./heap.ts";
import { acts, bind, type Machine, mutate, siteOf, useWhole, writeToken } from "./machine.ts";
import { meetAttribute } from "./operate.ts";
import { needParts } from "./parts.ts";
import { noteSettingStore } from "./settings.ts";
import { seeChange } from "./sights.ts";
import { isSame, join, plain, type Value } from "./value.ts";

/** Types of a subscript that can only name a column, never choose rows. */
const columnKeys = new Set(["str", "int", "tuple"]);

/** True for what keeps a reference to what is stored into it; anything else may be, or make, a copy then and there. */
function refers(base: Value): boolean {
  return /^(?:list|dict|instance:.*)$/.test(base.type);
}

/** Stores a value into an assignment target. */
export function assign(m: Machine, target: Expr, value: Value, removes = false): void {
  switch (target.kind) {
    case "name":
      bind(m, target.id, value);
      return;
    case "starred": {
      assign(m, target.value, { ...value, type: "list" });
      return;
    }
    case "tuple":
    case "list":
      target.items.forEach((item, i) => {
        const starred = target.items.some((other) => other.kind === "starred");
        const known = !starred ? sureItems(m, value)?.[i] : undefined;
        const part = known ?? sameRows(iterated(m, value), value);
        assign(
          m,
          item,
          item.kind === "starred"
            ? { ...part, type: "list", objs: value.objs }
            : { ...part, tags: part.tags | value.tags },
        );
      });
      return;
    case "attribute": {
      const base = m.see(target.value);
      const isLabel = labelsChange(m, target);
      if (!isLabel) changeConstant(m, base, target.span);
      seeChange(m, base, target.span);
      meetAttribute(m, base, ["__setattr__", "__delattr__"]);
      const isTable = m.knowledge.copies(base.type);
      if (!refers(base)) useWhole(m, value, describe(target));
      const changed = isTable ? storeAttribute(m, base, target.attr, value) : undefined;
      mutate(m, base.objs, describe(target), base.type === "DataFrame" ? "structure" : "elements", changed);
      if (target.attr === "columns") renameByPosition(m, base, value);
      for (const id of base.objs) {
        const obj = m.heap.get(id);
        if (isTable) obj.tags |= value.tags;
        else hold(m.heap, obj, value);
        const before = obj.fields.get(target.attr);
        if (obj.type.startsWith("instance:") || before) setField(m, obj, target.attr, value);
      }
      if (base.member !== undefined) noteSettingStore(m, `${base.member}.${target.attr}`, target.span);
      changeDefinition(m, base);
      return;
    }
    case "subscript": {
      const base = m.see(target.value);
      const index = m.evaluate(target.index);
      const isLabel = labelsChange(m, target);
      if (!isLabel) changeConstant(m, base, target.span);
      // `frame[column] = value` gives the frame a new column; what was read from the old one stays as it was.
      const isColumn = (base.type === "DataFrame" || base.type === "column-or-frame") && columnKeys.has(index.type);
      seeChange(m, base, target.span);
      const isTable = m.knowledge.copies(base.type);
      if (!refers(base)) useWhole(m, value, describe(target));
      const which = target.value.kind === "attribute" ? target.value.attr : "";
      const changed = !isTable
        ? undefined
        : removes
          ? removeFrom(m, base, index)
          : storeInto(m, base, index, target.index, value, which);
      mutate(m, base.objs, describe(target), isColumn ? "structure" : "elements", changed);
      for (const id of base.objs) {
        const obj = m.heap.get(id);
        if (isTable) obj.tags |= value.tags;
        else hold(m.heap, obj, value);
      }
      if (base.member === "os.environ") writeToken(m, "environment");
      else if (base.member !== undefined) noteSettingStore(m, base.member, target.span);
      return;
    }
    default:
      m.evaluate(target);
  }
}

/** `X, y = load(…)`: what a library gives in parts has the same rows in each. */
function sameRows(part: Value, whole: Value): Value {
  return whole.rows === undefined || part.rows !== undefined ? part : { ...part, rows: whole.rows };
}

/** Where it may not run, and for one of several objects made at one place, the value from before may still be the one. */
function setField(m: Machine, obj: Obj, name: string, value: Value): void {
  const before = obj.fields.get(name);
  const isSure = m.unsure === 0 && !obj.several;
  const now = before && !isSure ? join(before, value) : value;
  if (!before || !isSame(before, now)) m.heap.grown++;
  obj.fields.set(name, now);
}

/** What is stored into the labels of a table changes the table. True if it is such a store. */
function labelsChange(m: Machine, target: Expr): boolean {
  let isLabel = false;
  for (let part = target; part.kind === "attribute" || part.kind === "subscript"; part = part.value)
    if (part !== target && part.kind === "attribute" && /^(?:index|columns|axes)$/.test(part.attr)) {
      const { objs } = m.evaluate(part.value);
      mutate(m, objs, describe(target), "structure");
      isLabel ||= objs.size > 0;
    }
  return isLabel;
}

/**
 * Something that is taken to be immutable is changed: labels of a table under a name of their own, or a wrong guess of a
 * type. Nobody can say what else changes with it, so all that follows depends on this place, which is refused.
 */
export function changeConstant(m: Machine, base: Value, span: Span): void {
  if (base.objs.size > 0 || base.member !== undefined || !m.knowledge.isImmutable(base.type)) return;
  m.trace.refusals.push({ span: siteOf(m, span), what: "changes an object whose owner is not known" });
  writeToken(m, "namespace");
}

/** A function or class that gets an attribute is another one from then on: whoever uses it needs this unit, which is refused. */
export function changeDefinition(m: Machine, changed: Value): void {
  for (const [name, binding] of m.names) {
    if (!binding.value.callables?.some((c) => changed.callables?.includes(c))) continue;
    m.names.set(name, {
      ...binding,
      defs: new Set([...binding.defs, m.unit]),
      parts: new Set([...binding.parts, m.part]),
    });
    acts(m);
    m.changes++;
    m.trace.refusals.push({ span: m.place, what: `changes '${name}' after it was defined` });
    // Instances that were made before change with their class.
    if (changed.callables?.some((c) => c.kind === "class")) writeToken(m, "namespace");
  }
}

/** The name at the root of an expression. */
export function describe(target: Expr): string {
  let base = target;
  while (base.kind === "attribute" || base.kind === "subscript" || base.kind === "call")
    base = base.kind === "call" ? base.func : base.value;
  return base.kind === "name" ? base.id : "an object";
}

/** Unbinds or changes what `del` names. */
export function remove(m: Machine, target: Expr): void {
  if (target.kind === "name") {
    const binding = m.names.get(target.id);
    if (m.frame) return;
    if (binding) {
      for (const unit of binding.defs) {
        if (unit === m.unit) continue;
        m.trace.deps.add(unit);
        m.trace.hard.add(unit);
      }
      needParts(m, binding.parts);
    }
    const before = m.removed.get(target.id);
    m.removed.set(target.id, {
      units: new Set([...(before?.units ?? []), m.unit]),
      parts: new Set([...(before?.parts ?? []), m.part]),
    });
    m.names.delete(target.id);
    m.trace.deletes.add(target.id);
    acts(m);
  } else if (target.kind === "tuple" || target.kind === "list") for (const item of target.items) remove(m, item);
  else assign(m, target, plain("None"), true);
}
