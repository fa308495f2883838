import type { Blueprint, Cite, Step } from "../../blueprint/blueprint.ts";
import { baseName } from "../../foundation/paths.ts";

/** "train.ipynb, cell 5" or "train.ipynb, cells 5 to 9". */
export function citeText(cites: readonly Cite[]): string {
  const byNotebook = new Map<string, number[]>();
  for (const c of cites) byNotebook.set(c.notebook, [...(byNotebook.get(c.notebook) ?? []), c.cell]);
  return [...byNotebook].map(([notebook, cells]) => `${baseName(notebook)}, ${cellsText(cells)}`).join("; ");
}

function cellsText(cells: readonly number[]): string {
  const sorted = [...new Set(cells)].sort((a, b) => a - b);
  if (sorted.length === 1) return `cell ${sorted[0]}`;
  if (sorted.length === 2) return `cells ${sorted[0]} and ${sorted[1]}`;
  return `cells ${sorted[0]} to ${sorted[sorted.length - 1]}`;
}

/** "PrepareOutputs" for step "prepare". */
export function outputsClass(step: Step): string {
  const camel = step.name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return `${camel}Outputs`;
}

/** A module-level constant's name: "APPLICATIONS". */
export function constantName(name: string, suffix = ""): string {
  const upper = name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  return `${/^[0-9]/.test(upper) ? "_" : ""}${upper}${suffix}`;
}

/** One sentence about the model for headers and summaries. */
export function modelSentence(b: Blueprint): string {
  return `The production package of the model ${b.model}, derived from ${b.notebooks.map(baseName).join(", ")}.`;
}
