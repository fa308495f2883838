import type { FileEvent, FolderWatcher, OpenWatcher, WatchProblem } from "../../foundation/host-watch.ts";
import { type Batch, createCoalescer, type DiskState, type Pace, usualPace } from "./coalescer.ts";

/** Time as the loop sees it; tests make their own. */
export interface Clock {
  now(): number;
  /** Calls once, later; gives what takes that back. */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Why a round of work is begun. */
export type Cause =
  | { readonly kind: "start" }
  /** Something happened on disk. */
  | { readonly kind: "events"; readonly batch: Batch }
  /** Everything is looked at again, because events may have been lost. */
  | { readonly kind: "rescan" };

export interface LoopParts {
  readonly open: OpenWatcher;
  readonly clock?: Clock;
  readonly pace?: Pace;
  /** Milliseconds between two times that everything is looked at. */
  readonly rescan?: number;
  readonly disk: DiskState;
  readonly signal: AbortSignal;
  /**
   * Begins what can be done of a batch while it is waited whether more happens: nothing of it may be seen before `round` is called, with the
   * whole batch, which may have become another one.
   */
  prepare?(batch: Batch): Promise<void>;
  /** Does the work, and gives the folders to be watched from now on. */
  round(cause: Cause): Promise<ReadonlySet<string>>;
  /** The watcher cannot watch; `isPolling` says that from now on the disk is asked again and again. */
  problem(problem: WatchProblem, isPolling: boolean): Promise<void>;
  /** The folders are watched: what happens from now on is seen. */
  ready(folders: number, isPolling: boolean): Promise<void>;
}

/**
 * Works once, and again whenever something has happened in the watched folders, until the signal. While a round runs, what happens is
 * collected for the next. Events only say that it is time to look: `round` decides by contents whether there is anything to do.
 */
export async function watchLoop(parts: LoopParts): Promise<void> {
  const { clock = systemClock, pace = usualPace, rescan = 30_000, disk, signal } = parts;
  const coalescer = createCoalescer(pace);
  let wake = (): void => {};
  let isBroken: WatchProblem | undefined;
  const listener = {
    event(event: FileEvent) {
      coalescer.see(event, clock.now());
      wake();
    },
    problem(problem: WatchProblem) {
      isBroken ??= problem;
      wake();
    },
  };
  const stop = (): void => wake();
  signal.addEventListener("abort", stop);
  let watcher: FolderWatcher | undefined;
  let wasReplaced = false;
  let lastLook = clock.now();

  /** Sleeps until something happens, or until a time. */
  const sleepUntil = (time: number): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const cancel = clock.after(Math.max(0, time - clock.now()), () => wake());
      wake = () => {
        wake = () => {};
        cancel();
        resolve();
      };
    });
  /** Watches these folders; what changed before a new one was watched, or made one go, is found by looking. */
  const watch = async (folders: ReadonlySet<string>): Promise<void> => {
    watcher ??= await parts.open(listener, false);
    if (await watcher.watch(folders)) lastLook = Number.NEGATIVE_INFINITY;
    const problem = isBroken;
    isBroken = undefined;
    if (problem?.limit !== undefined && !watcher.isPolling && !wasReplaced) {
      wasReplaced = true;
      await watcher.close();
      watcher = await parts.open(listener, true);
      await watcher.watch(folders);
      isBroken = undefined; // The old watcher may have said more than one thing.
    }
    if (problem) await parts.problem(problem, watcher.isPolling);
    await parts.ready(folders.size, watcher.isPolling);
  };
  const work = async (cause: Cause): Promise<ReadonlySet<string>> => {
    if (cause.kind !== "events") lastLook = clock.now();
    return parts.round(cause);
  };

  try {
    let folders = await work({ kind: "start" });
    if (!signal.aborted) await watch(folders);
    while (!signal.aborted) {
      const batch = coalescer.take(clock.now(), disk);
      const isLookDue = clock.now() >= lastLook + rescan;
      if (batch) folders = await work({ kind: "events", batch });
      else if (isLookDue && coalescer.next() === undefined) folders = await work({ kind: "rescan" });
      else if (!isBroken) {
        const early = coalescer.early(clock.now(), disk);
        if (early) await parts.prepare?.(early);
        // After that a turn at least, so that what happened meanwhile is heard of.
        const next = coalescer.next() ?? lastLook + rescan;
        await sleepUntil(Math.min(next, coalescer.nextEarly() ?? next));
        continue;
      }
      if (!signal.aborted) await watch(folders);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    await watcher?.close();
  }
}
