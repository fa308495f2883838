import type { Expr } from "../../python/ir.ts";
import { type Bound, isRow } from "./bound.ts";
import { allDefinitions } from "./graph.ts";
import { lookUp, type Machine } from "./machine.ts";

/**
 * Columns that a list of a table's columns does not hold, as the code tells: `[c for c in f.columns if c.startswith("x")]` holds no
 * "day" that the notebook has stored. Which raw columns it holds only training knows.
 */
export function lackedBy(m: Machine, expr: Expr & { kind: "comprehension" }): ReadonlySet<string> | undefined {
  const [clause, ...more] = expr.clauses;
  const { element } = expr;
  if (!clause || more.length > 0 || expr.type !== "list" || clause.conditions.length === 0) return undefined;
  const { target, iterable } = clause;
  if (target.kind !== "name" || element.kind !== "name" || element.id !== target.id) return undefined;
  const table = iterable.kind === "attribute" && iterable.attr === "columns" ? iterable.value : iterable;
  if (table.kind !== "name") return undefined;
  const value = lookUp(m, table.id);
  if (!value || !isRow(value) || value.kind !== "frame") return undefined;
  const out = new Set<string>();
  for (const one of allDefinitions(m.definitions)) {
    if (one.kind !== "store" || one.target.kind !== "constant" || typeof one.target.value !== "string") continue;
    const label = one.target.value;
    if (clause.conditions.some((test) => holds(m, test, target.id, label) === false)) out.add(label);
  }
  return out;
}

/** What a list of columns lacks that is put together of two. */
export function lackedByBoth(a: Bound, b: Bound): ReadonlySet<string> | undefined {
  const parts = [a, b].map(({ lacks, items }) => ({ lacks, holds: items?.map(({ constant }) => constant) }));
  const out = new Set(parts.flatMap(({ lacks }) => [...(lacks ?? [])]));
  if (parts.some((one) => !one.lacks && !one.holds)) return undefined;
  for (const { lacks, holds: texts } of parts)
    for (const label of out) if (lacks ? !lacks.has(label) : texts?.includes(label) !== false) out.delete(label);
  return out.size > 0 ? out : undefined;
}

/** Whether a condition on a column's name holds for a name; undefined where the code does not tell. */
function holds(m: Machine, test: Expr, variable: string, label: string): boolean | undefined {
  if (test.kind === "unary" && test.op === "not") {
    const inner = holds(m, test.operand, variable, label);
    return inner === undefined ? undefined : !inner;
  }
  if (test.kind === "bool") {
    const parts = test.values.map((one) => holds(m, one, variable, label));
    const settles = test.op === "or";
    if (parts.includes(settles)) return settles;
    return parts.includes(undefined) ? undefined : !settles;
  }
  const isVariable = (expr: Expr | undefined): boolean => expr?.kind === "name" && expr.id === variable;
  if (test.kind === "compare") {
    const [op, ...more] = test.ops;
    const [right] = test.comparators;
    if (!right || more.length > 0 || !isVariable(test.left)) return undefined;
    const texts = textsOf(m, right);
    if (!texts) return undefined;
    if (op === "in" || op === "not in") return isText(right) ? undefined : texts.includes(label) === (op === "in");
    return isText(right) && (op === "==" || op === "!=") ? (texts[0] === label) === (op === "==") : undefined;
  }
  if (test.kind !== "call" || test.func.kind !== "attribute" || !isVariable(test.func.value)) return undefined;
  const [what, ...more] = test.args;
  const texts = what && more.length === 0 && test.keywords.length === 0 ? textsOf(m, what) : undefined;
  if (test.func.attr === "startswith") return texts?.some((one) => label.startsWith(one));
  if (test.func.attr === "endswith") return texts?.some((one) => label.endsWith(one));
  return undefined;
}

function isText(expr: Expr): boolean {
  return expr.kind === "constant";
}

/** The texts that an expression is or lists, if the code tells all of them. */
function textsOf(m: Machine, expr: Expr): readonly string[] | undefined {
  const isWrapped = expr.kind === "call" && expr.func.kind === "name" && /^(?:tuple|list|set)$/.test(expr.func.id);
  const inner = isWrapped && expr.args.length === 1 ? expr.args[0] : expr;
  if (!inner || (inner.kind === "call" && inner !== expr)) return undefined;
  const value = m.evaluate(inner);
  if (typeof value.constant === "string") return isWrapped ? undefined : [value.constant];
  const texts = value.items?.flatMap(({ constant }) => (typeof constant === "string" ? [constant] : []));
  return texts && texts.length === value.items?.length ? texts : undefined;
}
