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

/** Names that the pipeline's module or Python itself already uses. */
const reserved = new Set(
  `context outputs np pd sys expect enforce locals functools abs aiter all any anext ascii bin bool breakpoint bytearray bytes callable
  chr classmethod compile complex copyright credits delattr dict dir display divmod enumerate eval exec exit filter float format
  frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list map max memoryview min next
  object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type
  vars zip`.split(/\s+/),
);

/** The name of a step's function: the step's own, unless its code means something else by it. */
export function stepFunction(step: Step): string {
  const used = [...step.imports.map((i) => i.local), ...step.helpers];
  return reserved.has(step.name) || used.includes(step.name) ? `${step.name}_step` : step.name;
}

/** The field of an output in a step's result: named tuples know no leading underscore and have methods of their own. */
export function fieldName(name: string): string {
  if (name === "count" || name === "index") return `${name}_field`;
  return name.startsWith("_") ? `field${name}` : name;
}

/** "PrepareOutputs" for step "prepare", unless its code has a variable of that name. */
export function outputsClass(step: Step): string {
  const name = camelName(step);
  const word = new RegExp(`\\b${name}\\b`);
  return step.body.some((code) => word.test(code.text)) ? `${name}_` : name;
}

function camelName(step: Step): string {
  const camel = step.name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return `${camel}Outputs`;
}

/** The constant of a dataset in the pipeline's module: "APPLICATIONS". */
export function datasetConstant(name: string): string {
  const plain = constantName(name);
  return /^MODEL$|_(?:METRIC|CONTRACT)$/.test(plain) ? `${plain}_DATA` : plain;
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
