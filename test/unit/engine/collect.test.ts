import { expect, it } from "vitest";
import { createEngine } from "../../../src/engine/engine.ts";
import type { Action } from "../../../src/engine/query.ts";
import { fileBlobs } from "../../../src/engine/store/blobs.ts";
import { collect, collectedPath } from "../../../src/engine/store/collect.ts";
import { logPath, openStore, statePath } from "../../../src/engine/store/file-store.ts";
import { liveRows } from "../../../src/engine/store/live.ts";
import { decodeSegment, encodeSegment } from "../../../src/engine/store/segment.ts";
import { emptyTables, type Tables } from "../../../src/engine/store/tables.ts";
import { rowsSince, start, transfer } from "../../../src/engine/store/transfer.ts";
import type { Host } from "../../../src/foundation/host.ts";
import { root } from "./kit.ts";
import { type ClockedHost, clockedHost } from "./store-kit.ts";

const hour = 3_600_000;
const day = 24 * hour;

const big: Action<string, string> = {
  kind: "big",
  version: 1,
  compute: (name, read) => {
    const found = read.file(`${root}/in/${name}`);
    // Larger than what is bundled: a blob of its own.
    return (found.ok ? Buffer.from(found.bytes).toString() : "").repeat(70_000);
  },
};
const small: Action<string, string> = {
  kind: "small",
  version: 1,
  compute: (name, read) => read.get(big, name).slice(0, 1),
};
const actions = [big, small] as readonly Action<never, unknown>[] as never;

function ask(host: Host, names: readonly string[]): { readonly ran: number; readonly tables: () => Tables } {
  const store = openStore(host, root);
  const engine = createEngine({ host, store, actions });
  for (const name of names) engine.query(small, name);
  expect(store.save()).toEqual([]);
  const log = host.stat(`${root}/${logPath}`) ? host.readBytes(`${root}/${logPath}`) : new Uint8Array();
  const all = emptyTables();
  const state = decodeSegment(host.readBytes(`${root}/${statePath}`));
  if ("tables" in state) transfer(state.tables, rowsSince(state.tables, start), all);
  for (let at = 0; at < log.length; ) {
    const piece = decodeSegment(log, at);
    if ("unusable" in piece) throw new Error(piece.unusable);
    transfer(piece.tables, rowsSince(piece.tables, start), all);
    at = piece.end;
  }
  return { ran: engine.records().filter(({ status }) => status === "ran").length, tables: () => all };
}

const blobs = (host: ClockedHost): string[] => [...host.files.keys()].filter((path) => path.includes("/cas/"));

it("removes what no trace names once it is an hour old, and keeps what is named", () => {
  const host = clockedHost({ "in/a": "x" });
  host.tick();
  const { tables } = ask(host, ["a"]);
  const kept = blobs(host);
  expect(kept.length).toBeGreaterThan(1);
  fileBlobs(host, root).put(Buffer.from("nobody's"));
  host.writeAtomic(".crosswalk/cas/ab/half.7.0.cw-tmp", "half");
  host.writeAtomic(".crosswalk/state.bin.7.0.cw-tmp", "half");
  const now = host.now?.() ?? 0;
  expect(collect(host, root, tables(), now + hour - 1)).toMatchObject({ removed: 0 });
  // A clock that was set back: everything is young.
  expect(collect(host, root, tables(), now - day)).toMatchObject({ removed: 0 });
  expect(collect(host, root, tables(), now + hour + 1)).toMatchObject({ removed: 3, kept: kept.length });
  expect(blobs(host)).toEqual(kept);
  host.tick();
  expect(ask(host, ["a"]).ran).toBe(0);
});

it("keeps to its size: the oldest go first, and their values come again by running", () => {
  const host = clockedHost({ "in/a": "x", "in/b": "y" });
  host.tick();
  ask(host, ["a"]);
  host.tick(2 * hour);
  const { tables } = ask(host, ["b"]);
  const now = host.now?.() ?? 0;
  // Only what is older than an hour may go, however small the limit.
  const { removed, bytes } = collect(host, root, tables(), now, 0);
  expect([removed > 0, bytes > 0]).toEqual([true, true]);
  const store = openStore(host, root);
  const engine = createEngine({ host, store, actions });
  expect(engine.query(big, "a").value).toBe("x".repeat(70_000));
  expect(engine.records().filter(({ status }) => status === "ran")).toMatchObject([{ reason: { code: "not-kept" } }]);
});

it("is done once a day, after a build that saved something", () => {
  const host = clockedHost({ "in/a": "x" });
  host.tick();
  ask(host, ["a"]);
  const first = host.stat(collectedPath)?.mtime;
  fileBlobs(host, root).put(Buffer.from("nobody's"));
  const change = (later: number, content: string): void => {
    host.tick(later);
    host.writeAtomic("in/a", content);
    host.tick();
    ask(host, ["a"]);
  };
  change(2 * hour, "y");
  expect([host.stat(collectedPath)?.mtime === first, blobs(host).length]).toEqual([true, 5]);
  change(day, "z");
  expect(host.stat(collectedPath)?.mtime === first).toBe(false);
  // That of nobody went; those of the last three traces stay.
  expect(blobs(host).length).toBe(6);
});

it("forgets what nobody has asked for in two weeks, when there is more than enough else", () => {
  const host = clockedHost(Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`in/${i}`, String(i)])));
  host.tick();
  ask(host, ["0", "1", "2"]);
  const { tables } = ask(host, ["0"]);
  const t = tables();
  const rows = liveRows(t, host.now?.() ?? 0);
  expect([...rows.traces].length).toBe(6);
  const piece = emptyTables();
  // Only one root is left over: what lies under it, and no more.
  transfer(t, { ...rows, roots: [...rows.roots].slice(0, 1) }, piece);
  const fewer = liveRows(piece, 0);
  expect([[...fewer.traces].length, [...fewer.facts].length]).toEqual([2, 1]);
});

it("reads a piece of state as it was written, with any text", () => {
  const host = clockedHost({ "in/ä": "x", "in/😀": "y" });
  host.tick();
  const { tables } = ask(host, ["ä", "😀"]);
  const again = decodeSegment(encodeSegment(tables(), ""));
  if ("unusable" in again) throw new Error(again.unusable);
  expect(encodeSegment(again.tables, "")).toEqual(encodeSegment(tables(), ""));
  expect(ask(host, ["ä", "😀"]).ran).toBe(0);
});

it("gives nothing for a blob that is not what its name says", () => {
  const host = clockedHost();
  const store = fileBlobs(host, root);
  for (const content of ["short", "long ".repeat(10_000)]) {
    const digest = store.put(Buffer.from(content));
    expect(Buffer.from(store.get(digest) ?? "").toString()).toBe(content);
    const [path] = blobs(host).filter((one) => one.endsWith(digest));
    host.damage(path ?? "", (bytes) => bytes.map((b, i) => (i === bytes.length - 2 ? b ^ 1 : b)));
    expect(store.get(digest)).toBeUndefined();
    // Written anew, because the damaged one is gone.
    store.put(Buffer.from(content));
    expect(store.get(digest)).toBeDefined();
  }
});
