import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { guilty, said } from "./facts.ts";

/** Categories are encoded by labels of rows that are held out later. */
export function targetEncodingBeforeSplit({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.leaked.filter(({ kind }) => kind === "target");
  return said(
    leaks,
    "CW4107",
    found.map(({ lesson, divided, how }) => ({ at: guilty(lesson.site, divided), values: { what: lesson.text, how } })),
  );
}
