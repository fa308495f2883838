import type { Place } from "../../diagnostics/diagnostic.ts";
import { sha256 } from "../../foundation/hash.ts";
import { foldPath, unsafePart } from "../safe-path.ts";
import { decodeEntry, encodeEntry, type SignedEntry } from "./action-result.ts";
import type { CacheServer, Entry, Got, MissReason, Put, RemoteCache, Slot } from "./contract.ts";
import { Findings } from "./findings.ts";
import { Guard, type Limits, standardLimits } from "./guard.ts";
import { type Judge, resultDigest, type Signer } from "./signing.ts";

export interface RemoteCacheOptions {
  readonly server: CacheServer;
  /** How it is named to people; without user, password and query. */
  readonly name: string;
  /** Spaces that are read, the first one first. */
  readonly read: readonly string[];
  /** The space that is written; undefined where this run only reads. */
  readonly write?: string;
  readonly judge: Judge;
  /** Needed to write. */
  readonly signer?: Signer;
  /** Milliseconds that only go forward. */
  readonly clock: () => number;
  readonly limits?: Limits;
  /** Where crosswalk.yaml asks for the cache. */
  readonly place?: Place;
}

/** The most bytes of an entry, of a blob whose size nobody knows, and the most files in an entry. */
const largest = { entry: 4 * 2 ** 20, blob: 64 * 2 ** 20, files: 20_000 } as const;

/** A cache on a server that nobody trusts: what comes from it is checked here, and what it does is counted. */
export function createRemoteCache(options: RemoteCacheOptions): RemoteCache {
  const { server, name, read, write, judge, signer, clock, place } = options;
  const guard = new Guard(options.limits ?? standardLimits, clock);
  const findings = new Findings();
  /** Blobs that the server gave with other bytes than their digest says: a writer puts them anew. */
  const damaged = new Set<string>();

  const miss = (reason: MissReason): { readonly kind: "miss"; readonly reason: MissReason } => {
    guard.missed(reason);
    if (reason !== "absent" && reason !== "switched-off") findings.add(reason);
    return { kind: "miss", reason };
  };
  const failed = (reason: MissReason): Put => ({ kind: "failed", reason: miss(reason).reason });

  const fetchSlot = async (slot: Slot, limit: number): Promise<Got<Uint8Array>> => {
    if (guard.switchedOff) return miss("switched-off");
    const got = await guard.waiting(() => server.get(slot, limit));
    return got.kind === "hit" ? got : miss(got.reason);
  };

  /** The entry that lies in a space, when it is one and signed by somebody who is trusted. */
  const entryIn = async (space: string, key: string): Promise<Got<Entry>> => {
    const got = await fetchSlot({ kind: "entry", space, name: key }, largest.entry);
    if (got.kind === "miss") return got;
    const signed = decodeEntry(got.value);
    if (!signed) return miss("malformed");
    const doubt = judge({ space, key, entry: signed.entry }, signed.signature);
    if (doubt) return miss(doubt);
    if (!isSafe(signed)) return miss("unsafe-path");
    guard.hit(got.value.length);
    return { kind: "hit", value: signed.entry };
  };

  /** The first space that has it; where none has, the worst that was met. */
  const inSpaces = async <T>(look: (space: string) => Promise<Got<T>>): Promise<Got<T>> => {
    let reason: MissReason = "absent";
    for (const space of read) {
      const got = await look(space);
      if (got.kind === "hit") return got;
      if (got.reason !== "absent") reason = got.reason;
    }
    return { kind: "miss", reason };
  };

  /** What lies under a key already, against what is to be put there. */
  const compare = async (space: string, key: string, entry: Entry, isHint = false): Promise<Put | undefined> => {
    const there = await entryIn(space, key);
    if (there.kind === "hit") {
      if (resultDigest(there.value) === resultDigest(entry)) return { kind: "exists" };
      if (!isHint) findings.differs(key);
      return { kind: "differs" };
    }
    if (there.reason === "absent") return undefined;
    // Something lies there that is not trusted. It is left for a person to judge.
    return { kind: "failed", reason: there.reason };
  };

  return {
    isWriting: write !== undefined && signer !== undefined,
    getBlob: (digest, size) =>
      inSpaces(async (space) => {
        const got = await fetchSlot({ kind: "blob", space, name: digest }, size ?? largest.blob);
        if (got.kind === "miss") {
          if (got.reason === "too-large" || got.reason === "truncated") damaged.add(digest);
          return got;
        }
        if (sha256(got.value) !== digest) {
          damaged.add(digest);
          return miss("wrong-bytes");
        }
        guard.hit(got.value.length);
        return got;
      }),
    async hasBlob(digest) {
      const found = await inSpaces(async (space): Promise<Got<true>> => {
        if (guard.switchedOff) return miss("switched-off");
        const got = await guard.waiting(() => server.has({ kind: "blob", space, name: digest }));
        return got.kind === "hit" ? got : miss(got.reason);
      });
      return found.kind === "hit";
    },
    async putBlob(digest, bytes) {
      if (write === undefined || !signer) return { kind: "not-writing" };
      if (sha256(bytes) !== digest) throw new Error("a blob is put under the digest of other bytes");
      if (guard.switchedOff) return failed("switched-off");
      const slot: Slot = { kind: "blob", space: write, name: digest };
      const replace = damaged.has(digest);
      const there = replace ? undefined : await guard.waiting(() => server.has(slot));
      if (there?.kind === "hit") return { kind: "exists" };
      if (there && there.reason !== "absent") return failed(there.reason);
      const put = await guard.waiting(() => server.put(slot, bytes, replace));
      if (put.kind === "failed") return failed(put.reason);
      if (put.kind === "stored") guard.stored(bytes.length);
      return { kind: put.kind };
    },
    getEntry: (key) => inSpaces((space) => entryIn(space, key)),
    async putEntry(key, entry, { isHint } = {}) {
      if (write === undefined || !signer) return { kind: "not-writing" };
      const signed: SignedEntry = { entry, signature: signer({ space: write, key, entry }) };
      if (!isSafe(signed)) throw new Error("an entry names a path that is not allowed");
      const bytes = encodeEntry(signed);
      const before = await compare(write, key, entry, isHint);
      if (before) return before;
      const slot: Slot = { kind: "entry", space: write, name: key };
      const put = await guard.waiting(() => server.put(slot, bytes, false));
      if (put.kind === "failed") return failed(put.reason);
      // Somebody was quicker between the look and the put.
      if (put.kind === "exists") return (await compare(write, key, entry, isHint)) ?? failed("server-error");
      guard.stored(bytes.length);
      return { kind: "stored" };
    },
    diagnostics: () => findings.diagnostics(name, place, guard.switchedOff),
    statistics: () => guard.statistics(),
  };
}

/** Whether every path of an entry may be written below a product folder, and its sizes can be believed. */
function isSafe({ entry }: SignedEntry): boolean {
  const { files } = entry;
  return (
    files.length <= largest.files &&
    files.every((file) => unsafePart(file.path) === undefined && file.size >= 0 && file.size <= largest.blob) &&
    new Set(files.map((file) => foldPath(file.path))).size === files.length
  );
}
