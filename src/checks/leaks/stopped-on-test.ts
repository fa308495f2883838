import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { areApart, type Rows } from "../story/values.ts";
import { areSame, said } from "./facts.ts";

/** The rows by which a fit decides when to stop are those that it is measured on in the end. */
export function stoppedOnTest({ leaks }: Case): Iterable<Diagnostic> {
  const found = leaks.fits.flatMap((fit) => {
    const { x, watched, stops, estimator } = fit;
    if (!stops || !x.rows) return [];
    const fitted = x.rows;
    const measured = leaks.asked.filter(({ model, rows }) => model === estimator && areApart(rows, fitted));
    const isWatched = (rows: Rows): boolean => watched.some((one) => areApart(one, fitted) && areSame(one, rows));
    if (measured.length === 0 || !measured.every(({ rows }) => isWatched(rows))) return [];
    return [{ at: fit.site, values: { model: estimator.name } }];
  });
  return said(leaks, "CW4117", found);
}
