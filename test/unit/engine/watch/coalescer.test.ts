import fc from "fast-check";
import { expect, it } from "vitest";
import { type Batch, createCoalescer, type DiskState, usualPace } from "../../../../src/engine/watch/coalescer.ts";
import type { FileEvent } from "../../../../src/foundation/host-watch.ts";
import { quietDisk } from "./kit.ts";

type Timed = readonly [at: number, kind: FileEvent["kind"], path: string];

/** Feeds events and asks whenever the coalescer wants to be asked; gives each batch with its time. */
function batches(
  events: readonly Timed[],
  disk: (now: number) => DiskState = () => quietDisk,
): readonly (readonly [number, Batch])[] {
  const coalescer = createCoalescer();
  const out: (readonly [number, Batch])[] = [];
  const askUntil = (end: number): void => {
    for (let now = coalescer.next(); now !== undefined && now <= end; now = coalescer.next()) {
      const batch = coalescer.take(now, disk(now));
      if (batch) out.push([now, batch]);
      else if ((coalescer.next() ?? 0) <= now) throw new Error(`asked to be asked again at ${now}`);
    }
  };
  for (const [at, kind, path] of events) {
    askUntil(at - 1);
    coalescer.see({ kind, path }, at);
  }
  askUntil(Number.MAX_SAFE_INTEGER);
  return out;
}

const times = (list: readonly (readonly [number, Batch])[]): readonly (readonly [number, string])[] =>
  list.map(([at, { paths }]) => [at, paths.join(" ")]);

it("one change is a batch 15 ms later; changes that follow each other are one, after 100 ms at most", () => {
  expect(times(batches([[0, "change", "a"]]))).toEqual([[15, "a"]]);
  expect(
    times(
      batches([
        [0, "change", "b"],
        [10, "change", "a"],
        [20, "change", "b"],
      ]),
    ),
  ).toEqual([[35, "a b"]]);
  const steady = Array.from({ length: 30 }, (_, i): Timed => [i * 10, "change", "a"]);
  expect(times(batches(steady)).map(([at]) => at)).toEqual([100, 210, 305]);
});

it("what can be done early is asked for once in a batch, and only of files that are whole and there", () => {
  const early = (events: readonly Timed[], disk: DiskState = quietDisk): readonly (readonly [number, string])[] => {
    const coalescer = createCoalescer();
    const out: (readonly [number, string])[] = [];
    const askUntil = (end: number): void => {
      for (let now = coalescer.nextEarly(); now !== undefined && now <= end; now = coalescer.nextEarly()) {
        const found = coalescer.early(now, disk);
        if (found) out.push([now, found.paths.join(" ")]);
        else break;
      }
    };
    for (const [at, kind, path] of events) {
      askUntil(at - 1);
      const end = coalescer.next();
      if (end !== undefined && end < at) coalescer.take(end, quietDisk);
      coalescer.see({ kind, path }, at);
    }
    askUntil(Number.MAX_SAFE_INTEGER);
    return out;
  };
  const change = [0, "change", "a"] as const;
  expect(early([change])).toEqual([[3, "a"]]);
  expect(early([change, [1, "change", "b"], [8, "change", "c"]])).toEqual([[3, "a b"]]);
  expect(early([change, [60, "change", "b"]])).toEqual([
    [3, "a"],
    [63, "b"],
  ]);
  expect(early([[0, "unlink", "a"]])).toEqual([]);
  expect(early([[0, "addDir", "a"]])).toEqual([]);
  expect(early([change], { ...quietDisk, isHalfWritten: () => true })).toEqual([]);
  expect(early([change], { ...quietDisk, isLocked: () => true })).toEqual([]);
  expect(early(Array.from({ length: 201 }, (_, nth): Timed => [0, "change", `${nth}`]))).toEqual([]);
});

