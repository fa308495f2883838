import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Case } from "../case.ts";
import type { PredictEvent, ScoreEvent } from "../story/events.ts";
import { isWithin, type Rows, type Site, sidesOf } from "../story/values.ts";
import { type Leaks, said } from "./facts.ts";

/** Parameters are searched for on rows that are held out later. */
export function searchedOnAllRows({ leaks }: Case): Iterable<Diagnostic> {
  return said(
    leaks,
    "CW4118",
    searches(leaks).map(({ site, text, how }) => ({ at: site, values: { what: text, how } })),
  );
}

interface Search {
  readonly site: Site;
  readonly text: string;
  readonly how: string;
  /** What measures the result. */
  readonly measured: PredictEvent | ScoreEvent;
}

/** Searches on rows of which some are held out from the model that they chose. */
export function searches({ events, asked, fits }: Leaks): readonly Search[] {
  const out: Search[] = [];
  for (const event of events) {
    if (event.kind !== "cross" || !event.x.rows) continue;
    const all = event.x.rows;
    const measured = asked.find(({ rows, model, chosenBy }) => {
      const isOfSearch =
        (event.isSearch && fits.some(({ site, estimator }) => site.span === event.site.span && estimator === model)) ||
        [...chosenBy].some((lesson) => lesson.of.size > 0 && lesson.rows.id === all.id);
      return isOfSearch && heldOut(rows, all) !== undefined;
    });
    const how = measured && heldOut(measured.rows, all);
    if (measured && how !== undefined) out.push({ site: event.site, text: event.text, how, measured });
  }
  return out;
}

/** How some of these rows are held out, if they are. */
function heldOut(rows: Rows, all: Rows): string | undefined {
  return sidesOf(rows).find(({ split, name }) => name === "test" && isWithin(split.base, all))?.split.how;
}
