import type { CallExpr } from "../../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import { argument } from "./arguments.ts";
import { at, box, evidence, type Machine, next, rowsAfter, site } from "./machine.ts";
import { type Rows, type Side, type Split, type Splitter, unknown, type Value } from "./values.ts";

/** Rows of their own for what has none that anybody knows. */
function rowsOf(m: Machine, value: Value, place: string): Rows {
  return value.rows ?? rowsAfter(m, [], `unknown ${place}`);
}

/** Notes that rows are divided, and gives both sides. */
export function divide(m: Machine, split: Split, place: string): { readonly train: Rows; readonly test: Rows } {
  const { base } = split;
  const isKnown = m.rowSets.has(`${base.id}/:train ${place}`);
  const side = (name: Side["name"]): Rows => rowsAfter(m, [base], `${name} ${place}`, { side: { split, name } });
  const sides = { train: side("train"), test: side("test") };
  if (!isKnown)
    m.events.push({ kind: "split", split, time: evidence(m.times, base), grouping: evidence(m.groupings, base) });
  return sides;
}

/** `train_test_split(*arrays)`. */
export function trainTestSplit(m: Machine, args: Arguments, expr: CallExpr): Value {
  const [first] = args.positional;
  if (!first) return unknown;
  const place = at(m, expr.span);
  const base = rowsOf(m, first.value, place);
  const isRandom = args.named.get("shuffle")?.value.constant !== false;
  const known = m.rowSets.get(`${base.id}/:train ${place}`)?.side?.split;
  const split = known ?? {
    site: site(m, expr.span),
    how: "train_test_split",
    base,
    isRandom,
    isGrouped: false,
    isFold: false,
  };
  const { train, test } = divide(m, split, place);
  const items = args.positional.flatMap(({ value }) => [train, test].map((rows) => box(side(value, rows))));
  return { ...unknown, kind: "sequence", items };
}

function side(value: Value, rows: Rows): Value {
  return { ...value, rows, mask: undefined, kind: value.rows ? value.kind : "series" };
}

/** `splitter.split(X, y, groups)`: pairs of places of rows. */
export function splitMethod(m: Machine, splitter: Splitter, name: string, args: Arguments, expr: CallExpr): Value {
  if (name !== "split") return unknown;
  const x = argument(args, 0, "X");
  if (!x) return unknown;
  const place = at(m, expr.span);
  const base = rowsOf(m, x, place);
  const isGrouped = splitter.isGrouped;
  const known = m.rowSets.get(`${base.id}/:train ${place}`)?.side?.split;
  const split = known ?? {
    site: site(m, expr.span),
    how: splitter.name,
    base,
    isRandom: splitter.isRandom,
    isGrouped,
    isFold: true,
  };
  const { train, test } = divide(m, split, place);
  const items = [train, test].map((rows) => box({ ...unknown, kind: "index", rows }));
  return { ...unknown, kind: "folds", items };
}

/** `table.sample(…)`: one side of a split, when the others are taken by `drop(sample.index)`. */
export function sampled(m: Machine, value: Value, args: Arguments, expr: CallExpr): Value {
  if (!value.rows) return value;
  const place = at(m, expr.span);
  const frac = argument(args, 1, "frac")?.constant;
  const isAll = typeof frac === "number" && frac >= 1;
  if (isAll) return { ...value, rows: rowsAfter(m, [value.rows], `shuffled ${place}`) };
  return { ...value, rows: rowsAfter(m, [value.rows], `sampled ${place}`), mask: undefined };
}

/** `table.drop(sample.index)`: the rows that are not in the sample. */
export function others(m: Machine, value: Value, sample: Rows, expr: CallExpr): Value {
  if (!value.rows) return value;
  const rows = rowsAfter(m, [value.rows], `without ${sample.id}`);
  if (sample.from.some((from) => from.id === value.rows?.id)) {
    const split: Split = {
      site: site(m, expr.span),
      how: "sample",
      base: value.rows,
      isRandom: true,
      isGrouped: false,
      isFold: false,
    };
    m.events.push({
      kind: "split",
      split,
      time: evidence(m.times, value.rows),
      grouping: evidence(m.groupings, value.rows),
    });
  }
  return { ...value, rows, mask: undefined };
}

/** A name for rows that nobody else has. */
export function fresh(m: Machine): Rows {
  return { id: next(m), from: [] };
}
