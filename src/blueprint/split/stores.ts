import type { Span } from "../../foundation/span.ts";
import type { Expr } from "../../python/ir.ts";
import { walkExpr } from "../../python/walk.ts";
import { type Bound, fitted, holdsRows, isAligned, isByPlace, isRow, type Rows } from "./bound.ts";
import { hasSamePlaces, never, rowsOf } from "./combine.ts";
import { forget } from "./containers.ts";
import { viewOfMask } from "./look-back.ts";
import { callOf, change, define, type Machine, nameOf, next, rowsWhere, trouble, versionName } from "./machine.ts";
import { codeOf } from "./static.ts";

/** `f.c = …` is a store into a column where there is one: something has read it before. */
export function readsColumn(m: Machine, expr: Expr, column: string): boolean {
  let found = m.columnsRead.has(column);
  walkExpr(expr, (one) => {
    if (one.kind === "attribute" && one.attr === column) found = true;
  });
  return found;
}

/** `f[column] = value`, `f.loc[rows, column] = value`, `d[key] = value`. */
export function storeItem(m: Machine, target: Expr & { kind: "subscript" }, expr: Expr, value: Bound): void {
  const base = m.evaluate(target.value);
  const frame =
    base.kind === "accessor" && (base.attr === "loc" || base.attr === "iloc" || base.attr === "at") ? base.of : base;
  if (!frame) return;
  if (!isRow(frame)) {
    storeStatic(m, frame, target, value);
    return;
  }
  if (frame.kind === "unknown") return;
  const rows = frame.rows ?? never();
  const spoil = (what: Bound): void => {
    spoilViews(m, frame, target);
    change(m, frame, what);
  };
  if (frame.kind !== "frame") {
    spoil(trouble(m, "unknown operation", target, rows, [frame, value]));
    return;
  }
  let column: Expr = target.index;
  let where: Expr | undefined;
  let chosenRows: Rows | undefined;
  if (base !== frame) {
    const parts = target.index.kind === "tuple" ? target.index.items : [];
    const [first, second] = parts;
    if (!first || !second) return spoil(trouble(m, "row labels", target, rows, [frame]));
    column = second;
    const chosen = m.evaluate(first);
    const isAll = first.kind === "slice" && !first.lower && !first.upper && !first.step;
    if (!isAll) {
      // Particular rows are edited: no given row is one of them (rule "masked store").
      if (!isRow(chosen)) return storeColumn(m, frame, column, trouble(m, "row labels", target, rows, [frame]));
      if (chosen.kind === "unknown" || !chosen.rows || !isAligned(rows, chosen.rows))
        return storeColumn(m, frame, column, trouble(m, "other row set", target, rows, [chosen]));
      where = codeOf(m, first, chosen);
      chosenRows = rowsWhere(m, rows, first, chosen, viewOfMask(m, rows, chosen.code));
    }
  }
  const isOther = isRow(value) && value.rows !== undefined && !isAligned(rows, value.rows);
  // `f.loc[where, a] = f.loc[where, b] * 2`: just the rows that are written, by their labels.
  const isChosen = value.kind === "series" && chosenRows !== undefined && value.rows?.id === chosenRows.id;
  const fits =
    !isRow(value) || isChosen || (isByPlace(value) ? !!value.rows && hasSamePlaces(value.rows, rows) : !isOther);
  if (value.time === "shape" && value.rows) {
    storeColumn(m, frame, column, trouble(m, "row position", expr, rows, [value]), expr, where);
    return;
  }
  const stored = fits ? value : trouble(m, "other row set", expr, rows, [value]);
  storeColumn(m, frame, column, stored, expr, where);
}

/** `frame[column] = value`, of the rows `where` alone if there is one: a new version of the table. */
export function storeColumn(
  m: Machine,
  frame: Bound,
  column: Expr,
  value: Bound,
  expr: Expr = column,
  where?: Expr,
): void {
  const index = m.evaluate(column);
  const rows = frame.rows ?? never();
  const base = frame.code;
  if (base?.kind !== "name" || isRow(index)) {
    change(m, frame, trouble(m, "unknown operation", column, rows, [frame, value]));
    return;
  }
  const name = versionName(base);
  const version = `${name}#${next(m)}`;
  m.definitions.push({
    kind: "store",
    version,
    name,
    unit: m.unit,
    ...callOf(m),
    base: base.id,
    target: codeOf(m, column, index),
    ...(where ? { where } : {}),
    value: codeOf(m, expr, value),
  });
  const predictions =
    value.predictions.size > 0 ? new Set([...frame.predictions, ...value.predictions]) : frame.predictions;
  change(m, frame, { ...frame, code: nameOf(version, column.span), predictions });
}

/** A store into a list, dict or array of training: row values in it can be followed by a constant key only. */
export function storeStatic(m: Machine, frame: Bound, target: Expr & { kind: "subscript" }, value: Bound): void {
  const key = m.evaluate(target.index).constant;
  if (!holdsRows(value)) {
    const { entries, items } = frame;
    const isKnown = m.depth === 0 && entries !== undefined && typeof key === "string";
    if (isKnown) change(m, frame, { ...frame, entries: new Map([...entries, [key, value]]) });
    else if (!holdsRows(frame)) forget(m, frame);
    else if (items || entries)
      change(m, frame, fitted("value", { of: trouble(m, "container", target, rowsOf(frame) ?? never(), [frame]) }));
    return;
  }
  if (frame.kind === "mapping" && typeof key === "string" && m.depth === 0) {
    change(m, frame, { ...frame, entries: new Map([...(frame.entries ?? []), [key, value]]) });
    return;
  }
  // Evaluation writes into arrays turn by turn; nobody may take it for an answer.
  change(m, frame, fitted("value", { of: trouble(m, "container", target, rowsOf(value) ?? never(), [value]) }));
}

/** A change in place may reach the tables that a value shares its storage with. */
export function spoilViews(m: Machine, value: Bound, at: Expr): void {
  for (const id of value.views ?? []) {
    const seen = m.objects.get(id);
    if (seen?.rows && isRow(seen)) change(m, seen, trouble(m, "unknown operation", at, seen.rows, [seen]));
  }
}

/** `del f[c]`: the label is not there for a raw row. */
export function dropColumn(m: Machine, target: Expr & { kind: "subscript" }, frame: Bound, index: Bound): void {
  if (!isRow(frame) || frame.kind !== "frame" || !frame.code) return;
  const code = withoutColumn(frame.code, codeOf(m, target.index, index), false, target.span);
  change(m, frame, define(m, versionName(frame.code), { ...frame, code }));
}

/** A table without a column, or a list of them; a raw row may not have them. */
export function withoutColumn(frame: Expr, column: Expr, isList: boolean, span: Span): Expr {
  return {
    kind: "call",
    func: { kind: "attribute", value: frame, attr: "drop", attrSpan: span, span },
    args: [],
    keywords: [
      { name: "columns", value: isList ? column : { kind: "list", items: [column], span }, span },
      { name: "errors", value: { kind: "constant", type: "str", value: "ignore", span }, span },
    ],
    span,
  };
}
