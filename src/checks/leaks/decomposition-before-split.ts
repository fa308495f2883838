import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { guilty, said } from "./facts.ts";

/** Directions or clusters are found in rows that are held out later. */
export function decompositionBeforeSplit({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.leaked.filter(({ kind }) => kind === "decomposition");
  return said(
    leaks,
    "CW4105",
    found.map(({ lesson, divided, how }) => ({ at: guilty(lesson.site, divided), values: { what: lesson.text, how } })),
  );
}
