import { placeOf } from "../blueprint/cite.ts";
import type { Binding } from "../dataflow/machine.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";

/** Values that cannot be called. */
const data = new Set(
  "int float complex bool str bytes None list tuple dict set range slice DataFrame Series ndarray Index Timestamp datetime Path".split(
    " ",
  ),
);

/**
 * A builtin's name is given a value that cannot be called, and code that runs later calls it. A function or an import under a
 * builtin's name is meant to be called, and a shadow that nobody calls does no harm.
 */
export function* shadowedBuiltins({ flow, defs }: Case): Iterable<Diagnostic> {
  const said = new Set<string>();
  // Builtin functions and types stand in the knowledge base without a module before their name.
  const isBuiltin = (name: string): boolean => flow.knowledge.functionEffect(name) !== undefined;
  for (const unit of flow.program.units) {
    for (const use of defs.uses(unit.id)) {
      if (!use.call || said.has(use.id) || !isBuiltin(use.id)) continue;
      const binding = (use.deferred ? flow.names : flow.before[unit.id])?.get(use.id);
      if (!binding || !isData(binding)) continue;
      const shadow = flow.program.units[Math.max(...binding.defs)];
      if (!shadow) continue;
      said.add(use.id);
      const target = defs.uses(shadow.id).find((other) => other.id === use.id && other.mode === "store");
      yield report(
        "CW4014",
        placeOf(shadow, target?.span),
        { name: use.id, cell: unit.cell.cell.index },
        { related: [{ message: `'${use.id}' is called here`, place: placeOf(unit, use.span) }] },
      );
    }
  }
}

function isData({ value }: Binding): boolean {
  return data.has(value.type) && value.member === undefined && !value.callables?.length;
}
