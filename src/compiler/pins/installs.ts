import { normalizeDistribution, type Pin, type Pins } from "../../blueprint/requirements.ts";
import type { Notebook } from "../../notebook/notebook.ts";
import { requirementsOf } from "../../notebook/requirements.ts";
import { parseRequirement } from "./requirement.ts";

/**
 * The pins of the repository, with what install lines of the notebooks (`%pip install pandas==2.2.3`) say of everything else. The
 * last line that names a version holds, as it does in the live session.
 */
export function withInstalls(pins: Pins, notebooks: readonly Notebook[]): Pins {
  const installed = new Map<string, Pin>();
  for (const notebook of notebooks)
    for (const { requirement } of requirementsOf(notebook)) {
      const parsed = parseRequirement(requirement);
      if (!parsed || parsed.specifier === "") continue;
      const key = normalizeDistribution(parsed.name);
      installed.set(key, { specifier: parsed.specifier, from: "notebook" });
    }
  return {
    get: (name) => pins.get(name) ?? installed.get(name),
    has: (name) => pins.has(name) || installed.has(name),
  };
}
