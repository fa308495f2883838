import type { ModelConfig } from "../config/project.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { distributionOf } from "../python/knowledge/distributions.ts";
import type { Import, Requirement } from "./blueprint.ts";
import { placeOf } from "./cite.ts";

/** What the repository says about the version of a distribution, and where. */
export interface Pin {
  readonly specifier: string;
  readonly from: Requirement["from"];
}

/** What the repository says about versions, by normalised distribution name. */
export type Pins = Pick<ReadonlyMap<string, Pin>, "get" | "has">;

/** PEP 503: lower case, runs of `-_.` as one `-`. */
export function normalizeDistribution(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Whether the pins say that a library is of a lower major version; undefined where they say nothing, or no single one. */
export function versionBefore(pins: Pins, module: string, major: number): boolean | undefined {
  const pin = pins.get(normalizeDistribution(distributionOf(module) ?? module));
  const version = /^\s*(?:===?|~=)\s*(\d+)/.exec(pin?.specifier ?? "");
  return version ? Number(version[1]) < major : undefined;
}

/** The distributions that imports need, pinned as the repository pins them; what the product itself needs comes last. */
export function requirementsOf(
  flow: Dataflow,
  imports: readonly Import[],
  pins: Pins,
  model: ModelConfig,
  unfollowed: ReadonlyMap<string, string>,
  own: readonly string[],
): { readonly requirements: readonly Requirement[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const byName = new Map<string, { distribution: string; imports: Set<string>; specifier?: string }>();
  for (const { module } of imports) {
    const top = module.split(".")[0] ?? module;
    if (module.startsWith("@")) continue;
    const why = unfollowed.get(module) ?? unfollowed.get(top);
    if (module.startsWith(".") || why !== undefined) {
      const unit = flow.program.units.find(
        ({ stmt }) =>
          (stmt.kind === "import" && stmt.names.some((n) => n.name.split(".")[0] === top)) ||
          (stmt.kind === "importfrom" && (stmt.level > 0 || stmt.module.split(".")[0] === top)),
      );
      if (!diagnostics.some((d) => d.message.includes(`'${module}'`)))
        diagnostics.push(
          report("CW3011", unit ? placeOf(unit) : undefined, {
            module,
            why: why ?? "how it is used cannot be followed",
          }),
        );
      continue;
    }
    const distribution = distributionOf(module);
    if (distribution === undefined) continue;
    const key = normalizeDistribution(distribution);
    const entry = byName.get(key) ?? { distribution, imports: new Set<string>() };
    entry.imports.add(top);
    byName.set(key, entry);
  }
  for (const dependency of model.dependencies) {
    const [, name = dependency, specifier = ""] = /^\s*([A-Za-z0-9._-]+(?:\[[^\]]*\])?)\s*(.*)$/.exec(dependency) ?? [];
    const key = normalizeDistribution(name.replace(/\[.*/, ""));
    const entry = byName.get(key);
    byName.set(key, {
      distribution: entry?.distribution ?? name,
      imports: entry?.imports ?? new Set(),
      ...(specifier ? { specifier } : {}),
    });
  }
  for (const name of own)
    if (!byName.has(normalizeDistribution(name)))
      byName.set(normalizeDistribution(name), { distribution: name, imports: new Set() });
  const requirements = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]): Requirement => {
      const configured = entry.specifier;
      const pin = configured === undefined ? pins.get(key) : { specifier: configured, from: "config" as const };
      return {
        distribution: entry.distribution,
        ...(pin ? { specifier: pin.specifier, from: pin.from } : { from: "none" }),
        imports: [...entry.imports].sort(),
      };
    });
  return { requirements, diagnostics };
}
