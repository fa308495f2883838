import type { Format } from "./context.ts";
import { headline, location } from "./location.ts";
import { painter, severityStyle } from "./paint.ts";
import { visible } from "./visible.ts";

/** One line for each diagnostic: `nb.ipynb:cell 3:2:5: error[CW2003 label-leak] message Fix: fix`. */
export const concise: Format = (diagnostics, context) => {
  const paint = painter(context.color);
  return diagnostics
    .map((diagnostic) => {
      const where = diagnostic.place ? location(diagnostic.place, context) : "crosswalk";
      const what = paint(severityStyle[diagnostic.severity], headline(diagnostic));
      return `${where}: ${what} ${visible(diagnostic.message)} Fix: ${visible(diagnostic.fix)}\n`;
    })
    .join("");
};
