import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import type { Column, Value } from "../story/values.ts";
import { said } from "./facts.ts";
import { holds, labelled, leavesOf, named } from "./features.ts";

/** The features hold every column that the label is computed from: they are known only with it, and give it away. */
export function featuresThatMakeLabel({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.fits.flatMap((fit) => {
    const given = labelled(fit);
    if (!given || holds(given.x, given.label.is) !== undefined) return [];
    const names = makers(given.x, given.label);
    return names === undefined
      ? []
      : [{ at: fit.site, values: { columns: names.map((name) => `'${name}'`).join(", ") } }];
  });
  return said(leaks, "CW4115", found);
}

/** Columns among the features that tell the label: all raw ones that it is made of, or one that stands between them and it. */
function makers(x: Value, label: Column): readonly string[] | undefined {
  const leaves = leavesOf(label);
  if (leaves.length === 0 || leaves.includes(label.is)) return undefined;
  const raw = leaves.map((leaf) => holds(x, leaf));
  if (raw.every((name) => name !== undefined)) return raw.flatMap((name) => name ?? []);
  if (x.isVague) return undefined;
  const between = named(x).find(
    ([, column]) =>
      column.is !== label.is && label.made.has(column.is) && leaves.every((leaf) => column.made.has(leaf)),
  );
  return between && [between[0]];
}
