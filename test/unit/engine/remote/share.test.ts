import fc from "fast-check";
import { expect, it } from "vitest";
import { createEngine } from "../../../../src/engine/engine.ts";
import type { Action } from "../../../../src/engine/query.ts";
import type { CacheServer, RemoteCache } from "../../../../src/engine/remote/contract.ts";
import { local, portable } from "../../../../src/engine/remote/portable.ts";
import { giveShared, type Sharing, takeShared } from "../../../../src/engine/remote/share.ts";
import { memoryHost } from "../../../../src/foundation/host-memory.ts";
import { cacheOn } from "./kit.ts";

/** A server in memory; `loses` makes it forget every nth thing it is given. */
function memoryServer(loses = 0): CacheServer & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  let nth = 0;
  const at = ({ kind, space, name }: Parameters<CacheServer["has"]>[0]): string => `${space}/${kind}/${name}`;
  return {
    kept,
    async get(slot) {
      const found = kept.get(at(slot));
      return found ? { kind: "hit", value: found } : { kind: "miss", reason: "absent" };
    },
    has: async (slot) => (kept.has(at(slot)) ? { kind: "hit", value: true } : { kind: "miss", reason: "absent" }),
    async put(slot, bytes, replace) {
      if (kept.has(at(slot)) && !replace) return { kind: "exists" };
      if (loses === 0 || ++nth % loses !== 0) kept.set(at(slot), bytes);
      return { kind: "stored" };
    },
  };
}

type World = Readonly<Record<string, string>>;
const names = ["a", "b", "c", "d"];

/** What a walk through the files gives: each file names the next ones to read. Which are read depends on what was read before. */
function walk(read: (name: string) => string | undefined): readonly string[] {
  const seen: string[] = [];
  const left = ["a"];
  for (let name = left.shift(); name !== undefined && seen.length < 12; name = left.shift()) {
    const text = read(name);
    seen.push(`${name}=${text ?? "none"}`);
    left.push(...[...(text ?? "")].filter((letter) => !seen.some((line) => line.startsWith(letter))));
  }
  return seen;
}

const action = (root: string): Action<{ readonly root: string }, readonly string[]> => ({
  kind: "walk",
  version: 1,
  compute: (_, read) =>
    walk((name) => {
      const found = read.file(`${root}/${name}`);
      return found.ok ? Buffer.from(found.bytes).toString() : undefined;
    }),
});

/** A machine with the files of a world in a folder of its own. */
function machine(cache: RemoteCache, root: string, world: World, tool = "tool 1", isEnough = false) {
  const files = Object.fromEntries(Object.entries(world).map(([name, text]) => [`${root}/${name}`, text]));
  const walking = action(root);
  const engine = createEngine({ host: memoryHost(files, {}, root), actions: [walking as Action<unknown, unknown>] });
  const isValue = (value: unknown): value is readonly string[] => Array.isArray(value);
  const sharing: Sharing<{ readonly root: string }, readonly string[]> = {
    engine,
    action: walking,
    cache,
    root,
    tool,
    isValue,
    outline: { of: (_, value) => value.length, isEnough: (_, { outline }) => isEnough && typeof outline === "number" },
    loading: async (work) => work(),
  };
  return {
    known: () => engine.known(walking, { root }),
    takeOver: (value: readonly string[]) => {
      const digest = engine.known(walking, { root })?.digest ?? "";
      const reads = engine.traces("walk", { root })[0]?.reads ?? [];
      return engine.adopt(walking, { root }, reads, { value, digest }, "ran");
    },
    reasons: () => engine.ran().map(({ reason }) => reason?.code),
    taken: () => takeShared(sharing, { root }),
    take: async () => (await takeShared(sharing, { root })) !== undefined,
    give: () => giveShared(sharing, { root }),
    value: () => engine.query(walking, { root }).value,
    ran: () => engine.records().some(({ kind, status }) => kind === "walk" && status === "ran"),
  };
}

const world = fc.dictionary(fc.constantFrom(...names), fc.constantFrom("", "b", "c", "bc", "d", "x"), {
  noNullPrototype: true,
});

it.each([
  0, 3,
])("whatever others have shared, a result is what computing it here would give (loses %i)", async (loses) => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(world, { minLength: 2, maxLength: 12 }), async (worlds) => {
      const cache = cacheOn(memoryServer(loses));
      for (const [nth, one] of worlds.entries()) {
        const root = `/machine/${nth}`;
        const here = machine(cache, root, one);
        const isTaken = await here.take();
        expect(here.value()).toEqual(walk((name) => one[name]));
        expect(here.ran()).toBe(!isTaken);
        if (isTaken) taken++;
        else {
          const isGiven = await here.give();
          if (loses === 0) expect(isGiven).toBe(true);
          // Once given, the same world finds it.
          if (loses === 0) expect(await machine(cache, "/again", one).take()).toBe(true);
        }
      }
      expect(cache.diagnostics()).toEqual([]);
    }),
    { numRuns: 60, seed: 6 },
  );
  expect(taken).toBeGreaterThan(20);
});

