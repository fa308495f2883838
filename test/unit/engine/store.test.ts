import fc from "fast-check";
import { expect, it } from "vitest";
import { createEngine } from "../../../src/engine/engine.ts";
import type { Action, Engine } from "../../../src/engine/query.ts";
import { decodeValue, encodeValue } from "../../../src/engine/store/codec.ts";
import { logPath, openStore, statePath } from "../../../src/engine/store/file-store.ts";
import { type Host, HostError } from "../../../src/foundation/host.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";
import { faulty, root } from "./kit.ts";
import { clockedHost } from "./store-kit.ts";

const text = (read: { readonly ok: boolean; readonly bytes?: Uint8Array }): string =>
  read.bytes ? Buffer.from(read.bytes).toString() : "";

const lines: Action<string, readonly string[]> = {
  kind: "lines",
  version: 1,
  compute: (path, read) =>
    text(read.file(`${root}/in/${path}`))
      .split("\n")
      .map((line) => line.trim()),
};
const parity: Action<string, string> = {
  kind: "parity",
  version: 1,
  compute: (path, read) => (read.get(lines, path).length % 2 === 0 ? "even" : "odd"),
};
const total: Action<null, unknown> = {
  kind: "total",
  version: 1,
  compute: (_, read) => ({
    parities: new Map((read.list(`${root}/in`) ?? []).map((name) => [name, read.get(parity, name)])),
    lines: (read.list(`${root}/in`) ?? []).map((name) => read.get(lines, name).join("|")),
    owner: read.input("config", "owner"),
    extra: read.kind(`${root}/extra`),
  }),
};
const actions = [lines, parity, total] as readonly Action<unknown, unknown>[];

/** A process of its own: opens the state, asks, saves. */
function build(
  host: Host,
  owner = "a",
): { readonly value: unknown; readonly engine: Engine; readonly codes: string[] } {
  const store = openStore(host, root);
  const engine = createEngine({ host, store, actions });
  engine.set("config", { owner, unused: 1 });
  const { value } = engine.query(total, null);
  const codes = [...store.diagnostics, ...store.save()].map(({ code }) => code);
  return { value, engine, codes };
}
const clean = (host: Host, owner = "a"): unknown => {
  const engine = createEngine({ host, actions });
  engine.set("config", { owner, unused: 1 });
  return engine.query(total, null).value;
};
const ran = (engine: Engine): string[] =>
  engine
    .records()
    .filter(({ status }) => status === "ran")
    .map(({ kind }) => kind);

it("what is saved midway is there for the next process when this one is killed, and the revision goes on as it was", () => {
  const host = clockedHost({ "in/a": "x\ny", "in/b": "z" });
  host.tick();
  const store = openStore(host, root);
  const engine = createEngine({ host, store, actions });
  engine.set("config", { owner: "a", unused: 1 });
  const one = engine.query(lines, "a").value;
  expect(store.save("midway")).toEqual([]);
  expect(engine.query(lines, "a").value).toEqual(one);
  const value = engine.query(total, null).value;
  expect(ran(engine)).toEqual(["lines", "parity", "lines", "parity", "total"]);
  expect([...store.save("midway"), ...store.save("midway")]).toEqual([]);
  const next = build(host);
  expect([next.value, ran(next.engine), next.codes]).toEqual([value, [], []]);
});

it("takes everything from the disk in the next process, and reads no file that was not touched", () => {
  const host = clockedHost({ "in/a": "x\ny", "in/b": "z" });
  host.tick();
  const first = build(host);
  expect(ran(first.engine)).toEqual(["lines", "parity", "lines", "parity", "total"]);
  host.calls.clear();
  host.touched.length = 0;
  const second = build(host);
  expect(second.value).toEqual(first.value);
  expect(ran(second.engine)).toEqual([]);
  expect(second.engine.records().map(({ kind, status }) => `${kind} ${status}`)).toEqual([
    "lines fresh",
    "parity fresh",
    "lines fresh",
    "parity fresh",
    "total fresh",
  ]);
  expect(second.codes).toEqual([]);
  // The state, its values, and nothing of what it was made from.
  expect(host.calls.get("readBytes")).toBe(2);
  expect(host.touched).toEqual([]);
});

