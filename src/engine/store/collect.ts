import { type Host, HostError } from "../../foundation/host.ts";
import { byText } from "../../foundation/order.ts";
import { joinPath } from "../../foundation/paths.ts";
import { stateFolder } from "../names.ts";
import { blobFolder, removeIfThere } from "./blobs.ts";
import { none } from "./columns.ts";
import type { Tables } from "./tables.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** Blobs may take so much; beyond it the oldest go, and what they held is computed again when it is needed. */
const cap = 2 ** 30;

/** Relative to the root: its time is that of the last collection. */
export const collectedPath = `${stateFolder}/collected`;

/** What a collection did. */
export interface Collected {
  readonly removed: number;
  readonly kept: number;
  readonly bytes: number;
}

/** Clears away what is not needed, once a day. Throws HostError. */
export function collectIfDue(host: Host, root: string, tables: Tables): Collected | undefined {
  const now = host.now?.();
  const last = host.stat(joinPath(root, collectedPath))?.mtime;
  // A clock that jumped back makes it due as well: it costs a walk and takes nothing that is young or in use.
  if (now === undefined || (last !== undefined && Math.abs(now - last) < day)) return undefined;
  host.writeAtomic(joinPath(root, collectedPath), "");
  // The first time there is nothing to collect.
  return last === undefined ? undefined : collect(host, root, tables, now);
}

/**
 * Removes the blobs that no trace names, and half-written files. Walks the disk, so that nothing is overlooked because no table
 * knows it. Nothing younger than an hour goes: another build may be about to name it.
 */
export function collect(host: Host, root: string, tables: Tables, now: number, limit = cap): Collected {
  const used = new Set<string>();
  for (let row = 0; row < tables.traces.blob.length; row++) {
    const blob = tables.traces.blob.data[row] ?? none;
    if (blob !== none) used.add(tables.digests.hex(blob));
  }
  let removed = 0;
  const kept: { readonly path: string; readonly size: number; readonly mtime: number }[] = [];
  const remove = (path: string): void => {
    removeIfThere(host, path);
    removed++;
  };
  for (const name of namesIn(host, joinPath(root, blobFolder))) {
    const folder = joinPath(root, blobFolder, name);
    for (const digest of namesIn(host, folder)) {
      const path = joinPath(folder, digest);
      const { mtime = now, size = 0, kind } = host.stat(path) ?? {};
      if (kind !== "file") continue;
      if (!used.has(digest) && now - mtime > hour) remove(path);
      else kept.push({ path, size, mtime });
    }
  }
  for (const name of namesIn(host, joinPath(root, stateFolder))) {
    const path = joinPath(root, stateFolder, name);
    if (/\.cw-tmp$|^clock-\d+$/.test(name) && now - (host.stat(path)?.mtime ?? now) > hour) remove(path);
  }
  let bytes = kept.reduce((sum, { size }) => sum + size, 0);
  let gone = 0;
  for (const { path, size, mtime } of kept.sort((a, b) => a.mtime - b.mtime || byText(a.path, b.path))) {
    if (bytes <= limit || now - mtime <= hour) break;
    remove(path);
    bytes -= size;
    gone++;
  }
  return { removed, kept: kept.length - gone, bytes };
}

function namesIn(host: Host, folder: string): readonly string[] {
  try {
    return host.stat(folder)?.kind === "folder" ? host.list(folder) : [];
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}
