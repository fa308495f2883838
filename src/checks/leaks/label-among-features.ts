import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { said } from "./facts.ts";
import { holds, labelled } from "./features.ts";

/** The features that a model is fitted on hold the label itself. */
export function labelAmongFeatures({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.fits.flatMap((fit) => {
    const given = labelled(fit);
    const label = given && holds(given.x, given.label.is);
    return label === undefined ? [] : [{ at: fit.site, values: { label: label || "the label" } }];
  });
  return said(leaks, "CW4113", found);
}
