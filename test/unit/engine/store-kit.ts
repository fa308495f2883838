import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";

/** A host in memory with a clock: files have times and numbers, and the clock moves only when it is told to. */
export interface ClockedHost extends MemoryHost {
  /** Moves the clock of the disk on, or back. */
  tick(milliseconds?: number): void;
  /** Changes bytes of a file as a damaged disk does: its times stay. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void;
  /** Writes into a file as an editor does that keeps the file: the same number, the time of now. */
  overwrite(path: string, content: string): void;
  /** How often each call was made. */
  readonly calls: Map<string, number>;
}

/** A disk of which the clock is so coarse that everything between two ticks looks as if done at once: the worst of its kind. */
export function clockedHost(start: Readonly<Record<string, string>> = {}, inner = memoryHost(start)): ClockedHost {
  let time = 1_001;
  let inodes = 0;
  const stamps = new Map<string, { mtime: number; ctime: number; inode: number }>();
  const calls = new Map<string, number>();
  const at = (path: string): string => (path.startsWith("/") ? path : `${inner.cwd}/${path}`);
  const touch = (path: string, isNew: boolean): void => {
    const before = stamps.get(at(path));
    stamps.set(at(path), { mtime: time, ctime: time, inode: isNew || !before ? ++inodes : before.inode });
    // A folder changes when a name in it comes or goes; that of a test here changes with every write, which is only slower.
    for (let up = at(path); up.lastIndexOf("/") > 0; ) {
      up = up.slice(0, up.lastIndexOf("/"));
      const known = stamps.get(up);
      stamps.set(up, { mtime: time, ctime: time, inode: known?.inode ?? ++inodes });
    }
  };
  for (const path of inner.files.keys()) touch(path, true);
  const counted = <T extends unknown[], R>(name: string, work: (...args: T) => R) => {
    return (...args: T): R => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return work(...args);
    };
  };
  const host: ClockedHost = {
    ...inner,
    calls,
    tick(milliseconds = 10) {
      time += milliseconds;
    },
    damage(path, change) {
      const bytes = inner.files.get(at(path));
      if (bytes) inner.files.set(at(path), change(bytes));
    },
    overwrite(path, content) {
      inner.files.set(at(path), Buffer.from(content));
      touch(path, false);
    },
    now: () => time,
    sleep: (milliseconds) => {
      time += milliseconds;
    },
    stat: counted("stat", (path: string) => {
      const found = inner.stat(path);
      const stamp = stamps.get(at(path));
      return found && stamp ? { ...found, ...stamp } : found;
    }),
    readBytes: counted("readBytes", inner.readBytes),
    writeAtomic(path, content) {
      inner.writeAtomic(path, content);
      touch(path, true);
    },
    createExclusive(path, content) {
      inner.createExclusive(path, content);
      touch(path, true);
    },
    appendBytes(path, bytes) {
      inner.appendBytes?.(path, bytes);
      touch(path, false);
    },
    rename(from, to) {
      inner.rename(from, to);
      const stamp = stamps.get(at(from));
      touch(to, true);
      if (stamp) stamps.set(at(to), { ...stamp, ctime: time });
      stamps.delete(at(from));
    },
    remove(path) {
      inner.remove(path);
      touch(path, false);
      stamps.delete(at(path));
    },
  };
  return host;
}
