import type { Expr } from "../../python/ir.ts";
import { bind, box, computed, decided, figure, lookUp, type Machine } from "./machine.ts";
import { store } from "./stores.ts";
import { type Box, noLessons, unknown, type Value } from "./values.ts";

/** Loops over more than this many known parts are gone through once. */
const manyTurns = 24;

/** What an expression stands for, shared with whoever else has it where it is a name or a part of a list. */
export function boxOf(m: Machine, expr: Expr): Box {
  if (expr.kind === "name") return lookUp(m, expr.id) ?? box(m.evaluate(expr));
  if (expr.kind === "subscript" && expr.index.kind === "constant" && expr.value.kind === "name") {
    const holder = lookUp(m, expr.value.id)?.value;
    const { value: key } = expr.index;
    const part = typeof key === "number" ? holder?.items?.at(key) : holder?.entries?.get(String(key));
    if (part) return part;
  }
  return box(m.evaluate(expr));
}

/** Assigns to whatever can be assigned to. */
export function assign(m: Machine, target: Expr, value: Box): void {
  switch (target.kind) {
    case "name":
      bind(m, target.id, value);
      return;
    case "tuple":
    case "list":
      target.items.forEach((item, i) => {
        const part = value.value.items?.[i];
        assign(m, item.kind === "starred" ? item.value : item, part ?? box(element(value.value)));
      });
      return;
    case "subscript":
      store(m, target, decided(m, value.value));
      return;
    case "attribute": {
      const holder = boxOf(m, target.value);
      if (holder.value.kind === "frame")
        store(
          m,
          {
            ...target,
            kind: "subscript",
            value: target.value,
            index: { kind: "constant", type: "str", value: target.attr, span: target.attrSpan },
          },
          value.value,
        );
      return;
    }
    default:
  }
}

/** One element of a value of which no more is known. */
function element(value: Value): Value {
  return value.kind === "sequence" || value.kind === "figure"
    ? figure(value.column.lessons, value.rows ? { rows: value.rows } : {})
    : unknown;
}

/** What a loop goes over: its known parts, or one of which less is known. */
export function turnsOf(m: Machine, iterable: Expr): readonly Box[] {
  if (
    iterable.kind === "call" &&
    iterable.func.kind === "name" &&
    (iterable.func.id === "enumerate" || iterable.func.id === "zip")
  ) {
    const lists = iterable.args.map((arg) => turnsOf(m, arg));
    const turns = Math.max(0, Math.min(...lists.map((list) => list.length)));
    return Array.from({ length: turns }, (_, i) => {
      const parts = lists.map((list) => list[i] ?? box(unknown));
      const items =
        iterable.func.kind === "name" && iterable.func.id === "enumerate" ? [box(figure(noLessons)), ...parts] : parts;
      return box({ ...unknown, kind: "sequence", items });
    });
  }
  const value = m.evaluate(iterable);
  if (value.kind === "folds" && value.items) return [box({ ...unknown, kind: "sequence", items: value.items })];
  if (value.items && value.items.length <= manyTurns && value.items.length > 0) return value.items;
  if (value.entries && value.entries.size <= manyTurns && value.entries.size > 0) {
    const asItems = value.attr === "items";
    return [...value.entries].map(([key, held]) => {
      const name = box({ ...unknown, kind: "text", constant: key });
      return asItems
        ? box({ ...unknown, kind: "sequence", items: [name, held] })
        : value.attr === "values"
          ? held
          : name;
    });
  }
  const some = value.items?.[0];
  return [
    some ??
      box(
        value.rows
          ? {
              ...value,
              kind: "series",
              constant: undefined,
              column: computed(m, value.column.made, value.column.lessons),
            }
          : figure(value.column.lessons),
      ),
  ];
}
