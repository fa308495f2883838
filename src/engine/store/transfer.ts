import { none, pushId, pushNumber } from "./columns.ts";
import { endOf, type NodeIndex, nodeIndex, pushStamp, stampAt, type Tables } from "./tables.ts";

/** The rows to carry over; nodes, texts and digests follow where they are needed. Later rows count more than earlier ones. */
export interface Rows {
  readonly traces: Iterable<number>;
  readonly facts: Iterable<number>;
  readonly roots: Iterable<number>;
  readonly outputs: Iterable<number>;
}

/** The rows from some number on, of every table that counts. */
export interface Mark {
  readonly traces: number;
  readonly facts: number;
  readonly roots: number;
  readonly outputs: number;
}

export const start: Mark = { traces: 0, facts: 0, roots: 0, outputs: 0 };

export function markOf(t: Tables): Mark {
  const { traces, facts, roots, outputs } = t;
  return {
    traces: traces.node.length,
    facts: facts.node.length,
    roots: roots.node.length,
    outputs: outputs.folder.length,
  };
}

export function rowsSince(t: Tables, mark: Mark): Rows {
  const end = markOf(t);
  return {
    traces: range(mark.traces, end.traces),
    facts: range(mark.facts, end.facts),
    roots: range(mark.roots, end.roots),
    outputs: range(mark.outputs, end.outputs),
  };
}

/** What is true whatever code there is: sources and outputs, but nothing that was computed. */
export function rowsOfAnyEdition(t: Tables): Rows {
  return { ...rowsSince(t, start), traces: [], roots: [] };
}

/** Adds rows of one state to another, which numbers texts, digests and nodes in its own way. */
export function transfer(from: Tables, rows: Rows, to: Tables, index: NodeIndex = nodeIndex(to)): void {
  const texts = new Map<number, number>();
  const sums = new Map<number, number>();
  const nodes = new Map<number, number>();
  const text = (id: number): number => remember(texts, id, () => to.strings.intern(from.strings.get(id)));
  const sum = (id: number): number =>
    id === none ? none : remember(sums, id, () => to.digests.intern(from.digests.hex(id)));
  const node = (id: number): number =>
    remember(nodes, id, () => {
      const at = (column: { readonly data: Uint32Array }): number => column.data[id] ?? none;
      const { kind, version, params, identity } = from.nodes;
      const [k, p] = [from.strings.get(at(kind)), from.strings.get(at(params))];
      return at(identity) === none
        ? index.addSource(k, p)
        : index.addAction(from.digests.hex(at(identity)), k, at(version), p);
    });

  for (const row of rows.facts) {
    pushId(to.facts.node, node(from.facts.node.data[row] ?? 0));
    pushId(to.facts.digest, sum(from.facts.digest.data[row] ?? none));
    pushStamp(to.facts, stampAt(from.facts, row));
  }
  for (const row of rows.traces) {
    const { traces, reads } = from;
    pushId(to.traces.node, node(traces.node.data[row] ?? 0));
    pushId(to.traces.digest, sum(traces.digest.data[row] ?? none));
    pushId(to.traces.blob, sum(traces.blob.data[row] ?? none));
    pushId(to.traces.offset, traces.offset.data[row] ?? 0);
    pushId(to.traces.length, traces.length.data[row] ?? 0);
    pushId(to.traces.reads, to.reads.node.length);
    const end = endOf(traces.reads, row, reads.node.length);
    for (let read = traces.reads.data[row] ?? 0; read < end; read++) {
      pushId(to.reads.node, node(reads.node.data[read] ?? 0));
      pushId(to.reads.digest, sum(reads.digest.data[read] ?? none));
    }
  }
  for (const row of rows.roots) {
    pushId(to.roots.node, node(from.roots.node.data[row] ?? 0));
    pushNumber(to.roots.asked, from.roots.asked.data[row] ?? 0);
  }
  for (const row of rows.outputs) {
    const { outputs, files } = from;
    pushId(to.outputs.folder, text(outputs.folder.data[row] ?? 0));
    pushId(to.outputs.key, sum(outputs.key.data[row] ?? none));
    pushId(to.outputs.files, to.files.path.length);
    const end = endOf(outputs.files, row, files.path.length);
    for (let file = outputs.files.data[row] ?? 0; file < end; file++) {
      pushId(to.files.path, text(files.path.data[file] ?? 0));
      pushId(to.files.digest, sum(files.digest.data[file] ?? none));
      pushStamp(to.files, stampAt(files, file));
    }
  }
}

function remember(known: Map<number, number>, id: number, make: () => number): number {
  const found = known.get(id);
  if (found !== undefined) return found;
  const made = make();
  known.set(id, made);
  return made;
}

function* range(from: number, to: number): Iterable<number> {
  for (let row = from; row < to; row++) yield row;
}
