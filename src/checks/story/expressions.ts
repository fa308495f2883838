import type { BinaryExpr, CompareExpr, ComprehensionExpr, Expr } from "../../python/ir.ts";
import { attribute } from "./attributes.ts";
import { call } from "./calls.ts";
import { all, combine, compared } from "./combine.ts";
import { box, figure, labelsOf, lookUp, type Machine, short, site } from "./machine.ts";
import { subscript } from "./subscripts.ts";
import { assign, turnsOf } from "./targets.ts";
import { type Box, either, type Lesson, lessonsOf, noLessons, union, unknown, type Value } from "./values.ts";

/** What an expression gives. */
export function evaluate(m: Machine, expr: Expr): Value {
  m.steps--;
  if (m.steps < 0) return unknown;
  switch (expr.kind) {
    case "name":
      return lookUp(m, expr.id)?.value ?? { ...unknown, kind: "member", member: expr.id };
    case "constant": {
      const { value } = expr;
      return { ...unknown, kind: "text", constant: value };
    }
    case "attribute":
      return attribute(m, m.evaluate(expr.value), expr);
    case "subscript":
      return subscript(m, expr);
    case "call":
      return call(m, expr);
    case "binary":
      return binary(m, expr);
    case "bool":
      return combine(m, expr.values.map(m.evaluate));
    case "unary": {
      const value = m.evaluate(expr.operand);
      if (expr.op === "-" && typeof value.constant === "number") return { ...value, constant: -value.constant };
      const { constant: _constant, ...rest } = combine(m, [value]);
      return value.mask && expr.op === "~"
        ? { ...rest, mask: value.mask.startsWith("~") ? value.mask.slice(1) : `~${value.mask}` }
        : rest;
    }
    case "compare":
      return compare(m, expr);
    case "conditional": {
      const test = m.evaluate(expr.test);
      const chosen = new Set([...lessonsOf(test)].filter(({ kind }: Lesson) => kind === "measured"));
      const value = either(m.evaluate(expr.then), m.evaluate(expr.otherwise));
      return chosen.size > 0
        ? { ...value, column: { ...value.column, lessons: union(value.column.lessons, chosen) } }
        : value;
    }
    case "lambda":
      return { ...unknown, kind: "function", fn: { name: "lambda", definition: expr, unit: m.unit, scope: m.scope } };
    case "tuple":
    case "list":
    case "set": {
      const items = expr.items.flatMap((item): readonly Box[] => {
        if (item.kind !== "starred")
          return [item.kind === "name" ? (lookUp(m, item.id) ?? box(m.evaluate(item))) : box(m.evaluate(item))];
        const inner = m.evaluate(item.value);
        return inner.items ?? [box(inner)];
      });
      return { ...unknown, kind: "sequence", items };
    }
    case "dict": {
      const entries = new Map<string, Box>();
      expr.items.forEach(({ key, value }, i) => {
        const name = key && m.evaluate(key).constant;
        entries.set(name === undefined || name === null ? `?${i}` : String(name), box(m.evaluate(value)));
      });
      return { ...unknown, kind: "mapping", entries };
    }
    case "comprehension":
      return comprehension(m, expr);
    case "walrus": {
      const value = m.evaluate(expr.value);
      assign(m, expr.target, box(value));
      return value;
    }
    case "starred":
    case "await":
      return m.evaluate(expr.value);
    case "fstring":
      for (const part of expr.parts) if (part.kind === "field") m.evaluate(part.value);
      return { ...unknown, kind: "text" };
    default:
      return unknown;
  }
}

function binary(m: Machine, { op, left, right }: BinaryExpr): Value {
  const values = [m.evaluate(left), m.evaluate(right)];
  const [a, b] = values;
  if (a && b && (a.kind === "sequence" || b.kind === "sequence")) {
    if (op === "+" && a.items && b.items) return { ...unknown, kind: "sequence", items: [...a.items, ...b.items] };
    const dropped = labelsOf(b);
    if (op === "-" && a.attr === "columns" && dropped) return { ...a, gone: new Set([...(a.gone ?? []), ...dropped]) };
    if (op === "+" && a.items)
      return { ...a, items: undefined, attr: undefined, column: { ...a.column, lessons: all(values) } };
  }
  if (a && b && typeof a.constant === "string" && typeof b.constant === "string" && op === "+")
    return { ...unknown, kind: "text", constant: a.constant + b.constant };
  const isMask = (op === "&" || op === "|") && values.some((value) => value.mask);
  const difference = op === "-" ? compared(values) : {};
  return combine(m, values, isMask ? { mask: `${a?.mask ?? "?"}${op}${b?.mask ?? "?"}` } : difference);
}

