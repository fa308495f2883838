import type { FileStat, Host } from "../../foundation/host.ts";
import { statIfThere } from "../../foundation/if-there.ts";
import type { World } from "../traces.ts";
import { decodeText } from "./codec.ts";
import { none } from "./columns.ts";
import { endOf, type StampColumns, type Tables } from "./tables.ts";

/** What is known of the nodes in one revision: nothing yet, unchanged all the way down, in doubt, or being looked at. */
const [unknown, clean, doubtful, open] = [0, 1, 2, 3];

/** One revision's view of what is remembered: which nodes are as they were. Each source is looked at once. */
export interface Looking {
  /** True when no source under an action, however deep, is other than its last trace saw it. */
  isClean(node: number): boolean;
  /** The first read of a trace, from a number on, that is not known to be as it was; -1 where all are. */
  firstDoubtful(trace: number, from: number): number;
  /** Number of a source's digest; undefined where it is none that is known. */
  source(node: number): number | undefined;
  /** Number of a source's digest if its stamp says that it is as it was. */
  recalled(node: number): number | undefined;
  /** The node was verified or computed in this revision. */
  settle(node: number): void;
  /** A fact was added for a node. */
  remembered(node: number, fact: number): void;
  /** The last trace of an action, or `none`. */
  head(node: number): number;
  setHead(node: number, trace: number): void;
}

