import type { Host } from "../../foundation/host.ts";
import { digestOf } from "../digest.ts";
import type { Read } from "../query.ts";
import { type Asked, identityOf, type Trace, type TraceStore, traceKey, type World } from "../traces.ts";
import { decodeText, encodeText } from "./codec.ts";
import { none, pushId, pushNumber } from "./columns.ts";
import { type Looking, looking } from "./memory.ts";
import { endOf, nodeIndex, pushStamp, type Tables } from "./tables.ts";
import { LostValue, type ValueRef, type Values } from "./values.ts";

/** The last runs of an action that are kept. */
export const perAction = 3;

/** Traces on tables. `swap` puts other tables in place of these, for example smaller ones; it ends the revision. */
export interface StoredTraces extends Required<Omit<TraceStore, "sources">> {
  readonly tables: () => Tables;
  swap(tables: Tables): void;
  /** Digest of a source whose stamp is what it was. */
  recall(kind: string, params: string): string | undefined;
  remember(kind: string, params: string, stat: NonNullable<ReturnType<Host["stat"]>>, digest: string): void;
  /** Rows of which the values are held by nothing but this process. */
  readonly unwritten: Map<number, ValueRef>;
}

const day = 86_400_000;

/** A trace as the store hands it out. */
interface Kept {
  readonly tables: Tables;
  readonly row: number;
}

