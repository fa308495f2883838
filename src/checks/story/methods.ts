import type { AttributeExpr, CallExpr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { type Arguments, argument, isSet } from "./arguments.ts";
import { all, combine } from "./combine.ts";
import { enter } from "./functions.ts";
import { grouped, windowed } from "./groups.ts";
import {
  at,
  box,
  computed,
  evidence,
  figure,
  labelsOf,
  learn,
  type Machine,
  rowsAfter,
  short,
  site,
} from "./machine.ts";
import { choosers, statistics } from "./parts.ts";
import { reduced } from "./reduce.ts";
import { others, sampled } from "./splits.ts";
import { change } from "./stores.ts";
import { selecting, some } from "./subscripts.ts";
import { joined } from "./tables.ts";
import { type Box, type Column, columnOf, lessonsOf, noLessons, taught, union, unknown, type Value } from "./values.ts";

/** A method of a table, a column, a list, or of what is made of them. */
export function method(m: Machine, self: Box, func: AttributeExpr, args: Arguments, expr: CallExpr): Value {
  const { value } = self;
  if (value.kind === "sequence" || value.kind === "mapping") return ofContainer(m, self, func.attr, args);
  if (value.kind === "groups") return grouped(m, value, func.attr, args, expr);
  if (value.kind === "windows") return windowed(m, value, func.attr, args, expr);
  const out = ofTable(m, value, func.attr, args, expr);
  if (isSet(args, "inplace")) {
    change(m, func.value, () => out);
    return unknown;
  }
  return out;
}

function ofTable(m: Machine, value: Value, name: string, args: Arguments, expr: CallExpr): Value {
  const { rows } = value;
  const [first] = args.positional.map((held) => held.value);
  if (value.kind === "accessor" && value.of) {
    if (value.attr === "str" || value.attr === "dt" || value.attr === "cat") return combine(m, [value.of, ...args.all]);
    return unknown;
  }
  if (!rows) return figure(union(lessonsOf(value), all(args.all)), value.of ? { of: value.of } : {});
  switch (name) {
    case "groupby":
      return { ...unknown, kind: "groups", rows, of: value, by: labelsOf(argument(args, 0, "by")) ?? [] };
    case "rolling":
    case "ewm":
    case "expanding":
      return windowed(m, value, name, args, expr);
    case "shift":
    case "diff":
    case "pct_change":
    case "cumsum":
    case "cumcount":
    case "cummax":
    case "cummin":
      return windowed(m, value, name, args, expr);
    case "bfill":
    case "backfill":
    case "interpolate":
      return backwards(m, value, expr);
    case "fillna":
      if (/^b(?:ack)?fill$/.test(String(args.named.get("method")?.value.constant))) return backwards(m, value, expr);
      return filled(m, value, args);
    case "drop":
      return dropped(m, value, args, expr);
    case "pop": {
      const label = first?.constant;
      if (typeof label !== "string") return unknown;
      const column = columnOf(value, label);
      const columns = value.columns && new Map([...value.columns].filter(([one]) => one !== label));
      if (expr.func.kind === "attribute")
        change(m, expr.func.value, (table) => ({ ...table, columns, gone: new Set([...(table.gone ?? []), label]) }));
      return column ? { kind: "series", rows, column } : unknown;
    }
    case "assign": {
      let out = value;
      for (const [label, held] of args.named) {
        const given = held.value.fn
          ? enter(m, held.value.fn, [box(out)], new Map(), { unit: m.unit, span: expr.span, name: "lambda" })
          : held.value;
        const column = given.rows && given.kind !== "frame" ? given.column : computed(m, new Set(), lessonsOf(given));
        out = { ...out, columns: new Map([...(out.columns ?? []), [label, column]]) };
      }
      return out;
    }
    case "insert": {
      const label = argument(args, 1, "column")?.constant;
      const given = argument(args, 2, "value");
      if (typeof label === "string" && given && expr.func.kind === "attribute")
        change(m, expr.func.value, (table) => ({
          ...table,
          columns: new Map([
            ...(table.columns ?? []),
            [label, given.rows ? given.column : computed(m, new Set(), lessonsOf(given))],
          ]),
        }));
      return unknown;
    }
    case "merge":
    case "join": {
      const right = argument(args, 0, "right", "other");
      return right ? joined(m, value, right) : value;
    }
    case "append":
      return {
        ...value,
        rows: rowsAfter(m, [], `below ${at(m, expr.span)}`, { parts: [rows, ...(first?.rows ? [first.rows] : [])] }),
      };
    case "map":
    case "apply":
    case "applymap":
    case "transform":
    case "pipe":
      return applied(m, value, name, args, expr);
    case "rename": {
      const given = argument(args, 9, "columns")?.entries;
      return given ? renamed(value, given) : value;
    }
    case "set_index": {
      const label = labelsOf(first)?.[0];
      const column = label === undefined ? undefined : columnOf(value, label);
      const after = rowsAfter(m, [rows], `indexed by ${label ?? "?"}`);
      if (column?.isTime) m.times.set(after.id, { site: site(m, expr.span), text: short(expr), isDescending: false });
      return {
        ...value,
        rows: after,
        gone: new Set([...(value.gone ?? []), ...(labelsOf(first) ?? [])]),
        columns: value.columns && new Map([...value.columns].filter(([one]) => one !== label)),
      };
    }
    case "sort_values": {
      const by = labelsOf(argument(args, 0, "by")) ?? [];
      const columns = by.map((label) => columnOf(value, label));
      const after = rowsAfter(m, [rows], `sorted ${by.join()} ${args.named.get("ascending")?.value.constant}`);
      const time =
        columns.find((column) => column?.isTime) ??
        (value.column.isTime && value.kind === "series" ? value.column : undefined);
      if (time && !m.times.has(after.id))
        m.times.set(after.id, {
          site: site(m, expr.span),
          text: short(expr),
          isDescending: args.named.get("ascending")?.value.constant === false,
        });
      return { ...value, rows: after, mask: undefined };
    }
    case "sample": {
      if (!isSet(args, "replace")) return sampled(m, value, args, expr);
      const copies = rowsAfter(m, [rows], `copied ${at(m, expr.span)}`);
      const lessons = learn(m, { kind: "resampling", rows: copies, text: short(expr), of: new Set() }, expr.span);
      return { ...taught(value, lessons), rows: copies, mask: undefined };
    }
    case "drop_duplicates": {
      const out = some(m, value, `${name} ${args.all.length > 0 ? printExpr(expr) : ""}`);
      if (out.rows) m.events.push({ kind: "drop", site: site(m, expr.span), rows, after: out.rows });
      return out;
    }
    case "select_dtypes":
    case "filter":
      return { ...value, isVague: true };
    case "corr":
    case "corrwith":
    case "cov":
      return reduced(m, value, name, expr, args);
    case "isnull":
    case "isna":
    case "notnull":
    case "notna":
    case "isin":
    case "between":
    case "eq":
    case "gt":
    case "lt":
    case "ge":
    case "le":
    case "duplicated":
    case "str_contains":
      return {
        ...combine(m, [value, ...args.all]),
        kind: value.kind === "frame" ? "frame" : "series",
        mask: `${rows.id}:${short(expr)}`,
      };
    case "rank":
      return combine(m, [
        value,
        figure(learn(m, { kind: "statistic", rows, text: short(expr), of: value.column.made }, expr.span)),
      ]);
    case "reset_index":
    case "copy":
    case "to_numpy":
    case "ravel":
    case "flatten":
    case "to_frame":
    case "squeeze":
    case "toarray":
    case "todense":
    case "astype":
      return value;
    case "reshape":
      return value.kind === "frame" ? value : { ...value };
    case "unique":
    case "nunique":
    case "keys":
    case "info":
    case "items":
    case "iterrows":
    case "itertuples":
    case "to_csv":
    case "hist":
    case "plot":
      return name === "unique" ? figure(noLessons) : { ...unknown };
    case "head":
    case "tail":
    case "dropna":
    case "query":
    case "truncate":
      return some(m, value, `${name} ${printExpr({ ...expr, func: { kind: "name", id: "f", span: expr.span } })}`);
    default:
  }
  if (statistics.has(name)) return reduced(m, value, name, expr, args);
  if (choosers.has(name)) return some(m, value, `${name} ${at(m, expr.span)}`);
  return combine(m, [value, ...args.all]);
}

/** Later rows fill earlier ones: of rows in the order of time that looks ahead. */
function backwards(m: Machine, value: Value, expr: CallExpr): Value {
  const { rows } = value;
  if (!rows || !evidence(m.times, rows)) return value;
  return taught(value, learn(m, { kind: "ahead", rows, text: short(expr), of: new Set() }, expr.span));
}

function filled(m: Machine, value: Value, args: Arguments): Value {
  const given = argument(args, 0, "value");
  if (!given) return value;
  if (given.entries && value.kind === "frame") {
    const columns = new Map(value.columns ?? []);
    for (const [label, held] of given.entries) {
      const column = columnOf(value, label);
      if (column) columns.set(label, { ...column, lessons: union(column.lessons, lessonsOf(held.value)) });
    }
    m.steps -= given.entries.size >> 3;
    return { ...value, columns };
  }
  return taught(value, lessonsOf(given));
}

function dropped(m: Machine, value: Value, args: Arguments, expr: CallExpr): Value {
  const given = argument(args, 0, "columns", "labels", "index");
  const axis = argument(args, 1, "axis")?.constant;
  if (!given || !value.rows) return value;
  const areColumns = args.named.has("columns") || axis === 1 || axis === "columns";
  if (!areColumns) {
    if (given.kind === "index" && given.rows) return others(m, value, given.rows, expr);
    return some(m, value, `drop ${at(m, expr.span)}`);
  }
  const labels = labelsOf(given);
  if (!labels) return taught({ ...value, isVague: true }, selecting(given));
  const gone = new Set([...(value.gone ?? []), ...labels]);
  return {
    ...value,
    gone,
    columns: value.columns && new Map([...value.columns].filter(([label]) => !gone.has(label))),
  };
}

function renamed(value: Value, entries: ReadonlyMap<string, Box>): Value {
  const columns = new Map<string, Column>();
  const gone = new Set(value.gone ?? []);
  for (const [label, column] of value.columns ?? []) if (!entries.has(label)) columns.set(label, column);
  for (const [from, { value: to }] of entries) {
    const column = columnOf(value, from);
    if (column && typeof to.constant === "string") columns.set(to.constant, column);
    gone.add(from);
  }
  return { ...value, columns, gone };
}

/** `column.map(table)`, `table.apply(function)`: entry by entry, and what the function or the table knows. */
function applied(m: Machine, value: Value, name: string, args: Arguments, expr: CallExpr): Value {
  const [held] = args.positional;
  const fn = held?.value.fn;
  if (!fn) {
    const member = held?.value.member ?? held?.value.constant;
    if (
      name !== "map" &&
      typeof member === "string" &&
      statistics.has(member.slice(member.lastIndexOf(".") + 1)) &&
      value.rows
    )
      return reduced(m, value, member, expr, args);
    const { constant: _constant, ...out } = combine(m, [{ ...value, constant: undefined }, ...args.all]);
    return out;
  }
  // A function applied to a whole table is given its columns; to a column, its entries; by rows, one row.
  const isByColumn =
    value.kind === "frame" &&
    name !== "applymap" &&
    args.named.get("axis")?.value.constant !== 1 &&
    argument(args, 1, "axis")?.constant !== 1;
  const entry: Value = isByColumn || name === "pipe" ? value : { ...value };
  const given = name === "pipe" || isByColumn ? entry : { ...entry };
  const out = enter(m, fn, [box(given), ...args.positional.slice(1)], args.named, {
    unit: m.unit,
    span: expr.span,
    name: fn.name,
  });
  if (name === "pipe") return out;
  if (isByColumn) return out.rows ? { ...out, kind: "frame" } : figure(lessonsOf(out));
  return combine(m, [{ ...value, kind: "series" }, figure(lessonsOf(out))]);
}

function ofContainer(m: Machine, self: Box, name: string, args: Arguments): Value {
  const { value } = self;
  const [first] = args.positional;
  const lessons = union(lessonsOf(value), all(args.all));
  if (value.attr === "columns" && value.of) {
    const labels = labelsOf(first?.value);
    if (/^(?:drop|difference|remove|delete)$/.test(name)) {
      const out: Value = labels
        ? { ...value, gone: new Set([...(value.gone ?? []), ...labels]) }
        : { ...value, isVague: true };
      if (name === "remove") self.value = out;
      return name === "remove" ? unknown : out;
    }
    return name === "get_loc" ? unknown : value;
  }
  switch (name) {
    case "append":
    case "add":
    case "extend":
    case "insert":
    case "update": {
      const { items } = value;
      const isKnown = name === "append" && items && m.calls.length === 0 && first && items.length < 40;
      self.value = {
        ...value,
        column: { ...value.column, lessons: union(lessons, m.control) },
        items: isKnown ? [...items, first] : undefined,
      };
      return unknown;
    }
    case "remove": {
      const label = first?.value.constant;
      self.value = { ...value, items: value.items?.filter((item) => item.value.constant !== label) };
      return unknown;
    }
    case "items":
    case "values":
    case "keys":
      return { ...value, attr: name };
    case "get": {
      const found = value.entries?.get(String(first?.value.constant));
      return found?.value ?? figure(lessons);
    }
    case "copy":
    case "tolist":
      return value;
    case "pop":
      return figure(lessons);
    default:
      return figure(lessons, value.of ? { of: value.of } : {});
  }
}