it("tells that nothing has changed without touching a value", () => {
  const host = clockedHost({ "in/a": "x\ny" });
  host.tick();
  const { engine: first } = build(host);
  const digest = first.settle(total, null).value?.digest;
  for (const path of [...host.files.keys()]) if (path.includes("/cas/")) host.remove(path);
  const store = openStore(host, root);
  const engine = createEngine({ host, store, actions });
  engine.set("config", { owner: "a", unused: 2 });
  const settled = engine.settle(total, null);
  expect(settled.value?.digest).toBe(digest);
  expect(ran(engine)).toEqual([]);
  // The values are gone, and come again by running what is needed for them.
  expect(settled.value?.load()).toEqual(clean(host));
  expect(engine.records().find(({ status }) => status === "ran")?.reason).toEqual({ code: "not-kept" });
});

it("runs only what a change reaches, in the next process as well", () => {
  const host = clockedHost({ "in/a": "x\ny", "in/b": "z" });
  host.tick();
  build(host);
  host.tick();
  host.writeAtomic("in/a", "x \n y");
  host.tick();
  const { engine, value } = build(host);
  expect(value).toEqual(clean(host));
  expect(ran(engine)).toEqual(["lines"]);
  expect(
    build(host, "b")
      .engine.records()
      .map(({ kind, status }) => `${kind} ${status}`),
  ).toContain("total ran");
  expect(build(host, "a").value).toEqual(clean(host, "a"));
});

it("runs anew under a new version, whatever the disk says", () => {
  const host = clockedHost({ "in/a": "x" });
  host.tick();
  build(host);
  const louder: Action<string, readonly string[]> = { ...lines, version: 2, compute: () => ["!"] };
  const parityOfLouder: Action<string, string> = { ...parity, compute: (path, read) => read.get(louder, path).join() };
  const store = openStore(host, root);
  const engine = createEngine({
    host,
    store,
    actions: [louder, parityOfLouder] as readonly Action<unknown, unknown>[],
  });
  // Its own version is the same: the kept trace is looked at, and what it read is another action by now.
  expect(engine.query(parityOfLouder, "a").value).toBe("!");
});

it("takes nothing that other code computed, whatever its versions say, and reads no file again for that", () => {
  const host = clockedHost({ "in/a": "x" });
  host.tick();
  const ask = (tail: string, edition: string): unknown => {
    const tailed: Action<null, string> = {
      kind: "tailed",
      version: 1,
      compute: (_, read) => read.get(lines, "a").join() + tail,
    };
    const store = openStore(host, root, edition);
    const engine = createEngine({ host, store, actions: [lines, tailed] as readonly Action<unknown, unknown>[] });
    const { value } = engine.query(tailed, null);
    expect([...store.diagnostics, ...store.save()]).toEqual([]);
    return value;
  };
  expect([ask("1", "one"), ask("1", "one"), ask("2", "two"), ask("2", "two"), ask("1", "one")]).toEqual([
    "x1",
    "x1",
    "x2",
    "x2",
    "x1",
  ]);
  // Without another edition only the version tells, and here it lies.
  expect(ask("3", "one")).toBe("x1");
});

it("never takes a file for unchanged that was written again in the same moment of the disk's clock", () => {
  const host = clockedHost({ "in/a": "x" });
  const first = build(host);
  const inode = host.stat("in/a")?.inode;
  // Same size, same time, same file: only the bytes tell.
  host.damage("in/a", () => Buffer.from("y"));
  expect(host.stat("in/a")?.inode).toBe(inode);
  const second = build(host);
  expect(second.value).toEqual(clean(host));
  expect(second.value).not.toEqual(first.value);
});

