import { unitText } from "../../src/dataflow/program.ts";
import type { Finding } from "./judge.ts";
import type { Measured } from "./measure.ts";

/** A finding for people: what, which name, and the statement. */
export function told({ flow, subject }: Measured, { unit, what, name }: Finding): string {
  const at = flow.facts[unit]?.unit;
  const text = at === undefined ? "" : unitText(at).replaceAll(/\s*\n\s*/g, " ⏎ ");
  return `${what} ${name} | ${subject.name}, cell ${at?.cell.cell.index}: ${text.slice(0, 160)}`;
}

/** Everything that was observed and that the analysis had not said. */
export function missedOf(all: readonly Measured[]): readonly string[] {
  return all.flatMap((one) => one.missed.map((finding) => told(one, finding)));
}
