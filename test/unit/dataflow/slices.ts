import { makers } from "../../../src/blueprint/roots.ts";
import type { Dataflow } from "../../../src/dataflow/analyse.ts";
import { unitText } from "../../../src/dataflow/program.ts";
import { slice } from "../../../src/dataflow/slice.ts";

/** The statements that the last version of a name needs. */
export function neededFor(flow: Dataflow, name: string): ReadonlySet<number> {
  const binding = flow.names.get(name);
  if (!binding) throw new Error(`no name ${name}`);
  return new Set(slice(flow, new Map([...makers(flow, binding)].map((unit) => [unit, name]))).keys());
}

/** First lines of the statements that are not needed for a name. */
export function notNeededFor(flow: Dataflow, name: string): readonly string[] {
  const needed = neededFor(flow, name);
  return flow.facts.filter((f) => !needed.has(f.unit.id)).map((f) => unitText(f.unit).split("\n")[0] ?? "");
}