it("begins again when a file changes between the look at its stamp and the reading", () => {
  const both: Action<null, string> = {
    kind: "both",
    version: 1,
    compute: (_, read) => ["a", "b"].map((name) => text(read.file(`${root}/in/${name}`))).join(),
  };
  const host = clockedHost({ "in/a": "1", "in/b": "1" });
  host.tick();
  const ask = (disk: Host): string | undefined => {
    const store = openStore(disk, root);
    const { value } = createEngine({ host: disk, store, actions: [both] as readonly Action<unknown, unknown>[] }).query(
      both,
      null,
    );
    store.save();
    return value;
  };
  expect(ask(host)).toBe("1,1");
  host.tick();
  host.writeAtomic("in/b", "2");
  host.tick();
  let changes = 0;
  const restless = (most: number): Host => ({
    ...host,
    readBytes(path) {
      // `a` was known by its stamp; it is read only because `b` is another, and by then it is another itself.
      if (path.endsWith("in/a") && changes < most) {
        host.tick();
        host.writeAtomic("in/a", `changed ${++changes}`);
      }
      return host.readBytes(path);
    },
  });
  expect(ask(restless(1))).toBe("changed 1,2");
  // What was kept names what was read, not what was expected.
  host.tick();
  host.writeAtomic("in/a", "1");
  host.tick();
  expect(ask(host)).toBe("1,2");
  // One that never rests is read once and held.
  changes = 0;
  host.writeAtomic("in/b", "3");
  expect(ask(restless(1000))).toMatch(/^changed \d+,3$/);
  expect(changes).toBeLessThan(10);
});

it.each<[string, (bytes: Uint8Array) => Uint8Array, readonly string[]]>([
  ["cut off", (bytes) => bytes.slice(0, bytes.length - 9), ["CW6028"]],
  ["empty", () => new Uint8Array(), ["CW6028"]],
  ["of one changed byte", (bytes) => bytes.map((b, i) => (i === bytes.length >> 1 ? b ^ 1 : b)), ["CW6028"]],
  ["of a newer version", (bytes) => bytes.map((b, i) => (i === 4 ? 99 : b)), ["CW6028"]],
  [
    "something else",
    () => Buffer.from("hello, this is a text file and no state at all, whatever it is called here"),
    ["CW6028"],
  ],
  ["as it was", (bytes) => bytes, []],
])("rebuilds a state that is %s, and says so", (_, change, expected) => {
  const host = clockedHost({ "in/a": "x\ny" });
  host.tick();
  build(host);
  host.damage(statePath, change);
  const { value, codes, engine } = build(host);
  expect([value, codes]).toEqual([clean(host), expected]);
  expect(ran(engine).length > 0).toBe(expected.length > 0);
  expect(build(host).codes).toEqual([]);
});

it("drops the torn end of the log and keeps what is before it", () => {
  const host = clockedHost({ "in/a": "x\ny" });
  host.tick();
  build(host);
  for (const content of ["1", "1\n2\n3"]) {
    host.tick();
    host.writeAtomic("in/a", content);
    host.tick();
    build(host);
  }
  expect(host.stat(logPath)?.size).toBeGreaterThan(0);
  host.damage(logPath, (bytes) => bytes.slice(0, bytes.length - 3));
  const { value, codes } = build(host);
  expect([value, codes]).toEqual([clean(host), ["CW6028"]]);
  expect(build(host).codes).toEqual([]);
});

it("keeps what two processes find out at once", () => {
  const host = clockedHost({ "in/a": "x", "in/b": "y\ny" });
  host.tick();
  build(host);
  const open = (owner: string) => {
    const store = openStore(host, root);
    const engine = createEngine({ host, store, actions });
    engine.set("config", { owner });
    engine.query(total, null);
    return store;
  };
  const [one, two] = [open("b"), open("c")];
  expect([...one.save(), ...two.save()]).toEqual([]);
  for (const owner of ["b", "c"]) expect(ran(build(host, owner).engine)).toEqual([]);
});

it.each([
  "full",
  "read-only",
  "denied",
] as const)("goes on without a state on a disk that is %s, and says so", (kind) => {
  const host = clockedHost({ "in/a": "x\ny" });
  host.tick();
  const stubborn: Host = {
    ...host,
    writeAtomic: (path) => {
      throw new HostError(kind, path, "injected");
    },
    createExclusive: (path) => {
      throw new HostError(kind, path, "injected");
    },
  };
  for (let nth = 0; nth < 2; nth++) {
    const { value, codes } = build(stubborn);
    expect([value, codes]).toEqual([clean(host), ["CW6029"]]);
  }
  build(host);
  host.writeAtomic("in/a", "z");
  // Full only now: what is there is used, what is new is not kept.
  expect(build(stubborn).value).toEqual(clean(host));
  expect(build(host).value).toEqual(clean(host));
});

