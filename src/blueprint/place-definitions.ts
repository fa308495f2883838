import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Import } from "./blueprint.ts";
import { placeOf } from "./cite.ts";
import { type Definitions, definitions } from "./definitions.ts";
import type { Edit } from "./edits.ts";
import { callSiteEdits } from "./helper-calls.ts";
import { type HelpersPlan, isCaptured, type Misfit, planHelpers } from "./helpers.ts";
import { type ImportNames, importNames } from "./import-names.ts";

/** Where each definition and import of the notebook stands in the product, and what the code around must be told. */
export interface Placed {
  readonly defs: Definitions;
  readonly helpers: HelpersPlan;
  readonly imports: ImportNames;
  readonly edits: readonly Edit[];
  /** What the edits of a unit need beside its own imports. */
  readonly extraImports: ReadonlyMap<number, readonly Import[]>;
  /** For each definition or import that stands in its step, what to say where that step cannot hold all that need it. */
  readonly reasons: ReadonlyMap<number, Diagnostic>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Definitions become functions and classes of the module `helpers`, which take the variables that they read as arguments. One that
 * does not fit there (it writes a variable, has several meanings, needs a computed value when it is defined, or is kept and called
 * after a variable has changed) stays a statement of its step, where names mean what they mean in the notebook.
 */
export function placeDefinitions(
  flow: Dataflow,
  kept: ReadonlySet<number>,
  edits: readonly Edit[],
  names: Set<string>,
): Placed {
  const reasons = new Map<number, Diagnostic>();
  for (const id of kept) {
    const facts = flow.facts[id];
    const what = facts?.trace.inPlace;
    if (facts && what !== undefined) reasons.set(id, report("CW2002", placeOf(facts.unit), { what }));
  }
  for (;;) {
    const defs = definitions(flow, new Set(reasons.keys()));
    const helpers = planHelpers(flow, defs, kept, edits, names);
    const users = usersOf(flow, defs, kept, helpers);
    const calls = callSiteEdits(defs, helpers, users, edits);
    const misfits = [...helpers.misfits, ...calls.misfits];
    const before = reasons.size;
    for (const { units, diagnostic, isFinal } of misfits)
      if (!isFinal) for (const unit of units) if (!reasons.has(unit)) reasons.set(unit, diagnostic);
    if (reasons.size > before) continue;
    const imports = importNames(flow, defs, users, edits, new Set([...names, ...helpers.byName.keys()]));
    const diagnostics = misfits.filter((m) => isHopeless(flow, defs, kept, m)).map((m) => m.diagnostic);
    const all = [...calls.edits, ...imports.edits];
    return { defs, helpers, imports, edits: all, extraImports: calls.imports, reasons, diagnostics };
  }
}

/** The units whose code reaches the product. */
function usersOf(flow: Dataflow, defs: Definitions, kept: ReadonlySet<number>, helpers: HelpersPlan): readonly Unit[] {
  const variables = [...kept].filter((id) => defs.kindOf(id) === "variable").sort((a, b) => a - b);
  return [...variables.map((id) => flow.program.units[id]), ...[...helpers.byName.values()].map((h) => h.unit)].filter(
    (unit) => unit !== undefined,
  );
}

/** True when a misfit stays one: as statements, its units would be missing or would mean something else. */
function isHopeless(flow: Dataflow, defs: Definitions, kept: ReadonlySet<number>, misfit: Misfit): boolean {
  if (misfit.isFinal) return true;
  return misfit.units.some((id) => {
    const stmt = flow.program.units[id]?.stmt;
    return !defs.isStatement(id) || !kept.has(id) || (stmt !== undefined && isCaptured(stmt));
  });
}
