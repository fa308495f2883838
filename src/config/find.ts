import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import { type Host, HostError, type HostErrorKind } from "../foundation/host.ts";
import { statIfThere } from "../foundation/if-there.ts";
import { dirName, isAbsolutePath, joinPath, normalizePath, relativePath } from "../foundation/paths.ts";
import { configName, upwards } from "./config-file.ts";
import { matchesPattern } from "./glob.ts";
import { readYaml } from "./read-yaml.ts";
import { child, itemsOf, type Tree, textOf } from "./yaml-tree.ts";

/**
 * The absolute folder of the root crosswalk.yaml: the first one found from `from` upwards, or the one above it whose
 * `workspace` names that folder. undefined, with a diagnostic, when there is none.
 */
export function findRoot(host: Host, from: string): Phase<string | undefined> {
  const start = startFolder(host, from);
  const folders = upwards(start);
  const first = folders.findIndex((folder) => statIfThere(host, joinPath(folder, configName)) !== undefined);
  if (first < 0) return { value: undefined, diagnostics: [notFound(host, start, folders)] };
  let root = folders[first] ?? start;
  for (const folder of folders.slice(first + 1)) {
    const path = joinPath(folder, configName);
    if (statIfThere(host, path) === undefined) continue;
    const read = readConfig(host, folder, configName);
    if (read.value === undefined) {
      // A broken file above may or may not be our root. It is only taken for it when it looks like one.
      if (looksLikeWorkspace(host, path)) return { value: undefined, diagnostics: read.diagnostics };
      continue;
    }
    if (claims(read.value, relativePath(folder, root))) root = folder;
  }
  return { value: root, diagnostics: [] };
}

/** Reads the crosswalk.yaml at `path`, relative to the absolute folder `root`. */
export function readConfig(host: Host, root: string, path: string): Phase<Tree | undefined> {
  try {
    return readYaml(path, host.readBytes(joinPath(root, path)));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { value: undefined, diagnostics: [report("CW0001", undefined, { file: path, why: reasons[error.kind] })] };
  }
}

const reasons: Readonly<Record<HostErrorKind, string>> = {
  missing: "it is a link that leads nowhere",
  denied: "the system denies it",
  "read-only": "the system denies it",
  full: "the disk is full",
  "not-a-file": "it is a folder",
  exists: "it exists already",
  other: "the system reports an error",
};

function startFolder(host: Host, from: string): string {
  const path = isAbsolutePath(from) ? normalizePath(from) : joinPath(host.cwd, from);
  return statIfThere(host, path)?.kind === "file" ? dirName(path) : path;
}

function claims(root: Tree, folder: string): boolean {
  return itemsOf(child(root, "workspace")).some((item) => {
    const pattern = textOf(item);
    return pattern !== undefined && pattern.length < 500 && matchesPattern(pattern, folder);
  });
}

function looksLikeWorkspace(host: Host, path: string): boolean {
  try {
    return /^\ufeff?workspace\s*:/m.test(new TextDecoder("latin1").decode(host.readBytes(path)));
  } catch {
    return false;
  }
}

function notFound(host: Host, start: string, folders: readonly string[]): Diagnostic {
  const others = ["crosswalk.yml", "Crosswalk.yaml", "crosswalk.json", ".crosswalk.yaml"];
  const near = folders.flatMap((folder) => others.map((name) => ({ folder, name })));
  const other = near.find(({ folder, name }) => statIfThere(host, joinPath(folder, name)) !== undefined);
  const folder = relativePath(joinPath(host.cwd, "."), start);
  const fix = other
    ? `rename ${other.name} to crosswalk.yaml`
    : "run `crosswalk init` in the folder of your repository, or change to it";
  const shown = folder === "." || folder.startsWith("..") ? "this folder" : folder;
  return report("CW0083", undefined, { folder: shown, fix });
}
