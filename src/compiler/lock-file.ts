import { canonicalJson } from "../foundation/hash.ts";
import { decodeUtf8, type Host, HostError } from "../foundation/host.ts";
import { by } from "../foundation/order.ts";
import { joinPath } from "../foundation/paths.ts";

/** The lock beside the root crosswalk.yaml: what was learnt from outside, one sorted JSON entry a line. */
export const lockName = "crosswalk.lock";

/** Each line of the lock: schemas/lock-1.schema.json. */
export type LockEntry = DistributionEntry | DatasetEntry;

/** The version of a Python distribution that the models of a folder are made with. */
export interface DistributionEntry {
  readonly kind: "distribution";
  /** Folder of the crosswalk.yaml, "." at the root: members of a workspace may have environments of their own. */
  readonly folder: string;
  /** Normalised as PEP 503 has it. */
  readonly name: string;
  readonly version: string;
}

/** What the data of a model are: their form and digest, never a value. */
export interface DatasetEntry {
  readonly kind: "dataset";
  readonly model: string;
  readonly name: string;
  readonly sha256: string;
  /** Only where the columns could be read. */
  readonly rows?: number;
  readonly columns?: readonly LockColumn[];
}

export interface LockColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** `empty`: no row has a value. */
export type ColumnType = "int" | "float" | "bool" | "str" | "datetime" | "empty";

/** What names an entry: two entries of one id contradict each other. */
export function lockId(entry: LockEntry): string {
  return entry.kind === "distribution"
    ? `distribution\0${entry.folder}\0${entry.name}`
    : `dataset\0${entry.model}\0${entry.name}`;
}

/** An entry as people name it: "pandas", "models/a: pandas", "credit-risk/applications". */
export function lockLabel(entry: LockEntry): string {
  if (entry.kind === "dataset") return `${entry.model}/${entry.name}`;
  return entry.folder === "." ? entry.name : `${entry.folder}: ${entry.name}`;
}

/** A lock as it stands on disk. */
export interface LockText {
  /** undefined when there is no lock. */
  readonly text: string | undefined;
  /** Entries by id; more than one where a merge kept both sides. Equal ones count once. */
  readonly entries: ReadonlyMap<string, readonly LockEntry[]>;
  readonly damaged: readonly { readonly line: number; readonly problem: string }[];
}

/** Reads the lock. */
export function readLock(host: Host, root: string): LockText {
  const unread = (problem: string): LockText => ({
    text: undefined,
    entries: new Map(),
    damaged: [{ line: 1, problem }],
  });
  let bytes: Uint8Array;
  try {
    bytes = host.readBytes(joinPath(root, lockName));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.kind === "missing"
      ? { text: undefined, entries: new Map(), damaged: [] }
      : unread("the file cannot be read");
  }
  const text = decodeUtf8(bytes);
  return text === undefined ? unread("it is not UTF-8 text") : { text, ...parseLock(text) };
}

/** The entries of a lock's text. Conflict marks are passed over: both sides count, what was before them does not. */
export function parseLock(text: string): Pick<LockText, "entries" | "damaged"> {
  const entries = new Map<string, LockEntry[]>();
  const damaged: { line: number; problem: string }[] = [];
  let isBase = false;
  text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .forEach((line, i) => {
      const mark = /^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.exec(line)?.[0].trim();
      if (mark !== undefined) isBase = mark === "|||||||";
      if (mark !== undefined || isBase || line.trim() === "") return;
      const entry = parseEntry(line);
      if (typeof entry === "string") {
        damaged.push({ line: i + 1, problem: entry });
        return;
      }
      const same = entries.get(lockId(entry)) ?? [];
      if (!same.some((other) => canonicalJson(other) === canonicalJson(entry)))
        entries.set(lockId(entry), [...same, entry]);
    });
  return { entries, damaged };
}

/** The text of a lock: one entry a line, in the order of their ids. */
export function lockText(entries: Iterable<LockEntry>): string {
  return [...entries]
    .sort(by(lockId))
    .map((entry) => `${canonicalJson(entry)}\n`)
    .join("");
}

/**
 * Normalised distribution → version, as locked for the models of a folder. Where a merge left two versions, neither counts:
 * what is in the repository decides, as `crosswalk lock` will.
 */
export function lockedDistributions(host: Host, root: string, folder: string): ReadonlyMap<string, string> {
  const { entries } = readLock(host, root);
  return new Map(
    [...entries.values()].flatMap((same): [string, string][] => {
      const [only] = same;
      if (same.length !== 1 || only?.kind !== "distribution" || only.folder !== folder) return [];
      return [[only.name, only.version]];
    }),
  );
}

/** The entry on a line, or what is wrong with it. */
function parseEntry(line: string): LockEntry | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return "it is not an object";
  const entry = value as Readonly<Record<string, unknown>>;
  const text = (key: string): boolean => typeof entry[key] === "string" && entry[key] !== "";
  if (entry.kind === "distribution")
    return text("folder") && text("name") && text("version")
      ? (entry as unknown as DistributionEntry)
      : "a distribution has a folder, a name and a version";
  if (entry.kind !== "dataset") return "its kind is neither distribution nor dataset";
  if (!text("model") || !text("name") || !/^[0-9a-f]{64}$/.test(String(entry.sha256)))
    return "a dataset has a model, a name and a sha256";
  const { rows, columns } = entry;
  if (rows !== undefined && !(Number.isSafeInteger(rows) && Number(rows) >= 0)) return "its rows are not a number";
  if (columns !== undefined && !(Array.isArray(columns) && columns.every(isColumn))) return "its columns make no sense";
  return entry as unknown as DatasetEntry;
}

const columnTypes: readonly string[] = ["int", "float", "bool", "str", "datetime", "empty"] satisfies ColumnType[];

function isColumn(value: unknown): value is LockColumn {
  if (value === null || typeof value !== "object") return false;
  const { name, type, nullable } = value as Readonly<Record<string, unknown>>;
  return typeof name === "string" && columnTypes.includes(String(type)) && typeof nullable === "boolean";
}
