import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { areApart, isWithin, type LessonKind } from "../story/values.ts";
import { guilty, prepared, said } from "./facts.ts";

const own: ReadonlySet<LessonKind> = new Set([
  "statistic",
  "scaler",
  "encoder",
  "selection",
  "decomposition",
  "target",
  "vectorizer",
]);

/** Rows that a model is asked about are prepared by figures of their own: it was fitted on rows that were prepared otherwise. */
export function testPreparedByItself({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.asked.flatMap((event) => {
    if (event.kind !== "predict") return [];
    const fitted = event.model.fittedOn;
    return prepared(event.x, undefined).flatMap(({ lesson, kind }) => {
      const isOwn = own.has(kind) && isWithin(event.rows, lesson.rows) && fitted.length > 0;
      return isOwn && fitted.every((rows) => areApart(rows, lesson.rows))
        ? [{ at: guilty(lesson.site, event.site), values: { what: lesson.text } }]
        : [];
    });
  });
  return said(leaks, "CW4121", found);
}
