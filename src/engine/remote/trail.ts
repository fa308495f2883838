import { sha256 } from "../../foundation/hash.ts";
import { lengthPrefixed } from "../digest.ts";
import { isDigest, isRecord, parseJson } from "../manifest.ts";
import { decodeText, encodeText } from "../store/codec.ts";
import type { Entry, RemoteCache } from "./contract.ts";

/*
 * What an action reads is known only when it runs, and depends on what it read before. So a shared result is found step by step: the
 * entry at the action's own key names things to look at; their digests and that key give the next key, whose entry names more of them
 * or the result. A result lies only at a key that covers everything its run had read, whoever wrote the steps before it.
 */

/** Something that was looked at, in the same words on every machine. */
export interface Mark {
  readonly kind: string;
  readonly params: unknown;
}

export interface Seen extends Mark {
  readonly digest: string;
}

/** What a mark is on this machine now; undefined where it cannot be told. */
export type Look = (mark: Mark) => Promise<string | undefined>;

/** Steps that a search follows before it gives up. */
const longest = 20;
const resultPath = "result";

/** A result as it is known before it is fetched. */
export interface Result {
  /** The digest by which those who build on it know it. */
  readonly canonical: string;
  /** What its entry says of it, in plain data: who can do with that need not fetch it. */
  readonly outline?: unknown;
}

/** A result that was found. */
export interface Found extends Result {
  /** What it was computed from. */
  readonly marks: readonly Mark[];
  /** undefined where the cache has lost it. */
  fetch(): Promise<Uint8Array | undefined>;
}

/** The result whose every read is here as it was there, with what these reads are. */
export async function findResult(cache: RemoteCache, start: string, look: Look): Promise<Found | undefined> {
  const marks: Mark[] = [];
  let key = start;
  for (let nth = 0; nth < longest; nth++) {
    const found = await cache.getEntry(key);
    if (found.kind === "miss") return undefined;
    const step = stepOf(found.value);
    if (!step) return undefined;
    if ("digest" in step) {
      const { digest, size, ...result } = step;
      const fetch = async (): Promise<Uint8Array | undefined> => {
        const blob = await cache.getBlob(digest, size);
        return blob.kind === "hit" ? blob.value : undefined;
      };
      return { ...result, marks, fetch };
    }
    const seen = await seenNow(step.marks, look);
    if (!seen) return undefined;
    marks.push(...step.marks);
    key = nextKey(key, seen);
  }
  return undefined;
}

/** A result to be shared, with its bytes. */
interface Shared extends Result {
  readonly bytes: Uint8Array;
}

/** Shares a result under everything that its run read. Says whether it is there now. */
export async function shareResult(
  cache: RemoteCache,
  start: string,
  run: Shared & { readonly seen: readonly Seen[] },
  look: Look,
): Promise<boolean> {
  const left = new Map(run.seen.map((one) => [nameOf(one), one]));
  const mine = new Map(left);
  const asRun: Look = async (mark) => mine.get(nameOf(mark))?.digest ?? look(mark);
  let key = start;
  for (let nth = 0; nth < longest; nth++) {
    const found = await cache.getEntry(key);
    let marks: readonly Mark[] | undefined;
    if (found.kind === "hit") {
      const step = stepOf(found.value);
      if (!step) return false;
      // A result that needed less than ours: the two runs cannot both be right about what they read.
      if ("digest" in step) return left.size === 0 && putResult(cache, key, run);
      marks = step.marks;
    } else if (found.reason !== "absent") return false;
    else if (left.size === 0) return putResult(cache, key, run);
    else {
      marks = [...left.values()].map(({ kind, params }) => ({ kind, params }));
      const put = await cache.putEntry(key, { files: [], facts: factsOf(marks) }, { isHint: true });
      // Somebody was quicker: their step is followed.
      if (put.kind === "differs" || put.kind === "exists") continue;
      if (put.kind !== "stored") return false;
    }
    const seen = await seenNow(marks, asRun);
    if (!seen) return false;
    for (const mark of marks) left.delete(nameOf(mark));
    key = nextKey(key, seen);
  }
  return false;
}

async function putResult(cache: RemoteCache, key: string, { bytes, ...result }: Shared): Promise<boolean> {
  const digest = sha256(bytes);
  const blob = await cache.putBlob(digest, bytes);
  if (blob.kind !== "stored" && blob.kind !== "exists") return false;
  const entry: Entry = { files: [{ path: resultPath, sha256: digest, size: bytes.length }], facts: encodeText(result) };
  const put = await cache.putEntry(key, entry);
  return put.kind === "stored" || put.kind === "exists";
}

async function seenNow(marks: readonly Mark[], look: Look): Promise<readonly Seen[] | undefined> {
  const seen: Seen[] = [];
  for (const mark of marks) {
    const digest = await look(mark);
    if (digest === undefined) return undefined;
    seen.push({ ...mark, digest });
  }
  return seen;
}

function nextKey(key: string, seen: readonly Seen[]): string {
  return sha256(lengthPrefixed([key, ...seen.flatMap((one) => [nameOf(one), one.digest])]));
}

function nameOf({ kind, params }: Mark): string {
  return lengthPrefixed([kind, encodeText(params)]);
}

function factsOf(marks: readonly Mark[]): string {
  return JSON.stringify({ reads: marks.map(({ kind, params }) => [kind, encodeText(params)]) });
}

/** What an entry says: a result, or what to look at next. undefined where it is neither. */
function stepOf({
  files,
  facts,
}: Entry):
  | (Result & { readonly digest: string; readonly size: number })
  | { readonly marks: readonly Mark[] }
  | undefined {
  const [file, ...more] = files;
  if (file) {
    const result = dataOf(facts)?.value;
    if (more.length > 0 || !isRecord(result) || !isDigest(result.canonical)) return undefined;
    const { canonical, outline } = result;
    return { digest: file.sha256, size: file.size, canonical, ...(outline === undefined ? {} : { outline }) };
  }
  const value = parseJson(facts);
  if (!isRecord(value) || !Array.isArray(value.reads) || value.reads.length === 0) return undefined;
  const marks: Mark[] = [];
  for (const read of value.reads as readonly unknown[]) {
    if (!Array.isArray(read) || typeof read[0] !== "string" || typeof read[1] !== "string") return undefined;
    const params = dataOf(read[1]);
    if (!params) return undefined;
    marks.push({ kind: read[0], params: params.value });
  }
  return { marks };
}

/** Plain data that was written as text (see `encodeText`). */
function dataOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: decodeText(text) };
  } catch {
    return undefined;
  }
}
