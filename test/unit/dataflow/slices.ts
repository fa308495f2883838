import { editedText } from "../../../src/blueprint/edits.ts";
import { reduce } from "../../../src/blueprint/reduce.ts";
import { makerParts, makers } from "../../../src/blueprint/roots.ts";
import type { Dataflow } from "../../../src/dataflow/analyse.ts";
import { neededParts } from "../../../src/dataflow/needed-parts.ts";
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

/** The program that still makes the last version of a name, its statements split. */
export function sliceTextFor(flow: Dataflow, name: string): string {
  const binding = flow.names.get(name);
  if (!binding) throw new Error(`no name ${name}`);
  return sliceText(flow, makerParts(flow, binding));
}

/** The program that these parts need, its statements split. */
export function sliceText(flow: Dataflow, parts: ReadonlySet<number>): string {
  const reduced = reduce(flow, neededParts(flow, parts));
  const roots = new Map([...parts].map((id) => [flow.parts[id]?.unit ?? -1, "root"] as const));
  const kept = slice(reduced.flow, roots);
  return reduced.flow.facts
    .flatMap(({ unit }) => (kept.has(unit.id) ? [`${editedText(unit.cell, unit.stmt.span, reduced.edits)}\n`] : []))
    .join("");
}
