import {
  type Column,
  type Digests,
  digests,
  ids,
  none,
  numbers,
  pushId,
  pushNumber,
  type Strings,
  strings,
} from "./columns.ts";

/** When a file was changed and which one it is: what must be the same for its content to count as the same. */
export interface Stamp {
  readonly mtime: number;
  readonly ctime: number;
  readonly size: number;
  readonly inode: number;
}

/** Stamps, one in each row. */
export interface StampColumns {
  readonly mtime: Column<Float64Array>;
  readonly ctime: Column<Float64Array>;
  readonly size: Column<Float64Array>;
  readonly inode: Column<Float64Array>;
}

/**
 * Everything the engine remembers, as columns of numbers. A row refers to another by its number; texts and digests stand once.
 *
 * - nodes: a source (kind and parameters, no identity) or an action with its parameters (see `identityOf`).
 * - facts: what a source was when its file had a certain stamp. The last of a node counts.
 * - traces: what one run of an action read and gave; its value is `length` bytes of a blob from `offset` on (no blob: not kept).
 * - reads: the nodes a trace read, in order, with the digest that was seen. Those of a trace end where the next one's begin.
 * - roots: what was asked for from outside, and when. outputs: what was put into a product folder, and its files.
 */
export interface Tables {
  readonly strings: Strings;
  readonly digests: Digests;
  readonly nodes: {
    readonly kind: Column<Uint32Array>;
    readonly version: Column<Uint32Array>;
    readonly params: Column<Uint32Array>;
    readonly identity: Column<Uint32Array>;
  };
  readonly facts: { readonly node: Column<Uint32Array>; readonly digest: Column<Uint32Array> } & StampColumns;
  readonly traces: {
    readonly node: Column<Uint32Array>;
    readonly digest: Column<Uint32Array>;
    readonly reads: Column<Uint32Array>;
    readonly blob: Column<Uint32Array>;
    readonly offset: Column<Uint32Array>;
    readonly length: Column<Uint32Array>;
  };
  readonly reads: { readonly node: Column<Uint32Array>; readonly digest: Column<Uint32Array> };
  readonly roots: { readonly node: Column<Uint32Array>; readonly asked: Column<Float64Array> };
  readonly outputs: {
    readonly folder: Column<Uint32Array>;
    readonly key: Column<Uint32Array>;
    readonly files: Column<Uint32Array>;
  };
  readonly files: { readonly path: Column<Uint32Array>; readonly digest: Column<Uint32Array> } & StampColumns;
}

/** All columns in the order in which they are written. */
export function columnsOf(t: Tables): readonly Column<Uint32Array | Float64Array>[] {
  return [t.nodes, t.facts, t.traces, t.reads, t.roots, t.outputs, t.files].flatMap(
    (group) => Object.values(group) as Column<Uint32Array | Float64Array>[],
  );
}

const stampColumns = (): StampColumns => ({ mtime: numbers(), ctime: numbers(), size: numbers(), inode: numbers() });

export function emptyTables(texts: Strings = strings(), sums: Digests = digests()): Tables {
  return {
    strings: texts,
    digests: sums,
    nodes: { kind: ids(), version: ids(), params: ids(), identity: ids() },
    facts: { node: ids(), digest: ids(), ...stampColumns() },
    traces: { node: ids(), digest: ids(), reads: ids(), blob: ids(), offset: ids(), length: ids() },
    reads: { node: ids(), digest: ids() },
    roots: { node: ids(), asked: numbers() },
    outputs: { folder: ids(), key: ids(), files: ids() },
    files: { path: ids(), digest: ids(), ...stampColumns() },
  };
}

export function pushStamp(columns: StampColumns, stamp: Stamp): void {
  pushNumber(columns.mtime, stamp.mtime);
  pushNumber(columns.ctime, stamp.ctime);
  pushNumber(columns.size, stamp.size);
  pushNumber(columns.inode, stamp.inode);
}

export function stampAt(columns: StampColumns, row: number): Stamp {
  const { mtime, ctime, size, inode } = columns;
  return {
    mtime: mtime.data[row] ?? -1,
    ctime: ctime.data[row] ?? -1,
    size: size.data[row] ?? -1,
    inode: inode.data[row] ?? -1,
  };
}

/** The end of the rows of `owner` in a column that says where each one's begin. */
export function endOf(begins: Column<Uint32Array>, owner: number, total: number): number {
  return owner + 1 < begins.length ? (begins.data[owner + 1] ?? total) : total;
}

/** So many actions are looked for by walking through all nodes; then a table pays. */
const walks = 300;

/** Numbers of nodes by what they are; made when first needed. */
export interface NodeIndex {
  source(kind: string, params: string): number;
  action(identity: string): number;
  addSource(kind: string, params: string): number;
  addAction(identity: string, kind: string, version: number, params: string): number;
}

export function nodeIndex(t: Tables): NodeIndex {
  const { nodes } = t;
  let walked = 0;
  let sources: Map<number, number> | undefined;
  let actions: Map<number, number> | undefined;
  const nameOf = (kind: number, params: number): number => kind * 2 ** 32 + params;
  const index = (): { readonly sources: Map<number, number>; readonly actions: Map<number, number> } => {
    if (sources && actions) return { sources, actions };
    sources = new Map();
    actions = new Map();
    for (let node = 0; node < nodes.kind.length; node++) {
      const identity = nodes.identity.data[node] ?? none;
      if (identity !== none) actions.set(identity, node);
      else sources.set(nameOf(nodes.kind.data[node] ?? 0, nodes.params.data[node] ?? 0), node);
    }
    return { sources, actions };
  };
  const add = (kind: number, version: number, params: number, identity: number): number => {
    pushId(nodes.version, version);
    pushId(nodes.params, params);
    pushId(nodes.identity, identity);
    return pushId(nodes.kind, kind);
  };
  return {
    source(kind, params) {
      const [k, p] = [t.strings.find(kind), t.strings.find(params)];
      return k === none || p === none ? none : (index().sources.get(nameOf(k, p)) ?? none);
    },
    action(identity) {
      const id = t.digests.find(identity);
      if (id === none) return none;
      if (actions) return actions.get(id) ?? none;
      // A build with nothing to do asks for a few: walking through all is quicker than a table of all.
      const node = walked++ < walks ? nodes.identity.data.subarray(0, nodes.identity.length).indexOf(id) : undefined;
      return node === undefined ? (index().actions.get(id) ?? none) : node < 0 ? none : node;
    },
    addSource(kind, params) {
      const [k, p] = [t.strings.intern(kind), t.strings.intern(params)];
      const found = index().sources.get(nameOf(k, p));
      if (found !== undefined) return found;
      const node = add(k, 0, p, none);
      index().sources.set(nameOf(k, p), node);
      return node;
    },
    addAction(identity, kind, version, params) {
      const id = t.digests.intern(identity);
      const found = index().actions.get(id);
      if (found !== undefined) return found;
      const node = add(t.strings.intern(kind), version, t.strings.intern(params), id);
      index().actions.set(id, node);
      return node;
    },
  };
}
