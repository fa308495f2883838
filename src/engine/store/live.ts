import { none } from "./columns.ts";
import { perAction } from "./stored-traces.ts";
import { endOf, type Tables } from "./tables.ts";
import type { Rows } from "./transfer.ts";

/** What was asked for within this time is kept. */
const keptFor = 14 * 86_400_000;
/** So many of the last things asked for are kept whatever the clock says. */
const keptAlways = 1000;

/** The rows that are worth keeping: what lies under the roots of late, and what is known of their sources and of outputs. */
export function liveRows(t: Tables, now: number): Rows {
  const roots = liveRoots(t, now);
  const rowsOf = tracesByNode(t);
  const reached = new Uint8Array(t.nodes.kind.length);
  const queue = [...roots].map((row) => t.roots.node.data[row] ?? 0);
  for (const node of queue) reached[node] = 1;
  const traces: number[] = [];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const row of rowsOf(node)) {
      traces.push(row);
      const end = endOf(t.traces.reads, row, t.reads.node.length);
      for (let read = t.traces.reads.data[row] ?? 0; read < end; read++) {
        const below = t.reads.node.data[read] ?? 0;
        if (reached[below] === 1) continue;
        reached[below] = 1;
        if (t.nodes.identity.data[below] !== none) queue.push(below);
      }
    }
  }
  return {
    // In the order in which they were made, so that the last stays the last.
    traces: traces.sort((a, b) => a - b),
    facts: lastRows(t.facts.node).filter((row) => reached[t.facts.node.data[row] ?? 0] === 1),
    roots,
    outputs: lastRows(t.outputs.folder),
  };
}

function liveRoots(t: Tables, now: number): readonly number[] {
  const asked = (row: number): number => t.roots.asked.data[row] ?? 0;
  const latest = [...lastRows(t.roots.node)].sort((a, b) => asked(b) - asked(a));
  return latest.filter((row, nth) => nth < keptAlways || Math.abs(now - asked(row)) < keptFor).sort((a, b) => a - b);
}

/** The last row of each value of a column. */
function lastRows(column: { readonly data: Uint32Array; readonly length: number }): readonly number[] {
  const last = new Map<number, number>();
  for (let row = 0; row < column.length; row++) last.set(column.data[row] ?? 0, row);
  return [...last.values()];
}

/** The newest traces of each node that differ in what they read. */
function tracesByNode(t: Tables): (node: number) => readonly number[] {
  const head = new Uint32Array(t.nodes.kind.length).fill(none);
  const older = new Uint32Array(t.traces.node.length).fill(none);
  for (let row = 0; row < older.length; row++) {
    const node = t.traces.node.data[row] ?? 0;
    older[row] = head[node] ?? none;
    head[node] = row;
  }
  const readsOf = (row: number): string => {
    const [begin, end] = [t.traces.reads.data[row] ?? 0, endOf(t.traces.reads, row, t.reads.node.length)];
    return `${t.reads.node.data.subarray(begin, end).join()};${t.reads.digest.data.subarray(begin, end).join()}`;
  };
  return (node) => {
    const newest = head[node] ?? none;
    if (newest === none) return [];
    if ((older[newest] ?? none) === none) return [newest];
    const out = new Map<string, number>();
    for (let row = newest; row !== none && out.size < perAction; row = older[row] ?? none)
      if (!out.has(readsOf(row))) out.set(readsOf(row), row);
    return [...out.values()];
  };
}
