import { normalizeDistribution, type Pin } from "../blueprint/requirements.ts";
import type { ModelConfig } from "../config/project.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { readIfThere } from "../foundation/if-there.ts";
import { joinPath } from "../foundation/paths.ts";
import { exactVersion, satisfies } from "../foundation/pep440.ts";
import { lockedDistributions } from "./lock-file.ts";
import { installedIn } from "./pins/environment.ts";
import { type ParsedRequirement, parseRequirement } from "./pins/requirement.ts";
import { type RequirementsProblem, readRequirements } from "./pins/requirements-file.ts";
import { projectDependencies } from "./pins/toml.ts";
import { uvPackages } from "./pins/uv-lock.ts";

const requirementFiles = ["requirements.lock", "requirements.txt", "requirements.in", "requirements-dev.txt"];

/**
 * What the repository says about versions, nearest source first: crosswalk.lock, uv.lock, requirements files, pyproject.toml,
 * then what is installed in a virtual environment beside the model. A range is made exact by an installed version that
 * meets it. Nothing is run: installed versions are read from *.dist-info names.
 */
export function readPins(host: Host, root: string, model: Pick<ModelConfig, "folder">): ReadonlyMap<string, Pin> {
  return findPins(host, root, model).pins;
}

/** The same, with what could not be followed on the way. Without `useLock`, what the repository says but for crosswalk.lock. */
export function findPins(
  host: Host,
  root: string,
  model: Pick<ModelConfig, "folder">,
  useLock = true,
): { readonly pins: ReadonlyMap<string, Pin>; readonly diagnostics: readonly Diagnostic[] } {
  const pins = new Map<string, Pin>();
  const problems: RequirementsProblem[] = [];
  const add = (found: ReadonlyMap<string, string>, from: Pin["from"]): void => {
    for (const [name, specifier] of found) {
      const known = pins.get(name);
      const isFiner = from === "environment" && known?.from === "requirements" && !exactVersion(known.specifier);
      if (!known || (isFiner && satisfies(specifier.slice(2), known.specifier))) pins.set(name, { specifier, from });
    }
  };
  const folders = [...new Set([model.folder, "."])];
  const read = (path: string): string | undefined => textOf(host, joinPath(root, path));
  if (useLock) add(new Map([...lockedDistributions(host, root, model.folder)].map(([n, v]) => [n, `==${v}`])), "lock");
  for (const folder of folders) add(exactOnes(uvPackages(read(joinPath(folder, "uv.lock")) ?? "")), "lock");
  for (const folder of folders) {
    for (const file of requirementFiles) {
      const found = readRequirements(joinPath(folder, file), read);
      problems.push(...found.problems);
      add(joined(found.requirements), "requirements");
    }
    const project = projectDependencies(read(joinPath(folder, "pyproject.toml")) ?? "");
    add(joined(project.flatMap((text) => parseRequirement(text) ?? [])), "requirements");
  }
  for (const folder of folders) add(exactOnes(installedIn(host, joinPath(root, folder))), "environment");
  return { pins, diagnostics: problems.map((problem) => report("CW5129", undefined, { ...problem })) };
}

/** Names with one version each. Where there are several, which one holds depends on the machine: that says nothing. */
function exactOnes(found: readonly (readonly [name: string, version: string])[]): ReadonlyMap<string, string> {
  const versions = new Map<string, Set<string>>();
  for (const [name, version] of found) {
    const key = normalizeDistribution(name);
    versions.set(key, (versions.get(key) ?? new Set()).add(version));
  }
  return new Map([...versions].flatMap(([name, set]) => (set.size === 1 ? [[name, `==${[...set][0]}`] as const] : [])));
}

/**
 * One specifier for each name of a file and its includes: an exact one settles it, others are joined. Exact ones that differ
 * (by markers) say nothing that holds everywhere.
 */
function joined(requirements: readonly ParsedRequirement[]): ReadonlyMap<string, string> {
  const specifiers = new Map<string, Set<string>>();
  for (const { name, specifier } of requirements) {
    if (specifier === "") continue;
    const key = normalizeDistribution(name);
    specifiers.set(key, (specifiers.get(key) ?? new Set()).add(specifier));
  }
  return new Map(
    [...specifiers].flatMap(([name, set]): [string, string][] => {
      const exact = [...set].filter((one) => exactVersion(one) !== undefined);
      if (exact.length > 1) return [];
      return [[name, exact[0] ?? [...set].join(",")]];
    }),
  );
}

/** Text of a file; undefined when it is not there or is no text. PowerShell's `>` writes UTF-16. */
function textOf(host: Host, path: string): string | undefined {
  const bytes = readIfThere(host, path);
  const utf16 = bytes?.[0] === 0xff && bytes[1] === 0xfe;
  return utf16 ? new TextDecoder("utf-16le").decode(bytes) : bytes && decodeUtf8(bytes)?.replace(/^\uFEFF/, "");
}
