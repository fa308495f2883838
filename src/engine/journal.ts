import { prettyJson, sha256 } from "../foundation/hash.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import { isDigest, isRecord, parseJson } from "./manifest.ts";
import { manifestName, stateFolder, temporaryEnd } from "./names.ts";
import { unsafePart } from "./safe-path.ts";

/**
 * What a commit is about to do, written before it does it. While `staging`, no file of the product has changed and all can be
 * forgotten; once `placing`, all new files are complete beside their places and the commit must be finished.
 */
export interface Journal {
  readonly commit: 1;
  readonly phase: "staging" | "placing";
  /** The product folder, relative to the root. */
  readonly folder: string;
  /** Paths in the product, in the order of placing; the manifest, where it changes, is the last. */
  readonly writes: readonly JournalWrite[];
  readonly removes: readonly JournalRemove[];
  /** Folders that were not there before, relative to the root. */
  readonly made: readonly string[];
}

export interface JournalWrite {
  readonly path: string;
  readonly sha256: string;
  /** Digest of what was there; null where nothing was. */
  readonly before: string | null;
}

export interface JournalRemove {
  readonly path: string;
  readonly before: string;
}

/** Where the journal of a product folder stands, relative to the root. */
export function journalPath(folder: string): string {
  return `${stateFolder}/commit-${sha256(folder).slice(0, 32)}.json`;
}

/** Where a file of the product is written before it is placed: in the same folder, so that placing it is one rename. */
export function temporaryPath(path: string): string {
  return joinPath(dirName(path), `.cw-${sha256(path).slice(0, 16)}${temporaryEnd}`);
}

/** True for names that only a commit makes, also half-written ones. */
export function isTemporaryName(name: string): boolean {
  return /^\.cw-[0-9a-f]{16}\.cw-tmp/.test(name);
}

/** Follows the journal once its commit is placing: a word that is not whole is not there yet. */
const placingMark = "placing\n";

/** Begins a commit: the journal is written as a whole. */
export function writeJournal(host: Host, root: string, journal: Journal & { readonly phase: "staging" }): void {
  host.writeAtomic(joinPath(root, journalPath(journal.folder)), prettyJson(journal));
}

/** From now on the commit is placing. (A journal that is replaced and soon removed makes some disks wait for what was written first.) */
export function markPlacing(host: Host, root: string, journal: Journal): Journal {
  host.appendText(joinPath(root, journalPath(journal.folder)), placingMark);
  return { ...journal, phase: "placing" };
}

/** The journal of a folder; undefined where there is none, "garbage" where it cannot be trusted. Throws HostError. */
export function readJournal(host: Host, root: string, folder: string): Journal | "garbage" | undefined {
  const path = joinPath(root, journalPath(folder));
  if (host.stat(path) === undefined) return undefined;
  const journal = parseJournal(decodeUtf8(host.readBytes(path)) ?? "");
  return journal?.folder === folder ? journal : "garbage";
}

/** A journal's text; undefined where it is not one, or names a path outside its folder. */
export function parseJournal(text: string): Journal | undefined {
  const end = text.lastIndexOf("}") + 2;
  const mark = text.slice(end);
  const value = placingMark.startsWith(mark) ? parseJson(text.slice(0, end)) : undefined;
  if (!isRecord(value) || value.commit !== 1 || typeof value.folder !== "string") return undefined;
  const { folder } = value;
  const phase = mark === placingMark ? "placing" : value.phase;
  if (unsafePart(folder) !== undefined || (phase !== "staging" && phase !== "placing")) return undefined;
  const writes = listOf(value.writes, readWrite);
  const removes = listOf(value.removes, readRemove);
  const made = listOf(value.made, (item) => (safe(item) ? item : undefined));
  return writes && removes && made ? { commit: 1, phase, folder, writes, removes, made } : undefined;
}

function listOf<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.flatMap((item: unknown) => read(item) ?? []);
  return items.length === value.length ? items : undefined;
}

function readWrite(item: unknown): JournalWrite | undefined {
  if (!isRecord(item) || !isDigest(item.sha256) || !safe(item.path)) return undefined;
  const { path, sha256: after, before } = item;
  return before === null || isDigest(before) ? { path, sha256: after, before } : undefined;
}

function readRemove(item: unknown): JournalRemove | undefined {
  return isRecord(item) && safe(item.path) && isDigest(item.before)
    ? { path: item.path, before: item.before }
    : undefined;
}

function safe(path: unknown): path is string {
  return typeof path === "string" && (path === manifestName || unsafePart(path) === undefined);
}
