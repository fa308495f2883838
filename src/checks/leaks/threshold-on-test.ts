import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { areApart, isWithin } from "../story/values.ts";
import { guilty, said } from "./facts.ts";

/** The limit from which on an answer counts as yes is chosen on the very rows that it is used and measured on. */
export function thresholdOnTest({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.events.flatMap((event) => {
    if (event.kind !== "threshold") return [];
    const isHeldOut = leaks.fits.some(({ x }) => x.rows && areApart(x.rows, event.rows));
    return [...event.chosenBy].flatMap((lesson) =>
      isHeldOut && isWithin(event.rows, lesson.rows)
        ? [{ at: guilty(lesson.site, event.site), values: { what: event.text, measure: lesson.text } }]
        : [],
    );
  });
  return said(leaks, "CW4119", found);
}
