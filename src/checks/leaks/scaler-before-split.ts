import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { guilty, said } from "./facts.ts";

/** A scaler or an imputer is fitted on rows that are held out later. */
export function scalersBeforeSplit({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.leaked.filter(({ kind }) => kind === "scaler");
  return said(
    leaks,
    "CW4102",
    found.map(({ lesson, divided, how }) => ({ at: guilty(lesson.site, divided), values: { what: lesson.text, how } })),
  );
}
