import { sha256 } from "../foundation/hash.ts";
import type { FileStat } from "../foundation/host.ts";
import { lengthPrefixed } from "./digest.ts";
import type { Read } from "./query.ts";

/** What one run of an action read, in order, and what it gave. Valid for ever: it names contents, not times. */
export interface Trace {
  /** Digest of identity and reads: the name of this result in a shared store. */
  readonly key: string;
  readonly reads: readonly Read[];
  readonly digest: string;
  /** Throws LostValue (see store/values.ts) where it cannot be had any more. */
  readonly value: unknown;
  /** The bytes of the value, where somebody has them already (see store/codec.ts). */
  readonly encoded?: Uint8Array;
  /** How a store on disk keeps the value (see `Action.kept`). Of one in memory it keeps the rest of the trace only, which comes back with `isGone`. */
  readonly kept?: "memory" | "near";
  /** The value is not here: it is computed again when somebody asks for it (see `Action.kept`). */
  readonly isGone?: boolean;
  /** The first of the reads, from a number on, that is not known to be as it was. Without it none is known. */
  doubtful?(from: number): { readonly at: number; readonly read: Read } | undefined;
}

/** Names an action with its parameters, and tells what they are. */
export interface Asked {
  readonly identity: string;
  readonly kind: string;
  readonly version: number;
  readonly params: unknown;
}

/** The world as a store must see it to tell whether something has changed. */
export interface World {
  /** Digest of a source as it is in this revision. */
  source(kind: string, params: unknown): string;
  /** The version of an action that is known now. */
  version(kind: string): number | undefined;
}

/** Where traces are kept: in memory, or on disk (store/file-store.ts). */
export interface TraceStore {
  /** Known runs of an action (see `identityOf`), the most likely first. */
  find(identity: string): readonly Trace[];
  /** Keeps a run, or says that a kept one holds now. Gives it as the store would: without holding its value in memory. */
  put(asked: Asked, trace: Trace): Trace;
  /** Begins a revision: whatever was known of the world counts no more. */
  begin?(world: World): void;
  /** The last run of an action, if no source under it, however deep, is other than it was. Looks at nothing but sources. */
  fresh?(identity: string): Trace | undefined;
  /** An action that was found fresh, after all actions under it. */
  under?(identity: string): Iterable<Asked & { readonly digest: string }>;
  /** What was asked for from outside: it is what garbage collection keeps. */
  root?(identity: string): void;
  /** Forgets the values of a kind of action that live in memory alone. */
  letGo?(kind: string): void;
  readonly sources?: SourceMemory;
}

/** What is remembered of files and folders, so that one that was not touched need not be read. */
export interface SourceMemory {
  /** The digest of a source whose stamp is what it was. */
  recall(kind: string, params: string): string | undefined;
  /** To be called before a source is looked at and read: only files that were last changed before can be remembered. */
  before(path: string): FileStat | undefined;
  /** Keeps what a source was; `stat` is from before it was read. */
  remember(kind: string, params: string, stat: FileStat | undefined, digest: string): void;
}

const schema = "crosswalk-trace-1";

/** Names an action with its parameters, before anything is read. */
export function identityOf(kind: string, version: number, paramsDigest: string): string {
  return sha256(lengthPrefixed([schema, kind, String(version), paramsDigest]));
}

/** Names one result: the identity and everything that was read. */
export function traceKey(identity: string, reads: readonly Read[], digest: (params: unknown) => string): string {
  return sha256(lengthPrefixed([schema, identity, ...reads.flatMap((r) => [r.kind, digest(r.params), r.digest])]));
}

/** True for traces of one action that read the same. Digests are compared before anything is hashed. */
function hasSameReads(a: Trace, b: Trace): boolean {
  const [readsA, readsB] = [a.reads, b.reads];
  const mayBe = (read: Read, nth: number): boolean =>
    read.digest === readsB[nth]?.digest && read.kind === readsB[nth]?.kind;
  return readsA.length === readsB.length && readsA.every(mayBe) && a.key === b.key;
}

/** Keeps the last few traces of each action, and forgets the actions that were not asked for longest. */
export function memoryTraceStore(limits: { readonly perAction?: number; readonly actions?: number } = {}): TraceStore {
  const { perAction = 3, actions = 100_000 } = limits;
  const kept = new Map<string, readonly Trace[]>();
  const touch = (identity: string, traces: readonly Trace[]): void => {
    kept.delete(identity);
    kept.set(identity, traces);
    for (const oldest of kept.keys()) {
      if (kept.size <= actions) break;
      kept.delete(oldest);
    }
  };
  return {
    find(identity) {
      const traces = kept.get(identity);
      if (traces) touch(identity, traces);
      return traces ?? [];
    },
    put({ identity }, trace) {
      const before = kept.get(identity);
      if (before?.[0] === trace) return trace;
      const others = (before ?? []).filter((other) => !hasSameReads(other, trace));
      touch(identity, [trace, ...others].slice(0, perAction));
      return trace;
    },
  };
}
