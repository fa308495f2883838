import { placeOf } from "../blueprint/cite.ts";
import { signatureKey } from "../dataflow/machine.ts";
import type { ChangeSight } from "../dataflow/sights.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";
import { homesOf } from "./homes.ts";
import { sightsOf } from "./outputs.ts";

/**
 * A function changes a variable of the notebook that its call does not give it. A variable that only functions read is their own
 * memory (a cache, a counter), and theirs to change.
 */
export function* mutatedGlobals(c: Case): Iterable<Diagnostic> {
  const { flow, asked } = c;
  const found: { readonly at: number; readonly sight: ChangeSight }[] = [];
  for (const { unit, trace } of flow.facts)
    if (!asked.skipped.has(unit.id))
      for (const sight of sightsOf(trace.sights, "change")) found.push({ at: unit.id, sight });
  if (found.length === 0) return;
  const home = homesOf(flow.program.units, new Set(found.map(({ sight }) => sight.definition)));
  const read = readAtTopLevel(c);
  const said = new Set<string>();
  for (const { at, sight } of found) {
    const { unit, name: owner } = home.get(sight.definition) ?? {};
    const name = unit && nameOf(c, at, sight);
    if (!unit || owner === undefined || name === undefined || !read.has(name)) continue;
    const key = `${unit.id}:${sight.span.start}:${name}`;
    if (said.has(key)) continue;
    said.add(key);
    yield report("CW4013", placeOf(unit, sight.span), { function: owner, name });
  }
}

/** The variable through which the function got hold of the object. */
function nameOf({ flow }: Case, at: number, { obj, definition }: ChangeSight): string | undefined {
  const globals = flow.signatures.get(signatureKey(definition))?.globals ?? [];
  return [...globals].find((name) => flow.before[at]?.get(name)?.value.objs.has(obj));
}

/** Variables that statements read by themselves, not functions when they are called, and those that production hands out. */
function readAtTopLevel({ flow, defs, selection }: Case): ReadonlySet<string> {
  const out = new Set<string>(selection.roots.names.keys());
  for (const unit of flow.program.units)
    for (const use of defs.uses(unit.id)) if (use.mode === "load" && !use.deferred) out.add(use.id);
  return out;
}
