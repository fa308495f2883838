import { placeOf } from "../blueprint/cite.ts";
import type { UnitFacts } from "../dataflow/analyse.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Stmt } from "../python/ir.ts";
import type { Case } from "./case.ts";
import { catchesAll } from "./handlers.ts";

/** What the session of a notebook defines by itself: IPython's history, the objects of Spark's notebooks. */
const ambient = /^(?:In|Out|_+|_i+|_[doi]h|_i?\d+|exit|quit|spark|sc|sqlContext|dbutils|displayHTML)$/;

/**
 * A statement that production does not need reads a name that has no value there. Where a kept statement reads it, that is an error
 * already (CW2003), and a name that is reported there is not reported here again.
 */
export function* undefinedNames({ flow, selection, asked, defs }: Case): Iterable<Diagnostic> {
  const said = new Set<string>();
  for (const { unit, trace } of flow.facts)
    if (selection.kept.has(unit.id)) for (const name of trace.undefined.keys()) said.add(name);
  for (const facts of flow.facts) {
    const { unit, trace } = facts;
    if (selection.kept.has(unit.id) || asked.skipped.has(unit.id) || isForeseen(facts)) continue;
    for (const [name, span] of trace.undefined) {
      if (said.has(name) || ambient.test(name)) continue;
      said.add(name);
      const binders = defs.binders(name);
      const later = binders.find((id) => id > unit.id);
      const definition = later === undefined ? undefined : flow.program.units[later];
      if (definition && binders.every((id) => id > unit.id))
        yield report(
          "CW4006",
          placeOf(unit, span),
          { name, cell: definition.cell.cell.index },
          { related: [{ message: `'${name}' is defined here`, place: placeOf(definition) }] },
        );
      else yield report("CW4005", placeOf(unit, span), { name });
    }
  }
}

/** The statement expects it, or code before it may have defined any name. */
function isForeseen({ unit, trace }: UnitFacts): boolean {
  return (
    trace.tokenReads.has("namespace") || catchesNameError(unit.stmt) || unit.cell.cell.tags.includes("raises-exception")
  );
}

function catchesNameError(stmt: Stmt): boolean {
  return (
    stmt.kind === "try" &&
    stmt.handlers.some(
      ({ type }) => catchesAll(type) || (type?.kind === "name" && /^(?:NameError|UnboundLocalError)$/.test(type.id)),
    )
  );
}
