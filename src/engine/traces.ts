import { sha256 } from "../foundation/hash.ts";
import { lengthPrefixed } from "./digest.ts";
import type { Read } from "./query.ts";

/** What one run of an action read, in order, and what it gave. Valid for ever: it names contents, not times. */
export interface Trace {
  /** Digest of identity and reads: the name of this result in a shared store. */
  readonly key: string;
  readonly reads: readonly Read[];
  readonly digest: string;
  readonly value: unknown;
  /** The value is no plain data: a store on disk keeps the rest of the trace only, and gives it back with `isGone`. */
  readonly kept?: "memory";
  /** The value is not here: it is computed again when somebody asks for it (see `Action.kept`). */
  readonly isGone?: true;
}

/** Where traces are kept. In memory now; on disk and shared between machines behind the same two calls. */
export interface TraceStore {
  /** Known runs of an action (see `identityOf`), the most likely first. */
  find(identity: string): readonly Trace[];
  put(identity: string, trace: Trace): void;
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
    put(identity, trace) {
      const others = (kept.get(identity) ?? []).filter((t) => t.key !== trace.key);
      touch(identity, [trace, ...others].slice(0, perAction));
    },
  };
}
