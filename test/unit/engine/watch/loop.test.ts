import fc from "fast-check";
import { expect, it } from "vitest";
import type { DiskState } from "../../../../src/engine/watch/coalescer.ts";
import { type Cause, watchLoop } from "../../../../src/engine/watch/loop.ts";
import { fakeClock, fakeWatcher, quietDisk, settle } from "./kit.ts";

interface Round {
  readonly kind: Cause["kind"];
  readonly paths: readonly string[];
  readonly begin: number;
  readonly end: number;
}

/** A loop over a clock and a watcher that tests move; each round takes `length` milliseconds. */
function looping(
  setting: {
    readonly preparing?: number;
    readonly length?: number;
    readonly disk?: DiskState;
    readonly folders?: () => Set<string>;
  } = {},
) {
  const { preparing = 5, length = 10, disk = quietDisk, folders = () => new Set(["/w"]) } = setting;
  const clock = fakeClock();
  const watcher = fakeWatcher();
  const stop = new AbortController();
  const rounds: Round[] = [];
  const problems: (readonly [string | undefined, boolean])[] = [];
  const prepared: (readonly [number, readonly string[]])[] = [];
  let running = 0;
  const done = watchLoop({
    open: watcher.open,
    clock,
    disk,
    signal: stop.signal,
    async prepare({ paths }) {
      prepared.push([clock.now(), paths]);
      await new Promise<void>((resolve) => clock.after(preparing, resolve));
    },
    async round(cause) {
      expect(++running).toBe(1);
      const begin = clock.now();
      await new Promise<void>((resolve) => clock.after(length, resolve));
      running--;
      const paths = cause.kind === "events" ? cause.batch.paths : [];
      rounds.push({ kind: cause.kind, paths, begin, end: clock.now() });
      return folders();
    },
    async problem({ limit }, isPolling) {
      problems.push([limit, isPolling]);
    },
    async ready() {},
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await clock.advance(length);
    await done;
  };
  return { clock, watcher, stop, rounds, prepared, problems, end, kinds: () => rounds.map(({ kind }) => kind) };
}

it("builds at the start, looks again once the folders are watched, and then after each change", async () => {
  const { clock, watcher, rounds, end, kinds } = looping();
  await clock.advance(100);
  expect(kinds()).toEqual(["start", "rescan"]);
  watcher.emit("change", "/w/a");
  await clock.advance(100);
  expect(rounds.at(-1)).toEqual({ kind: "events", paths: ["/w/a"], begin: 115, end: 125 });
  await end();
  expect(watcher.closed()).toBe(1);
});

it("begins early with what has happened so far, and the round comes with all of it, no later than without that", async () => {
  const { clock, watcher, rounds, prepared, end } = looping();
  await clock.advance(100);
  watcher.emit("change", "/w/a");
  await clock.advance(5);
  watcher.emit("change", "/w/b");
  await clock.advance(100);
  expect(prepared).toEqual([[103, ["/w/a"]]]);
  expect(rounds.at(-1)).toEqual({ kind: "events", paths: ["/w/a", "/w/b"], begin: 120, end: 130 });
  await end();
  // What takes longer than the waiting is ended first, and what happens meanwhile is heard of.
  const slow = looping({ preparing: 50 });
  await slow.clock.advance(100);
  slow.watcher.emit("change", "/w/a");
  await slow.clock.advance(40);
  slow.watcher.emit("change", "/w/b");
  await slow.clock.advance(100);
  expect(slow.prepared).toEqual([[103, ["/w/a"]]]);
  expect(slow.rounds.at(-1)).toMatchObject({ paths: ["/w/a", "/w/b"], begin: 155 });
  await slow.end();
});

it("what happens while a round runs gives exactly one more", async () => {
  const { clock, watcher, rounds, end } = looping({ length: 300 });
  await clock.advance(1000);
  const before = rounds.length;
  watcher.emit("change", "/w/a");
  await clock.advance(20);
  for (let nth = 0; nth < 10; nth++) {
    watcher.emit("change", `/w/b${nth}`);
    await clock.advance(20);
  }
  await clock.advance(3000);
  expect(rounds.slice(before).map(({ paths }) => paths.length)).toEqual([1, 10]);
  await end();
});

it("everything is looked at again every 30 seconds, and when other folders are watched", async () => {
  let folders = new Set(["/w"]);
  const { clock, watcher, kinds, end } = looping({ folders: () => folders });
  await clock.advance(95_000);
  expect(kinds()).toEqual(["start", "rescan", "rescan", "rescan", "rescan"]);
  folders = new Set(["/w", "/w/new"]);
  watcher.emit("addDir", "/w/new");
  await clock.advance(200);
  expect(kinds().slice(-2)).toEqual(["events", "rescan"]);
  expect(watcher.asked.at(-1)).toEqual(["/w", "/w/new"]);
  await end();
});

it.each([
  "watches",
  "files",
] as const)("at the limit of %s it goes on by looking again and again, and says so", async (limit) => {
  const { clock, watcher, problems, kinds, end } = looping();
  await clock.advance(100);
  watcher.fail(limit);
  watcher.fail(limit);
  await clock.advance(100);
  expect(problems).toEqual([[limit, true]]);
  expect([watcher.opened, watcher.closed(), watcher.asked.at(-1)]).toEqual([[false, true], 1, ["/w"]]);
  watcher.emit("change", "/w/a");
  await clock.advance(100);
  expect(kinds().at(-1)).toBe("events");
  await end();
});

it("other trouble is said, and the watcher stays", async () => {
  const { clock, watcher, problems, end } = looping();
  await clock.advance(100);
  watcher.fail(undefined);
  await clock.advance(100);
  expect([problems, watcher.opened]).toEqual([[[undefined, false]], [false]]);
  await end();
});

it("an interrupt during a round ends after it; one while it waits ends at once", async () => {
  const during = looping({ length: 50 });
  await during.clock.advance(10);
  await during.end();
  expect(during.kinds()).toEqual(["start"]);
  const waiting = looping();
  await waiting.clock.advance(1000);
  waiting.stop.abort();
  await settle();
  expect(waiting.watcher.closed()).toBe(1);
});

const step = fc.tuple(fc.integer({ min: 0, max: 150 }), fc.constantFrom("a", "b", "c"), fc.boolean());

it("whatever happens, the last round of a file begins after its last change, soon", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 250 }), async (steps, length) => {
      const { clock, watcher, rounds, end } = looping({ length });
      await clock.advance(1000);
      const lastChange = new Map<string, number>();
      for (const [wait, name, isReplaced] of steps) {
        await clock.advance(wait);
        if (isReplaced) watcher.emit("unlink", `/w/${name}`);
        watcher.emit(isReplaced ? "add" : "change", `/w/${name}`);
        lastChange.set(`/w/${name}`, clock.now());
        // What happens in one turn of the machine is one moment; the next is later.
        await clock.advance(1);
      }
      await clock.advance(2000);
      for (const [path, changed] of lastChange) {
        const seen = rounds.filter(({ paths, begin }) => paths.includes(path) && begin > changed);
        expect(seen).toHaveLength(1);
        expect((seen[0]?.begin ?? 0) - changed).toBeLessThanOrEqual(length + 200);
      }
      await end();
    }),
    { seed: 11, numRuns: 60 },
  );
});
