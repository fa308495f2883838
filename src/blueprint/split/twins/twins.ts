import type { Expr } from "../../../python/ir.ts";
import { printExpr } from "../../../python/print/expressions.ts";
import type { Rows, Source } from "../bound.ts";
import type { CallPlace } from "../graph.ts";
import type { Machine, Pair } from "../machine.ts";
import type { Served } from "../served.ts";
import { type Difference, differences, type Sort } from "./compare.ts";
import { code, type Numbers, newNumbers, raw, type Site } from "./nodes.ts";
import { handedOver, numberAll } from "./versions.ts";

/** A place in the notebook. */
export interface TwinPlace {
  readonly unit: number;
  readonly span: Expr["span"];
}

/** A certain difference between how the rows of a fit and the answered rows are prepared. */
export interface Twin {
  readonly sort: Sort;
  /** The statement for the rows of the fit, if there is one. */
  readonly trained?: TwinPlace;
  /** The statement for the answered rows, if there is one. */
  readonly served?: TwinPlace;
  readonly fit: TwinPlace;
  readonly prediction: TwinPlace;
}

/** Compares what each served model is asked about with what it was fitted to (fit-apply.md, part 6). */
export function twinsOf(m: Machine, served: readonly Served[]): readonly Twin[] {
  const asked = new Set(served.flatMap(({ values }) => values.flatMap(({ predictions }) => [...predictions])));
  const pairs = m.pairs.filter(
    ({ prediction, data, lesson }) =>
      asked.has(prediction) &&
      prediction.rows.id !== lesson.rows.id &&
      // The same version of the same table, of which a split has made two.
      printExpr(data) !== printExpr(lesson.data),
  );
  const out: Twin[] = [];
  const said = new Set<string>();
  const numbered = new Map<string, Numbers>();
  for (const pair of pairs)
    for (const found of differencesOf(m, pair, numbered)) {
      const twin = placed(found, pair);
      const key = JSON.stringify([twin.sort, twin.trained, twin.served]);
      if (!said.has(key)) out.push(twin);
      said.add(key);
    }
  return out;
}

function differencesOf(
  m: Machine,
  { data, unit, prediction, lesson }: Pair,
  known: Map<string, Numbers>,
): readonly Difference[] {
  const sources = [lesson.rows.source, prediction.rows.source];
  const key = sources.map(({ version }) => version).join(" ");
  const n = known.get(key) ?? numbersOf(m, sources);
  known.set(key, n);
  const trained = handedOver(n, lesson.unit, lesson.data, lesson.takes);
  const answered = handedOver(n, unit, data, lesson.takes);
  return differences(n, trained, answered, sidesOf(m, lesson.rows, prediction.rows));
}

function sidesOf(m: Machine, trained: Rows, served: Rows) {
  return { trained, served, labels: m.labels };
}

/** Numbers of all versions, in which the tables that the rows of both sides come from are the raw rows. */
function numbersOf(m: Machine, sources: readonly Source[]): Numbers {
  const n = newNumbers(m.cuts, m.origins);
  const own = new Set(sources.flatMap((one) => [one, ...(one.among ?? [])]));
  for (const source of m.sources)
    n.versions.set(source.version, own.has(source) ? raw(n) : code(n, `table ${source.version}`));
  numberAll(n, m.definitions);
  return n;
}

/** Inside of one function both places are one: then the calls of it are meant. */
function placed({ sort, trained, served }: Difference, pair: Pair): Twin {
  const isOne =
    sort === "own figure" ||
    (trained && served && trained.unit === served.unit && trained.span.start === served.span.start);
  const place = (site: Site): TwinPlace => {
    const at: Site | CallPlace = isOne && site.call ? site.call : site;
    return { unit: at.unit, span: at.span };
  };
  return {
    sort,
    ...(trained ? { trained: place(trained) } : {}),
    ...(served ? { served: place(served) } : {}),
    fit: { unit: pair.lesson.unit, span: pair.lesson.span },
    prediction: { unit: pair.unit, span: pair.span },
  };
}