it("a disk that fails at any call leaves a state that is right or not there", () => {
  for (let n = 0; ; n++) {
    const host = clockedHost({ "in/a": "x\ny", "in/b": "1" });
    host.tick();
    build(host);
    host.tick();
    host.writeAtomic("in/a", "x");
    host.tick();
    const broken = faulty(host, { at: n, mode: "dead", kind: "other" });
    const store = (() => {
      try {
        const opened = openStore(broken.host, root);
        const engine = createEngine({ host: broken.host, store: opened, actions });
        engine.set("config", { owner: "a", unused: 1 });
        engine.query(total, null);
        return opened;
      } catch (error) {
        // A source whose look fails is another error than ours.
        if (error instanceof HostError) return undefined;
        throw error;
      }
    })();
    store?.save();
    expect(build(host).value).toEqual(clean(host));
    if (broken.calls() <= n) break;
  }
});

it("property: values come back from the disk as they were", () => {
  const plain = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      fc.bigInt(),
      fc.uint8Array({ maxLength: 8 }),
      fc.constant("\ud800"),
      fc.array(tie("node"), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom("$", "__proto__", "a")), tie("node"), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
      fc.array(tie("node"), { maxLength: 3 }).map((items) => new Set(items)),
      fc.array(fc.tuple(fc.string({ maxLength: 2 }), tie("node")), { maxLength: 3 }).map((items) => new Map(items)),
    ),
  })).node;
  fc.assert(
    fc.property(plain, (value) => {
      const bytes = encodeValue(value);
      expect(bytes).toBeDefined();
      expect(decodeValue(bytes ?? new Uint8Array())).toStrictEqual(value);
    }),
    { seed: 11, numRuns: 300 },
  );
  for (const value of [() => 1, new Date(0), { a: Symbol("x") }]) expect(encodeValue(value)).toBeUndefined();
});

it("property: after any edits, damage and restarts, a build says what a clean engine says", () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant("write" as const),
      name: fc.constantFrom("in/a", "in/b", "in/c", "extra"),
      content: fc.option(fc.stringMatching(/^[xy \n]{0,4}$/)),
    }),
    fc.record({ do: fc.constant("tick" as const), by: fc.integer({ min: -50, max: 50 }) }),
    fc.record({ do: fc.constant("damage" as const), which: fc.nat(), at: fc.nat(), cut: fc.boolean() }),
    fc.record({ do: fc.constant("build" as const), owner: fc.constantFrom("a", "b"), saved: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const host = clockedHost({ "in/a": "" });
      for (const one of steps) {
        if (one.do === "write") {
          if (one.content !== null) host.writeAtomic(one.name, one.content);
          else if (host.stat(one.name)) host.remove(one.name);
        } else if (one.do === "tick") host.tick(one.by);
        else if (one.do === "damage") {
          const kept = [...host.files.keys()].filter((path) => path.includes("/.crosswalk/")).sort();
          const path = kept[one.which % (kept.length || 1)];
          if (path === undefined) continue;
          host.damage(path, (bytes) => {
            const at = one.at % (bytes.length || 1);
            return one.cut ? bytes.slice(0, at) : bytes.map((b, i) => (i === at ? b ^ 0x55 : b));
          });
        } else {
          const store = openStore(host, root);
          const engine = createEngine({ host, store, actions });
          engine.set("config", { owner: one.owner });
          expect(engine.query(total, null).value).toEqual(clean(host, one.owner));
          if (one.saved) store.save();
        }
      }
      expect(build(host).value).toEqual(clean(host));
    }),
    { seed: 12, numRuns: 150 },
  );
});

it("works where files have no times: then every file is read", () => {
  const host = memoryHost({ "in/a": "x" });
  expect(build(host).value).toEqual(clean(host));
  expect(build(host).value).toEqual(clean(host));
});
