import fc from "fast-check";
import { expect, it } from "vitest";
import { digestOf, lengthPrefixed } from "../../../src/engine/digest.ts";
import { createEngine } from "../../../src/engine/engine.ts";
import type { Action, Engine, Known } from "../../../src/engine/query.ts";
import { type Asked, memoryTraceStore, type Trace } from "../../../src/engine/traces.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";

const isHere = (known: Known | undefined): boolean => known !== undefined && !known.isGone;

const text = (read: { readonly ok: boolean; readonly bytes?: Uint8Array }): string =>
  read.bytes ? Buffer.from(read.bytes).toString() : "";

const lines: Action<string, readonly string[]> = {
  kind: "lines",
  version: 1,
  compute: (path, read) =>
    text(read.file(path))
      .split("\n")
      .map((line) => line.trim()),
};
const count: Action<string, number> = {
  kind: "count",
  version: 1,
  compute: (path, read) => read.get(lines, path).length,
};
const parity: Action<string, string> = {
  kind: "parity",
  version: 1,
  compute: (path, read) => (read.get(count, path) % 2 === 0 ? "even" : "odd"),
};

const sign: Action<string, string> = {
  kind: "sign",
  version: 1,
  compute: (path, read) => `${read.get(parity, path)}!`,
};

const ran = (engine: Engine): string[] =>
  engine
    .records()
    .filter((record) => record.status === "ran")
    .map((record) => record.kind);

function edit(host: ReturnType<typeof memoryHost>, engine: Engine, path: string, content: string): void {
  host.writeAtomic(path, content);
  engine.refresh();
}

it("computes once and then takes the value as it is", () => {
  const engine = createEngine({ host: memoryHost({ "a.txt": "x\ny" }) });
  expect(engine.query(parity, "a.txt")).toEqual({ value: "even", diagnostics: [] });
  expect(ran(engine)).toEqual(["lines", "count", "parity"]);
  engine.refresh();
  expect(engine.query(parity, "a.txt").value).toBe("even");
  expect(engine.records().map(({ kind, status }) => [kind, status])).toEqual([
    ["lines", "fresh"],
    ["count", "fresh"],
    ["parity", "fresh"],
  ]);
});

it("ends an action once per revision, however many ask for it", () => {
  const engine = createEngine({ host: memoryHost({ a: "x", b: "x\ny" }) });
  const pair: Action<null, string> = {
    kind: "pair",
    version: 1,
    compute: (_, read) => ["a", "b", "a"].map((path) => read.get(parity, path) + read.get(count, path)).join(),
  };
  engine.query(pair, null);
  engine.refresh();
  expect(engine.query(pair, null).value).toBe("odd1,even2,odd1");
  expect(engine.records()).toHaveLength(7);
});

it("stops a change where a value stays the same, and says what had changed", () => {
  const host = memoryHost({ "a.txt": "x\ny" });
  const engine = createEngine({ host });
  engine.query(parity, "a.txt");
  edit(host, engine, "a.txt", "x  \n y");
  expect(engine.query(parity, "a.txt").value).toBe("even");
  expect(ran(engine)).toEqual(["lines"]);
  expect(engine.records()[0]?.reason).toMatchObject({ code: "changed", read: { kind: "file", params: "a.txt" } });
  edit(host, engine, "a.txt", "x\ny\nz\nw");
  expect(engine.query(sign, "a.txt").value).toBe("even!");
  edit(host, engine, "a.txt", "x\ny");
  engine.query(sign, "a.txt");
  edit(host, engine, "a.txt", "x\ny\nz\nw\nv\nu");
  expect(engine.query(sign, "a.txt").value).toBe("even!");
  expect(ran(engine)).toEqual(["lines", "count", "parity"]);
  edit(host, engine, "a.txt", "x");
  expect(engine.query(parity, "a.txt").value).toBe("odd");
  expect(ran(engine)).toEqual(["lines", "count", "parity"]);
});

it("builds on the canonical part of a value alone", () => {
  const host = memoryHost({ "a.txt": "b c" });
  const engine = createEngine({ host });
  const words: Action<string, { words: string[]; at: number }> = {
    kind: "words",
    version: 1,
    compute: (path, read) => {
      const all = text(read.file(path));
      return { words: all.trim().split(/\s+/), at: all.length - all.trimStart().length };
    },
    canonical: (value) => value.words,
  };
  const joined: Action<string, string> = {
    kind: "joined",
    version: 1,
    compute: (path, read) => read.get(words, path).words.join("+"),
  };
  engine.query(joined, "a.txt");
  edit(host, engine, "a.txt", "   b c");
  expect(engine.query(joined, "a.txt").value).toBe("b+c");
  expect(ran(engine)).toEqual(["words"]);
  expect(engine.query(words, "a.txt").value?.at).toBe(3);
});

