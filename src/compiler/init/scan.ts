import { configName } from "../../config/config-file.ts";
import type { Host } from "../../foundation/host.ts";
import { listIfThere, readIfThere, statIfThere } from "../../foundation/if-there.ts";
import { baseName, dirName, extension, joinPath } from "../../foundation/paths.ts";

/** The notebooks of a folder, relative to it and sorted. */
export interface Scan {
  readonly notebooks: readonly string[];
  /** True when the search stopped before the end. */
  readonly isCut: boolean;
}

/** Folders that hold no notebooks of people: environments, caches, libraries. Hidden ones are passed over too. */
const passed: ReadonlySet<string> = new Set([
  "node_modules",
  "venv",
  "env",
  "__pycache__",
  "site-packages",
  "build",
  "dist",
]);

/** A file with one of these makes its folder one to pass over: an environment, a product, a workspace of its own. */
const fences: readonly string[] = ["pyvenv.cfg", "crosswalk.manifest.json"];

const deepest = 12;

/** Longer scripts are no notebooks. */
const longestScript = 2 * 2 ** 20;

/** Searches a folder for notebooks: .ipynb, and .py with `# %%` cells or a Databricks header. Looks at `limit` names at most. */
export function scanNotebooks(host: Host, folder: string, limit: number): Scan {
  const notebooks: string[] = [];
  let seen = 0;
  let isCut = false;
  const visit = (path: string, depth: number): void => {
    const names = listIfThere(host, joinPath(folder, path)) ?? [];
    if (path !== "." && (names.some((name) => fences.includes(name)) || names.includes(configName))) return;
    const folders: string[] = [];
    for (const name of names) {
      if (seen++ >= limit) {
        isCut = true;
        return;
      }
      if (name.startsWith(".") || name.includes("\\")) continue;
      const at = joinPath(path, name);
      // Links are not followed: they may lead in a circle, or out of the folder.
      const kind = statIfThere(host, joinPath(folder, at))?.kind;
      if (kind === "folder" && !passed.has(name)) folders.push(at);
      else if (kind === "file" && isNotebook(host, folder, at)) notebooks.push(at);
    }
    if (folders.length > 0 && depth >= deepest) isCut = true;
    else for (const inner of folders) if (!isCut) visit(inner, depth + 1);
  };
  visit(".", 0);
  return { notebooks: withoutPairs(notebooks), isCut };
}

function isNotebook(host: Host, folder: string, path: string): boolean {
  const kind = extension(path).toLowerCase();
  if (kind === ".ipynb") return !/-checkpoint\.ipynb$/i.test(path);
  if (kind !== ".py") return false;
  const at = joinPath(folder, path);
  const bytes = (statIfThere(host, at)?.size ?? 0) > longestScript ? undefined : readIfThere(host, at);
  if (!bytes) return false;
  const text = new TextDecoder().decode(bytes);
  return /^\uFEFF?# Databricks notebook source/.test(text) || /^# ?%%(?: |\[|\r?$)/m.test(text);
}

/** jupytext keeps a .py beside its .ipynb: the same notebook twice. */
function withoutPairs(paths: readonly string[]): readonly string[] {
  const stems = new Set(paths.filter((path) => /\.ipynb$/i.test(path)).map(stemOf));
  return paths.filter((path) => !/\.py$/i.test(path) || !stems.has(stemOf(path)));
}

function stemOf(path: string): string {
  const name = baseName(path);
  return joinPath(dirName(path), name.slice(0, name.length - extension(name).length));
}
