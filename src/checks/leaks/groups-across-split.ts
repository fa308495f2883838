import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { said } from "./facts.ts";

/** Rows of one customer, patient or device are divided row by row: a model knows some of them when it is measured on the others. */
export function groupsAcrossSplit({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.events.flatMap((event) => {
    if (event.kind === "split" && event.grouping && !event.split.isGrouped && event.split.isRandom)
      return [
        {
          at: event.split.site,
          values: { how: event.split.how, label: event.grouping.label, evidence: event.grouping.text },
        },
      ];
    if (event.kind === "cross" && event.grouping && !event.isGrouped)
      return [
        { at: event.site, values: { how: event.text, label: event.grouping.label, evidence: event.grouping.text } },
      ];
    return [];
  });
  return said(leaks, "CW4110", found);
}
