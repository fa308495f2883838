import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { said } from "./facts.ts";

/** Rows in the order of time are divided at random: the model learns from what comes after the rows it is measured on. */
export function randomSplitInTime({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.events.flatMap((event) =>
    event.kind === "split" && event.time && event.split.isRandom && !event.split.isFold
      ? [{ at: event.split.site, values: { how: event.split.how, evidence: event.time.text } }]
      : [],
  );
  return said(leaks, "CW4111", found);
}
