import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { expect, it, onTestFinished } from "vitest";
import { type FileEvent, isIgnored, type WatchProblem, watchFolders } from "../../../src/foundation/host-watch.ts";
import { realFolder } from "../engine/kit.ts";

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function opened(polling = false) {
  const root = realFolder();
  const events: FileEvent[] = [];
  const problems: WatchProblem[] = [];
  const listener = {
    event: (event: FileEvent) => events.push(event),
    problem: (one: WatchProblem) => problems.push(one),
  };
  const watcher = await watchFolders(listener, polling);
  onTestFinished(() => watcher.close());
  const until = async (kind: FileEvent["kind"], path: string): Promise<void> => {
    const isSeen = (): boolean => events.some((event) => event.kind === kind && event.path === `${root}/${path}`);
    for (let nth = 0; nth < 200 && !isSeen(); nth++) await pause(20);
    expect([isSeen(), kind, path]).toEqual([true, kind, path]);
    events.length = 0;
  };
  return { root, events, problems, watcher, until };
}

it("sees what stands directly in a folder, and a folder that was deleted with the one above it and made again", async () => {
  const { root, events, watcher, until } = await opened();
  fs.mkdirSync(`${root}/a/b`, { recursive: true });
  expect(await watcher.watch(new Set([`${root}/a`, `${root}/a/b`]))).toBe(true);
  expect(await watcher.watch(new Set([`${root}/a`, `${root}/a/b`]))).toBe(false);
  fs.mkdirSync(`${root}/a/c`);
  await until("addDir", "a/c");
  fs.writeFileSync(`${root}/a/c/deep`, "x");
  fs.writeFileSync(`${root}/a/.git`, "x");
  fs.writeFileSync(`${root}/a/.x.swp`, "x");
  await pause(200);
  expect(events).toEqual([]);
  for (let nth = 0; nth < 3; nth++) {
    fs.rmSync(`${root}/a`, { recursive: true });
    await until("unlinkDir", "a/b");
    fs.mkdirSync(`${root}/a/b`, { recursive: true });
    await pause(300);
    fs.writeFileSync(`${root}/a/b/file`, String(nth));
    await until("add", "a/b/file");
  }
  expect(await watcher.watch(new Set([`${root}/a`]))).toBe(true);
});

it.each([
  ["ENOSPC", "watches"],
  ["EMFILE", "files"],
  ["EIO", undefined],
])("an error %s of the system is told by the limit it is about; polling needs none of it", async (code, limit) => {
  const real = fs.watch;
  onTestFinished(() => {
    fs.watch = real;
    syncBuiltinESMExports();
  });
  fs.watch = (() => {
    throw Object.assign(new Error(`${code}: no`), { code });
  }) as typeof fs.watch;
  syncBuiltinESMExports();
  const native = await opened();
  await native.watcher.watch(new Set([native.root]));
  expect(native.problems.map((problem) => problem.limit)).toContain(limit);
  const polling = await opened(true);
  await polling.watcher.watch(new Set([polling.root]));
  expect([polling.watcher.isPolling, polling.problems]).toEqual([true, []]);
  fs.writeFileSync(`${polling.root}/file`, "x");
  await polling.until("add", "file");
});

it.each([
  ["/w/.git", true],
  ["/w/__pycache__", true],
  ["/w/train.ipynb~", true],
  ["/w/.train.ipynb.swp", true],
  ["/w/4913", true],
  ["/w/.~lock", true],
  ["/w/x.tmp.1", true],
  ["/w/train.ipynb", false],
  ["/w/.dockerignore", false],
  ["/w/tmp.py", false],
])("%s is ignored: %s", (path, expected) => {
  expect(isIgnored(path)).toBe(expected);
});
