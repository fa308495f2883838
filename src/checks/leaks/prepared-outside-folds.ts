import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import type { LessonKind } from "../story/values.ts";
import { guilty, isTaughtBy, prepared, said } from "./facts.ts";

/** What makes folds know each other enough to say so. A search compares its candidates on equal terms: there only what copies rows or labels counts. */
const inFolds: ReadonlySet<LessonKind> = new Set([
  "statistic",
  "scaler",
  "selection",
  "decomposition",
  "resampling",
  "target",
  "vectorizer",
]);
const inSearch: ReadonlySet<LessonKind> = new Set(["selection", "resampling", "target"]);

/** Rows are prepared as a whole before they are put into folds: each fold knows the others. */
export function preparedOutsideFolds({ leaks }: Case): Iterable<Diagnostic> {
  const known = new Set(leaks.leaked.map(({ lesson }) => lesson));
  const found = leaks.events.flatMap((event) => {
    if (event.kind !== "cross" || !event.x.rows) return [];
    const rows = event.x.rows;
    const counts = event.isSearch ? inSearch : inFolds;
    return prepared(event.x, event.y).flatMap(({ lesson, kind }) =>
      counts.has(kind) && !known.has(lesson) && isTaughtBy(rows, lesson)
        ? [{ at: guilty(lesson.site, event.site), values: { what: lesson.text, how: event.text } }]
        : [],
    );
  });
  return said(leaks, "CW4122", found);
}
