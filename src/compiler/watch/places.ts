import { configName } from "../../config/config-file.ts";
import type { Looked } from "../../engine/query.ts";
import { decodeUtf8, type Host, HostError } from "../../foundation/host.ts";
import { isIgnored } from "../../foundation/host-watch.ts";
import { statIfThere } from "../../foundation/if-there.ts";
import { baseName, dirName, extension, joinPath } from "../../foundation/paths.ts";
import { gitFolderOf } from "../git-folder.ts";

/** True for a path below the root that no tool's or editor's own folder or file is. */
function isWatchable(root: string, path: string): boolean {
  if (path !== root && !path.startsWith(root === "/" ? root : `${root}/`)) return false;
  return !path
    .slice(root.length)
    .split("/")
    .some((part) => part !== "" && isIgnored(part));
}

/** The folders inside the workspace in which something was looked at; of one that is not there, the nearest above it that is. */
export function foldersOf(host: Host, root: string, looked: readonly Looked[]): Set<string> {
  const asked = new Set(looked.map(({ kind, path }) => (kind === "list" ? path : dirName(path))));
  const standing = new Map<string, string>();
  const nearest = (folder: string): string => {
    const known = standing.get(folder);
    if (known !== undefined) return known;
    const isThere = folder === root || statIfThere(host, folder)?.kind === "folder";
    const found = isThere ? folder : nearest(dirName(folder));
    standing.set(folder, found);
    return found;
  };
  const out = new Set([root]);
  for (const folder of asked) if (isWatchable(root, folder)) out.add(nearest(folder));
  return out;
}

/**
 * The folders as the system knows them, links resolved, and back: events name real paths, and the compiler looked at others. A folder
 * may be reached on several ways.
 */
export function realFolders(
  host: Host,
  folders: ReadonlySet<string>,
): { readonly real: ReadonlySet<string>; asked(path: string): readonly string[] } {
  const back = new Map<string, string[]>();
  for (const folder of folders) {
    const real = host.realPath(folder) ?? folder;
    back.set(real, [...(back.get(real) ?? []), folder]);
  }
  return {
    real: new Set(back.keys()),
    asked(path) {
      const folder = dirName(path);
      const below = (back.get(folder) ?? []).map((one) => joinPath(one, path.slice(folder.length + 1)));
      const all = new Set([...(back.get(path) ?? []), ...below]);
      return all.size > 0 ? [...all] : [path];
    },
  };
}

/** True for a file that somebody is in the midst of writing: a notebook that is no JSON, or a crosswalk.yaml that is empty. */
export function isHalfWritten(host: Host, path: string): boolean {
  const isNotebook = extension(path) === ".ipynb";
  if (!isNotebook && baseName(path) !== configName) return false;
  try {
    if (host.stat(path)?.kind !== "file") return false;
    const bytes = host.readBytes(path);
    if (!isNotebook) return bytes.length === 0;
    JSON.parse(decodeUtf8(bytes) ?? "");
    return false;
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    if (error instanceof HostError) return false;
    throw error;
  }
}

/** The file that stands while git changes the working tree; undefined where the workspace lies in no repository. */
export function gitLock(host: Host, root: string): string | undefined {
  try {
    const git = gitFolderOf(host, root);
    return git === undefined ? undefined : joinPath(git, "index.lock");
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
