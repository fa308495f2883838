import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { said } from "./facts.ts";

/** Rows in the order of time are put into folds at random. */
export function shuffledFoldsInTime({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.events.flatMap((event) => {
    if (event.kind === "split" && event.time && event.split.isRandom && event.split.isFold)
      return [{ at: event.split.site, values: { how: event.split.how, evidence: event.time.text } }];
    if (event.kind === "cross" && event.time && event.splitter?.isRandom)
      return [{ at: event.site, values: { how: event.splitter.name, evidence: event.time.text } }];
    return [];
  });
  return said(leaks, "CW4112", found);
}
