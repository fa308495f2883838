import type { Phase } from "../diagnostics/diagnostic.ts";
import type { FileStat, HostErrorKind } from "../foundation/host.ts";
import type { Trace } from "./traces.ts";

/**
 * One kind of work. `compute` is a pure function of its parameters and of what it reads through `read`; it must not keep, or
 * change, anything else. Parameters and values are plain data and are never changed after they were given.
 */
export interface Action<P, V> {
  /** Unique in an engine, e.g. "cell-facts". */
  readonly kind: string;
  /** Raised by hand whenever `compute` gives something else for the same reads. */
  readonly version: number;
  compute(params: P, read: Reader): V;
  /** The part of the value that others may build on: equal canonical values stop a change here. By default the whole value. */
  canonical?(value: V): unknown;
  /**
   * "memory": the value is no plain data, and is never stored. What its digest says outlives the process all the same: who built on it
   * stays fresh, and the value is computed again only when somebody asks for it.
   * "near": the value is asked for at each start. Such values are stored together, apart from the large ones that nobody asks for.
   */
  readonly kept?: "memory" | "near";
}

/** What an action may look at. Every call is recorded as it happens, with the digest of what was seen. */
export interface Reader {
  /** Another action's value. */
  get<P, V>(action: Action<P, V>, params: P): V;
  /** A file's bytes, or why there are none. */
  file(path: string): FileRead;
  /** Sorted names in a folder; undefined when it cannot be listed. */
  list(path: string): readonly string[] | undefined;
  /** What stands at a path; undefined where nothing does. Links are not followed. */
  kind(path: string): FileStat["kind"] | undefined;
  /** The path with links resolved; undefined where nothing stands there. */
  realPath(path: string): string | undefined;
  env(name: string): string | undefined;
  /** A named input (see `Engine.set`), or the member of it at a key path: only that member is depended on. */
  input(name: string, ...path: readonly (string | number)[]): unknown;
}

export type FileRead =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: HostErrorKind };

/** One thing an action looked at: a source ("file", "list", "kind", "real-path", "env", "input") or another action, with what it was then. */
export interface Read {
  readonly kind: string;
  readonly params: unknown;
  readonly digest: string;
}

/** How an action ended in this revision, and why it had to run. */
export interface ActionRecord {
  readonly kind: string;
  readonly params: unknown;
  readonly status: "fresh" | "ran";
  /**
   * Why it ran: never before, the first thing it read that is no longer the same, or that its value was asked for and is not there
   * (not stored, or lost on a damaged disk).
   */
  readonly reason?:
    | { readonly code: "new" }
    | { readonly code: "changed"; readonly read: Read; readonly now: string }
    | { readonly code: "not-kept" };
  readonly digest: string;
  /** Of what ran here: when, by the host's clock, and for how many milliseconds, with what it asked for. */
  readonly began?: number;
  readonly took?: number;
}

/** What an action gives, before anyone needs the value itself. */
export interface Result<V> {
  /** Of the canonical part of the value. */
  readonly digest: string;
  /** The value, read from the store or computed again where it must be. */
  load(): V;
}

/** What is known of an action that has ended. */
export interface Known {
  readonly digest: string;
  /** The value is not here: the action runs again when somebody asks for it. */
  readonly isGone?: boolean;
}

/** A value with the digest of its canonical part. */
export interface Made<V> {
  readonly value: V;
  readonly digest: string;
}

/** What another engine made: a value, maybe with its bytes (see store/codec.ts), or the digest of one that is not here. */
export type Adopted<V> =
  | (Made<V> & { readonly encoded?: Uint8Array; readonly isGone?: never })
  | { readonly digest: string; readonly isGone: true };

export interface LastRun<V> extends Made<V> {
  readonly reads: readonly Read[];
}

/** Absolute paths, in simplest form, at which something happened. */
export interface Changed {
  readonly paths: readonly string[];
  /** Those that are, or were, folders. */
  readonly folders: readonly string[];
}

/** A file or folder that an action looked at, and the digest of what it saw there. */
export interface Looked {
  readonly kind: "file" | "list" | "kind" | "real-path";
  /** In simplest form. */
  readonly path: string;
  readonly digest: string;
}

/** A demand-driven graph of actions over one host. Synchronous; one at a time. */
export interface Engine {
  /** The value of an action. It is undefined only with a diagnostic (a cycle). */
  query<P, V>(action: Action<P, V>, params: P): Phase<V | undefined>;
  /** The same without the value: enough to know whether there is anything to do. */
  settle<P, V>(action: Action<P, V>, params: P): Phase<Result<V> | undefined>;
  /** What is known of an action without running it, so that nothing is loaded for it in vain; undefined where it would have to run. */
  known<P, V>(action: Action<P, V>, params: P): Known | undefined;
  /** What a source or an action is now, by the name that a trace has for it; undefined where nobody knows such an action. */
  look(kind: string, params: unknown): { readonly digest: string; readonly value: unknown } | undefined;
  /** What an action read and gave when it was last run or found fresh; undefined where it is not known. */
  lastRun<P, V>(action: Action<P, V>, params: P): LastRun<V> | undefined;
  /**
   * Takes a value that another engine computed, from reads that are the same here; its digest comes with it, so that nothing of the action
   * need be loaded. The caller vouches for both. Says whether it could: every read must be one that this engine can look at.
   * A value that is gone is computed here when somebody asks for it. `as` says how it counts: as known all along, or as having run in this revision.
   */
  adopt<P, V>(
    action: Action<P, V>,
    params: P,
    reads: readonly Omit<Read, "digest">[],
    made: Adopted<V>,
    as?: ActionRecord["status"],
  ): boolean;
  /** Sets a named input, e.g. the configuration. An equal value changes nothing. */
  set(name: string, value: unknown): void;
  /** Drops the values of a kind of action that are kept in memory alone, and the bytes of files; what is asked for again is computed, or read, again. */
  letGo(kind: string): void;
  /** Begins a new revision: files, folders and the environment may have changed. */
  refresh(): void;
  /**
   * Looks again at what was looked at, everywhere or at these paths, and gives what differs, as it was seen before. Where anything does, the
   * next revision begins.
   */
  lookAgain(changed?: Changed): readonly Looked[];
  /** The files and folders that were looked at in this revision and those before it, back to the last `refresh`. */
  looked(): readonly Looked[];
  /** Those of them that ran: listing them costs nothing where nothing did. */
  ran(): readonly ActionRecord[];
  /** What is known of an action's runs, the last one first: what each read, and what it gave. Looks at nothing else. */
  traces(kind: string, params: unknown): readonly Trace[];
  /** How every action of this revision ended, in the order in which they ended. */
  records(): readonly ActionRecord[];
}