export function looking(host: Host, t: Tables, world: World | undefined): Looking {
  let marks = new Uint8Array(t.nodes.kind.length + 64);
  /** Number of the digest of a source now, plus one; zero where it was not looked at. */
  let now = new Uint32Array(marks.length);
  let heads = new Uint32Array(marks.length).fill(none);
  let factOf = new Uint32Array(marks.length).fill(none);
  for (let trace = 0; trace < t.traces.node.length; trace++) heads[t.traces.node.data[trace] ?? 0] = trace;
  for (let fact = 0; fact < t.facts.node.length; fact++) factOf[t.facts.node.data[fact] ?? 0] = fact;
  const versions = new Map<number, number | undefined>();
  let columnsOf = t.facts.mtime.data;
  let isAsBefore = asBefore(host, t.facts);

  const grow = (node: number): void => {
    if (node < marks.length) return;
    const size = Math.max(node + 1, marks.length * 2);
    const copied = (from: Uint32Array, empty: number): Uint32Array<ArrayBuffer> => {
      const out = new Uint32Array(size).fill(empty);
      out.set(from);
      return out;
    };
    const more = new Uint8Array(size);
    more.set(marks);
    marks = more;
    now = copied(now, 0);
    heads = copied(heads, none);
    factOf = copied(factOf, none);
  };
  const isAction = (node: number): boolean => t.nodes.identity.data[node] !== none;
  const isCurrent = (node: number): boolean => {
    const kind = t.nodes.kind.data[node] ?? 0;
    if (!versions.has(kind)) versions.set(kind, world?.version(t.strings.get(kind)));
    return versions.get(kind) === t.nodes.version.data[node];
  };
  const recalled = (node: number): number | undefined => {
    const fact = factOf[node] ?? none;
    if (fact === none) return undefined;
    // Only paths have facts, and a path stands in the table after one letter (see `encodeText`).
    const path = t.strings.get(t.nodes.params.data[node] ?? 0, 1);
    // Facts come while it goes on: their columns may be others by now.
    if (columnsOf !== t.facts.mtime.data) {
      columnsOf = t.facts.mtime.data;
      isAsBefore = asBefore(host, t.facts);
    }
    return isAsBefore(path, fact) ? t.facts.digest.data[fact] : undefined;
  };
  const source = (node: number): number | undefined => {
    const seen = now[node] ?? 0;
    if (seen !== 0) return seen - 1;
    let digest = recalled(node);
    if (digest === undefined) {
      const kind = t.strings.get(t.nodes.kind.data[node] ?? 0);
      const hex = world?.source(kind, decodeText(t.strings.get(t.nodes.params.data[node] ?? 0)));
      const found = hex === undefined ? none : t.digests.find(hex);
      if (found === none) return undefined;
      digest = found;
    }
    now[node] = digest + 1;
    return digest;
  };
  /** Whether a read is as it was: yes, no, or only after an action was looked at. */
  const readIs = (read: number): "same" | "other" | number => {
    const node = t.reads.node.data[read] ?? 0;
    const wanted = t.reads.digest.data[read];
    if (!isAction(node)) return source(node) === wanted ? "same" : "other";
    const mark = marks[node];
    if (mark === unknown) return node;
    const head = heads[node] ?? none;
    return mark === clean && head !== none && t.traces.digest.data[head] === wanted ? "same" : "other";
  };
  /** Walks down without recursion: a chain of actions may be longer than the stack of this machine. */
  const look = (start: number): void => {
    const path: { node: number; read: number; end: number }[] = [];
    const enter = (node: number): boolean => {
      const head = heads[node] ?? none;
      if (head === none || !isCurrent(node)) {
        marks[node] = doubtful;
        return false;
      }
      marks[node] = open;
      const end = endOf(t.traces.reads, head, t.reads.node.length);
      path.push({ node, read: t.traces.reads.data[head] ?? 0, end });
      return true;
    };
    enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      if (top.read === top.end) {
        marks[top.node] = clean;
        path.pop();
        continue;
      }
      const is = readIs(top.read);
      if (is === "same") top.read++;
      else if (is === "other") {
        // Whatever is above builds on it.
        for (const { node } of path.splice(0)) marks[node] = doubtful;
      } else enter(is);
    }
  };
  return {
    isClean(node) {
      grow(node);
      if (marks[node] === unknown) look(node);
      return marks[node] === clean;
    },
    firstDoubtful(trace, from) {
      const begin = t.traces.reads.data[trace] ?? 0;
      const end = endOf(t.traces.reads, trace, t.reads.node.length);
      for (let read = begin + from; read < end; read++) {
        let is = readIs(read);
        if (typeof is === "number") {
          look(is);
          is = readIs(read);
        }
        if (is !== "same") return read - begin;
      }
      return -1;
    },
    source(node) {
      grow(node);
      return source(node);
    },
    recalled(node) {
      grow(node);
      const seen = now[node] ?? 0;
      if (seen !== 0) return seen - 1;
      const digest = recalled(node);
      if (digest !== undefined) now[node] = digest + 1;
      return digest;
    },
    settle(node) {
      grow(node);
      marks[node] = clean;
    },
    remembered(node, fact) {
      grow(node);
      factOf[node] = fact;
    },
    head(node) {
      grow(node);
      return heads[node] ?? none;
    },
    setHead(node, trace) {
      grow(node);
      heads[node] = trace;
    },
  };
}

/** Tells whether what stands at a path has the stamp of a row. For rows that are there now: of those that come later it says no. */
export function asBefore(host: Host, columns: StampColumns): (path: string, row: number) => boolean {
  const look = host.isAsBefore;
  if (!look) {
    return (path, row) => {
      const stat = statIfThere(host, path);
      return stat !== undefined && isSame(columns, row, stat);
    };
  }
  const [mtimes, ctimes, sizes, inodes] = [
    columns.mtime.data,
    columns.ctime.data,
    columns.size.data,
    columns.inode.data,
  ];
  return (path, row) => look(path, mtimes[row] ?? -1, ctimes[row] ?? -1, sizes[row] ?? -1, inodes[row] ?? -1);
}

export function isSame(columns: StampColumns, row: number, stat: FileStat): boolean {
  return (
    stat.mtime === columns.mtime.data[row] &&
    stat.ctime === columns.ctime.data[row] &&
    stat.size === columns.size.data[row] &&
    stat.inode === columns.inode.data[row] &&
    (stat.kind === "file" || stat.kind === "folder")
  );
}
