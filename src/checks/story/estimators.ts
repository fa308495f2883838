import type { CallExpr } from "../../python/ir.ts";
import { type Arguments, argument } from "./arguments.ts";
import { all } from "./combine.ts";
import { at, box, computed, evidence, figure, learn, type Machine, rowsAfter, short, site } from "./machine.ts";
import { metrics, roleOf, splitterOf } from "./parts.ts";
import {
  type Estimator,
  type LessonKind,
  type Lessons,
  lessonsOf,
  madeOf,
  noLessons,
  partsOf,
  type Rows,
  taught,
  union,
  unknown,
  type Value,
} from "./values.ts";

/** An estimator or a splitter that a library makes; undefined where the call makes something else. */
export function made(m: Machine, member: string, args: Arguments, expr: CallExpr): Value | undefined {
  const splitter = member.includes(".") ? splitterOf(member) : undefined;
  if (splitter) {
    const { name, isShuffled, isGrouped, isOrdered } = splitter;
    const isRandom = isShuffled || args.named.get("shuffle")?.value.constant === true;
    return { ...unknown, kind: "folds", split: { name, isRandom, isGrouped, isOrdered } };
  }
  const known = roleOf(member);
  if (!known) return undefined;
  const parts = args.all.flatMap(estimatorsIn);
  const estimator: Estimator = {
    name: known.name,
    role: known.role,
    site: site(m, expr.span),
    parts,
    words: new Set([...args.named.keys(), ...(/^category_encoders/.test(member) ? ["category_encoders"] : [])]),
    chosenBy: new Set(
      [...all(args.all.map((value) => (value.estimator ? unknown : value)))].filter(({ kind }) => kind === "measured"),
    ),
    lessons: noLessons,
    fittedOn: [],
    isSupervised: false,
  };
  return { ...unknown, kind: "estimator", estimator };
}

function estimatorsIn(value: Value): readonly Estimator[] {
  if (value.estimator) return [value.estimator];
  return [...partsOf(value)].flatMap(({ estimator }) => estimator ?? []);
}

/** What preparing rows does to them, the gravest part of a container first. */
const order: readonly LessonKind[] = ["target", "selection", "decomposition", "vectorizer", "scaler", "encoder"];

/** What an estimator learns that its `transform` puts into rows; undefined for one that learns nothing so, or a model. */
function learns(estimator: Estimator): LessonKind | undefined {
  const { role, parts } = estimator;
  if (role === "container") {
    if (isModel(estimator)) return undefined;
    const kinds = parts.map(learns);
    return order.find((kind) => kinds.includes(kind));
  }
  if (role === "encoder" && estimator.words.has("categories")) return undefined;
  if (role === "cluster") return "decomposition";
  return order.find((kind) => kind === role);
}

/** True for what answers for rows: a model, a search, a pipeline that ends in a model. */
export function isModel({ role, parts }: Estimator): boolean {
  return role === "model" || role === "search" || (role === "container" && parts.some(isModel));
}

/** Options by which a fit stops early or keeps its best round. */
const stopping = /early_stop|use_best_model|callbacks|od_wait/;
const watching = /^(?:eval_set|validation_data|valid_sets|evals|eval_data)$/;

/** A method of an estimator. */
export function asked(m: Machine, self: Value, name: string, args: Arguments, expr: CallExpr): Value {
  const { estimator } = self;
  if (!estimator) return unknown;
  if (name === "fit" || name === "partial_fit") {
    fit(m, self, args, expr);
    return self;
  }
  const x = argument(args, 0, "X", "data", "raw_documents");
  if (name === "fit_resample" || name === "fit_sample") return resample(m, estimator, args, expr);
  if (name === "fit_transform" || name === "fit_predict") fit(m, self, args, expr);
  if (!x) return /^(?:set_params|get_params)$/.test(name) ? self : figure(estimator.lessons);
  if (name === "transform" || name === "fit_transform") return transformed(m, estimator, x);
  if (name === "fit_predict" && estimator.role === "cluster") return column(m, transformed(m, estimator, x));
  if (name === "score") return score(m, self, args, expr);
  if (/^(?:predict|predict_proba|decision_function|predict_log_proba|fit_predict)$/.test(name)) {
    if (!x.rows) return figure(noLessons);
    const chosenBy = chosen(self);
    m.events.push({ kind: "predict", site: site(m, expr.span), model: estimator, x, rows: x.rows, chosenBy });
    return {
      kind: "series",
      rows: x.rows,
      column: { ...computed(m, new Set(), noLessons), lessons: chosenBy },
      predicted: { model: estimator, rows: x.rows },
    };
  }
  return figure(estimator.lessons);
}

/** What a model, or its parameters, were chosen by. */
function chosen({ estimator, column }: Value): Lessons {
  const mine = new Set([...column.lessons].filter(({ kind }) => kind === "measured"));
  return union(mine, estimator?.chosenBy ?? noLessons);
}

function column(m: Machine, value: Value): Value {
  return { kind: "series", rows: value.rows, column: computed(m, madeOf(value), lessonsOf(value)) };
}