it("goes back to an earlier result when the world goes back", () => {
  const host = memoryHost({ "a.txt": "x" });
  const engine = createEngine({ host });
  engine.query(parity, "a.txt");
  edit(host, engine, "a.txt", "x\ny");
  engine.query(parity, "a.txt");
  edit(host, engine, "a.txt", "x");
  expect(engine.query(parity, "a.txt").value).toBe("odd");
  expect(ran(engine)).toEqual([]);
});

it("records reads as they happen, so a read that is no longer made counts no more", () => {
  const host = memoryHost({ "choice.txt": "one.txt", "one.txt": "1", "two.txt": "2" });
  const engine = createEngine({ host });
  const follow: Action<null, string> = {
    kind: "follow",
    version: 1,
    compute: (_, read) => text(read.file(text(read.file("choice.txt")))),
  };
  expect(engine.query(follow, null).value).toBe("1");
  edit(host, engine, "two.txt", "two");
  engine.query(follow, null);
  expect(ran(engine)).toEqual([]);
  edit(host, engine, "choice.txt", "two.txt");
  expect(engine.query(follow, null).value).toBe("two");
  edit(host, engine, "one.txt", "other");
  engine.query(follow, null);
  expect(ran(engine)).toEqual([]);
  edit(host, engine, "two.txt", "2");
  expect(engine.query(follow, null).value).toBe("2");
});

it("depends on the key of an input that was read, on an environment variable, and on what is missing", () => {
  const host = memoryHost({}, { HOME_BANK: "x" });
  const engine = createEngine({ host });
  const owner: Action<string, unknown> = {
    kind: "owner",
    version: 1,
    compute: (model, read) => [
      read.input("config", "models", model, "owner"),
      read.env("HOME_BANK"),
      read.file("none").ok,
      read.list("data"),
    ],
  };
  engine.set("config", { models: { a: { owner: "A", risk: 1 } } });
  expect(engine.query(owner, "a").value).toEqual(["A", "x", false, undefined]);
  engine.set("config", { models: { a: { owner: "A", risk: 2 } } });
  engine.query(owner, "a");
  expect(ran(engine)).toEqual([]);
  engine.set("config", { models: { a: { owner: "B", risk: 2 } } });
  expect(engine.query(owner, "a").value).toEqual(["B", "x", false, undefined]);
  host.writeAtomic("none", "now there");
  host.writeAtomic("data/x", "");
  engine.refresh();
  expect(engine.query(owner, "a").value).toEqual(["B", "x", true, ["x"]]);
  expect(engine.query(owner, "constructor").value).toEqual([undefined, "x", true, ["x"]]);
});

it("depends on what stands at a path, and not on what is in it", () => {
  const host = memoryHost({ "a.txt": "1" });
  const engine = createEngine({ host });
  const kinds: Action<readonly string[], unknown> = {
    kind: "kinds",
    version: 1,
    compute: (paths, read) => paths.map((path) => read.kind(path)),
  };
  const look = (): unknown => engine.query(kinds, ["a.txt", "b"]).value;
  expect(look()).toEqual(["file", undefined]);
  edit(host, engine, "a.txt", "2");
  look();
  expect(ran(engine)).toEqual([]);
  edit(host, engine, "b/c", "x");
  expect(look()).toEqual(["file", "folder"]);
  host.remove("a.txt");
  engine.refresh();
  expect(look()).toEqual([undefined, "folder"]);
});

it("runs anew under a new version, and what builds on it only if its value differs", () => {
  const generation = (version: number, tail: string) => {
    const inner: Action<string, string> = {
      kind: "inner",
      version,
      compute: (path, read) => text(read.file(path)) + tail,
    };
    const outer: Action<string, string> = { kind: "outer", version: 1, compute: (path, read) => read.get(inner, path) };
    return { outer, actions: [inner, outer] };
  };
  const host = memoryHost({ a: "x" });
  const store = memoryTraceStore();
  const runs = [generation(1, ""), generation(2, ""), generation(3, "!")].map(({ outer, actions }) => {
    const engine = createEngine({ host, store, actions });
    return [engine.query(outer, "a").value, ran(engine)];
  });
  expect(runs).toEqual([
    ["x", ["inner", "outer"]],
    ["x", ["inner"]],
    ["x!", ["inner", "outer"]],
  ]);
});