it("a file that disappears is waited for: replaced in time it is a change, else it is gone after 100 ms", () => {
  const [replaced] = batches([
    [0, "unlink", "a"],
    [40, "add", "a"],
  ]);
  expect([replaced?.[0], replaced?.[1].waited]).toEqual([55, []]);
  const [gone] = batches([[0, "unlink", "a"]]);
  expect([gone?.[0], gone?.[1].waited]).toEqual([100, ["pending"]]);
});

it("a half-written file is waited for, but not longer than 500 ms", () => {
  const until = (time: number) => (now: number) => ({ ...quietDisk, isHalfWritten: () => now < time });
  const [written] = batches([[0, "change", "a.ipynb"]], until(200));
  expect(written?.[0]).toBeGreaterThanOrEqual(200);
  expect(written?.[0]).toBeLessThanOrEqual(200 + usualPace.again);
  expect(written?.[1].waited).toEqual(["half-written"]);
  expect(batches([[0, "change", "a.ipynb"]], until(9999))[0]?.[0]).toBe(500);
});

it("more than 200 events wait until it is calm, and nothing begins while git holds its lock", () => {
  const storm = Array.from({ length: 500 }, (_, i): Timed => [i, "change", `f${i}`]);
  const burst = Array.from({ length: 500 }, (_, i): Timed => [Math.floor(i / 20), "change", `f${i}`]);
  expect(batches(burst).map(([at, { paths, waited }]) => [at, paths.length, waited])).toEqual([[124, 500, ["storm"]]]);
  const locked = (now: number) => ({ ...quietDisk, isLocked: () => now < 3000 });
  const [after] = batches(storm, locked);
  expect(after?.[0]).toBeGreaterThanOrEqual(3000);
  expect(after?.[1].paths).toHaveLength(500);
  expect(after?.[1].waited).toContain("git");
  // A lock that git left behind does not stop everything.
  const [anyway] = batches([[0, "change", "a"]], () => ({ ...quietDisk, isLocked: () => true }));
  expect(anyway?.[0]).toBe(usualPace.stormMost);
});

it("folders that come or go are named, and a batch begins anew after it was taken", () => {
  const found = batches([
    [0, "addDir", "d"],
    [1, "add", "d/f"],
    [500, "change", "d/f"],
  ]);
  expect(found.map(([, { folders, paths }]) => [folders, paths])).toEqual([
    [["d"], ["d", "d/f"]],
    [[], ["d/f"]],
  ]);
});

const kinds = ["add", "change", "unlink", "addDir", "unlinkDir"] as const;
const gap = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.integer({ min: 0, max: 2000 }));
const event = fc.tuple(gap, fc.constantFrom(...kinds), fc.constantFrom("a", "b", "c.ipynb", "d"));
const pause = fc.tuple(fc.integer({ min: 0, max: 8000 }), fc.integer({ min: 0, max: 15_000 }));

it("whatever happens, every event ends in a batch that begins after it, and never late", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 300 }), pause, pause, (list, lock, half) => {
      let at = 0;
      const events = list.map(([after, kind, path]): Timed => {
        at += after;
        return [at, kind, path];
      });
      const within = ([begin, length]: readonly [number, number], now: number): boolean =>
        now >= begin && now < begin + length;
      const found = batches(events, (now) => ({
        isLocked: () => within(lock, now),
        isHalfWritten: (path) => path === "c.ipynb" && within(half, now),
      }));
      expect(found.reduce((sum, [, batch]) => sum + batch.events, 0)).toBe(events.length);
      let nth = 0;
      for (const [time, batch] of found) {
        const mine = events.slice(nth, nth + batch.events);
        nth += batch.events;
        expect(batch.paths).toEqual([...new Set(mine.map(([, , path]) => path))].sort());
        expect(time).toBeGreaterThan(mine.at(-1)?.[0] ?? 0);
        const most = batch.waited.includes("git") || batch.waited.includes("storm") ? usualPace.stormMost : 500;
        expect(time - batch.first).toBeLessThanOrEqual(most);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});
