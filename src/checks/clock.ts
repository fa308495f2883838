import { placeOf } from "../blueprint/cite.ts";
import { tag } from "../dataflow/value.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";
import { leavesSomething, outputsOf, reaching, sightsOf } from "./outputs.ts";

/** The moment of the run reaches what production hands out. How long something took does not count, nor does the name of a file. */
export function* clockResults(c: Case): Iterable<Diagnostic> {
  if (!c.flow.facts.some(({ trace }) => trace.sights.some((sight) => sight.kind === "clock"))) return;
  const outputs = outputsOf(c).filter((output) => (output.tags & tag.clock) !== 0 && !output.isMoment);
  if (outputs.length === 0) return;
  const reached = reaching(c, outputs);
  for (const { unit, trace } of c.flow.facts) {
    const output = reached.get(unit.id);
    const [first] = sightsOf(trace.sights, "clock");
    if (!output || !first || !c.kept.has(unit.id) || !leavesSomething(c, unit.id)) continue;
    yield report("CW4012", placeOf(unit, first.span), { callee: first.callee, output: output.wording });
  }
}