it("says that a result depends on itself instead of hanging, also when the action swallows it", () => {
  const host = memoryHost({ a: "b", b: "c", c: "a", d: "" });
  const engine = createEngine({ host });
  const chain: Action<string, number> = {
    kind: "chain",
    version: 1,
    compute: (path, read) => {
      const next = text(read.file(path));
      if (next === "") return 0;
      try {
        return 1 + read.get(chain, next);
      } catch {
        return -1;
      }
    },
  };
  const outcome = engine.query(chain, "a");
  expect(outcome.value).toBeUndefined();
  expect(outcome.diagnostics.map((d) => d.code)).toEqual(["CW6026"]);
  expect(outcome.diagnostics[0]?.message).toContain("chain(a) → chain(b) → chain(c) → chain(a)");
  edit(host, engine, "c", "d");
  expect(engine.query(chain, "a")).toEqual({ value: 3, diagnostics: [] });
  edit(host, engine, "d", "b");
  expect(engine.query(chain, "a").diagnostics).toHaveLength(1);
});

it("does not remember an action that threw", () => {
  const host = memoryHost({ a: "bad" });
  const engine = createEngine({ host });
  const strict: Action<string, string> = {
    kind: "strict",
    version: 1,
    compute: (path, read) => {
      const found = text(read.file(path));
      if (found === "bad") throw new Error("our bug");
      return found;
    },
  };
  expect(() => engine.query(strict, "a")).toThrow("our bug");
  edit(host, engine, "a", "good");
  expect(engine.query(strict, "a").value).toBe("good");
});

it("refuses what would make results wrong: two actions of one name, reads outside a run, values that are no data", () => {
  const engine = createEngine({ host: memoryHost({ a: "" }) });
  engine.query(lines, "a");
  expect(() => engine.query({ ...lines }, "a")).toThrow("two actions");
  expect(() => engine.query({ ...lines, kind: "file" }, "a")).toThrow("two actions");
  const leak: Action<null, null> = {
    kind: "leak",
    version: 1,
    compute: (_, read) => {
      late = () => read.file("a");
      return null;
    },
  };
  let late = (): unknown => undefined;
  engine.query(leak, null);
  expect(late).toThrow("after it has ended");
  const closure: Action<null, unknown> = { kind: "closure", version: 1, compute: () => ({ f: () => 1 }) };
  expect(() => engine.query(closure, null)).toThrow("plain data");
  const sneaky: Action<null, unknown> = { kind: "sneaky", version: 1, compute: () => engine.query(lines, "a") };
  expect(() => engine.query(sneaky, null)).toThrow("through its reader");
});

it("forgets the actions that were not asked for longest", () => {
  const store = memoryTraceStore({ actions: 2, perAction: 1 });
  const trace = (key: string) => ({ key, reads: [], digest: key, value: key });
  const asked = (identity: string) => ({ identity, kind: identity, version: 1, params: null });
  store.put(asked("a"), trace("1"));
  store.put(asked("b"), trace("2"));
  store.find("a");
  store.put(asked("c"), trace("3"));
  expect(["a", "b", "c"].map((id) => store.find(id).length)).toEqual([1, 0, 1]);
  store.put(asked("a"), trace("4"));
  expect(store.find("a").map((t) => t.key)).toEqual(["4"]);
});

it("gives different digests to different values", () => {
  const values: unknown[] = [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    "1",
    1n,
    Number.NaN,
    "",
    [],
    {},
    [[]],
    [1, 2],
    [12],
    ["1", "2"],
    ["12"],
    { a: 1 },
    { a: undefined },
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    new Map([["a", 1]]),
    new Set(["a"]),
    new Set(),
    new Uint8Array([1]),
    new Uint8Array(),
    "\ud800",
    "\ud801",
    "\ufffd",
    '"\\ud800"',
    [undefined],
    [null],
  ];
  expect(new Set(values.map(digestOf)).size).toBe(values.length);
  const self: unknown[] = [];
  self.push(self);
  expect(() => digestOf(self)).toThrow("contain itself");
  expect(() => digestOf(new Date(0))).toThrow("Date");
  expect(lengthPrefixed(["a", "bc"])).not.toBe(lengthPrefixed(["ab", "c"]));
});

