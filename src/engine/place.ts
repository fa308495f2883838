import { sha256 } from "../foundation/hash.ts";
import { type Host, HostError } from "../foundation/host.ts";
import { byText } from "../foundation/order.ts";
import { baseName, dirName, joinPath } from "../foundation/paths.ts";
import { isTemporaryName, type Journal, journalPath, temporaryPath } from "./journal.ts";
import { prefixes } from "./links.ts";
import { manifestName } from "./names.ts";

/** What came of placing. What a person changed in the meantime was left as it is: by path in the product. */
export interface Placed {
  readonly placed: number;
  readonly notReplaced: readonly string[];
  readonly notRemoved: readonly string[];
}

/**
 * Does what a journal in its `placing` phase says, from wherever it stopped before: removes old files, renames new ones into
 * their places, the manifest last, and then drops the journal. A file that is neither what was there nor what shall be there
 * is a person's and is left. What was just staged, under the same lock, need not be read back. Throws HostError; the journal then stays for the
 * next run.
 */
export function place(host: Host, root: string, journal: Journal, from?: "just staged"): Placed {
  const at = (path: string): string => joinPath(root, journal.folder, path);
  const notReplaced: string[] = [];
  const notRemoved: string[] = [];
  let placed = 0;
  for (const { path, before } of journal.removes) {
    if (path === manifestName) continue;
    if (!standsThere(host, at(path))) continue;
    if (digestAt(host, at(path)) === before) host.remove(at(path));
    else notRemoved.push(path);
  }
  for (const { path, sha256: after, before } of journal.writes) {
    const temporary = at(temporaryPath(path));
    if (host.stat(temporary) === undefined) continue;
    const now = digestAt(host, at(path));
    if (now === before && (from === "just staged" || digestAt(host, temporary) === after)) {
      host.rename(temporary, at(path));
      placed++;
    } else {
      if (now !== after) notReplaced.push(path);
      host.remove(temporary);
    }
  }
  for (const { path, before } of journal.removes)
    if (path === manifestName && digestAt(host, at(path)) === before) host.remove(at(path));
  const removed = journal.removes.flatMap(({ path }) =>
    prefixes(dirName(path)).map((p) => joinPath(journal.folder, p)),
  );
  const whole = journal.removes.some(({ path }) => path === manifestName) ? [journal.folder] : [];
  pruneFolders(host, root, [...removed, ...whole]);
  sweep(host, root, journal);
  dropJournal(host, root, journal.folder);
  return { placed, notReplaced, notRemoved };
}

/** Takes back what staging left: temporary files, new empty folders, the journal. Throws HostError. */
export function takeBack(host: Host, root: string, journal: Journal): void {
  sweep(host, root, journal);
  pruneFolders(host, root, journal.made);
  dropJournal(host, root, journal.folder);
}

export function dropJournal(host: Host, root: string, folder: string): void {
  const path = joinPath(root, journalPath(folder));
  if (host.stat(path) !== undefined) host.remove(path);
}

/** Digest of a file; null where nothing is, "?" for what is no file. */
export function digestAt(host: Host, path: string): string | null {
  const found = host.stat(path);
  if (found === undefined) return null;
  return found.kind === "file" ? sha256(host.readBytes(path)) : "?";
}

/** True when the folder lists the name as it is written: where case does not count, `stat` would also find its twin. */
function standsThere(host: Host, path: string): boolean {
  return host.stat(path) !== undefined && host.list(dirName(path)).includes(baseName(path));
}

/** Removes the temporary files of a commit, also those that a killed process left half-written. */
function sweep(host: Host, root: string, journal: Journal): void {
  const folders = new Set(journal.writes.map(({ path }) => joinPath(root, journal.folder, dirName(path))));
  for (const folder of folders) {
    if (host.stat(folder)?.kind !== "folder") continue;
    for (const name of listOf(host, folder)) if (isTemporaryName(name)) host.remove(joinPath(folder, name));
  }
}

/** Removes the folders that are empty, the deepest first. */
function pruneFolders(host: Host, root: string, folders: readonly string[]): void {
  const deepestFirst = [...new Set(folders)].sort((a, b) => b.split("/").length - a.split("/").length || byText(a, b));
  for (const folder of deepestFirst)
    if (host.stat(joinPath(root, folder))?.kind === "folder") host.removeEmptyFolder(joinPath(root, folder));
}

function listOf(host: Host, folder: string): readonly string[] {
  try {
    return host.list(folder);
  } catch (error) {
    if (error instanceof HostError && error.kind === "missing") return [];
    throw error;
  }
}
