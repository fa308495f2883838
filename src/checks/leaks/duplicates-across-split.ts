import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import { isWithin, sidesOf } from "../story/values.ts";
import { said } from "./facts.ts";

/** Rows that stand there twice are dropped only when some are held out already: their twins may be on the other side. */
export function duplicatesAcrossSplit({ leaks }: Case): Iterable<Diagnostic> {
  const drops = leaks.events.flatMap((event) => (event.kind === "drop" ? [event] : []));
  const late = drops.flatMap(({ rows, site }) => {
    const [side] = sidesOf(rows);
    if (!side || drops.some(({ after }) => isWithin(side.split.base, after))) return [];
    return [{ at: site, values: { how: side.split.how } }];
  });
  return said(leaks, "CW4109", late);
}
