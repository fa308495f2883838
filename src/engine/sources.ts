import { type FileStat, type Host, HostError } from "../foundation/host.ts";
import { listIfThere, statIfThere } from "../foundation/if-there.ts";
import { dirName, normalizePath } from "../foundation/paths.ts";
import { digestOf } from "./digest.ts";
import { Moved } from "./interrupt.ts";
import type { Changed, FileRead, Looked } from "./query.ts";
import type { SourceMemory } from "./traces.ts";

/** A value with the digest of its canonical part. The value may be fetched, or found lost, when it is asked for. */
export interface Settled {
  readonly value: unknown;
  readonly digest: string;
  readonly isGone?: boolean;
}

/** The outside of the graph. Each thing is looked at once per revision, so that one build sees one state of the world. */
export interface Sources {
  read(kind: SourceKind, params: unknown): Settled;
  /** Says whether anything changed. */
  set(name: string, value: unknown): boolean;
  forget(): void;
  /** Looks again at what was seen, everywhere or at these paths, and keeps what is there now. Gives what differs, as it was seen before. */
  lookAgain(changed?: Changed): readonly (Looked & { readonly name: string })[];
  /** The files and folders that were seen and not forgotten since. */
  looked(): readonly Looked[];
  /** Drops the bytes of files: one that is asked for again is read again, and must be what it was. */
  letGo(): void;
  /** From now on, until `forget`, files are read when they are looked at, whatever is remembered of them. */
  hold(): void;
}

const sourceKinds = ["file", "list", "kind", "real-path", "env", "input"] as const;
const known: ReadonlySet<string> = new Set(sourceKinds);

export type SourceKind = (typeof sourceKinds)[number];

export function isSource(kind: string): kind is SourceKind {
  return known.has(kind);
}

/** Names what is looked at. */
export function sourceName(kind: SourceKind, params: unknown): string {
  return `${kind}\n${typeof params === "string" ? params : JSON.stringify(params)}`;
}

export function createSources(host: Host, memory?: SourceMemory): Sources {
  const seen = new Map<string, Seen>();
  const inputs = new Map<string, Settled>();
  let isHolding = false;
  /** What drops the bytes of each file that was read, as it was read last: what was read of it before is nobody's any more. */
  const held = new Map<string, () => void>();
  const settledBy = (value: unknown): Settled => ({ value, digest: digestOf(value) });
  /** Of what stands at a path there are five kinds: each is digested once. */
  const kinds = new Map<unknown, Settled>();
  const settledKind = (kind: unknown): Settled => {
    const known = kinds.get(kind) ?? settledBy(kind);
    kinds.set(kind, known);
    return known;
  };
  /** A file or folder: known by its stamp, and read when somebody needs it; or read now. */
  const fromDisk = (kind: "file" | "list", path: string, read: () => unknown): Settled => {
    const digest = isHolding ? undefined : memory?.recall(kind, path);
    const took = (drop: () => void): void => {
      if (kind === "file") held.set(path, drop);
    };
    if (digest !== undefined) return later({ path, digest, read, took });
    const stat = memory?.before(path);
    const value = read();
    const settled = later({ path, digest: digestOf(value), read, took, found: { value } });
    memory?.remember(kind, path, stat, settled.digest);
    return settled;
  };
  const look = (kind: SourceKind, params: unknown): Settled => {
    switch (kind) {
      case "file":
        return fromDisk(kind, String(params), () => readFile(host, String(params)));
      case "list":
        return fromDisk(kind, String(params), () => listIfThere(host, String(params)));
      case "kind":
        return settledKind(kindOf(host, String(params)));
      case "real-path":
        return settledBy(realPathOf(host, String(params)));
      case "env":
        return settledBy(host.env[String(params)]);
      case "input":
        return settledBy(member(inputs, params as readonly (string | number)[]));
    }
  };
  return {
    read(kind, params) {
      const name = sourceName(kind, params);
      const before = seen.get(name);
      if (before) return before.settled;
      const settled = look(kind, params);
      seen.set(name, { kind, path: isOnDisk(kind) ? normalizePath(String(params)) : "", params, settled });
      return settled;
    },
    set(name, value) {
      const digest = digestOf(value);
      if (inputs.get(name)?.digest === digest) return false;
      inputs.set(name, { value, digest });
      return true;
    },
    forget() {
      seen.clear();
      held.clear();
      isHolding = false;
    },
    letGo() {
      if (isHolding) return;
      for (const drop of held.values()) drop();
      held.clear();
    },
    hold() {
      isHolding = true;
    },
    lookAgain(changed) {
      const isMeant = changed ? meant(changed) : () => true;
      const out: (Looked & { readonly name: string })[] = [];
      for (const [name, one] of seen) {
        if (!isOnDisk(one.kind) || !isMeant(one)) continue;
        const settled = look(one.kind, one.params);
        if (settled.digest === one.settled.digest) continue;
        seen.set(name, { ...one, settled });
        out.push({ kind: one.kind, path: one.path, digest: one.settled.digest, name });
      }
      return out;
    },
    looked: () =>
      [...seen.values()].flatMap(({ kind, path, settled: { digest } }) =>
        isOnDisk(kind) ? [{ kind, path, digest }] : [],
      ),
  };
}

interface Seen {
  readonly kind: SourceKind;
  /** In simplest form; empty for what is no file or folder. */
  readonly path: string;
  readonly params: unknown;
  readonly settled: Settled;
}

const onDisk: ReadonlySet<string> = new Set<Looked["kind"]>(["file", "list", "kind", "real-path"]);

function isOnDisk(kind: string): kind is Looked["kind"] {
  return onDisk.has(kind);
}

/** Whether something that was seen may be another now: it stands at one of the paths, or lists the folder of one. */
function meant({ paths, folders }: Changed): (seen: Pick<Seen, "kind" | "path">) => boolean {
  const at = new Set([...paths, ...folders]);
  const lists = new Set([...paths.map(dirName), ...folders]);
  return ({ kind, path }) =>
    at.has(path) || (kind === "list" && lists.has(path)) || folders.some((folder) => path.startsWith(`${folder}/`));
}

/** A file or folder of which the digest is known. What is read later, or again, must have that digest, else the world has moved on. */
function later(of: {
  readonly path: string;
  readonly digest: string;
  readonly read: () => unknown;
  /** Called when it is held, with what drops it. */
  readonly took: (drop: () => void) => void;
  readonly found?: { readonly value: unknown };
}): Settled {
  const { path, digest, read, took } = of;
  let found = of.found;
  const drop = (): void => {
    found = undefined;
  };
  if (found) took(drop);
  return {
    digest,
    get value() {
      if (found) return found.value;
      const value = read();
      if (digestOf(value) !== digest) throw new Moved(path);
      found = { value };
      took(drop);
      return value;
    },
  };
}

function readFile(host: Host, path: string): FileRead {
  try {
    return { ok: true, bytes: host.readBytes(path) };
  } catch (error) {
    if (error instanceof HostError) return { ok: false, reason: error.kind };
    throw error;
  }
}

function kindOf(host: Host, path: string): FileStat["kind"] | undefined {
  // What may not be looked at cannot be read either: the read that follows says why.
  return statIfThere(host, path)?.kind;
}

function realPathOf(host: Host, path: string): string | undefined {
  try {
    return host.realPath(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

function member(inputs: ReadonlyMap<string, Settled>, path: readonly (string | number)[]): unknown {
  const [name, ...keys] = path;
  let value: unknown = inputs.get(String(name))?.value;
  for (const key of keys) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return value;
}
