import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { baseName, joinPath } from "../foundation/paths.ts";
import { attempt, notWritten } from "./failure.ts";
import { type Journal, journalPath, parseJournal, readJournal, temporaryPath } from "./journal.ts";
import { checkWay } from "./links.ts";
import { clearDeadLock, lockPath, withLock } from "./lock.ts";
import { manifestName, stateFolder } from "./names.ts";
import { digestAt, dropJournal, place, takeBack } from "./place.ts";

/**
 * Finishes or forgets an interrupted commit of a folder and says which. Only under the lock. Throws HostError.
 * Finished is what had begun to change the product, unless the product has been changed as a whole since (another branch).
 */
export function recoverUnderLock(host: Host, root: string, folder: string): readonly Diagnostic[] {
  const journal = readJournal(host, root, folder);
  if (journal === undefined) return [];
  const forgotten = (when: string): readonly Diagnostic[] => [report("CW6018", undefined, { folder, when })];
  if (journal === "garbage") {
    dropJournal(host, root, folder);
    return forgotten(", and its journal cannot be read");
  }
  const paths = [...journal.writes, ...journal.removes].map(({ path }) => path);
  if (checkWay(host, root, folder, paths).length > 0) {
    dropJournal(host, root, folder);
    return forgotten(", and its folders have become something else since");
  }
  if (journal.phase === "staging") {
    takeBack(host, root, journal);
    return forgotten(" before any file had changed");
  }
  const manifest = [...journal.writes, ...journal.removes].find(({ path }) => path === manifestName);
  const now = digestAt(host, joinPath(root, folder, manifestName));
  const after = manifest && "sha256" in manifest ? manifest.sha256 : null;
  if (manifest && now !== manifest.before && now !== after) {
    takeBack(host, root, journal);
    return forgotten(", and its manifest was changed since, for example by another branch");
  }
  const { begun, whole } = progress(host, root, journal);
  if (!whole && !begun) {
    takeBack(host, root, journal);
    return forgotten(", and its new files are not complete");
  }
  // Part is placed and part is lost. The journal stays: it tells the next plan what is ours, and that build mends the product.
  if (!whole) return [];
  const { placed, notRemoved } = place(host, root, journal);
  // A file that was edited instead of replaced is drift, and the next plan says so.
  const left = notRemoved.map((path) => report("CW6003", undefined, { path: joinPath(folder, path) }));
  return [report("CW6017", undefined, { folder, count: placed }), ...left];
}

/** Whether anything has been placed, and whether everything that is not can still be. */
function progress(host: Host, root: string, journal: Journal): { readonly begun: boolean; readonly whole: boolean } {
  const at = (path: string): string => joinPath(root, journal.folder, path);
  let begun = journal.removes.some(({ path }) => host.stat(at(path)) === undefined);
  let whole = true;
  for (const { path, sha256, before } of journal.writes) {
    const now = digestAt(host, at(path));
    if (now === sha256) begun = true;
    else if (now === before && digestAt(host, at(temporaryPath(path))) !== sha256) whole = false;
  }
  return { begun, whole };
}

/** Finishes or forgets every interrupted commit of a workspace: for the beginning of a build. Touches nothing when there is none. */
export function recoverCommits(host: Host, root: string): readonly Diagnostic[] {
  const folder = joinPath(root, stateFolder);
  const done = attempt(() => {
    if (host.stat(folder)?.kind !== "folder") return [];
    const all = host.list(folder);
    if (all.includes(baseName(lockPath))) clearDeadLock(host, root);
    const names = all.filter((name) => /^commit-[0-9a-f]{32}\.json$/.test(name));
    if (names.length === 0) return [];
    const locked = withLock(host, root, () => names.flatMap((name) => recoverNamed(host, root, name)));
    return locked.held ? locked.value : [locked.diagnostic];
  }, notWritten(root));
  return done.ok ? done.value : [done.diagnostic];
}

function recoverNamed(host: Host, root: string, name: string): readonly Diagnostic[] {
  const path = joinPath(stateFolder, name);
  const at = joinPath(root, path);
  if (host.stat(at) === undefined) return []; // Another process was quicker.
  const journal = parseJournal(decodeUtf8(host.readBytes(at)) ?? "");
  if (journal && journalPath(journal.folder) === path) return recoverUnderLock(host, root, journal.folder);
  host.remove(at);
  return [report("CW6018", undefined, { folder: path, when: ", and its journal cannot be read" })];
}
