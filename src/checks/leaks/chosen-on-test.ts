import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { areApart, type Lesson, sidesOf } from "../story/values.ts";
import { areSame, guilty, type Leaks, said } from "./facts.ts";

/** A model, or a parameter of it, is chosen by its score on the rows that it is reported for. */
export function chosenOnTest({ leaks }: Case): Iterable<Diagnostic> {
  const limits = new Set(leaks.events.flatMap((event) => (event.kind === "threshold" ? [...event.chosenBy] : [])));
  const found = leaks.asked.flatMap((event) =>
    [...event.chosenBy].flatMap((lesson) => {
      // A limit that answers are compared with is the matter of a law of its own.
      if (limits.has(lesson)) return [];
      if (lesson.of.size > 0 || !areSame(lesson.rows, event.rows)) return [];
      if (sidesOf(lesson.rows).some(({ split }) => split.isFold) || isMeasuredElsewhere(leaks, lesson)) return [];
      const isHeldOut = leaks.fits.some(({ x }) => x.rows && areApart(x.rows, event.rows));
      return isHeldOut ? [{ at: guilty(lesson.site, event.site), values: { measure: lesson.text } }] : [];
    }),
  );
  return said(leaks, "CW4120", found);
}

/** Other rows are held out too, and measured on: then the choice was made on rows for choosing. */
function isMeasuredElsewhere({ events, fits }: Leaks, { rows }: Lesson): boolean {
  return events.some(
    (event) =>
      event.kind === "score" &&
      areApart(event.rows, rows) &&
      fits.every(({ x, estimator }) => estimator !== event.model || !x.rows || areApart(x.rows, event.rows)),
  );
}
