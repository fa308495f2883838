import { expect, it } from "vitest";
import { lockPath, withLock } from "../../../src/engine/lock.ts";
import { recoverCommits } from "../../../src/engine/recover.ts";
import type { Host } from "../../../src/foundation/host.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";
import { build, codes, folder, root, tree } from "./kit.ts";

const lock = (pid: number, machine = "desk"): string => JSON.stringify({ pid, machine });
const process = (pid: number, alive: readonly number[], more: Partial<Host> = {}) => ({
  ...memoryHost(),
  pid,
  machine: "desk",
  pidAlive: (other: number) => alive.includes(other),
  ...more,
});

it("is held during the work and released after it, also when the work throws", () => {
  const host = process(1, [1]);
  const held = withLock(host, root, () => JSON.parse(host.text(lockPath) ?? ""));
  expect(held).toEqual({ held: true, value: { pid: 1, machine: "desk" } });
  expect(() =>
    withLock(host, root, () => {
      throw new Error("bug");
    }),
  ).toThrow("bug");
  expect(host.stat(lockPath)).toBeUndefined();
});

it.each([
  ["a dead process", lock(7), true],
  ["a process of this number, which holds none", lock(1), true],
  ["nobody, since it is empty", "", true],
  ["a live process", lock(2), false],
  ["a process of another machine", lock(7, "server"), false],
])("meets a lock of %s", (_, text, isTaken) => {
  const host = process(1, [1, 2]);
  host.writeAtomic(lockPath, text);
  const result = build(host, { "a.py": "1\n" });
  expect([result.outcome, codes(result)]).toEqual(isTaken ? ["written", []] : ["failed", ["CW6019"]]);
  expect(Object.keys(tree(host)).length).toBe(isTaken ? 2 : 0);
  expect(host.text(lockPath)).toBe(isTaken ? undefined : text);
  expect([...host.files.keys()].some((path) => path.includes("left-over"))).toBe(false);
});

it("names who holds it", () => {
  const host = process(1, [2]);
  host.writeAtomic(lockPath, lock(2));
  expect(build(host, { "a.py": "1\n" }).diagnostics[0]?.message).toContain("(process 2 on desk)");
});

it("waits for a lock that is released in time, and gives up on one that is not", () => {
  let naps = 0;
  const host = process(1, [2], {
    sleep: () => {
      naps++;
      if (naps === 3) host.remove(lockPath);
    },
  });
  host.writeAtomic(lockPath, lock(2));
  expect(build(host, { "a.py": "1\n" }).outcome).toBe("written");
  expect(naps).toBe(3);
  host.writeAtomic(lockPath, lock(2));
  naps = 3;
  expect(codes(build(host, { "a.py": "2\n" }))).toEqual(["CW6019"]);
  expect(naps).toBe(203);
});

it.each([
  ["a dead process", lock(7), true],
  ["nobody, since it is empty", "", false],
  ["a live process", lock(2), false],
  ["a process of another machine", lock(7, "server"), false],
])("a build that writes nothing meets a lock of %s", (_, text, isTaken) => {
  const host = process(1, [1, 2]);
  host.writeAtomic(lockPath, text);
  expect(recoverCommits(host, root)).toEqual([]);
  expect(host.text(lockPath)).toBe(isTaken ? undefined : text);
});

it("puts back a lock that another process made while the left-over one was taken away", () => {
  const host = process(1, [2], {
    rename: (from, to) => {
      if (from.endsWith("/lock")) memory.writeAtomic(lockPath, lock(2));
      memory.rename(from, to);
    },
  });
  const memory = { writeAtomic: host.writeAtomic, rename: memoryRename(host) };
  host.writeAtomic(lockPath, lock(7));
  expect(codes(build(host, { "a.py": "1\n" }))).toEqual(["CW6019"]);
  expect(host.text(lockPath)).toBe(lock(2));
});

/** The plain rename of a memory host, by its files. */
function memoryRename(host: ReturnType<typeof memoryHost>): Host["rename"] {
  return (from, to) => {
    host.writeAtomic(to, host.readBytes(from));
    host.remove(from);
  };
}

it("needs no lock where nothing is to be written", () => {
  const host = process(1, [2]);
  build(host, { "a.py": "1\n" });
  host.writeAtomic(lockPath, lock(2));
  expect(build(host, { "a.py": "1\n" }).outcome).toBe("unchanged");
});

it("does not call another process's half-placed commit an edit", () => {
  const host = process(1, [2], { sleep: () => finish() });
  build(host, { "a.py": "1\n" });
  // Another process has placed a.py and not yet the manifest.
  const other = memoryHost();
  build(other, { "a.py": "2\n" });
  host.writeAtomic(`${folder}/a.py`, "2\n");
  host.writeAtomic(lockPath, lock(2));
  const finish = (): void => {
    host.writeAtomic(`${folder}/crosswalk.manifest.json`, other.readBytes(`${folder}/crosswalk.manifest.json`));
    host.remove(lockPath);
  };
  expect(build(host, { "a.py": "3\n" }).outcome).toBe("written");
  expect(host.text(`${folder}/a.py`)).toBe("3\n");
});
