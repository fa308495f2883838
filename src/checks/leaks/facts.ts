import { placeOf } from "../../blueprint/cite.ts";
import type { Dataflow } from "../../dataflow/analyse.ts";
import { type Code, report } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { isModel } from "../story/estimators.ts";
import type { FitEvent, PredictEvent, ScoreEvent, StoryEvent } from "../story/events.ts";
import type { Story } from "../story/story.ts";
import {
  areApart,
  type Column,
  comesOf,
  isWithin,
  type Lesson,
  type LessonKind,
  lessonsOf,
  type Rows,
  type Site,
  sidesOf,
  union,
  type Value,
} from "../story/values.ts";

/** A lesson that a model is given, and that was learned from rows held out from it as well. */
export interface Leaked {
  readonly lesson: Lesson;
  readonly kind: LessonKind;
  /** Where the rows are divided, or the model is fitted. */
  readonly divided: Site;
  /** How they are held out, as the notebook writes it. */
  readonly how: string;
}

/** What several laws of leakage ask about. */
export interface Leaks {
  readonly flow: Dataflow;
  readonly events: readonly StoryEvent[];
  readonly fits: readonly FitEvent[];
  readonly asked: readonly (PredictEvent | ScoreEvent)[];
  readonly leaked: readonly Leaked[];
}

/** Sorts a story by what the laws ask. */
export function leaksOf(flow: Dataflow, { events }: Story): Leaks {
  const fits = events.flatMap((event) => (event.kind === "fit" && isModel(event.estimator) && event.y ? [event] : []));
  const asked = events.flatMap((event) =>
    (event.kind === "predict" || event.kind === "score") && isModel(event.model) ? [event] : [],
  );
  const leaked = fits.flatMap((fit) => leakedInto(fit, asked));
  return { flow, events, fits, asked, leaked };
}

/** What rows are prepared by: the other kinds of lessons are the matter of laws of their own. */
const prepares: ReadonlySet<LessonKind> = new Set([
  "statistic",
  "scaler",
  "encoder",
  "selection",
  "decomposition",
  "resampling",
  "target",
  "vectorizer",
]);

/** Lessons among features by which rows were prepared, each with what it turns out to be beside this label. */
export function prepared(
  x: Value,
  y: Value | undefined,
): readonly { readonly lesson: Lesson; readonly kind: LessonKind }[] {
  const label = y ? labelMade(y) : undefined;
  const out: { readonly lesson: Lesson; readonly kind: LessonKind }[] = [];
  for (const lesson of lessonsOf(x)) {
    if (!prepares.has(lesson.kind)) continue;
    const isOfLabel = label !== undefined && [...lesson.of].some((column) => label.has(column));
    // A table of relations of which nobody says which column it was asked about, and figures of another column than the label.
    if (lesson.kind === "selection" && lesson.isGrouped) continue;
    if (lesson.kind === "statistic" && lesson.isGrouped && isOfLabel) out.push({ lesson, kind: "target" });
    else out.push({ lesson, kind: lesson.kind });
  }
  return out;
}

/** Columns that a label is made of, itself among them. */
export function labelMade(y: Value): ReadonlySet<string> {
  return [...(y.columns?.values() ?? [])].reduce((all, column) => union(all, column.made), y.column.made);
}

/** The column that a label is. */
export function labelColumn(y: Value): Column | undefined {
  if (y.kind !== "frame") return y.column.is === "" ? undefined : y.column;
  const [only, ...others] = y.columns?.values() ?? [];
  return y.isClosed && others.length === 0 ? only : undefined;
}

/** True when rows are among those that taught a lesson; when some of them are copies, or were made up. */
export function isTaughtBy(rows: Rows, { kind, rows: taught }: Lesson): boolean {
  return kind === "resampling" ? comesOf(rows, taught) : isWithin(rows, taught);
}

function leakedInto(fit: FitEvent, asked: readonly (PredictEvent | ScoreEvent)[]): readonly Leaked[] {
  const rows = fit.x.rows;
  const lessons = rows ? prepared(fit.x, fit.y) : [];
  if (!rows || lessons.length === 0) return [];
  const sides = sidesOf(rows);
  const held = asked.filter((event) => event.model === fit.estimator && areApart(event.rows, rows));
  return lessons.flatMap(({ lesson, kind }): readonly Leaked[] => {
    const side = sides.find(({ split }) => isTaughtBy(split.base, lesson));
    if (side) return [{ lesson, kind, divided: side.split.site, how: side.split.how }];
    const event = held.find((one) => isTaughtBy(one.rows, lesson));
    return event ? [{ lesson, kind, divided: fit.site, how: "the rows that the model is asked about later" }] : [];
  });
}

/** Where the guilt lies: in the function that both places are in, or where it was called with rows that it should not see. */
export function guilty(site: Site, other: Site): Pick<Site, "unit" | "span"> {
  let shared = 0;
  while (shared < site.calls.length && site.calls[shared]?.span === other.calls[shared]?.span) shared++;
  return site.calls[shared] ?? site;
}

/** Says a finding once for each place. */
export function* said<C extends Code>(
  { flow }: Pick<Leaks, "flow">,
  code: C,
  found: Iterable<{ readonly at: Pick<Site, "unit" | "span">; readonly values: Parameters<typeof report<C>>[2] }>,
): Iterable<Diagnostic> {
  const seen = new Set<string>();
  const all = [...found].sort((a, b) => a.at.unit - b.at.unit || a.at.span.start - b.at.span.start);
  for (const { at, values } of all) {
    const unit = flow.program.units[at.unit];
    const key = `${at.unit}:${at.span.start}`;
    if (!unit || seen.has(key)) continue;
    seen.add(key);
    yield report(code, placeOf(unit, at.span), values);
  }
}

/** True when two row sets are the same rows. */
export function areSame(a: Rows, b: Rows): boolean {
  return a.id === b.id || (isWithin(a, b) && isWithin(b, a));
}
