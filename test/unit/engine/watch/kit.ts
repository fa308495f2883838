import type { DiskState } from "../../../../src/engine/watch/coalescer.ts";
import type { Clock } from "../../../../src/engine/watch/loop.ts";
import type { FileEvent, FolderWatcher, OpenWatcher, WatchListener } from "../../../../src/foundation/host-watch.ts";

/** A clock that only moves when it is told to. */
export interface FakeClock extends Clock {
  /** Moves on; everything that is due on the way happens at its time, and what follows from it too. */
  advance(milliseconds: number): Promise<void>;
}

/** Lets everything that waits for nothing but its turn go on. */
export async function settle(): Promise<void> {
  for (let nth = 0; nth < 20; nth++) await Promise.resolve();
}

export function fakeClock(): FakeClock {
  let time = 0;
  let timers: { readonly at: number; readonly call: () => void }[] = [];
  return {
    now: () => time,
    after(milliseconds, call) {
      const timer = { at: time + milliseconds, call };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    async advance(milliseconds) {
      const end = time + milliseconds;
      await settle();
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        time = Math.max(time, next.at);
        next.call();
        await settle();
      }
      time = end;
    },
  };
}

export interface FakeWatcher {
  readonly open: OpenWatcher;
  /** The folders that are watched, one entry for each time they were set. */
  readonly asked: (readonly string[])[];
  emit(kind: FileEvent["kind"], ...paths: readonly string[]): void;
  fail(limit: "watches" | "files" | undefined): void;
  readonly opened: boolean[];
  readonly closed: () => number;
}

export function fakeWatcher(): FakeWatcher {
  const asked: (readonly string[])[] = [];
  const opened: boolean[] = [];
  let listener: WatchListener | undefined;
  let closed = 0;
  let known = new Set<string>();
  return {
    asked,
    opened,
    closed: () => closed,
    open: async (given, polling): Promise<FolderWatcher> => {
      listener = given;
      opened.push(polling);
      known = new Set();
      return {
        isPolling: polling,
        async watch(folders) {
          asked.push([...folders]);
          const isOther = folders.size !== known.size || [...folders].some((folder) => !known.has(folder));
          known = new Set(folders);
          return isOther;
        },
        async close() {
          closed++;
        },
      };
    },
    emit: (kind, ...paths) => {
      for (const path of paths) listener?.event({ kind, path });
    },
    fail: (limit) => listener?.problem({ message: "no", ...(limit === undefined ? {} : { limit }) }),
  };
}

export const quietDisk: DiskState = { isHalfWritten: () => false, isLocked: () => false };
