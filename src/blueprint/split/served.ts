import type { Expr } from "../../python/ir.ts";
import { type Bound, isRow, type LabelTable, none, type Prediction, type Rows, type Source } from "./bound.ts";
import { hasSamePlaces } from "./combine.ts";
import type { Taken } from "./concat.ts";
import { cut, isTemporary, type Machine, now } from "./machine.ts";
import type { Nameless } from "./nameless.ts";

/** What a `serve` directive asks for: the values of these names where it stands. */
export interface Asked {
  readonly name: string;
  /** The statement after which it stands. */
  readonly unit: number;
  readonly gives: readonly string[];
}

/** The values that are served, under their names. */
export interface Served {
  /** Of the function, and of the endpoint. */
  readonly name: string;
  readonly source: Source;
  readonly values: readonly ServedValue[];
  /** The statement that predicts, and whose rows the answers have in the notebook; undefined when no cell predicts held-out rows. */
  readonly prediction?: Prediction;
  /** Of tables that were put under each other, the one whose rows are answered. */
  readonly taken: Taken;
  /** Where no cell predicts: what the model says of the rows that it was fitted on. */
  readonly trained?: {
    readonly unit: number;
    readonly rows: Rows;
    readonly code: string;
    readonly through: readonly LabelTable[];
  };
}

/** Which of two tables under each other each value is made of; undefined where they do not agree. */
export function takenBy(all: readonly (Rows | undefined)[]): Taken | undefined {
  const taken = new Map<number, 0 | 1>();
  for (const rows of all)
    for (const [stack, at] of rows?.taken ?? []) {
      if ((taken.get(stack) ?? at) !== at) return undefined;
      taken.set(stack, at);
    }
  return taken;
}

/** One value of an answer, and the code that gives it. */
export interface ServedValue {
  readonly name: string;
  readonly code: Expr;
  /** The variable that holds it in the notebook. */
  readonly variable?: string;
  /** Where none does: the expression that computes it there, behind this statement. */
  readonly computed?: { readonly unit: number; readonly text: string };
  /** Predictions that it is made of. */
  readonly predictions: ReadonlySet<Prediction>;
}

/**
 * What is served when nobody says: the last prediction on rows that the model was not fitted on, with all that is computed
 * row by row from predictions on the same rows; without one, what the last fitted model says (fit-apply.md, part 1). A prediction
 * that no variable holds is served where it stands; where the notebook cannot be asked for it again, it is given back as it is.
 */
export function servedOf(m: Machine, values: ReadonlyMap<number, Nameless>): Served | Nameless | undefined {
  const last = lastPrediction(m);
  if (!last) return ofLastFit(m);
  const out: ServedValue[] = [];
  const seen = new Set<number>();
  for (const [name, held] of m.scope.names) {
    const value = now(m, held);
    if (
      !isRow(value) ||
      !value.code ||
      !value.rows ||
      !hasSamePlaces(value.rows, last.rows) ||
      value.predictions.size === 0
    )
      continue;
    if (value.kind !== "series" && value.kind !== "array") continue;
    // What the normal form made of a part of an expression has no name in the notebook.
    if (isTemporary(name)) continue;
    if (value.object !== undefined) {
      if (seen.has(value.object)) continue;
      seen.add(value.object);
    }
    out.push({ name, code: value.code, variable: name, predictions: value.predictions });
  }
  // The probabilities of all classes are not served beside the one that the notebook takes.
  const single = out.filter(({ variable }) => variable !== undefined && isSingle(m, variable));
  const chosen = single.length > 0 ? single : out;
  const answered = { name: "predict", source: last.rows.source, prediction: last, taken: last.rows.taken ?? new Map() };
  if (chosen.length > 0) return { ...answered, values: chosen };
  const own = values.get(last.id);
  if (!own?.value.code) return undefined;
  const { text, unit, isWhole } = own;
  // Nobody could compare it with what the notebook says.
  if (text === undefined && !isWhole) return own;
  return {
    ...answered,
    values: [
      {
        name: "prediction",
        code: own.value.code,
        predictions: own.value.predictions,
        ...(text === undefined ? {} : { computed: { unit, text } }),
      },
    ],
  };
}

/** The last prediction that stands by itself, or that a value after all loops is made of. */
function lastPrediction(m: Machine): Prediction | undefined {
  let last = m.predictions.at(-1);
  for (const held of m.scope.names.values()) {
    const value = now(m, held);
    if (!isRow(value) || value.kind === "unknown") continue;
    for (const one of value.predictions) if (!last || one.id > last.id) last = one;
  }
  return last;
}

function isSingle(m: Machine, name: string): boolean {
  const held = m.scope.names.get(name);
  const value = held && now(m, held);
  return value?.kind === "series" || value?.width === 1;
}

/** The variable that holds a model where it has been fitted. */
function modelName(m: Machine, { model, unit, rows }: Machine["fits"][number]): string | undefined {
  if (model.kind === "name") return model.id;
  for (const [name, held] of m.scope.names) {
    const value = now(m, held);
    if (value.kind === "estimator" && m.boundAt.get(name) === unit && value.fittedOn?.some((one) => one.id === rows.id))
      return name;
  }
  return undefined;
}

/** No held-out prediction: the last model that was fitted answers. */
function ofLastFit(m: Machine): Served | undefined {
  const last = m.fits.at(-1);
  const name = last && modelName(m, last);
  if (!last?.data.code || name === undefined) return undefined;
  const { span } = last.model;
  const model = cut(m, name, "estimator", {
    kind: "behind",
    unit: last.unit,
    span,
    call: "keep",
    value: name,
  });
  const { through } = last;
  const trained =
    through === undefined || last.text === undefined
      ? undefined
      : { unit: last.unit, rows: last.rows, code: `${name}.predict(${last.text})`, through };
  const code: Expr = {
    kind: "call",
    func: { kind: "attribute", value: model, attr: "predict", attrSpan: span, span },
    args: [last.data.code],
    keywords: [],
    span,
  };
  return {
    name: "predict",
    source: last.rows.source,
    values: [{ name: "prediction", code, predictions: none }],
    taken: last.rows.taken ?? new Map(),
    ...(trained ? { trained } : {}),
  };
}

/** A value that a `serve` directive names and that cannot be served. */
export interface Missing {
  readonly asked: Asked;
  readonly value: string;
  readonly why: string;
}

/** What a `serve` directive asks for, by the names as they are where it stands. */
export function servedBy(asked: Asked, names: ReadonlyMap<string, Bound>, missing: Missing[]): Served | undefined {
  const values: ServedValue[] = [];
  let first: Bound | undefined;
  const rows: (Rows | undefined)[] = [];
  for (const name of asked.gives) {
    const value = names.get(name);
    const why = !value
      ? "is not assigned"
      : !isRow(value) || !value.code
        ? "has no entry for each row"
        : first && value.rows?.source !== first.rows?.source
          ? "has the rows of another dataset than the values beside it"
          : takenBy([...rows, value.rows]) === undefined
            ? "has the rows of another one of the tables put together than the values beside it"
            : undefined;
    rows.push(value?.rows);
    if (why !== undefined) missing.push({ asked, value: name, why });
    else if (value?.code) {
      first ??= value;
      values.push({ name, code: value.code, variable: name, predictions: value.predictions });
    }
  }
  const source = first?.rows?.source;
  if (!source || values.length < asked.gives.length) return undefined;
  const prediction = first && [...first.predictions].at(-1);
  return { name: asked.name, source, values, taken: takenBy(rows) ?? new Map(), ...(prediction ? { prediction } : {}) };
}
