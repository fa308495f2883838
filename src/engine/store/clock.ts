import { type FileStat, type Host, HostError } from "../../foundation/host.ts";
import { joinPath } from "../../foundation/paths.ts";
import { ensureStateFolder } from "../lock.ts";
import { stateFolder } from "../names.ts";

/**
 * The disk's own clock, by the time it gives a file that is written now; undefined where it cannot be had. A file that was last
 * changed before that moment gets another time when it is changed again; one that was not may change and look the same.
 * (The machine's clock would not do: disks round down, and those of a network have clocks of their own.)
 */
export function diskTime(host: Host, root: string): number | undefined {
  const path = joinPath(root, stateFolder, `clock-${host.pid ?? 0}`);
  try {
    ensureStateFolder(host, root);
    host.writeAtomic(path, "");
    const { mtime } = host.stat(path) ?? {};
    host.remove(path);
    return mtime;
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** True when a change after the moment `before` cannot leave this stamp as it is. */
export function isSettled(stat: FileStat, before: number): boolean {
  const { mtime, ctime, inode } = stat;
  return mtime !== undefined && ctime !== undefined && inode !== undefined && mtime < before && ctime < before;
}
