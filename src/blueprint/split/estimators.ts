import type { Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { codesOf, type MethodCall, rebuilt } from "./arguments.ts";
import {
  type Bound,
  fitted,
  isRow,
  type LabelTable,
  type Prediction,
  predictionsOf,
  type Rows,
  rowwise,
} from "./bound.ts";
import { rowsOf, whole } from "./combine.ts";
import { change, cut, globalScope, isTemporary, type Machine, next, now, rowsAfter, trouble } from "./machine.ts";
import { isRepeatable } from "./nameless.ts";
import { noTransform, predicting } from "./rules.ts";
import { columnsTaken, selected } from "./selects.ts";
import { codeOf, fieldName } from "./static.ts";
import { noteOrigin } from "./twins/origins.ts";

/** `model.fit(X, y)`: training alone; the model is another one from now on. */
export function fitEstimator(m: Machine, { expr, func, base, given }: MethodCall): Bound {
  const [data] = given.positional.filter(isRow);
  const x = given.named.get("X") ?? data;
  const y = given.named.get("y") ?? given.positional[1];
  if (y?.column !== undefined) m.labels.add(y.column);
  else if (y && isRow(y)) m.isLabelHidden = true;
  const rows = x ? rowsOf(x) : undefined;
  const fittedOn: readonly Rows[] = rows ? [rows] : [];
  const lesson: Pick<Bound, "lesson"> =
    x && isRow(x) && x.code && x.rows
      ? {
          lesson: {
            unit: m.unit,
            span: expr.span,
            data: x.code,
            rows: x.rows,
            takes: columnsTaken(base),
          },
        }
      : {};
  const after = fitted("estimator", { ...madeAs(base), fittedOn, ...lesson });
  change(m, base, after);
  if (rows && x && isRow(x) && y && m.depth === 0 && m.calls.length === 0) {
    const through = placesOf(m, rows);
    const [given] = expr.args;
    const text = given && isRepeatable(given) ? printExpr(given) : undefined;
    m.fits.push({
      unit: m.unit,
      model: func.value,
      rows,
      data: x,
      ...(text === undefined ? {} : { text }),
      ...(through ? { through } : {}),
    });
  }
  return base.object === undefined ? after : { ...after, object: base.object };
}

/** `est.transform(X)`, `model.predict(X)`: entry by entry with what was learned. */
export function applyEstimator(m: Machine, { expr, func, base, given }: MethodCall): Bound {
  const data = given.positional.find(isRow) ?? [...given.named.values()].find(isRow);
  const rows = data && rowsOf(data);
  if (!data || !rows) return fitted();
  const isAnswer = predicting.has(func.attr);
  const predictions = new Set(predictionsOf([data]));
  if (isAnswer && rows.id <= m.loopFrom && !(base.fittedOn ?? []).some((fit) => fit.id === rows.id)) {
    const through = placesOf(m, rows);
    const prediction: Prediction = { id: next(m), unit: m.unit, rows, ...(through ? { through } : {}) };
    if (m.depth === 0) m.predictions.push(prediction);
    predictions.add(prediction);
    const lesson = base.lesson ?? (base.attr === "best_estimator_" ? base.of?.lesson : undefined);
    if (lesson && data.code) m.pairs.push({ prediction, unit: m.unit, span: expr.span, data: data.code, lesson });
  }
  if (data.kind === "unknown") return { ...data, object: undefined, predictions };
  const taken = { ...given, all: given.all.map((one) => (one === data ? selected(base, one, expr) : one)) };
  const code = rebuilt(expr, codesOf(m, expr, taken), { ...func, value: codeOf(m, func.value, base) });
  return rowwise("array", code, rows, {
    predictions,
    ...(/^(?:predict|decision_function|score_samples)$/.test(func.attr) ||
    (func.attr === "inverse_transform" && data.width === 1)
      ? { width: 1 }
      : {}),
  });
}

/** What of an estimator its fits leave alone. */
function madeAs({ member, selects, takesAll }: Bound): Pick<Bound, "member" | "selects" | "takesAll"> {
  return {
    ...(member === undefined ? {} : { member }),
    ...(selects ? { selects } : {}),
    ...(takesAll ? { takesAll } : {}),
  };
}

/** What leads from places among these rows to labels of the dataset: by a variable that has their labels. */
export function placesOf(m: Machine, rows: Rows): readonly LabelTable[] | undefined {
  if (rows.labels === "lost") return undefined;
  if (rows.isPositional) return rows.labels;
  for (const [name, held] of globalScope(m).names) {
    // Names that the normal form made are not there in training.
    if (isTemporary(name)) continue;
    const value = now(m, held);
    const unit = m.boundAt.get(name);
    if (value.time !== "row" || value.rows?.id !== rows.id || unit === undefined) continue;
    if (value.kind === "frame" || value.kind === "series")
      return [...rows.labels, { how: "index", name: `${name}_labels`, unit, variable: name }];
  }
  return rows.places && placesOf(m, rows.places);
}

/** `est.fit_transform(X)`: in training as it is written; a given row is transformed by what was learned. */
export function fitTransform(m: Machine, { expr, func, base, given }: MethodCall): Bound {
  const data = given.positional.find(isRow) ?? given.named.get("X");
  const rows = data && rowsOf(data);
  if (!data || !rows) return whole(m, expr, given.all);
  const [x] = expr.args;
  if (func.attr === "fit_resample" || func.attr === "fit_sample") {
    const other = rowsAfter(m, rows, `resample:${m.unit}:${expr.span.start}`, { labels: "lost", isReordered: true });
    return fitted("sequence", {
      items: given.positional.map((value) => (isRow(value) ? { ...value, rows: other } : fitted())),
    });
  }
  const after = fitted("estimator", {
    ...madeAs(base),
    fittedOn: [rows],
  });
  change(m, base, after);
  if (data.kind === "unknown") return data;
  if (base.member !== undefined && noTransform.test(base.member)) return trouble(m, "no transform", expr, rows, [data]);
  const attr = func.attr === "fit_predict" ? "predict" : "transform";
  const estimator =
    func.value.kind === "name"
      ? cut(m, func.value.id, "estimator", {
          kind: "behind",
          unit: m.unit,
          span: expr.span,
          call: "keep",
          value: func.value.id,
        })
      : // It has no name: nobody but the call itself has it once it is fitted.
        cut(m, fieldName(m, func.value), "estimator", {
          kind: "callee",
          unit: m.unit,
          span: func.span,
          call: "learn_fitted",
        });
  noteOrigin(m, estimator, func.value, after);
  const code: Expr = {
    ...expr,
    func: { ...func, attr, value: estimator },
    args: x ? [codeOf(m, x, given.positional[0] ?? fitted())] : [],
    keywords: x ? [] : [{ name: "X", value: data.code ?? expr, span: expr.span }],
  };
  return rowwise("array", code, rows, { predictions: data.predictions });
}
