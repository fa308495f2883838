import type { CallExpr } from "../../python/ir.ts";
import { type Arguments, argument, isSet } from "./arguments.ts";
import { all, combine } from "./combine.ts";
import { metric, resampled } from "./estimators.ts";
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
import { crossValidated, featureScores, statistics } from "./parts.ts";
import { reduced } from "./reduce.ts";
import { fresh, trainTestSplit } from "./splits.ts";
import { joined, stacked } from "./tables.ts";
import { type Column, type Lesson, lessonsOf, madeOf, noColumn, noLessons, unknown, type Value } from "./values.ts";

/** A table that is read: its columns are known by its place. */
export function source(m: Machine, more: Partial<Value> = {}): Value {
  const rows = fresh(m);
  return { kind: "frame", rows, column: { ...noColumn, is: `t${rows.id}` }, ...more };
}

const reads =
  /^(?:pandas|pd|polars|dask\.dataframe)\.(?:read_(?!html)\w+)$|^seaborn\.load_dataset$|^statsmodels\..*\.get_rdataset$/;
const dataSets = /^sklearn\.datasets\.(?:load|fetch|make)_\w+$/;

/** A function of a library, or a builtin. */
export function library(m: Machine, member: string, args: Arguments, expr: CallExpr): Value {
  const name = member.slice(member.lastIndexOf(".") + 1);
  const [first] = args.positional.map(({ value }) => value);
  if (reads.test(member)) return read(m, args);
  if (dataSets.test(member)) return dataSet(m, name, args);
  if (name === "train_test_split") return trainTestSplit(m, args, expr);
  if (crossValidated.has(name)) return cross(m, name, args, expr);
  const measured = metric(m, member, args, expr);
  if (measured) return measured;
  if (featureScores.test(member) && first?.rows) {
    const lessons = learn(m, { kind: "selection", rows: first.rows, text: name, of: madeOf(first) }, expr.span);
    const out = figure(lessons);
    return { ...out, kind: "sequence", items: [box(out), box(out)] };
  }
  if (/^pandas\./.test(member)) return ofPandas(m, name, args, expr);
  if (/^(?:numpy|scipy|math|torch)\./.test(member)) return ofNumpy(m, member, name, args, expr);
  if (member === "sklearn.utils.resample" && first?.rows) {
    const isCopying = !args.named.has("replace") || isSet(args, "replace");
    return isCopying
      ? resampled(
          m,
          args.positional.map(({ value }) => value).filter(({ rows }) => rows),
          "resample",
          expr,
        )
      : { ...first, rows: rowsAfter(m, [first.rows], `resample ${at(m, expr.span)}`) };
  }
  if (/^sklearn\.utils\.shuffle$/.test(member) && first?.rows)
    return { ...unknown, kind: "sequence", items: args.positional };
  if (
    /^(?:sklearn\.preprocessing\.)(?:scale|minmax_scale|robust_scale|maxabs_scale|quantile_transform|power_transform)$/.test(
      member,
    ) &&
    first?.rows
  ) {
    const lessons = learn(m, { kind: "scaler", rows: first.rows, text: name, of: madeOf(first) }, expr.span);
    return combine(m, [first, figure(lessons)]);
  }
  if (name === "clone" && first?.estimator)
    return { ...first, estimator: { ...first.estimator, lessons: noLessons, fittedOn: [] } };
  return builtin(m, member, args, expr);
}

function read(m: Machine, args: Arguments): Value {
  const table = source(m);
  const times = labelsOf(args.named.get("parse_dates")?.value) ?? [];
  const index = args.named.get("index_col")?.value.constant;
  const columns = new Map(
    times.map((label): [string, Column] => {
      const is = `${table.column.is}:${label}`;
      return [label, { is, made: new Set([is]), lessons: noLessons, isTime: true }];
    }),
  );
  const names = labelsOf(args.named.get("usecols")?.value);
  if (names)
    for (const label of names)
      if (!columns.has(label))
        columns.set(label, {
          is: `${table.column.is}:${label}`,
          made: new Set([`${table.column.is}:${label}`]),
          lessons: noLessons,
        });
  return {
    ...table,
    columns,
    ...(names ? { isClosed: true } : {}),
    ...(typeof index === "string" ? { gone: new Set([index]) } : {}),
  };
}