export function storedTraces(host: Host, start: Tables, values: Values): StoredTraces {
  let t = start;
  let index = nodeIndex(t);
  let world: World | undefined;
  let memo: Looking | undefined;
  /** Where each trace row of an action has its predecessor; made when an older one is looked for. */
  let older: Uint32Array | undefined;
  /** When each root was asked for last. */
  let asked: Map<number, number> | undefined;
  const kept = new WeakMap<Trace, Kept>();
  const unwritten = new Map<number, ValueRef>();
  /** Values that are no plain data stay in memory: those of the last runs of each action, by row. */
  const held = new Map<number, unknown>();
  const heldRows = new Map<number, readonly number[]>();

  const hold = (node: number, row: number, value: unknown): void => {
    const rows = [...(heldRows.get(node) ?? []), row];
    for (const old of rows.slice(0, -perAction)) held.delete(old);
    heldRows.set(node, rows.slice(-perAction));
    held.set(row, value);
  };
  const look = (): Looking => {
    memo ??= looking(host, t, world);
    return memo;
  };
  const refAt = (tables: Tables, row: number): ValueRef | undefined => {
    const here = tables === t ? unwritten.get(row) : undefined;
    if (here) return here;
    const blob = tables.traces.blob.data[row] ?? none;
    if (blob === none) return undefined;
    return {
      bundle: values.bundle(tables.digests.hex(blob)),
      offset: tables.traces.offset.data[row] ?? 0,
      length: tables.traces.length.data[row] ?? 0,
    };
  };
  const readAt = (tables: Tables, read: number): Read => {
    const node = tables.reads.node.data[read] ?? 0;
    return {
      kind: tables.strings.get(tables.nodes.kind.data[node] ?? 0),
      params: decodeText(tables.strings.get(tables.nodes.params.data[node] ?? 0)),
      digest: tables.digests.hex(tables.reads.digest.data[read] ?? 0),
    };
  };
  const traceAt = (row: number, value?: { readonly value: unknown }): Trace => {
    const tables = t;
    const ref = refAt(tables, row);
    const strong = held.has(row) ? { value: held.get(row) } : undefined;
    let weak = isObject(value?.value) ? new WeakRef(value.value) : undefined;
    const begin = tables.traces.reads.data[row] ?? 0;
    const end = endOf(tables.traces.reads, row, tables.reads.node.length);
    const identity = (): string =>
      tables.digests.hex(tables.nodes.identity.data[tables.traces.node.data[row] ?? 0] ?? 0);
    const trace: Trace = {
      digest: tables.digests.hex(tables.traces.digest.data[row] ?? 0),
      get key() {
        return traceKey(identity(), trace.reads, digestOf);
      },
      get reads() {
        const out: Read[] = [];
        for (let read = begin; read < end; read++) out.push(readAt(tables, read));
        return out;
      },
      get isGone() {
        return !strong && !ref && weak?.deref() === undefined;
      },
      get value() {
        if (strong) return strong.value;
        const known = weak?.deref();
        if (known !== undefined) return known;
        if (!ref) throw new LostValue();
        const found = values.get(ref);
        weak = isObject(found) ? new WeakRef(found) : undefined;
        return found;
      },
      doubtful(from) {
        if (tables !== t) return begin + from < end ? { at: from, read: readAt(tables, begin + from) } : undefined;
        const at = look().firstDoubtful(row, from);
        return at < 0 ? undefined : { at, read: readAt(tables, begin + at) };
      },
    };
    kept.set(trace, { tables, row });
    return trace;
  };
  const predecessors = (): Uint32Array => {
    if (older && older.length >= t.traces.node.length) return older;
    older = new Uint32Array(t.traces.node.length * 2).fill(none);
    const last = new Uint32Array(t.nodes.kind.length).fill(none);
    for (let row = 0; row < t.traces.node.length; row++) {
      const node = t.traces.node.data[row] ?? 0;
      older[row] = last[node] ?? none;
      last[node] = row;
    }
    return older;
  };
  const sameReads = (a: number, b: number): boolean => {
    const [beginA, beginB] = [t.traces.reads.data[a] ?? 0, t.traces.reads.data[b] ?? 0];
    const size = endOf(t.traces.reads, a, t.reads.node.length) - beginA;
    if (size !== endOf(t.traces.reads, b, t.reads.node.length) - beginB) return false;
    for (let i = 0; i < size; i++) {
      if (t.reads.node.data[beginA + i] !== t.reads.node.data[beginB + i]) return false;
      if (t.reads.digest.data[beginA + i] !== t.reads.digest.data[beginB + i]) return false;
    }
    return true;
  };
  /** The newest rows of a node that differ in what they read, newest first. */
  const rowsOf = (node: number): readonly number[] => {
    const out: number[] = [];
    const head = look().head(node);
    if (head === none) return out;
    const before = predecessors();
    for (let row = head; row !== none && out.length < perAction; row = before[row] ?? none)
      if (!out.some((other) => sameReads(other, row))) out.push(row);
    return out;
  };
  const nodeOfRead = (read: Read): number => {
    const version = world?.version(read.kind);
    const params = encodeText(read.params);
    if (version === undefined) return index.addSource(read.kind, params);
    const identity = identityOf(read.kind, version, digestOf(read.params));
    return index.addAction(identity, read.kind, version, params);
  };
  const add = (node: number, trace: Trace): number => {
    const before = kept.get(trace);
    const copied = before?.tables === t ? before.row : undefined;
    // The nodes first: naming one may look at rows, and a row must be whole when that happens.
    const reads =
      copied === undefined ? trace.reads.map((r) => [nodeOfRead(r), t.digests.intern(r.digest)] as const) : [];
    const row = pushId(t.traces.node, node);
    pushId(t.traces.digest, t.digests.intern(trace.digest));
    pushId(t.traces.reads, t.reads.node.length);
    if (copied !== undefined) {
      const end = endOf(t.traces.reads, copied, t.reads.node.length);
      for (let read = t.traces.reads.data[copied] ?? 0; read < end; read++) {
        pushId(t.reads.node, t.reads.node.data[read] ?? 0);
        pushId(t.reads.digest, t.reads.digest.data[read] ?? 0);
      }
    }
    for (const [read, digest] of reads) {
      pushId(t.reads.node, read);
      pushId(t.reads.digest, digest);
    }
    const given = copied === undefined ? givenValue(trace) : undefined;
    const isStored = given && trace.kept !== "memory";
    const ref = copied !== undefined ? refAt(t, copied) : isStored ? values.put(given.value, trace) : undefined;
    if (ref) unwritten.set(row, ref);
    else if (given) hold(node, row, given.value);
    else if (copied !== undefined && held.has(copied)) hold(node, row, held.get(copied));
    pushId(t.traces.blob, none);
    pushId(t.traces.offset, ref?.offset ?? 0);
    pushId(t.traces.length, ref?.length ?? 0);
    if (older && row < older.length) older[row] = look().head(node);
    look().setHead(node, row);
    return row;
  };

  return {
    tables: () => t,
    unwritten,
    swap(tables) {
      t = tables;
      index = nodeIndex(t);
      memo = undefined;
      older = undefined;
      asked = undefined;
      unwritten.clear();
      held.clear();
      heldRows.clear();
    },
    begin(now) {
      world = now;
      memo = undefined;
    },
    find(identity) {
      const node = index.action(identity);
      return node === none ? [] : rowsOf(node).map((row) => traceAt(row));
    },
    put(asked, trace) {
      const node = index.addAction(asked.identity, asked.kind, asked.version, encodeText(asked.params));
      const known = kept.get(trace);
      const isHead = known?.tables === t && known.row === look().head(node);
      const row = isHead ? known.row : add(node, trace);
      look().settle(node);
      return isHead ? trace : traceAt(row, known ? undefined : givenValue(trace));
    },
    letGo(kind) {
      for (const row of held.keys())
        if (t.strings.get(t.nodes.kind.data[t.traces.node.data[row] ?? 0] ?? 0) === kind) held.delete(row);
    },
    fresh(identity) {
      const node = index.action(identity);
      return node !== none && look().isClean(node) ? traceAt(look().head(node)) : undefined;
    },
    *under(identity) {
      const seen = new Set<number>();
      const path: { node: number; read: number; end: number }[] = [];
      const enter = (node: number): void => {
        const head = look().head(node);
        if (seen.has(node) || t.nodes.identity.data[node] === none || head === none) return;
        seen.add(node);
        path.push({
          node,
          read: t.traces.reads.data[head] ?? 0,
          end: endOf(t.traces.reads, head, t.reads.node.length),
        });
      };
      const root = index.action(identity);
      if (root !== none) enter(root);
      for (let top = path.at(-1); top; top = path.at(-1)) {
        if (top.read < top.end) {
          enter(t.reads.node.data[top.read++] ?? 0);
          continue;
        }
        path.pop();
        yield askedAt(t, top.node, look().head(top.node));
      }
    },
    root(identity) {
      const node = index.action(identity);
      const now = host.now?.() ?? 0;
      if (node === none) return;
      if (!asked) {
        asked = new Map();
        for (let row = 0; row < t.roots.node.length; row++)
          asked.set(t.roots.node.data[row] ?? 0, t.roots.asked.data[row] ?? 0);
      }
      // Once a day is enough: a build that finds nothing to do must write nothing.
      const before = asked.get(node);
      if (before !== undefined && Math.abs(now - before) < day) return;
      asked.set(node, now);
      pushId(t.roots.node, node);
      pushNumber(t.roots.asked, now);
    },
    recall(kind, params) {
      const node = index.source(kind, params);
      const digest = node === none ? undefined : look().recalled(node);
      return digest === undefined ? undefined : t.digests.hex(digest);
    },
    remember(kind, params, stat, digest) {
      const node = index.addSource(kind, params);
      const { mtime = -1, ctime = -1, inode = -1, size } = stat;
      pushId(t.facts.digest, t.digests.intern(digest));
      pushStamp(t.facts, { mtime, ctime, size, inode });
      look().remembered(node, pushId(t.facts.node, node));
    },
  };
}

function askedAt(t: Tables, node: number, head: number): Asked & { readonly digest: string } {
  return {
    identity: t.digests.hex(t.nodes.identity.data[node] ?? 0),
    kind: t.strings.get(t.nodes.kind.data[node] ?? 0),
    version: t.nodes.version.data[node] ?? 0,
    params: decodeText(t.strings.get(t.nodes.params.data[node] ?? 0)),
    digest: t.digests.hex(t.traces.digest.data[head] ?? 0),
  };
}

/** The value of a trace that is given to the store; undefined where it is lost, which does not make the rest of it worthless. */
function givenValue(trace: Trace): { readonly value: unknown } | undefined {
  try {
    return { value: trace.value };
  } catch (error) {
    if (error instanceof LostValue) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
