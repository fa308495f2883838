import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { guilty, said } from "./facts.ts";

/** The words and weights of a vectorizer are learned from texts that are held out later. */
export function vectorizersBeforeSplit({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.leaked.filter(({ kind }) => kind === "vectorizer");
  return said(
    leaks,
    "CW4108",
    found.map(({ lesson, divided, how }) => ({ at: guilty(lesson.site, divided), values: { what: lesson.text, how } })),
  );
}
