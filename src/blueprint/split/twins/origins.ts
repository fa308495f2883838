import type { Expr } from "../../../python/ir.ts";
import { printExpr } from "../../../python/print/expressions.ts";
import { type Bound, holdsRows, isRow } from "../bound.ts";
import { callOf, type Machine, nameOf, now, type Origin, type Scope } from "../machine.ts";
import { mapNames } from "../names.ts";

/** Notes what a cut is made of: `code` reads it, `expr` is the notebook's expression, whose value is `value`. */
export function noteOrigin(m: Machine, code: Expr, expr: Expr, value: Bound): void {
  const field = code.kind === "subscript" ? code.value : code;
  if (field.kind !== "name" || !field.id.startsWith("@")) return;
  const origin: Origin = {
    key: value.fittedOn ? fitKey(m, value.fittedOn) : keyOf(m, expr),
    unit: m.unit,
    span: expr.span,
    ...callOf(m),
    rows: value.learned ?? value.fittedOn ?? [],
    ...(value.constant === undefined ? {} : { constant: value.constant }),
    ...textsIn(value),
  };
  m.origins.set(field.id, origin);
}

function textsIn({ items }: Bound): Pick<Origin, "texts"> {
  const texts = items?.flatMap(({ constant }) => (typeof constant === "string" ? constant : []));
  return texts && texts.length === items?.length ? { texts } : {};
}

/** The expression with what its names stand for at this place: two with one text have the same value. */
function keyOf(m: Machine, expr: Expr): string {
  return printExpr(mapNames(expr, (id, span) => nameOf(leafKey(m, id), span)));
}

function leafKey(m: Machine, id: string): string {
  if (m.keys.includes(id)) return id;
  const held = heldBy(m.scope, id);
  if (!held) return id;
  const value = now(m, held);
  if (isRow(value) && value.code) return `<${printExpr(value.code)} of ${value.rows?.id}>`;
  if (value.kind === "member" || value.kind === "function" || value.kind === "class") return id;
  if (value.fittedOn) return fitKey(m, value.fittedOn);
  if (value.constant !== undefined && !holdsRows(value)) return JSON.stringify(value.constant);
  if (value.stands) return `(${keyOf(m, value.stands)})`;
  return `<${numberOf(m, value)}>`;
}

function heldBy(scope: Scope | undefined, id: string): Bound | undefined {
  for (let at = scope; at; at = at.outer) {
    const found = at.names.get(id);
    if (found) return found;
  }
  return undefined;
}

/** Each fit of an estimator gives another one. */
function fitKey(m: Machine, fit: object): string {
  return `<fit ${numberOf(m, fit)}>`;
}

function numberOf(m: Machine, value: object): number {
  const known = m.identities.get(value);
  if (known !== undefined) return known;
  const number = m.identities.size + 1;
  m.identities.set(value, number);
  return number;
}
