import { normalizeDistribution, type Pins } from "../blueprint/requirements.ts";
import type { ModelConfig } from "../config/project.ts";
import { decodeUtf8, type Host, HostError } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import { lockedDistributions } from "./lock-file.ts";

type Pin = { readonly specifier: string; readonly from: "requirements" | "lock" | "environment" };

/**
 * What the repository says about versions, nearest source first: crosswalk.lock, uv.lock, requirements files, then what is
 * installed in a virtual environment beside the model. Nothing is run: installed versions are read from *.dist-info names.
 */
export function readPins(host: Host, root: string, model: ModelConfig): Pins {
  const out = new Map<string, Pin>();
  const add = (name: string, specifier: string, from: Pin["from"]): void => {
    const key = normalizeDistribution(name);
    if (!out.has(key)) out.set(key, { specifier, from });
  };
  const folders = [...new Set([model.folder, "."])];
  for (const [name, version] of lockedDistributions(host, root)) add(name, `==${version}`, "lock");
  for (const folder of folders) {
    const lock = textOf(host, joinPath(root, folder, "uv.lock"));
    for (const match of (lock ?? "").matchAll(/^\[\[package\]\]\r?\nname = "([^"]+)"\r?\nversion = "([^"]+)"/gm))
      add(match[1] ?? "", `==${match[2]}`, "lock");
  }
  for (const folder of folders) {
    for (const file of ["requirements.lock", "requirements.txt", "requirements.in", "requirements-dev.txt"]) {
      for (const [name, specifier] of requirementLines(textOf(host, joinPath(root, folder, file)) ?? ""))
        add(name, specifier, "requirements");
    }
  }
  for (const folder of folders)
    for (const [name, version] of installed(host, joinPath(root, folder))) add(name, `==${version}`, "environment");
  return out;
}

/** Text of a file; undefined when it is not there or is no text. */
function textOf(host: Host, path: string): string | undefined {
  try {
    return decodeUtf8(host.readBytes(path))?.replace(/^\uFEFF/, "");
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** `name==1.2` lines of a requirements file; options, URLs and unpinned names say nothing about a version. */
export function requirementLines(text: string): readonly (readonly [name: string, specifier: string])[] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const plain = line
      .replace(/(?:^|\s)#.*$/, "")
      .replace(/;.*$/, "")
      .replace(/\s--hash.*$/, "")
      .replace(/\\$/, "")
      .trim();
    const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*((?:===?|~=|!=|<=?|>=?)[^\s].*)$/.exec(plain);
    return match ? [[match[1] ?? "", (match[2] ?? "").replace(/\s+/g, "")]] : [];
  });
}

/** Distributions installed in `.venv` or `venv` of a folder. */
function installed(host: Host, folder: string): readonly (readonly [name: string, version: string])[] {
  for (const name of [".venv", "venv"]) {
    const lib = joinPath(folder, name, "lib");
    try {
      if (host.stat(lib)?.kind !== "folder") continue;
      const python = host.list(lib).find((entry) => /^python3\.\d+$/.test(entry));
      if (python === undefined) continue;
      return host.list(joinPath(lib, python, "site-packages")).flatMap((entry): [string, string][] => {
        const match = /^(.+)-([^-]+)\.dist-info$/.exec(entry);
        return match ? [[match[1] ?? "", match[2] ?? ""]] : [];
      });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }
  return [];
}
