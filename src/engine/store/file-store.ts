import { report } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type FileStat, type Host, HostError } from "../../foundation/host.ts";
import { lookingOnly } from "../../foundation/host-looking.ts";
import { readIfThere, statIfThere } from "../../foundation/if-there.ts";
import { joinPath } from "../../foundation/paths.ts";
import { attempt, describe, unreadable } from "../failure.ts";
import { checkWay } from "../links.ts";
import { withLock } from "../lock.ts";
import { stateFolder } from "../names.ts";
import type { TraceStore } from "../traces.ts";
import { type Blobs, fileBlobs } from "./blobs.ts";
import { diskTime, isSettled } from "./clock.ts";
import { encodeText } from "./codec.ts";
import { collectIfDue } from "./collect.ts";
import { liveRows } from "./live.ts";
import { type OutputRecord, outputRecord } from "./outputs.ts";
import { decodeSegment, encodeSegment, type Unusable } from "./segment.ts";
import { storedTraces } from "./stored-traces.ts";
import { emptyTables, nodeIndex, type Tables } from "./tables.ts";
import { markOf, rowsOfAnyEdition, rowsSince, start, transfer } from "./transfer.ts";
import { createValues } from "./values.ts";

/** Relative to the workspace root. */
export const statePath = `${stateFolder}/state.bin`;
export const logPath = `${stateFolder}/journal.log`;

/** The log is folded into the state when it is larger than this part of it, and than this. */
const foldPart = 0.25;
const foldFrom = 64 * 1024;

