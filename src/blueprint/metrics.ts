import type { Dataflow } from "../dataflow/analyse.ts";
import type { Cite, Metric, Step } from "./blueprint.ts";
import { cite } from "./cite.ts";
import { bounds } from "./contracts.ts";
import type { Intake } from "./intake.ts";
import type { Roots } from "./roots.ts";

/** Surely one number; a type that may be more is recorded as an artifact only. */
const numeric = new Set(["float", "int"]);

/** The figures that the product records: those that directives name, and every scalar figure that is kept. */
export function makeMetrics(flow: Dataflow, intake: Intake, steps: readonly Step[], roots: Roots): readonly Metric[] {
  const out: Metric[] = [];
  const citeOf = (name: string): Cite | undefined => {
    const figure = roots.figures.find((f) => f.name === name);
    const made = figure ? [figure.unit] : [...(flow.names.get(name)?.defs ?? [])];
    const unit = flow.program.units[Math.max(...made, -1)];
    return unit && cite(unit);
  };
  const stepOf = (name: string): Step | undefined =>
    [...steps].reverse().find((s) => s.outputs.some((o) => o.name === name));
  const declared = (name: string, cites: Cite, more: Partial<Metric>): void => {
    const variable = name.split(".")[0] ?? name;
    const step = stepOf(variable);
    if (step) out.push({ name, variable, step: step.name, by: [], declared: true, cite: cites, ...more });
  };
  for (const { directive, cite: said } of intake.metrics)
    declared(directive.name.name, said, {
      ...(directive.bounds ? bounds(directive.bounds) : {}),
      ...(directive.on ? { on: directive.on.name } : {}),
      by: directive.by.map((c) => c.name),
      ...(directive.doc ? { doc: directive.doc.value } : {}),
    });
  // The cut at which a decision falls is a figure with a bound, whose reason is on record.
  for (const { directive, cite: said } of intake.thresholds)
    declared(directive.name.name, said, { ...bounds(directive.compare), doc: directive.because.value });
  for (const step of steps) {
    for (const output of step.outputs) {
      if (!numeric.has(output.type) || out.some((m) => m.variable === output.name)) continue;
      const isPrinted = output.why === "printed figure";
      if (!isPrinted && !(output.final && (output.why === "figure" || roots.names.get(output.name) === "figure")))
        continue;
      const at = citeOf(output.name) ?? step.cites[0];
      if (at)
        out.push({ name: output.name, variable: output.name, step: step.name, by: [], declared: false, cite: at });
    }
  }
  return out;
}
