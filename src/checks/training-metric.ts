import { placeOf } from "../blueprint/cite.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { codeText } from "../python/code-text.ts";
import type { Case } from "./case.ts";
import { searches } from "./leaks/searched-on-all-rows.ts";
import { sightsOf } from "./outputs.ts";

/** Clusterings are judged on the rows that they were made of, and criteria of information are defined on them. */
const ofTheFit =
  /^(?:aic|bic)$|silhouette|calinski|davies_bouldin|rand_|mutual_info|homogeneity|completeness|v_measure|fowlkes/;

/** Words by which an author says that a figure is of the training rows. */
const saysSo = /train|in[-_ ]?sample|resubstitution/i;

/**
 * A model is measured only on the rows that it was fitted on. Beside the same figure on other rows it is a fair comparison; beside
 * another figure on other rows it must say in its name or its label that it is of the training rows.
 */
export function* trainingMetrics({ flow, kept, leaks }: Case): Iterable<Diagnostic> {
  const measured = flow.facts.flatMap(({ unit, trace }) =>
    sightsOf(trace.sights, "score").map((sight) => ({ unit, sight })),
  );
  // Rows of which nothing is known may be others: the benefit of the doubt.
  const elsewhere = new Set(measured.filter(({ sight }) => sight.rows !== "fitted").map(({ sight }) => sight.figure));
  // That a search saw the rows that measure it is the matter of a law of its own.
  const searched = new Set(searches(leaks).map((search) => search.measured.site.unit));
  for (const { unit, sight } of measured) {
    if (sight.rows !== "fitted" || !kept.has(unit.id) || searched.has(unit.id)) continue;
    if (elsewhere.has(sight.figure) || ofTheFit.test(sight.figure)) continue;
    if (elsewhere.size > 0 && saysSo.test(label(codeText(unit.cell.module, unit.stmt.span)))) continue;
    yield report("CW4018", placeOf(unit, sight.span), { figure: sight.figure });
  }
}

/** What a statement says about its figure: the names that it binds, and its texts. */
function label(text: string): string {
  const names = /^[\w\s,.[\]"']*(?==[^=])/.exec(text)?.[0] ?? "";
  return [names, ...(text.match(/"[^"]*"|'[^']*'/g) ?? [])].join(" ");
}