it("nothing is fetched of a result whose outline is enough; who asks for it all the same gets it computed", async () => {
  const server = memoryServer();
  const cache = cacheOn(server);
  const one = machine(cache, "/one", { a: "b", b: "" });
  one.value();
  await one.give();
  for (const name of [...server.kept.keys()]) if (name.includes("/blob/")) server.kept.delete(name);
  const two = machine(cache, "/two", { a: "b", b: "" }, "tool 1", true);
  expect([await two.taken(), two.known()?.isGone]).toEqual([{ kind: "outline", outline: 2 }, true]);
  expect([two.ran(), two.value(), two.ran()]).toEqual([false, ["a=b", "b="], true]);
  // So may another thread: what it made is taken over.
  const three = machine(cache, "/three", { a: "b", b: "" }, "tool 1", true);
  await three.taken();
  expect([three.takeOver(["a=b", "b="]), three.known()?.isGone ?? false]).toEqual([true, false]);
  expect([three.value(), three.reasons()]).toEqual([["a=b", "b="], ["not-kept"]]);
  // Other reads, another result.
  expect(await machine(cache, "/two", { a: "b", b: "c" }, "tool 1", true).taken()).toBeUndefined();
  // Where it is not enough, what is lost is lost.
  expect(await machine(cache, "/two", { a: "b", b: "" }).taken()).toBeUndefined();
});

it("another version of the tool finds nothing", async () => {
  const cache = cacheOn(memoryServer());
  const one = machine(cache, "/one", { a: "b" });
  one.value();
  expect(await one.give()).toBe(true);
  expect(await machine(cache, "/two", { a: "b" }, "tool 2").take()).toBe(false);
  expect(await machine(cache, "/two", { a: "b" }).take()).toBe(true);
});

it("two results for the same reads are said, and the first stays", async () => {
  const server = memoryServer();
  const [cache, other] = [cacheOn(server), cacheOn(server)];
  const one = machine(cache, "/one", { a: "b" });
  one.value();
  await one.give();
  // A machine on which the same files give something else: a tool that was changed without a new version.
  const odd: Action<{ readonly root: string }, readonly string[]> = {
    ...action("/two"),
    compute: (params, read) => [...action("/two").compute(params, read), "odd"],
  };
  const engine = createEngine({
    host: memoryHost({ "/two/a": "b" }, {}, "/two"),
    actions: [odd as Action<unknown, unknown>],
  });
  engine.query(odd, { root: "/two" });
  const isValue = (value: unknown): value is readonly string[] => Array.isArray(value);
  const sharing = {
    engine,
    action: odd,
    cache: other,
    root: "/two",
    tool: "tool 1",
    isValue,
    loading: async <T>(work: () => T) => work(),
  };
  expect(await giveShared(sharing, { root: "/two" })).toBe(false);
  expect(other.diagnostics().map((d) => d.code)).toEqual(["CW6104"]);
  const third = machine(cacheOn(server), "/three", { a: "b" });
  expect(await third.take()).toBe(true);
  expect(third.value()).toEqual(["a=b", "b=none"]);
});

it("a value that names the folder of this machine is not shared", async () => {
  const server = memoryServer();
  const naming: Action<{ readonly root: string }, string> = {
    kind: "naming",
    version: 1,
    compute: ({ root }) => `${root}/x`,
  };
  const engine = createEngine({ host: memoryHost({}, {}, "/one"), actions: [naming as Action<unknown, unknown>] });
  engine.query(naming, { root: "/one" });
  const isValue = (value: unknown): value is string => typeof value === "string";
  const sharing = {
    engine,
    action: naming,
    cache: cacheOn(server),
    root: "/one",
    tool: "t",
    isValue,
    loading: async <T>(work: () => T) => work(),
  };
  expect(await giveShared(sharing, { root: "/one" })).toBe(false);
  expect(server.kept.size).toBe(0);
});

it("the folder of the workspace is taken out of names, and put in again", () => {
  const value = { at: ["/one", "/one/a", "/onerous", "one"], n: 1, none: null };
  const named = portable(value, "/one");
  expect(JSON.stringify(named)).not.toContain('"/one/a"');
  expect(local(named?.value, "/two")).toEqual({ at: ["/two", "/two/a", "/onerous", "one"], n: 1, none: null });
  expect(portable(["<workspace>/a"], "/one")).toBeUndefined();
});