function transformed(m: Machine, estimator: Estimator, x: Value): Value {
  m.steps--;
  const { predicted: _predicted, mask: _mask, ...rest } = taught(x, estimator.lessons);
  const kind = x.kind === "sequence" || x.kind === "figure" ? x.kind : x.kind === "series" ? "series" : "frame";
  return {
    ...rest,
    kind,
    column: kind === "series" ? { ...rest.column, is: computed(m, new Set(), noLessons).is } : rest.column,
  };
}

function fit(m: Machine, self: Value, args: Arguments, expr: CallExpr): void {
  const { estimator } = self;
  const x = argument(args, 0, "X", "x", "raw_documents");
  const y = argument(args, 1, "y");
  if (!estimator || !x?.rows) return;
  const kind = learns(estimator);
  const isSupervised = y?.rows !== undefined;
  estimator.fittedOn = [x.rows];
  estimator.isSupervised = isSupervised;
  const of = union(madeOf(x), kind === "target" && y ? madeOf(y) : new Set<string>());
  const text = estimator.name;
  // An encoder that folds the rows itself gives no row its own label.
  const isFolded =
    kind === "target" &&
    expr.func.kind === "attribute" &&
    expr.func.attr === "fit_transform" &&
    !estimator.words.has("category_encoders");
  const lesson = {
    kind: kind ?? "selection",
    rows: x.rows,
    text,
    of,
    ...(kind === "target" && !isFolded ? { isGrouped: true as const } : {}),
  };
  estimator.lessons = kind ? learn(m, lesson, expr.span) : noLessons;
  const words = [...estimator.words, ...args.named.keys()];
  const watched = [...args.named].flatMap(([word, { value }]) => (watching.test(word) ? rowsIn(value) : []));
  m.events.push({
    kind: "fit",
    site: site(m, expr.span),
    estimator,
    x,
    y,
    watched,
    stops: words.some((word) => stopping.test(word)),
    chosenBy: chosen(self),
  });
  if (estimator.role === "search" && x.rows)
    m.events.push({
      kind: "cross",
      site: site(m, expr.span),
      x,
      y,
      text: estimator.name,
      splitter: undefined,
      time: evidence(m.times, x.rows),
      grouping: undefined,
      isGrouped: true,
      isSearch: true,
    });
}

function rowsIn(value: Value): readonly Rows[] {
  if (value.items) return [...partsOf(value)].flatMap(({ items, rows }) => (items ? [] : (rows ?? [])));
  return value.rows ? [value.rows] : [];
}

function resample(m: Machine, estimator: Estimator, args: Arguments, expr: CallExpr): Value {
  const values = [argument(args, 0, "X"), argument(args, 1, "y")].flatMap((value) => value ?? []);
  return resampled(m, values, estimator.name, expr);
}

/** Rows that are made up or copied of others: of a table, or of features and labels. */
export function resampled(m: Machine, values: readonly Value[], text: string, expr: CallExpr): Value {
  const [x] = values;
  if (!x?.rows) return unknown;
  m.events.push({ kind: "resample", site: site(m, expr.span), rows: x.rows, text });
  const rows = rowsAfter(m, [x.rows], `resampled ${at(m, expr.span)}`);
  const lessons = learn(m, { kind: "resampling", rows, text, of: new Set() }, expr.span);
  const items = values.map((value) => box({ ...taught(value, lessons), rows }));
  return items.length === 1 && items[0] ? items[0].value : { ...unknown, kind: "sequence", items };
}

function score(m: Machine, self: Value, args: Arguments, expr: CallExpr): Value {
  const x = argument(args, 0, "X");
  const { estimator } = self;
  if (!estimator || !x?.rows) return unknown;
  const chosenBy = chosen(self);
  m.events.push({ kind: "predict", site: site(m, expr.span), model: estimator, x, rows: x.rows, chosenBy });
  m.events.push({
    kind: "score",
    site: site(m, expr.span),
    model: estimator,
    rows: x.rows,
    text: short(expr),
    isByHand: false,
    chosenBy,
  });
  return figure(learn(m, { kind: "measured", rows: x.rows, text: short(expr), of: new Set() }, expr.span));
}

/** A metric of a library on labels and answers; undefined for what is none. */
export function metric(m: Machine, member: string, args: Arguments, expr: CallExpr): Value | undefined {
  const name = member.slice(member.lastIndexOf(".") + 1);
  if (!metrics.test(name)) return undefined;
  const predicted = args.all.find((value) => value.predicted)?.predicted;
  if (!predicted) return undefined;
  const { model, rows } = predicted;
  const chosenBy = new Set([...all(args.all)].filter(({ kind }) => kind === "measured"));
  m.events.push({ kind: "score", site: site(m, expr.span), model, rows, text: name, isByHand: false, chosenBy });
  const figures = figure(learn(m, { kind: "measured", rows, text: name, of: new Set() }, expr.span));
  return /_curve$/.test(name) ? { ...figures, items: [1, 2, 3].map(() => box(figures)), kind: "sequence" } : figures;
}
