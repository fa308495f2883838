import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { areSame, guilty, prepared, said } from "./facts.ts";

/** Categories of the training rows are encoded by labels of the very same rows: each row's own label is in its feature. */
export function ownLabelEncoded({ leaks }: Case): Iterable<Diagnostic> {
  const known = new Set(leaks.leaked.map(({ lesson }) => lesson));
  const found = leaks.fits.flatMap((fit) => {
    const { rows } = fit.x;
    if (!rows) return [];
    return prepared(fit.x, fit.y).flatMap(({ lesson, kind }) =>
      kind === "target" && lesson.isGrouped && !known.has(lesson) && areSame(lesson.rows, rows)
        ? [{ at: guilty(lesson.site, fit.site), values: { what: lesson.text } }]
        : [],
    );
  });
  return said(leaks, "CW4123", found);
}
