import { sha256 } from "../../foundation/hash.ts";
import { digestOf, lengthPrefixed } from "../digest.ts";
import type { Action, Engine, Made } from "../query.ts";
import { decodeValue, encodeValue } from "../store/codec.ts";
import type { RemoteCache } from "./contract.ts";
import { local, portable } from "./portable.ts";
import { findResult, type Look, type Mark, type Seen, shareResult } from "./trail.ts";

/** One action whose results are shared, with the engine that runs it. */
export interface Sharing<P, V> {
  readonly engine: Engine;
  readonly action: Action<P, V>;
  readonly cache: RemoteCache;
  /** Absolute folder of the workspace: what is shared does not name it. */
  readonly root: string;
  /** Does something that may find code missing which is loaded only when it is needed. */
  loading<T>(work: () => T): Promise<T>;
  /** Whether bytes that were signed long ago still are a value of this form. */
  isValue(value: unknown): value is V;
  /** What is said of a result in its entry, so that who can do with it need not fetch the value. */
  readonly outline?: {
    /** Plain data. */
    of(params: P, value: V): unknown;
    /** Whether the value is not needed here. What others said is not to be trusted to have any form. */
    isEnough(params: P, said: Omit<Made<unknown>, "value"> & { readonly outline: unknown }): boolean;
  };
  /** Name and version of the tool: another one may compute something else for the same reads. */
  readonly tool: string;
}

/** What a machine or a person has under an absolute path differs in its folder only; these values are compared without it. */
const placed: ReadonlySet<string> = new Set(["real-path", "env"]);

/** What was taken over: the value, or what was said of it where that was enough. */
export type Taken = { readonly kind: "value" } | { readonly kind: "outline"; readonly outline: unknown };

/** Takes over the result of another machine, when everything it read is the same here; undefined where there is none. */
export async function takeShared<P, V>(sharing: Sharing<P, V>, params: P): Promise<Taken | undefined> {
  const { engine, action, cache, root, loading } = sharing;
  const start = startKey(sharing, params);
  const found = start === undefined ? undefined : await findResult(cache, start, lookFrom(sharing));
  if (!found) return undefined;
  const { canonical: digest, outline } = found;
  const marks = found.marks.map((mark): Mark => ({ kind: mark.kind, params: local(mark.params, root) }));
  if (outline !== undefined && sharing.outline?.isEnough(params, { digest, outline }))
    return (await loading(() => engine.adopt(action, params, marks, { digest, isGone: true })))
      ? { kind: "outline", outline }
      : undefined;
  const bytes = await found.fetch();
  const value = bytes && decoded(bytes);
  if (!value || !sharing.isValue(value.value)) return undefined;
  const made = { value: value.value, digest, encoded: bytes };
  return (await loading(() => engine.adopt(action, params, marks, made))) ? { kind: "value" } : undefined;
}

/** Gives a result that was computed here to the others. Says whether it is there now. */
export async function giveShared<P, V>(sharing: Sharing<P, V>, params: P): Promise<boolean> {
  const { engine, action, cache, root } = sharing;
  const start = startKey(sharing, params);
  const run = engine.lastRun(action, params);
  if (start === undefined || !run) return false;
  const bytes = encodeValue(run.value);
  // A value that names this machine's folder holds for this machine alone.
  if (!bytes || Buffer.from(bytes).includes(JSON.stringify(root).slice(1, -1))) return false;
  const look = lookFrom(sharing);
  const seen: Seen[] = [];
  for (const { kind, params: read, digest } of run.reads) {
    const named = portable(read, root);
    if (!named) return false;
    const mark = { kind, params: named.value };
    const now = await look(mark);
    // Changed since it was read: what was computed belongs to a world that is no more.
    if (now === undefined || (!placed.has(kind) && now !== digest)) return false;
    seen.push({ ...mark, digest: now });
  }
  const outline = sharing.outline?.of(params, run.value);
  const result = { canonical: run.digest, ...(outline === undefined ? {} : { outline }) };
  return shareResult(cache, start, { seen, bytes, ...result }, look);
}

function startKey<P, V>({ action, root, tool }: Sharing<P, V>, params: P): string | undefined {
  const named = portable(params, root);
  if (!named) return undefined;
  return sha256(
    lengthPrefixed(["crosswalk-trail-2", tool, action.kind, String(action.version), digestOf(named.value)]),
  );
}

function lookFrom<P, V>({ engine, root, loading }: Sharing<P, V>): Look {
  return ({ kind, params }) =>
    loading(() => {
      const found = engine.look(kind, local(params, root));
      if (!found || !placed.has(kind)) return found?.digest;
      const named = portable(found.value, root);
      return named && digestOf(named.value);
    });
}

function decoded(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: decodeValue(bytes) };
  } catch {
    return undefined;
  }
}