function compare(m: Machine, expr: CompareExpr): Value {
  const values = [expr.left, ...expr.comparators].map(m.evaluate);
  const answers = values.find((value) => value.predicted && !value.predicted.isCompared)?.predicted;
  const limit = values.find((value) => !value.rows && !value.predicted);
  if (answers && limit) {
    const chosenBy = new Set([...lessonsOf(limit)].filter(({ kind }) => kind === "measured"));
    if (chosenBy.size > 0)
      m.events.push({ kind: "threshold", site: site(m, expr.span), rows: answers.rows, text: short(expr), chosenBy });
  }
  const rows = values.find((value) => value.rows)?.rows;
  const mark = expr.ops[0] === "==" || expr.ops[0] === "!=" ? compared(values) : {};
  const { constant: _constant, ...out } = combine(m, values, mark);
  return rows ? { ...out, kind: out.kind === "frame" ? "frame" : "series", mask: `${rows.id}:${short(expr)}` } : out;
}

function comprehension(m: Machine, expr: ComprehensionExpr): Value {
  const [clause] = expr.clauses;
  if (!clause) return unknown;
  const outer = m.scope;
  m.scope = { names: new Map(), outer };
  const items: Box[] = [];
  let lessons = noLessons;
  let source: Value | undefined;
  const filtered = expr.clauses.some(({ conditions }) => conditions.length > 0);
  source = m.evaluate(clause.iterable);
  const turns = turnsOf(m, clause.iterable);
  for (const turn of turns) {
    assign(m, clause.target, turn);
    for (const inner of expr.clauses.slice(1)) {
      const [first] = turnsOf(m, inner.iterable);
      if (first) assign(m, inner.target, first);
    }
    for (const { conditions } of expr.clauses)
      for (const condition of conditions) lessons = union(lessons, lessonsOf(m.evaluate(condition)));
    items.push(box(m.evaluate(expr.element)));
  }
  m.scope = outer;
  const isSame = expr.element.kind === "name" && clause.target.kind === "name" && expr.element.id === clause.target.id;
  if (source.attr === "columns" && source.kind === "sequence" && isSame) {
    const gone = conditionsOf(m, expr, clause.target.kind === "name" ? clause.target.id : "");
    return gone
      ? { ...source, gone: new Set([...(source.gone ?? []), ...gone]) }
      : { ...source, isVague: true, column: { ...source.column, lessons } };
  }
  const known = isSame && filtered && source.items ? keptItems(m, expr, source.items) : undefined;
  if (known) return { ...unknown, kind: "sequence", items: known };
  const values = items.map(({ value }) => value);
  if (filtered || turns.length <= 1 || expr.type === "dict")
    return {
      ...figure(union(union(lessons, all(values)), source.column.lessons)),
      kind: expr.type === "dict" ? "mapping" : "sequence",
    };
  return { ...unknown, kind: "sequence", items, column: { ...unknown.column, lessons } };
}

/** Labels that the conditions of `[c for c in df.columns if c != "y"]` leave out; undefined when they ask anything else. */
function conditionsOf(m: Machine, expr: ComprehensionExpr, name: string): readonly string[] | undefined {
  const out: string[] = [];
  for (const condition of expr.clauses.flatMap(({ conditions }) => conditions)) {
    if (condition.kind !== "compare" || condition.left.kind !== "name" || condition.left.id !== name) return undefined;
    const [op] = condition.ops;
    const [to] = condition.comparators;
    const labels = to && labelsOf(m.evaluate(to));
    if (!labels || (op !== "!=" && op !== "not in")) return undefined;
    out.push(...labels);
  }
  return out;
}

/** The items that `[c for c in names if c != "y"]` keeps. */
function keptItems(m: Machine, expr: ComprehensionExpr, items: readonly Box[]): readonly Box[] | undefined {
  const target = expr.clauses[0]?.target;
  const gone = target?.kind === "name" ? conditionsOf(m, expr, target.id) : undefined;
  return gone && items.filter(({ value }) => !gone.includes(String(value.constant)));
}
