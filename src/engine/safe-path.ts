import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { dirName, isAbsolutePath, joinPath, normalizePath } from "../foundation/paths.ts";
import { manifestName, stateFolder, temporaryEnd } from "./names.ts";

const forbiddenNames: readonly string[] = [".git", stateFolder, manifestName];

/** Why a relative path may not be written, or undefined. Looks at the text alone. */
export function unsafePart(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (isAbsolutePath(path)) return "it is absolute";
  const parts = path.split("/");
  if (parts.includes("..")) return "it leads upwards with `..`";
  if (normalizePath(path) !== path) return "it is not in its simplest form";
  if (!path.isWellFormed()) return "it is not valid Unicode";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const odd = /[\u0000-\u001f\u007f<>:"|?*\\]/.exec(path);
  if (odd) return `it contains ${JSON.stringify(odd[0])}, which some systems do not allow`;
  const reserved = parts.find((part) => forbiddenNames.includes(part.toLowerCase()));
  if (reserved !== undefined) return `${reserved} is a name that is taken`;
  if (parts.some((part) => /[. ]$/.test(part))) return "a name ends with a dot or a blank";
  if (parts.some((part) => part.endsWith(temporaryEnd))) return `names that end with ${temporaryEnd} are taken`;
  if (parts.some((part) => Buffer.byteLength(part) > 200)) return "a name is longer than 200 bytes";
  return undefined;
}

/** Equal for paths that are one on a file system that ignores case or composes accents. */
export function foldPath(path: string): string {
  return path.normalize("NFC").toLowerCase().normalize("NFC");
}

/** Everything that is wrong with a list of output paths, before the disk is looked at. */
export function checkPaths(folder: string, paths: readonly string[]): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  const seen = new Map<string, string>();
  const folders = new Map<string, string>();
  const collide = (path: string, other: string): void => {
    out.push(report("CW6010", undefined, { path: joinPath(folder, path), other: joinPath(folder, other) }));
  };
  for (const path of paths) {
    const problem = unsafePart(path);
    if (problem !== undefined) {
      out.push(report("CW6008", undefined, { path: `${folder}/${printable(path)}`, problem }));
      continue;
    }
    const twin = seen.get(foldPath(path));
    if (twin !== undefined) collide(path, twin);
    else seen.set(foldPath(path), path);
    for (let parent = dirName(path); parent !== "."; parent = dirName(parent)) {
      const other = folders.get(foldPath(parent));
      if (other === undefined) folders.set(foldPath(parent), parent);
      else if (other !== parent) {
        collide(parent, other);
        break;
      }
    }
  }
  for (const [fold, path] of folders) {
    const file = seen.get(fold);
    if (file !== undefined) collide(path, file);
  }
  return out;
}

/** Control characters as escapes, so that a bad path cannot upset a terminal. */
export function printable(path: string): string {
  return JSON.stringify(path).slice(1, -1);
}