function dataSet(m: Machine, name: string, args: Arguments): Value {
  const table = source(m, { isVague: true });
  const is = `${table.column.is}:target`;
  const target: Value = { kind: "series", rows: table.rows, column: { is, made: new Set([is]), lessons: noLessons } };
  const data: Value = { ...table, gone: new Set(["target"]) };
  if (name.startsWith("make_") || isSet(args, "return_X_y"))
    return { ...unknown, kind: "sequence", items: [box(data), box(target)] };
  return {
    ...unknown,
    kind: "mapping",
    attr: "bunch",
    entries: new Map([
      ["data", box(data)],
      ["target", box(target)],
      ["frame", box({ ...table, isVague: false })],
    ]),
  };
}

function cross(m: Machine, name: string, args: Arguments, expr: CallExpr): Value {
  const x = argument(args, 1, "X");
  const y = argument(args, 2, "y");
  const model = argument(args, 0, "estimator")?.estimator;
  if (!x?.rows) return figure(noLessons);
  const splitter = argument(args, 4, "cv")?.split;
  const isGrouped = args.named.has("groups") || splitter?.isGrouped === true;
  const [time, grouping] = [evidence(m.times, x.rows), evidence(m.groupings, x.rows)];
  m.events.push({
    kind: "cross",
    site: site(m, expr.span),
    x,
    y,
    text: name,
    splitter,
    time,
    grouping,
    isGrouped,
    isSearch: false,
  });
  if (name === "cross_val_predict" && model)
    return { kind: "series", rows: x.rows, column: computed(m, new Set(), noLessons) };
  return figure(learn(m, { kind: "measured", rows: x.rows, text: name, of: new Set(["folds"]) }, expr.span));
}

function ofPandas(m: Machine, name: string, args: Arguments, expr: CallExpr): Value {
  const [first] = args.positional.map(({ value }) => value);
  switch (name) {
    case "DataFrame":
    case "Series":
      return framed(m, args);
    case "concat":
      return stacked(m, args, expr);
    case "merge": {
      const right = argument(args, 1, "right");
      return first && right ? joined(m, first, right) : unknown;
    }
    case "get_dummies": {
      if (!first) return unknown;
      const labels = labelsOf(args.named.get("columns")?.value);
      if (first.kind !== "frame")
        return { ...first, kind: "frame", isClosed: true, columns: new Map([["?", first.column]]) };
      return { ...first, ...(labels ? {} : { isVague: first.isVague === true }) };
    }
    case "to_datetime": {
      if (!first?.rows) return first ?? unknown;
      return { ...first, kind: "series", column: { ...first.column, isTime: true } };
    }
    case "to_numeric":
    case "isna":
    case "isnull":
    case "notna":
    case "notnull":
      return first ? combine(m, [first]) : unknown;
    case "cut":
    case "qcut": {
      if (!first?.rows) return figure(all(args.all));
      const bins = argument(args, 1, "bins", "q");
      const isLearned = name === "qcut" || typeof bins?.constant === "number";
      const lessons = isLearned
        ? learn(m, { kind: "statistic", rows: first.rows, text: short(expr), of: madeOf(first) }, expr.span)
        : noLessons;
      return combine(m, [first, figure(lessons), ...(bins ? [figure(lessonsOf(bins))] : [])]);
    }
    case "factorize":
      return first ? { ...unknown, kind: "sequence", items: [box(combine(m, [first])), box(unknown)] } : unknown;
    default:
      return combine(m, args.all);
  }
}

