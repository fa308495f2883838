import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { lessonsOf } from "../story/values.ts";
import { guilty, said } from "./facts.ts";

/** A feature is computed from later rows: windows and fills reach over the split, and nobody has them when the model is asked. */
export function featureLooksAhead({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.fits.flatMap((fit) =>
    [...lessonsOf(fit.x)].flatMap((lesson) =>
      lesson.kind === "ahead" ? [{ at: guilty(lesson.site, fit.site), values: { what: lesson.text } }] : [],
    ),
  );
  return said(leaks, "CW4116", found);
}
