import { report } from "../../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { placeOf } from "../cite.ts";
import type { Trouble, TroubleCode } from "./graph.ts";
import type { Split } from "./index.ts";
import type { Asked } from "./served.ts";

const codes = {
  "unknown operation": "CW3111",
  "other rows": "CW3112",
  "row position": "CW3113",
  index: "CW3113",
  random: "CW3114",
  clock: "CW3115",
  "foreign file": "CW3121",
  label: "CW3122",
  "pandas version": "CW3123",
  "other row set": "CW3116",
  branch: "CW3117",
  container: "CW3118",
  "no transform": "CW3119",
  "row labels": "CW3120",
} as const satisfies Readonly<Record<TroubleCode, string>>;

const whys: Readonly<Record<TroubleCode, string>> = {
  "unknown operation": "is not known to work row by row",
  "other rows": "looks at other rows",
  "row position": "makes a value of a row's place",
  index: "makes a value of a row's label",
  random: "draws a number for each row",
  clock: "reads the clock",
  "foreign file": "is loaded from a file that no cell writes",
  label: "is what the model is fitted to",
  "pandas version": "does different things in different versions of pandas",
  "other row set": "puts together values of different rows",
  branch: "decides by values of rows which statements run",
  container: "keeps row values where they cannot be followed",
  "no transform": "places training rows only",
  "row labels": "writes rows by their labels",
};

/** What stands between the raw rows and the answers: errors where a directive asks for them, one note otherwise. */
export function sayTroubles(split: Split, placeOfAsked: (asked: Asked) => Place | undefined): readonly Diagnostic[] {
  const { units } = split.machine.flow.program;
  const out: Diagnostic[] = split.missing.map(({ asked, value, why }) =>
    report("CW3101", placeOfAsked(asked), { name: asked.name, value, why }),
  );
  const said = new Set<Trouble>();
  for (const { served, written, troubles, isAsked } of split.answers) {
    const { lag } = written;
    const unit = lag === undefined ? undefined : units[lag.unit];
    if (!isAsked || !lag || !unit || troubles.length > 0 || split.machine.lookBack?.at !== undefined) continue;
    const path = served.values.map((value) => value.name).join(", ");
    out.push(report("CW3124", placeOf(unit, lag.span), { text: lag.text, name: served.name, path }));
  }
  for (const { served, troubles, isAsked } of split.answers)
    for (const trouble of isAsked ? troubles : troubles.slice(0, 1)) {
      const unit = units[trouble.unit];
      if (!unit || said.has(trouble)) continue;
      said.add(trouble);
      const place = placeOf(unit, trouble.span);
      const path = served.values.map((value) => value.name).join(", ");
      const { text } = trouble;
      const code = codes[trouble.code];
      if (isAsked) out.push(report(code, place, { text, name: served.name, path }));
      else out.push(report("CW3100", place, { text, why: whys[trouble.code], path, code }));
    }
  const { unnamed } = split;
  const unit = unnamed && units[unnamed.unit];
  if (unnamed && unit)
    out.push(report("CW3102", placeOf(unit, unit.stmt.span), { text: printExpr(unnamed.expr).slice(0, 120) }));
  return out;
}
