import { type FileStat, type Host, HostError } from "../foundation/host.ts";
import { digestOf } from "./digest.ts";
import type { FileRead } from "./query.ts";

/** A value with the digest of its canonical part. */
export interface Settled {
  readonly value: unknown;
  readonly digest: string;
  readonly isGone?: true;
}

/** The outside of the graph. Each thing is looked at once per revision, so that one build sees one state of the world. */
export interface Sources {
  read(kind: SourceKind, params: unknown): Settled;
  /** Says whether anything changed. */
  set(name: string, value: unknown): boolean;
  forget(): void;
}

const sourceKinds = ["file", "list", "kind", "real-path", "env", "input"] as const;
const known: ReadonlySet<string> = new Set(sourceKinds);

export type SourceKind = (typeof sourceKinds)[number];

export function isSource(kind: string): kind is SourceKind {
  return known.has(kind);
}

export function createSources(host: Host): Sources {
  const seen = new Map<string, Settled>();
  const inputs = new Map<string, Settled>();
  const look = (kind: SourceKind, params: unknown): unknown => {
    switch (kind) {
      case "file":
        return readFile(host, String(params));
      case "list":
        return listFolder(host, String(params));
      case "kind":
        return kindOf(host, String(params));
      case "real-path":
        return realPathOf(host, String(params));
      case "env":
        return host.env[String(params)];
      case "input":
        return member(inputs, params as readonly (string | number)[]);
    }
  };
  return {
    read(kind, params) {
      const name = `${kind}\n${JSON.stringify(params)}`;
      const before = seen.get(name);
      if (before) return before;
      const value = look(kind, params);
      const settled = { value, digest: digestOf(value) };
      seen.set(name, settled);
      return settled;
    },
    set(name, value) {
      const digest = digestOf(value);
      if (inputs.get(name)?.digest === digest) return false;
      inputs.set(name, { value, digest });
      return true;
    },
    forget: () => seen.clear(),
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

function listFolder(host: Host, path: string): readonly string[] | undefined {
  try {
    return host.list(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

function kindOf(host: Host, path: string): FileStat["kind"] | undefined {
  try {
    return host.stat(path)?.kind;
  } catch (error) {
    // What may not be looked at cannot be read either: the read that follows says why.
    if (error instanceof HostError) return undefined;
    throw error;
  }
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
