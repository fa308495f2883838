import type { FileEvent } from "../../foundation/host-watch.ts";

/** Milliseconds, and one count. */
export interface Pace {
  /** What can be done before a batch is over is begun when its first event is this old: a file is seldom written in one go. */
  readonly early: number;
  /** A batch is over when nothing has happened for this long, */
  readonly quiet: number;
  /** or when its first event is this old. */
  readonly most: number;
  /** A file that disappeared may be in the midst of being replaced: so long is waited for it to come back. */
  readonly pending: number;
  /** Most that a file which is only half written is waited for, from the first event of its batch. */
  readonly halfWritten: number;
  /** More events than this are a storm, such as the checkout of a branch: */
  readonly storm: number;
  /** it is over when nothing has happened for this long. */
  readonly calm: number;
  /** Most that a storm, or git's lock, is waited for. A lock that git left behind must not stop everything. */
  readonly stormMost: number;
  /** How often the disk is looked at again while something is waited for. */
  readonly again: number;
}

export const usualPace: Pace = {
  early: 3,
  quiet: 15,
  most: 100,
  pending: 100,
  halfWritten: 500,
  storm: 200,
  calm: 100,
  stormMost: 10_000,
  again: 20,
};

/** What the disk says when a batch is about to end. */
export interface DiskState {
  /** True for a file that somebody is in the midst of writing. */
  isHalfWritten(path: string): boolean;
  /** True while git changes the working tree. */
  isLocked(): boolean;
}

/** Events that belong together. */
export interface Batch {
  /** Sorted, each once. */
  readonly paths: readonly string[];
  /** Folders among them that came or went: what lies below them may have changed with them. */
  readonly folders: readonly string[];
  readonly events: number;
  /** Times of the first and the last event. */
  readonly first: number;
  readonly last: number;
  /** What was waited for beyond the usual. */
  readonly waited: readonly Wait[];
}

export type Wait = "half-written" | "git" | "storm" | "pending";

/** Turns events into batches. Pure but for what it has seen: times come from the caller. */
export interface Coalescer {
  see(event: FileEvent, now: number): void;
  /** When `take` should be asked; undefined while nothing waits. */
  next(): number | undefined;
  /** When `early` should be asked; undefined where it would give nothing. */
  nextEarly(): number | undefined;
  /** Once for each batch: what has happened so far, while more is waited for. Not of a storm, nor of what is gone, half-written or git's. */
  early(now: number, disk: DiskState): Batch | undefined;
  /** The batch, when it is over at `now`. Otherwise it goes on, and `next` says when to ask again. */
  take(now: number, disk: DiskState): Batch | undefined;
}

export function createCoalescer(pace: Pace = usualPace): Coalescer {
  /** The time since when each path is gone; undefined for one that is there. */
  let seen = new Map<string, { readonly goneSince: number | undefined; readonly isFolder: boolean }>();
  let waited = new Set<Wait>();
  let first = 0;
  let last = 0;
  let events = 0;
  /** Not before this time: the disk was looked at, and somebody was in the midst of something. */
  let notBefore = 0;
  let wasEarly = false;

  const isStorm = (): boolean => events > pace.storm;
  const isAnyGone = (): boolean => [...seen.values()].some(({ goneSince }) => goneSince !== undefined);
  const batch = (): Batch => {
    const paths = [...seen.keys()].sort();
    const folders = paths.filter((path) => seen.get(path)?.isFolder);
    return { paths, folders, events, first, last, waited: [...waited] };
  };
  const nextEarly = (): number | undefined =>
    events === 0 || wasEarly || isStorm() || isAnyGone() ? undefined : first + pace.early;
  const due = (): number => {
    if (isStorm()) return Math.min(last + pace.calm, first + pace.stormMost);
    const gone = [...seen.values()].flatMap(({ goneSince }) => (goneSince === undefined ? [] : [goneSince]));
    const usual = Math.min(last + pace.quiet, first + pace.most);
    return gone.length === 0 ? usual : Math.max(usual, Math.min(Math.max(...gone), first + pace.most) + pace.pending);
  };

  return {
    see({ kind, path }, now) {
      if (events === 0) first = now;
      last = Math.max(last, now);
      events++;
      const isGone = kind === "unlink" || kind === "unlinkDir";
      const before = seen.get(path);
      const goneSince = isGone ? (before?.goneSince ?? now) : undefined;
      seen.set(path, { goneSince, isFolder: before?.isFolder === true || kind === "addDir" || kind === "unlinkDir" });
    },
    nextEarly,
    early(now, disk) {
      const at = nextEarly();
      if (at === undefined || now < at || now >= due()) return undefined;
      wasEarly = true;
      const found = batch();
      const isWhole = found.folders.length === 0 && !found.paths.some((path) => disk.isHalfWritten(path));
      return isWhole && !disk.isLocked() ? found : undefined;
    },
    next: () => (events === 0 ? undefined : Math.max(due(), notBefore)),
    take(now, disk) {
      if (events === 0 || now < due() || now < notBefore) return undefined;
      const wait = (what: Wait, until: number): boolean => {
        if (now >= until) return false;
        waited.add(what);
        notBefore = Math.min(now + pace.again, until);
        return true;
      };
      if (disk.isLocked() && wait("git", first + pace.stormMost)) return undefined;
      if (batch().paths.some((path) => disk.isHalfWritten(path)) && wait("half-written", first + pace.halfWritten))
        return undefined;
      if (isStorm()) waited.add("storm");
      if (isAnyGone()) waited.add("pending");
      const found = batch();
      seen = new Map();
      waited = new Set();
      events = 0;
      notBefore = 0;
      last = 0;
      wasEarly = false;
      return found;
    },
  };
}
