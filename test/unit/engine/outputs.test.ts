import * as fs from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Choices } from "../../../src/engine/choices.ts";
import { checkKnown, commitKnown } from "../../../src/engine/commit-known.ts";
import { digestOf } from "../../../src/engine/digest.ts";
import { createEngine } from "../../../src/engine/engine.ts";
import { journalPath } from "../../../src/engine/journal.ts";
import type { Action } from "../../../src/engine/query.ts";
import { openStore } from "../../../src/engine/store/file-store.ts";
import type { Host } from "../../../src/foundation/host.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { codes, folder, root as memoryRoot, realFolder, request } from "./kit.ts";
import { type ClockedHost, clockedHost } from "./store-kit.ts";

const files = { "README.md": "# credit\n", "src/a.py": "a = 1\n", "src/b.py": "b = 1\n" };
const at = (path: string): string => `${folder}/${path}`;

/** A process of its own that puts the product on disk; says whether it had to look at it. */
function build(host: Host, content: Readonly<Record<string, string>> = files, root = memoryRoot, choices?: Choices) {
  const store = openStore(host, root);
  const key = choices ? undefined : digestOf(content);
  let isLookedAt = false;
  const known = {
    root,
    folder,
    key,
    request: () => {
      isLookedAt = true;
      return request(content, { root, ...(choices ? { choices } : {}) });
    },
  };
  const checked = checkKnown(host, store.outputs, known).outcome;
  isLookedAt = false;
  const result = commitKnown(host, store.outputs, known);
  store.save();
  return { outcome: result.outcome, isLookedAt, checked, codes: "diagnostics" in result ? codes(result) : [] };
}

function built(content: Readonly<Record<string, string>> = files): ClockedHost {
  const host = clockedHost();
  expect(build(host, content).outcome).toBe("written");
  expect(build(host, content)).toEqual({ outcome: "untouched", isLookedAt: false, checked: "untouched", codes: [] });
  return host;
}

it("does not look into a product that nobody touched, and reads none of its files", () => {
  const host = built();
  host.calls.clear();
  build(host);
  expect(host.calls.get("readBytes")).toBe(1);
  expect(build(host, { ...files, "src/a.py": "a = 2\n" }).outcome).toBe("written");
  expect(host.text(at("src/a.py"))).toBe("a = 2\n");
  expect(build(host).outcome).toBe("written");
});

it.each<[string, (host: ClockedHost) => void, string]>([
  ["an edit of another size", (host) => host.writeAtomic(at("src/a.py"), "mine\n"), "drift"],
  ["an edit of the same size", (host) => host.overwrite(at("src/a.py"), "a = 9\n"), "drift"],
  ["a file that was removed", (host) => host.remove(at("src/b.py")), "written"],
  ["an edited manifest", (host) => host.writeAtomic(at("crosswalk.manifest.json"), "{}\n"), "written"],
  ["a touched file", (host) => host.writeAtomic(at("src/a.py"), files["src/a.py"]), "unchanged"],
  ["another product inside", (host) => host.writeAtomic(at("src/crosswalk.manifest.json"), "{}"), "refused"],
  ["another product above", (host) => host.writeAtomic("production/crosswalk.manifest.json", "{}"), "refused"],
  ["an interrupted commit", (host) => host.writeAtomic(journalPath(folder), "garbage"), "unchanged"],
  ["a stranger's file beside", (host) => host.writeAtomic(at("src/__pycache__/a.pyc"), "x"), "untouched"],
  ["a lost state", (host) => host.remove(".crosswalk/state.bin"), "unchanged"],
])("sees %s", (_, change, outcome) => {
  const host = built();
  host.tick();
  change(host);
  expect(build(host).outcome).toBe(outcome);
});

it("sees an edit made in the very moment in which the file was written", () => {
  const host = clockedHost();
  let isEdited = false;
  const hasty: Host = {
    ...host,
    // Before the record is made, in the same tick, of the same size, in the same file.
    stat(path) {
      if (path.endsWith("crosswalk.manifest.json") && host.text(at("src/a.py")) === "a = 1\n" && !isEdited) {
        isEdited = true;
        host.damage(at("src/a.py"), () => Buffer.from("a = 7\n"));
      }
      return host.stat(path);
    },
  };
  build(hasty);
  expect([isEdited, build(host).outcome]).toEqual([true, "drift"]);
  // After the record was made: the clock has moved on by then, so a write shows.
  const later = clockedHost();
  build(later);
  later.overwrite(at("src/a.py"), "a = 7\n");
  expect(build(later).outcome).toBe("drift");
});

