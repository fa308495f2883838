import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import type { Column, Value } from "../story/values.ts";
import { said } from "./facts.ts";
import { holds, labelled, leavesOf, named } from "./features.ts";

/** A feature is computed from the label of the same row, which nobody knows when the model is asked. */
export function featureMadeOfLabel({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.fits.flatMap((fit) => {
    const given = labelled(fit);
    if (!given || holds(given.x, given.label.is) !== undefined) return [];
    const name = computedFrom(given.x, given.label);
    return name === undefined ? [] : [{ at: fit.site, values: { feature: name || "a feature" } }];
  });
  return said(leaks, "CW4114", found);
}

function computedFrom(x: Value, label: Column): string | undefined {
  const leaves = leavesOf(label);
  const [only] = leaves.length === 1 ? leaves : [];
  const isOf = ({ is, made }: Column): boolean =>
    is !== label.is && !label.made.has(is) && (made.has(label.is) || (only !== undefined && made.has(only)));
  return named(x).find(([, column]) => isOf(column))?.[0];
}
