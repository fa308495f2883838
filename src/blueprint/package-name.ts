import { isStandardLibrary } from "../python/knowledge/distributions.ts";
import type { Knowledge } from "../python/knowledge/knowledge.ts";
import type { Import } from "./blueprint.ts";
import { identifier } from "./identifiers.ts";

/**
 * The name of a model's Python package: the model's own, and with `_model` behind it where a library has that name, for a package that hides
 * pandas from the code that needs it does not run.
 */
export function packageName(model: string, knowledge: Knowledge, imports: readonly Import[]): string {
  const plain = identifier(model, "model");
  const isTaken =
    isStandardLibrary(plain) ||
    knowledge.knowsPackage(plain) ||
    imports.some(({ module }) => module.split(".")[0] === plain);
  return isTaken ? `${plain}_model` : plain;
}