it("looks for the product of others only in a folder in which names came or went", () => {
  const host = built();
  host.tick();
  const looks = (): number => {
    host.calls.clear();
    expect(build(host)).toMatchObject({ outcome: "untouched", checked: "untouched" });
    return host.calls.get("stat") ?? 0;
  };
  const before = looks();
  host.writeAtomic(at("src/__pycache__/a.pyc"), "x");
  // The folder, and the manifest that could stand there, at each of the two looks.
  expect(looks()).toBe(before + 4);
});

it("names an adopted file at every build, and carries out what a person decides", () => {
  const host = built();
  host.tick();
  host.writeAtomic(at("src/a.py"), "mine\n");
  expect(build(host, files, memoryRoot, { adopt: [at("src/a.py")] }).outcome).toBe("written");
  for (let nth = 0; nth < 2; nth++) expect(build(host)).toMatchObject({ outcome: "unchanged", codes: ["CW6006"] });
});

it("sees on a real disk what stands in the place of a folder or file", () => {
  const root = realFolder();
  const host = nodeHost(root, {});
  expect(build(host, files, root).outcome).toBe("written");
  expect(build(host, files, root).outcome).toBe("untouched");
  // The same files behind a link: not a folder of ours any more.
  fs.renameSync(join(root, at("src")), join(root, "elsewhere"));
  fs.symlinkSync(join(root, "elsewhere"), join(root, at("src")));
  expect(build(host, files, root)).toMatchObject({ outcome: "refused", codes: ["CW6009", "CW6009"].slice(0, 1) });
});

it("keeps a record of what changed alone, not of what it did not read", () => {
  const host = built();
  host.tick();
  build(host, { ...files, "src/a.py": "a = 2\n" });
  expect(build(host, { ...files, "src/a.py": "a = 2\n" }).outcome).toBe("untouched");
  host.tick();
  host.writeAtomic(at("src/b.py"), "b = 5\n");
  expect(build(host, { ...files, "src/a.py": "a = 2\n" }).outcome).toBe("drift");
});

it("looks once at each source and each output when there is nothing to do, and at little else", () => {
  const copy: Action<string, string> = {
    kind: "copy",
    version: 1,
    compute: (name, read) => {
      const found = read.file(`${memoryRoot}/in/${name}`);
      return found.ok ? Buffer.from(found.bytes).toString() : "";
    },
  };
  const tree: Action<null, Readonly<Record<string, string>>> = {
    kind: "tree",
    version: 1,
    compute: (_, read) =>
      Object.fromEntries((read.list(`${memoryRoot}/in`) ?? []).map((name) => [name, read.get(copy, name)])),
  };
  const calls = (count: number): Readonly<Record<string, number>> => {
    const names = Array.from({ length: count }, (_, i) => `f${i}.txt`);
    const host = clockedHost(Object.fromEntries(names.map((name) => [`in/${name}`, `${name}\n`])));
    host.tick(7);
    const idle = (): string => {
      const store = openStore(host, memoryRoot);
      const engine = createEngine({ host, store, actions: [copy, tree] as readonly Action<never, unknown>[] as never });
      const { value } = engine.settle(tree, null);
      const known = { root: memoryRoot, folder, key: value?.digest, request: () => request(value?.load() ?? {}) };
      const { outcome } = commitKnown(host, store.outputs, known);
      store.save();
      return outcome;
    };
    // What was not known the first time, for want of a settled clock, is known after the second.
    idle();
    idle();
    host.calls.clear();
    expect(idle()).toBe("untouched");
    return Object.fromEntries(host.calls);
  };
  const [few, many] = [calls(10), calls(210)];
  // The state alone is read, however many files there are.
  expect([few.readBytes, many.readBytes]).toEqual([1, 1]);
  expect((many.stat ?? 0) - (few.stat ?? 0)).toBe(2 * 200);
  expect(few.stat ?? 0).toBeLessThan(2 * 10 + 15);
});
