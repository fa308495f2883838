import type { CallExpr } from "../../python/ir.ts";
import { type Arguments, argument, isSet } from "./arguments.ts";
import { combine } from "./combine.ts";
import { enter } from "./functions.ts";
import { box, computed, evidence, figure, known, learn, type Machine, short, site } from "./machine.ts";
import { statistics } from "./parts.ts";
import { type Lessons, lessonsOf, madeOf, noLessons, type Rows, union, unknown, type Value } from "./values.ts";

/** Names of columns that say which thing a row is about. */
const identity = /(?:^|_)(?:id|uid|uuid|guid)$|[a-z]I[dD]$|^I[dD]$/;

/** Methods of groups that look at earlier or later rows of the same group. */
const sequential =
  /^(?:shift|diff|pct_change|cumsum|cumcount|cummax|cummin|cumprod|rolling|expanding|ewm|ffill|bfill)$/;

/** A method of `table.groupby(keys)`. */
export function grouped(m: Machine, groups: Value, name: string, args: Arguments, expr: CallExpr): Value {
  const table = groups.of;
  if (!table?.rows) return unknown;
  noteGroups(m, groups, table.rows, name, expr);
  if (sequential.test(name)) return windowed(m, table, name, args, expr, true);
  const [held] = args.positional;
  if (name === "transform" || name === "apply" || name === "agg" || name === "aggregate") {
    const fn = held?.value.fn;
    const inner = fn && enter(m, fn, [box(table)], args.named, { unit: m.unit, span: expr.span, name: fn.name });
    const lessons = fn ? mark(m, lessonsOf(inner ?? unknown)) : statistic(m, table, expr);
    return name === "transform"
      ? {
          ...combine(m, [{ ...table, kind: "series" }, figure(lessons)]),
          column: { ...computed(m, new Set(), union(lessonsOf(table), lessons)) },
        }
      : figure(lessons);
  }
  if (name === "size" || name === "ngroup" || name === "count" || statistics.has(name))
    return figure(statistic(m, table, expr));
  return figure(noLessons);
}

/** Figures that a function of a group learned are figures of groups. */
function mark(m: Machine, lessons: Lessons): Lessons {
  return new Set(
    [...lessons].map((lesson) =>
      lesson.kind === "statistic" && !lesson.isGrouped ? known(m, { ...lesson, isGrouped: true }) : lesson,
    ),
  );
}

function statistic(m: Machine, table: Value, expr: CallExpr): Lessons {
  const { rows } = table;
  if (!rows) return noLessons;
  return learn(m, { kind: "statistic", rows, text: short(expr), of: madeOf(table), isGrouped: true }, expr.span);
}

/** Rows that are put together by an identity belong together. */
function noteGroups(m: Machine, groups: Value, rows: Rows, name: string, expr: CallExpr): void {
  const label = groups.by?.find((one) => identity.test(one));
  if (label === undefined || groups.by?.length !== 1 || m.groupings.has(rows.id)) return;
  if (name === "transform" || sequential.test(name))
    m.groupings.set(rows.id, { site: site(m, expr.span), label, text: short(expr) });
}

/** `shift`, `diff`, windows: entries that are made of other rows. */
export function windowed(
  m: Machine,
  value: Value,
  name: string,
  args: Arguments,
  expr: CallExpr,
  isGrouped = false,
): Value {
  const { rows } = value;
  const source = value.kind === "windows" ? value.of : value;
  if (!rows || !source) return figure(lessonsOf(value));
  if (name === "rolling" || name === "expanding" || name === "ewm")
    return { ...unknown, kind: "windows", rows, of: source, attr: isSet(args, "center") ? "center" : "back" };
  const order = evidence(m.times, rows);
  if (!m.times.has(rows.id) && !order && name !== "cumcount")
    m.times.set(rows.id, { site: site(m, expr.span), text: short(expr), isDescending: false });
  const by = argument(args, 0, "periods")?.constant;
  const step = typeof by === "number" ? by : 1;
  const isShift = name === "shift" || name === "diff" || name === "pct_change";
  const isAhead =
    value.attr === "center" || name === "bfill" || (isShift && (order?.isDescending ? step > 0 : step < 0));
  const lessons = isAhead
    ? learn(
        m,
        { kind: "ahead", rows, text: short(expr), of: madeOf(source), ...(isGrouped ? { isGrouped: true } : {}) },
        expr.span,
      )
    : noLessons;
  const column = computed(m, name === "shift" ? new Set() : madeOf(source), union(lessonsOf(source), lessons));
  if (source.kind === "frame") {
    const { columns: _columns, ...rest } = source;
    return { ...rest, column: { ...column, is: `${column.is}` } };
  }
  return { kind: "series", rows, column };
}
