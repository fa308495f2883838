import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { guilty, said } from "./facts.ts";

/** Rows are copied or made up of others before some are held out. */
export function resamplingBeforeSplit({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.leaked.filter(({ kind }) => kind === "resampling");
  return said(
    leaks,
    "CW4106",
    found.map(({ lesson, divided, how }) => ({ at: guilty(lesson.site, divided), values: { what: lesson.text, how } })),
  );
}
