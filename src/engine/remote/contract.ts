import type { Diagnostic } from "../../diagnostics/diagnostic.ts";

/** One file of a result, by the digest of its bytes. */
export interface EntryFile {
  /** Relative and safe (see `unsafePart`). */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly executable?: boolean;
}

/** What an action gave: files by digest, and a small text beside them (what it read, what it had to say). */
export interface Entry {
  readonly files: readonly EntryFile[];
  readonly facts: string;
}

/** Why something was not had from a cache. Only `absent` is an ordinary miss. */
export type MissReason =
  /** Nobody has put it there. */
  | "absent"
  /** The entry carries no signature, one by a key that is not trusted, or one that does not fit. */
  | "unsigned"
  | "unknown-key"
  | "wrong-signature"
  /** The bytes are not the ones their digest names, or not an entry at all. */
  | "wrong-bytes"
  | "malformed"
  | "unsafe-path"
  /** What the connection did. */
  | "unreachable"
  | "timeout"
  | "too-large"
  | "truncated"
  | "encoded"
  | "redirect"
  | "denied"
  | "server-error"
  /** Not asked any more in this run: it failed too often, or cost too much time. */
  | "switched-off";

export type Got<T> =
  | { readonly kind: "hit"; readonly value: T }
  | { readonly kind: "miss"; readonly reason: MissReason };

/** How a put ended. `exists`: the same was there already. `differs`: something else was, and was left as it is. */
export type Put =
  | { readonly kind: "stored" | "exists" | "differs" | "not-writing" }
  | { readonly kind: "failed"; readonly reason: MissReason };

/** A shared cache as the engine sees it. What it gives has been checked; it never throws and never waits long. */
export interface RemoteCache {
  /** Whether this run writes: it has a space to write to, and a key to sign with. */
  readonly isWriting: boolean;
  /** The bytes of a digest; `size`, where it is known, limits what is taken from the server. */
  getBlob(digest: string, size?: number): Promise<Got<Uint8Array>>;
  hasBlob(digest: string): Promise<boolean>;
  putBlob(digest: string, bytes: Uint8Array): Promise<Put>;
  /** The entry of an action's key (64 hex digits, see `traceKey`). */
  getEntry(key: string): Promise<Got<Entry>>;
  /** Keeps an entry whose blobs were put before. The first one stays; that another is there is said, except of a hint. */
  putEntry(key: string, entry: Entry, options?: { readonly isHint?: boolean }): Promise<Put>;
  /** What there is to say about the cache itself, each cause once. */
  diagnostics(): readonly Diagnostic[];
  statistics(): Statistics;
}

export interface Statistics {
  readonly hits: number;
  readonly stored: number;
  readonly misses: Readonly<Partial<Record<MissReason, number>>>;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Milliseconds in which at least one request was under way. */
  readonly waited: number;
}

/**
 * What lies on a server: a blob under its own digest, or an entry under its key. Both belong to a space, so that what pull
 * requests write lies apart from what main reads.
 */
export interface Slot {
  readonly kind: "blob" | "entry";
  readonly space: string;
  /** 64 lower-case hex digits. */
  readonly name: string;
}

/** A server that keeps bytes under names. Nothing that it says is believed. */
export interface CacheServer {
  get(slot: Slot, limit: number): Promise<Got<Uint8Array>>;
  has(slot: Slot): Promise<Got<true>>;
  /** Keeps bytes where nothing is; with `replace`, also where something is. A server without that condition may replace. */
  put(slot: Slot, bytes: Uint8Array, replace: boolean): Promise<ServerPut>;
}

export type ServerPut =
  | { readonly kind: "stored" | "exists" }
  | { readonly kind: "failed"; readonly reason: MissReason };
