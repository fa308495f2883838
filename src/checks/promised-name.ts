import type { Name } from "../annotation/directive.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearest } from "../foundation/nearest.ts";
import type { Cell } from "../notebook/notebook.ts";
import type { Case } from "./case.ts";

/**
 * A directive promises something about a name that nothing computes and no data has: a contract, the entity of a
 * feature. Metrics, thresholds, answers, steps, tests and parameters have errors of their own.
 */
export function* promisedNames({ flow, asked, model, built, defs }: Case): Iterable<Diagnostic> {
  const data = new Set([
    ...asked.data.map((d) => d.name),
    ...(built?.blueprint.datasets.map((d) => d.name) ?? []),
    ...Object.keys(model.data),
  ]);
  const isKnown = (name: string): boolean => {
    const variable = name.split(".")[0] ?? name;
    return data.has(name) || data.has(variable) || defs.binders(variable).length > 0;
  };
  const entities = new Set<string>();
  for (const { directive } of asked.intent) if (directive.kind === "entity") entities.add(directive.name.name);
  let hints = 0;
  const say = (cell: Cell, directive: string, name: Name, known: Iterable<string>): Diagnostic => {
    // A hint compares with every name there is: the first few will do.
    const near = hints++ < 10 ? nearest(name.name, known) : undefined;
    return report("CW4015", cell.place(name.span), {
      directive,
      name: name.name,
      hint: near === undefined ? "" : `; did you mean '${near}'?`,
    });
  };
  const names = (): Iterable<string> => [...data, ...flow.names.keys()];
  // Data that no directive names is only known of a product.
  for (const { directive, attached } of built ? asked.contracts : [])
    if (!isKnown(directive.name.name)) yield say(attached.cell, "contract", directive.name, names());
  for (const { directive, attached } of asked.intent) {
    if (directive.kind === "feature" && !entities.has(directive.of.name))
      yield say(attached.cell, "feature … of", directive.of, entities);
  }
}