/** `pd.DataFrame(…)`: of what has rows, the same rows; of anything else a table of its own. */
function framed(m: Machine, args: Arguments): Value {
  const data = argument(args, 0, "data");
  const names = labelsOf(args.named.get("columns")?.value);
  if (data?.kind === "mapping" && data.entries) {
    const columns = new Map(
      [...data.entries].flatMap(([label, { value }]): (readonly [string, Column])[] =>
        value.rows ? [[label, value.column]] : [],
      ),
    );
    const rows = [...data.entries.values()].find(({ value }) => value.rows)?.value.rows;
    if (rows) return { kind: "frame", rows, column: noColumn, columns, isClosed: true };
    const table = source(m);
    return {
      ...table,
      isClosed: true,
      columns: new Map(
        [...data.entries.keys()].map((label): [string, Column] => [
          label,
          {
            is: `${table.column.is}:${label}`,
            made: new Set([`${table.column.is}:${label}`]),
            lessons: lessonsOf(data),
          },
        ]),
      ),
    };
  }
  if (data?.rows) {
    if (data.kind !== "frame")
      return names?.[0]
        ? {
            kind: "frame",
            rows: data.rows,
            column: noColumn,
            columns: new Map([[names[0], data.column]]),
            isClosed: true,
          }
        : data;
    if (!names) return data;
    return data;
  }
  const lessons = data ? lessonsOf(data) : noLessons;
  if (lessons.size > 0) return figure(lessons);
  return source(m);
}

function ofNumpy(m: Machine, member: string, name: string, args: Arguments, expr: CallExpr): Value {
  const [first] = args.positional.map(({ value }) => value);
  if (/^(?:hstack|column_stack|c_)$/.test(name) || /^(?:vstack|concatenate|append|r_)$/.test(name))
    return stacked(m, args, expr, /^(?:hstack|column_stack)$/.test(name));
  if (/^(?:argmax|argmin|argsort)$/.test(name)) return figure(all(args.all));
  if (statistics.has(name) && first?.rows && (!args.named.has("axis") || args.named.get("axis")?.value.constant === 0))
    return reduced(m, first, name, expr, args);
  if (/\.random\./.test(member)) {
    const isMask = /rand|random|uniform|random_sample|binomial|choice/.test(name);
    const rows = args.all.find((value) => value.rows)?.rows;
    return isMask && rows ? { ...unknown, kind: "series", rows } : unknown;
  }
  if (
    /^(?:isnan|where|log|log1p|exp|sqrt|abs|clip|round|floor|ceil|array|asarray|ravel|squeeze|expm1|power|sign|select|digitize|sin|cos|maximum|minimum|int\d*|float\d*|square|nan_to_num|logical_\w+|isin|argwhere|reshape|boxcox|csr_matrix|multiply|add|subtract|divide|radians|log10|log2)$/.test(
      name,
    )
  ) {
    const { constant: _constant, ...out } =
      name === "array" || name === "asarray" ? (first ?? unknown) : combine(m, args.all);
    return out;
  }
  return figure(all(args.all));
}

function builtin(m: Machine, member: string, args: Arguments, expr: CallExpr): Value {
  const [first] = args.positional.map(({ value }) => value);
  switch (member) {
    case "len":
      return { ...unknown, ...(first?.rows ? { rows: first.rows } : {}), kind: "other" };
    case "list":
    case "tuple":
    case "sorted":
    case "set":
    case "reversed":
      return first ?? unknown;
    case "dict":
      return first ?? { ...unknown, kind: "mapping", entries: args.named };
    case "print":
    case "display":
      return unknown;
    case "max":
    case "min":
    case "sum":
      return first?.rows ? reduced(m, first, member, expr, args) : figure(all(args.all));
    case "str":
    case "int":
    case "float":
    case "round":
    case "abs":
      return first?.rows ? combine(m, [first]) : figure(all(args.all));
    default:
      return figure(new Set([...all(args.all)].filter((lesson: Lesson) => lesson.kind !== "resampling")));
  }
}
