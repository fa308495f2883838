import type { CallExpr, Expr } from "../../python/ir.ts";
import { walkExpr } from "../../python/walk.ts";
import { codesOf, type Given, rebuilt } from "./arguments.ts";
import { type Bound, isRow, predictionsOf, type Rows, relabelled, rowwise, type Source } from "./bound.ts";
import { common, rowsOf, serving, whole } from "./combine.ts";
import { afterHistory } from "./look-back.ts";
import { around, cut, define, type Machine, next, now, rowsAfter, trouble } from "./machine.ts";
import { rewritten } from "./names.ts";
import { fieldName, keptColumns } from "./static.ts";

/** `pd.concat([a, b], axis=1)` puts columns side by side, of the same rows (rule 27); without an axis, rows under each other. */
export function concatenated(m: Machine, expr: CallExpr, given: Given): Bound {
  const parts = given.positional[0];
  const [list] = expr.args;
  const any = parts && rowsOf(parts);
  if (!parts || !list || !any) return whole(m, expr, given.all);
  const axis = given.named.get("axis")?.constant ?? given.positional[1]?.constant ?? 0;
  const otherRows = (): Bound => trouble(m, "other row set", expr, any, given.all);
  if (axis === 0 || axis === "index" || axis === "rows") return unionOf(m, expr, list, parts, given) ?? otherRows();
  if (axis !== 1 && axis !== "columns") return otherRows();
  const rows = common([parts]);
  const isTables = parts.kind === "stack" ? /^(?:frame|series)$/.test(parts.each ?? "") : parts.items?.every(isRow);
  if (!rows || !isTables) return otherRows();
  return rowwise("frame", rebuilt(expr, codesOf(m, expr, given)), rows, { predictions: predictionsOf(given.all) });
}

/** Options of `concat` that leave each row where it is. */
const harmless: ReadonlySet<string> = new Set("axis ignore_index join sort copy verify_integrity".split(" "));

/**
 * Two tables under each other (rule 26). What is computed of all their rows is training's; the code holds both tables, and the
 * rows that are answered say which one is meant: the other is not there for a raw row.
 */
function unionOf(m: Machine, expr: CallExpr, list: Expr, { items }: Bound, given: Given): Bound | undefined {
  if (list.kind !== "list" && list.kind !== "tuple") return undefined;
  if (given.positional.length > 1 || !expr.keywords.every(({ name }) => name !== undefined && harmless.has(name)))
    return undefined;
  const parts = items?.map((item) => now(m, item)) ?? [];
  const [first, second] = parts;
  if (!first?.rows || !second?.rows || parts.length !== 2 || list.items.length !== 2) return undefined;
  const past = afterHistory(m, parts, given);
  if (past) return past;
  if (first.kind !== second.kind || !/^(?:frame|series)$/.test(first.kind)) return undefined;
  if (first.rows.id === second.rows.id) return undefined;
  const isNumbered = given.named.get("ignore_index");
  if (isNumbered && typeof isNumbered.constant !== "boolean") return undefined;
  const { span } = expr;
  const lost = trouble(m, "other row set", expr, second.rows, parts);
  const table = cut(m, "table_types", "unknown", around(m, expr, "keep_table"));
  const id = next(m);
  const codes = [first, second].map((part, i): Expr => {
    const written = list.items[i] ?? expr;
    const columns = part.kind === "frame" ? [keptColumns(m, written)] : [];
    return serving(written, "as_table", [part.code ?? written, table, ...columns]);
  });
  const sources = [first.rows.source, second.rows.source];
  const source: Source = {
    version: `frame#${next(m)}`,
    unit: m.unit,
    read: expr,
    among: sources.flatMap((one) => [one, ...(one.among ?? [])]),
  };
  const place = { name: `${fieldName(m, list.items[0] ?? expr)}_parts`, unit: m.unit, span: expr.func.span };
  const rows: Rows = {
    id,
    source,
    labels: "lost",
    isReordered: false,
    isNumbered: isNumbered?.constant === true,
    stack: {
      id,
      parts: [first.rows, second.rows],
      // Inside of a function or a loop there are several such places.
      ...(m.calls.length > 0 || m.depth > 0 ? {} : { place }),
    },
  };
  const number: Expr = { kind: "constant", type: "int", value: id, span };
  const code = serving(expr, "union", [number, lost.code ?? expr, ...codes]);
  return define(m, "table", rowwise(first.kind, code, rows, { predictions: predictionsOf(parts) }));
}

/** The rows of one of the tables, where the whole is cut at the border between them; undefined where it is cut elsewhere. */
export function partOf(m: Machine, rows: Rows, lower: Expr | undefined, upper: Expr | undefined): Rows | undefined {
  const bound = lower ?? upper;
  if (!rows.stack || !bound || (lower && upper)) return undefined;
  const [first, second] = rows.stack.parts;
  const { counts, isBackwards } = m.evaluate(bound);
  const isBorder = counts !== undefined && counts.id === (isBackwards ? second.id : first.id);
  return isBorder ? partRows(m, rows, rows.stack, lower ? 1 : 0) : undefined;
}

/** `f.head(n)`, `f.tail(n)`: the same by a number of rows. */
export function endOf(m: Machine, rows: Rows, attr: string, given: Given): Rows | undefined {
  const [count, ...more] = given.all;
  if (!rows.stack || more.length > 0 || !count?.counts || count.isBackwards) return undefined;
  const at = attr === "head" ? 0 : attr === "tail" ? 1 : undefined;
  return at !== undefined && count.counts.id === rows.stack.parts[at].id
    ? partRows(m, rows, rows.stack, at)
    : undefined;
}

function partRows(m: Machine, rows: Rows, { id, parts, place }: NonNullable<Rows["stack"]>, at: 0 | 1): Rows {
  const part = parts[at];
  const numbered = place ? relabelled(part.labels, { ...place, how: "parts", part: `${at}` }) : "lost";
  const taken = new Map([...(part.taken ?? []), [id, at] as const]);
  return rowsAfter(m, part, `part:${rows.id}:${at}`, {
    labels: rows.isNumbered ? numbered : part.labels,
    taken,
    places: part,
    isNumbered: rows.isNumbered === true && at === 0,
  });
}

/** Which part of each union the answer is made of. */
export type Taken = ReadonlyMap<number, 0 | 1>;

/** The code with the table that is meant in the place of both; a trouble where nothing says which one. */
export function chosenPart(code: Expr, taken: Taken): Expr {
  let isSome = false;
  walkExpr(code, (one) => {
    if (one.kind === "name" && one.id === "%union") isSome = true;
  });
  if (!isSome) return code;
  return rewritten(code, (one) => {
    if (one.kind !== "call" || one.func.kind !== "name" || one.func.id !== "%union") return undefined;
    const [number, lost, ...parts] = one.args;
    const at = number?.kind === "constant" ? taken.get(Number(number.value)) : undefined;
    const chosen = (at === undefined ? undefined : parts[at]) ?? lost;
    return chosen && chosenPart(chosen, taken);
  });
}
