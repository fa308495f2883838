import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createEngine } from "../../../src/engine/engine.ts";
import type { Action } from "../../../src/engine/query.ts";
import { openStore } from "../../../src/engine/store/file-store.ts";
import type { Host } from "../../../src/foundation/host.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";
import { root } from "./kit.ts";
import { clockedHost } from "./store-kit.ts";

const text = (read: { readonly ok: boolean; readonly bytes?: Uint8Array }): string =>
  read.bytes ? Buffer.from(read.bytes).toString() : "";

it("what is asked for at each start stands apart, and is not pressed", () => {
  const large: Action<string, string> = { kind: "large", version: 1, compute: (name) => `${name} `.repeat(3000) };
  const near: Action<string, string> = {
    kind: "near",
    version: 1,
    kept: "near",
    compute: (name, read) => `near ${read.get(large, name).length} `.repeat(2000),
  };
  const both = [large, near] as readonly Action<unknown, unknown>[];
  const host = clockedHost({});
  const store = openStore(host, root);
  const first = createEngine({ host, store, actions: both });
  const values = ["a", "b"].map((name) => first.query(near, name).value);
  expect(store.save()).toEqual([]);
  const read: Uint8Array[] = [];
  const watched: Host = {
    ...host,
    readBytes(path) {
      const bytes = host.readBytes(path);
      if (path.includes("/cas/")) read.push(bytes);
      return bytes;
    },
  };
  const second = createEngine({ host: watched, store: openStore(watched, root), actions: both });
  expect(["a", "b"].map((name) => second.query(near, name).value)).toEqual(values);
  expect(read.map((bytes) => Buffer.from(bytes).toString().match(/near/g)?.length)).toEqual([4000]);
  expect(second.query(large, "a").value).toBe("a ".repeat(3000));
  expect(read).toHaveLength(2);
});

it("values in memory that are let go are computed again for whoever asks, and nobody who built on them runs", () => {
  const live: Action<string, { readonly size: () => number }> = {
    kind: "live",
    version: 1,
    kept: "memory",
    compute: (path, read) => {
      const found = read.file(path);
      const size = found.ok ? found.bytes.length : 0;
      return { size: () => size };
    },
    canonical: (value) => value.size(),
  };
  const size: Action<string, number> = {
    kind: "size",
    version: 1,
    compute: (path, read) => read.get(live, path).size(),
  };
  const host = clockedHost({ "a.txt": "abc" });
  const engine = createEngine({
    host,
    store: openStore(host, root),
    actions: [live, size] as readonly Action<unknown, unknown>[],
  });
  const ran = () => engine.ran().map(({ kind }) => kind);
  const path = `${host.cwd}/a.txt`;
  expect([engine.query(size, path).value, ran()]).toEqual([3, ["live", "size"]]);
  engine.query(live, path);
  expect(ran()).toEqual(["live", "size"]);
  engine.letGo("other");
  engine.query(live, path);
  expect(ran()).toEqual(["live", "size"]);
  engine.letGo("live");
  expect([engine.query(size, path).value, ran()]).toEqual([3, ["live", "size"]]);
  expect([engine.query(live, path).value?.size(), ran()]).toEqual([3, ["live", "size", "live"]]);
});

it("files that are let go are read again for whoever asks, and must be what they were", () => {
  const host = clockedHost({ "a.txt": "abc", "b.txt": "b" });
  const read: string[] = [];
  const watched: Host = {
    ...host,
    readBytes(path) {
      if (path.endsWith(".txt")) read.push(path.slice(-5));
      return host.readBytes(path);
    },
  };
  const content: Action<string, string> = {
    kind: "content",
    version: 1,
    compute: (path, by) => text(by.file(path)),
  };
  const both: Action<null, string> = {
    kind: "both",
    version: 1,
    compute: (_, by) => `${text(by.file(`${host.cwd}/a.txt`))} ${text(by.file(`${host.cwd}/b.txt`))}`,
  };
  const engine = createEngine({
    host: watched,
    store: openStore(watched, root),
    actions: [content, both] as readonly Action<unknown, unknown>[],
  });
  const path = `${host.cwd}/a.txt`;
  engine.query(content, path);
  expect([engine.query(both, null).value, read]).toEqual(["abc b", ["a.txt", "b.txt"]]);
  engine.letGo("other");
  const again = (kind: string): Action<null, string> => ({ ...both, kind });
  expect([engine.query(again("again"), null).value, read.length]).toEqual(["abc b", 4]);
  expect([engine.query(again("still"), null).value, read.length]).toEqual(["abc b", 4]);
  engine.letGo("other");
  host.overwrite(path, "other");
  expect(engine.query(again("later"), null).value).toBe("other b");
  expect(engine.query(content, path).value).toBe("other");
});

it("what was read of a file is not held when it is read anew, however often", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const host = memoryHost({ "a.txt": "" });
  const size: Action<string, number> = { kind: "size", version: 1, compute: (path, by) => text(by.file(path)).length };
  const engine = createEngine({ host });
  const path = `${host.cwd}/a.txt`;
  collect();
  const before = process.memoryUsage().arrayBuffers;
  for (let nth = 1; nth <= 100; nth++) {
    host.writeAtomic(path, Buffer.alloc(2 ** 20, nth % 100));
    engine.lookAgain({ paths: [path], folders: [] });
    expect(engine.query(size, path).value).toBe(2 ** 20);
  }
  collect();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 ** 20);
});
