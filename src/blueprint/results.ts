import type { Dataflow } from "../dataflow/analyse.ts";
import type { Binding } from "../dataflow/machine.ts";
import type { ObjId } from "../dataflow/value.ts";
import { isData, isOfModules, makers, onlyLoopTargets } from "./roots.ts";
import type { GroupFlow } from "./step-flow.ts";
import type { NamedGroup } from "./step-names.ts";

/** What decides which values a step hands on besides those that are needed. */
export interface ResultsInput {
  readonly flow: Dataflow;
  /** Kept units that are statements of a step. */
  readonly units: ReadonlySet<number>;
  /** Tables that lack columns which the notebook's have: no last versions. */
  readonly incomplete: ReadonlySet<ObjId>;
  /** Steps whose directive lists what they give: they give that and what is needed, nothing more. */
  readonly listed: ReadonlySet<string>;
  isVariable(name: string): boolean;
}

/**
 * Adds to the outputs of each step the notebook's variables whose last version it computes anyway. Nothing is kept for
 * their sake and no value travels further than before: a step hands on what it has in hand, so that every value of the
 * product can be looked at and compared with the notebook's.
 */
export function withResults(
  input: ResultsInput,
  groups: readonly NamedGroup[],
  flows: readonly GroupFlow[],
): readonly GroupFlow[] {
  const loopTargets = onlyLoopTargets(input.flow);
  const stepOf = new Map(groups.flatMap((g, k) => g.units.map((unit) => [unit, k] as const)));
  const found = new Map<number, string[]>();
  for (const [name, binding] of input.flow.names) {
    // Its last version is made in a part that was left out.
    if (input.flow.stale.has(name)) continue;
    if (!isResult(input, name, binding) || loopTargets.has(name)) continue;
    const made = [...makers(input.flow, binding)];
    if ([...binding.defs].some((unit) => isOfModules(input.flow, [unit]))) continue;
    if (made.length === 0 || !made.every((unit) => input.units.has(unit))) continue;
    if ([...input.flow.heap.reach(binding.value.objs)].some((id) => input.incomplete.has(id))) continue;
    const at = stepOf.get(Math.max(...made));
    const group = at === undefined ? undefined : groups[at];
    if (at === undefined || !group || input.listed.has(group.name)) continue;
    // In hand at the end of the step: bound by it for sure, or handed in and changed.
    const isBound = [...binding.defs].every((unit) => stepOf.get(unit) === at);
    if (!isBound && !flows[at]?.inputs.has(name)) continue;
    found.set(at, [...(found.get(at) ?? []), name]);
  }
  return flows.map((flow, k) => ({ ...flow, outputs: new Set([...flow.outputs, ...(found.get(k) ?? [])]) }));
}

function isResult(input: ResultsInput, name: string, binding: Binding): boolean {
  return !binding.maybe && binding.value.member === undefined && isData(name, binding.value) && input.isVariable(name);
}