/** Traces, sources and outputs that outlive the process. Everything in it can be lost without harm: it is then computed again. */
export interface FileStore extends TraceStore {
  readonly outputs: OutputRecord;
  readonly blobs: Blobs;
  /**
   * Writes what is new, between builds; the next revision begins. `midway`: the revision goes on, and nothing is collected. Never throws for
   * a disk that does not let us.
   */
  save(when?: "midway"): readonly Diagnostic[];
  /** What there was to say when the state was opened. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Opens the state of a workspace; what cannot be used of it is left out, and a note says so. `edition` names the very code that runs
 * (its build): what other code computed is left out as well, because a version that somebody forgot to raise would bring it back.
 */
export function openStore(real: Host, root: string, edition = ""): FileStore {
  // What stands outside of the workspace is not ours to read, to write or to collect.
  const leadsOut = attempt(() => checkWay(real, root, stateFolder, []), unreadable(root));
  const isElsewhere = leadsOut.ok && leadsOut.value.some(({ code }) => code === "CW6009");
  const host = isElsewhere ? lookingOnly(real) : real;
  const blobs = fileBlobs(host, root);
  const values = createValues(blobs);
  let loaded = isElsewhere ? nothing() : load(host, root, edition);
  const traces = storedTraces(host, loaded.tables, values);
  let mark = markOf(loaded.tables);
  /** The disk's time before the first source of this revision was read; null where it cannot be had. */
  let before: number | null | undefined;

  const isNew = (): boolean => {
    const now = markOf(traces.tables());
    return now.traces + now.facts + now.roots + now.outputs > mark.traces + mark.facts + mark.roots + mark.outputs;
  };
  const notSaved = (problem: string): Diagnostic => report("CW6029", undefined, { path: stateFolder, problem });
  const failed = (error: HostError): Diagnostic => notSaved(describe(root, error).reason);

  /** Makes the rows that this process added point at blobs that are on disk. */
  const settleValues = (): void => {
    const t = traces.tables();
    for (const [row, { bundle, offset, length }] of traces.unwritten) {
      if (bundle.digest === undefined) continue; // Not written: the trace stands without its value.
      t.traces.blob.data[row] = t.digests.intern(bundle.digest);
      t.traces.offset.data[row] = offset;
      t.traces.length.data[row] = length;
    }
    for (const [row, { bundle }] of [...traces.unwritten])
      if (bundle.digest !== undefined) traces.unwritten.delete(row);
  };
  const write = (isMidway: boolean): void => {
    const t = traces.tables();
    const piece = emptyTables();
    transfer(t, rowsSince(t, mark), piece);
    const bytes = encodeSegment(piece, edition);
    const log = host.stat(joinPath(root, logPath))?.size ?? 0;
    const fits = log + bytes.length <= Math.max(foldFrom, loaded.size * foldPart);
    if (loaded.size > 0 && !loaded.torn && fits && host.appendBytes) {
      host.appendBytes(joinPath(root, logPath), bytes);
      loaded = { ...loaded, read: loaded.read === log ? log + bytes.length : loaded.read };
      mark = markOf(t);
      return;
    }
    fold(t, piece, log, isMidway);
  };
  /** Writes the whole state anew, with what other processes added in the meantime and without what nobody needs. */
  const fold = (mine: Tables, piece: Tables, log: number, isMidway: boolean): void => {
    let all = mine;
    const isOurs = loaded.read === log && sameFile(loaded.stat, host.stat(joinPath(root, statePath)));
    if (!isOurs && !loaded.torn) {
      all = load(host, root, edition).tables;
      transfer(piece, rowsSince(piece, start), all);
    }
    const kept = emptyTables();
    transfer(all, liveRows(all, host.now?.() ?? 0), kept);
    const bytes = encodeSegment(kept, edition);
    host.writeAtomic(joinPath(root, statePath), bytes, { flush: true });
    // Killed here, the log is read again: it holds nothing that is not true.
    if (log > 0) host.remove(joinPath(root, logPath));
    const { stat } = { stat: host.stat(joinPath(root, statePath)) };
    loaded = { tables: kept, size: bytes.length, stat, read: 0, torn: false, diagnostics: [] };
    if (!isMidway) traces.swap(kept);
    mark = markOf(isMidway ? mine : kept);
  };

  const outputs = outputRecord(host, root, traces.tables);
  return {
    ...traces,
    blobs,
    outputs,
    diagnostics: loaded.diagnostics,
    begin(world) {
      before = undefined;
      traces.begin(world);
    },
    sources: {
      recall: (kind, path) => traces.recall(kind, encodeText(path)),
      before(path) {
        const stat = statIfThere(host, path);
        // Where nothing stands there is nothing to remember, and the disk's time, which costs a file, is not asked for.
        if (before !== undefined || stat === undefined) return stat;
        before = diskTime(host, root) ?? null;
        return statIfThere(host, path);
      },
      remember(kind, path, stat, digest) {
        // Disks with times of whole seconds are old ones, and some of those do not say when a name in a folder came or went.
        const isPlain = stat?.kind === "file" || (stat?.kind === "folder" && (stat.mtime ?? 0) % 1000 !== 0);
        if (stat && isPlain && typeof before === "number" && isSettled(stat, before))
          traces.remember(kind, encodeText(path), stat, digest);
      },
    },
    save(when) {
      if (isElsewhere) return [notSaved("it is a symbolic link that leads out of the workspace, or nowhere")];
      const failure = values.flush();
      settleValues();
      if (failure) return [failed(failure)];
      if (!isNew()) return [];
      try {
        const locked = withLock(host, root, () => {
          write(when === "midway");
          if (when !== "midway") collectIfDue(host, root, traces.tables());
        });
        return locked.held ? [] : [notSaved("another process holds the lock")];
      } catch (error) {
        if (error instanceof HostError) return [failed(error)];
        throw error;
      }
    },
  };
}

interface Loaded {
  readonly tables: Tables;
  /** Bytes of the snapshot; zero where there is none that can be used. */
  readonly size: number;
  readonly stat: FileStat | undefined;
  /** Bytes of the log that were read. */
  readonly read: number;
  /** The log, or the snapshot, is damaged: it is written anew. */
  readonly torn: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

function nothing(): Loaded {
  return { tables: emptyTables(), size: 0, stat: undefined, read: 0, torn: false, diagnostics: [] };
}

const problems: Readonly<Record<Unusable, string>> = {
  unreadable: "cannot be read",
  "other-version": "was written by another version of Crosswalk, or on another kind of machine",
  truncated: "is not complete",
  corrupt: "is damaged",
};

function load(host: Host, root: string, edition: string): Loaded {
  const diagnostics: Diagnostic[] = [];
  const say = (path: string, why: Unusable): void => {
    diagnostics.push(report("CW6028", undefined, { path, problem: problems[why], reason: why }));
  };
  // The stamp is from before the bytes are read: what comes later is seen as another file.
  const stat = statIfThere(host, joinPath(root, statePath));
  const bytes = stat ? readIfThere(host, joinPath(root, statePath)) : undefined;
  const found = bytes ? decodeSegment(bytes) : undefined;
  if (stat && !found) say(statePath, "unreadable");
  let isTorn = stat !== undefined && !found;
  let tables: Tables | undefined;
  if (found && "unusable" in found) {
    say(statePath, found.unusable);
    isTorn = true;
  } else if (found && found.edition !== edition) {
    tables = emptyTables();
    transfer(found.tables, rowsOfAnyEdition(found.tables), tables);
    isTorn = true; // Written anew, without what this code did not compute.
  } else tables = found?.tables;
  const size = tables && bytes ? bytes.length : 0;
  const log = statIfThere(host, joinPath(root, logPath)) ? readIfThere(host, joinPath(root, logPath)) : undefined;
  const all = tables ?? emptyTables();
  if (!log) return { tables: all, size, stat, read: 0, torn: isTorn, diagnostics };
  const index = nodeIndex(all);
  let read = 0;
  while (read < log.length) {
    const piece = decodeSegment(log, read);
    if ("unusable" in piece) {
      say(logPath, piece.unusable);
      isTorn = true;
      break;
    }
    const isOurs = piece.edition === edition;
    if (!isOurs) isTorn = true;
    transfer(piece.tables, isOurs ? rowsSince(piece.tables, start) : rowsOfAnyEdition(piece.tables), all, index);
    read = piece.end;
  }
  return { tables: all, size, stat, read, torn: isTorn, diagnostics };
}

function sameFile(a: FileStat | undefined, b: FileStat | undefined): boolean {
  if (!a || !b) return a === b;
  return a.mtime === b.mtime && a.ctime === b.ctime && a.inode === b.inode && a.size === b.size;
}
