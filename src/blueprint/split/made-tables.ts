import type { CallExpr, Expr } from "../../python/ir.ts";
import { codesOf, type Given, rebuilt } from "./arguments.ts";
import { type Bound, isByPlace, predictionsOf, type Rows, rowwise } from "./bound.ts";
import { common, hasSamePlaces, leavesOf, never } from "./combine.ts";
import { placesOf } from "./estimators.ts";
import { type Machine, numberedRows, trouble } from "./machine.ts";

/**
 * `pd.DataFrame(values)`, `pd.Series(values)`: a table of arrays gets labels of its own, their places, one of columns has theirs.
 * With `index=f.index` the labels are those of a table whose rows are at the same places.
 */
export function madeTable(m: Machine, expr: CallExpr, which: "DataFrame" | "Series", given: Given): Bound {
  const data = given.positional[0] ?? given.named.get("data");
  const index = given.named.get("index") ?? given.positional[1];
  const leaves = data ? leavesOf(data) : [];
  const [any] = leaves;
  const rows = common(given.named.has("index") ? leaves : given.all);
  const all = given.all;
  const some = any?.rows ?? index?.rows;
  if (!data || !any?.rows || !rows) return trouble(m, "other row set", expr, some ?? never(), all);
  const unknown = leaves.find((one) => one.kind === "unknown");
  if (unknown) return { ...unknown, object: undefined, predictions: predictionsOf(all) };
  // A list of columns makes rows of them.
  const isTable = leaves.every((one) => /^(?:frame|series|array|list|records)$/.test(one.kind));
  if (data.items || !isTable) return trouble(m, "unknown operation", expr, rows, all);
  const kind = which === "DataFrame" ? "frame" : "series";
  const made = (of: Rows, code: Expr): Bound =>
    rowwise(kind, code, of, {
      predictions: predictionsOf(all),
      ...(kind === "series" || data.width === 1 ? { width: 1 } : {}),
    });
  const isUnlabelled = leaves.every(isByPlace);
  if (index) {
    const table = index.attr === "index" ? index.of : undefined;
    const isItsOwn = table?.rows !== undefined && hasSamePlaces(table.rows, rows);
    const isFitting = isUnlabelled ? isItsOwn : isItsOwn && table.rows?.id === rows.id;
    if (!table?.code || !table.rows || !isFitting) return trouble(m, "row labels", expr, rows, all);
    const labels: Expr = { kind: "attribute", value: table.code, attr: "index", attrSpan: expr.span, span: expr.span };
    const written = codesOf(m, expr, given);
    const at = given.all.indexOf(index);
    return made(
      table.rows,
      rebuilt(
        expr,
        written.map((code, i) => (i === at ? labels : code)),
      ),
    );
  }
  const code = rebuilt(expr, codesOf(m, expr, given));
  return made(isUnlabelled ? numberedRows(m, rows, placesOf(m, rows) ?? "lost") : rows, code);
}