it.each(["refresh", "look again"])("property: after any edits the engine says what a new engine says (%s)", (how) => {
  const total: Action<null, string> = {
    kind: "total",
    version: 1,
    compute: (_, read) => (read.list("in") ?? []).map((name) => read.get(parity, `in/${name}`)).join(),
  };
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    content: fc.option(fc.stringMatching(/^[x \n]{0,4}$/)),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const host = memoryHost({ "in/a": "" });
      const engine = createEngine({ host });
      for (const { name, content } of steps) {
        const path = `in/${name}`;
        if (content !== null) host.writeAtomic(path, content);
        else if (host.stat(path)) host.remove(path);
        if (how === "refresh") engine.refresh();
        else engine.lookAgain(content === null ? undefined : { paths: [path], folders: [] });
        expect(engine.query(total, null).value).toBe(createEngine({ host }).query(total, null).value);
      }
    }),
    { seed: 7, numRuns: 100 },
  );
});

it("what did not build on a changed file stays settled, and is not looked at again", () => {
  const host = memoryHost({ a: "x", b: "x\ny" });
  const engine = createEngine({ host });
  const both: Action<null, string> = {
    kind: "both",
    version: 1,
    compute: (_, read) => `${read.get(parity, "a")}${read.get(parity, "b")}`,
  };
  expect([engine.query(both, null).value, engine.query(sign, "b").value]).toEqual(["oddeven", "even!"]);
  host.writeAtomic("a", "x\ny");
  expect(engine.lookAgain({ paths: ["a"], folders: [] })).toMatchObject([{ kind: "file", path: "a" }]);
  expect([engine.query(both, null).value, engine.query(sign, "b").value]).toEqual(["eveneven", "even!"]);
  expect(engine.records().map(({ kind, params, status }) => [kind, params, status])).toEqual([
    ["lines", "a", "ran"],
    ["count", "a", "ran"],
    ["parity", "a", "ran"],
    ["parity", "b", "fresh"],
    ["both", null, "ran"],
    ["sign", "b", "fresh"],
  ]);
  // What nobody said to have changed is found where everything is looked at.
  host.writeAtomic("b", "x");
  expect(engine.lookAgain({ paths: ["a"], folders: [] })).toEqual([]);
  expect(engine.query(sign, "b").value).toBe("even!");
  engine.lookAgain();
  expect([engine.query(both, null).value, engine.query(sign, "b").value]).toEqual(["evenodd", "odd!"]);
});

/** A store that outlives its engine, and keeps no value of actions that are kept in memory only. */
function diskLike() {
  const inner = memoryTraceStore();
  return {
    find: inner.find,
    put: (asked: Asked, trace: Trace) =>
      inner.put(asked, trace.kept === "memory" ? { ...trace, value: undefined, isGone: true } : trace),
  };
}

it("a value that is not stored leaves those fresh who built on it, and is computed again for whoever asks", () => {
  const live: Action<string, { readonly size: () => number }> = {
    kind: "live",
    version: 1,
    kept: "memory",
    compute: (path, read) => {
      const { length } = text(read.file(path));
      return { size: () => length };
    },
    canonical: (value) => value.size(),
  };
  const size: Action<string, number> = {
    kind: "size",
    version: 1,
    compute: (path, read) => read.get(live, path).size(),
  };
  const twice: Action<string, number> = {
    kind: "twice",
    version: 1,
    compute: (path, read) => 2 * read.get(live, path).size(),
  };
  const host = memoryHost({ "a.txt": "abc" });
  const store = diskLike();
  expect(createEngine({ host, store }).query(size, "a.txt").value).toBe(3);
  const later = createEngine({ host, store, actions: [live as Action<unknown, unknown>] });
  expect([isHere(later.known(size, "a.txt")), later.query(size, "a.txt").value, ran(later)]).toEqual([true, 3, []]);
  expect([isHere(later.known(twice, "a.txt")), later.query(twice, "a.txt").value]).toEqual([false, 6]);
  expect(later.records().filter(({ status }) => status === "ran")).toMatchObject([
    { kind: "live", reason: { code: "not-kept" } },
    { kind: "twice", reason: { code: "new" } },
  ]);
  edit(host, later, "a.txt", "xyz");
  expect([isHere(later.known(size, "a.txt")), later.query(size, "a.txt").value]).toEqual([true, 3]);
  edit(host, later, "a.txt", "wxyz");
  expect([isHere(later.known(size, "a.txt")), later.query(size, "a.txt").value]).toEqual([false, 4]);
});
