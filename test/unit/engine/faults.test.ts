import fc from "fast-check";
import { expect, it } from "vitest";
import { applyPlan, commitProduct } from "../../../src/engine/commit.ts";
import { journalPath, markPlacing, parseJournal, temporaryPath, writeJournal } from "../../../src/engine/journal.ts";
import { planCommit } from "../../../src/engine/plan.ts";
import { recoverCommits } from "../../../src/engine/recover.ts";
import { HostError } from "../../../src/foundation/host.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";
import { build, caseless, codes, type Faults, faulty, folder, request, root, tree } from "./kit.ts";

const old = { "README.md": "# 1\n", "src/a.py": "a = 1\n", "src/b.py": "b = 1\n", "docs/x.md": "x\n", "N.md": "n\n" };
const next = { "README.md": "# 2\n", "src/a.py": "a = 1\n", "src/c.py": "c = 2\n", "tests/t.py": "t\n", "n.md": "n\n" };
const at = (path: string): string => `${folder}/${path}`;

const wholeOf = (files: Record<string, string>): Record<string, string> => {
  const host = memoryHost();
  build(host, files);
  return tree(host);
};
const [oldTree, newTree] = [wholeOf(old), wholeOf(next)];
const leftovers = (host: ReturnType<typeof memoryHost>): string[] =>
  [...host.files.keys()].filter((path) => path.includes("cw-tmp") || path.includes("/commit-"));

/** A build that fails once at the n-th call to the host; undefined when it makes fewer calls. */
function brokenBuild(faults: Faults, makeHost: () => ReturnType<typeof memoryHost>) {
  const host = makeHost();
  build(host, old);
  const broken = faulty(host, faults);
  const result = commitProduct(broken.host, request(next));
  return broken.calls() > faults.at ? { host, result } : undefined;
}

it.each<[Faults["mode"], Faults["kind"], string]>([
  ["once", "full", "sensitive"],
  ["once", "denied", "sensitive"],
  ["dead", "other", "sensitive"],
  ["dead", "other", "caseless"],
  ["after", "read-only", "sensitive"],
])("a failure (%s, %s, %s) at any call to the host leaves the old or the new product after the next run", (mode, kind, cased) => {
  const makeHost = () => (cased === "caseless" ? caseless(memoryHost()) : memoryHost());
  let n = 0;
  const outcomes = new Set<string>();
  for (; ; n++) {
    const broken = brokenBuild({ at: n, mode, kind }, makeHost);
    if (!broken) break;
    const { host, result } = broken;
    outcomes.add(`${result.outcome} ${codes(result).join()}`);
    if (result.outcome === "written") expect(tree(host)).toEqual(newTree);
    const untouched = codes(result).some((code) => code === "CW6015" || code === "CW6014");
    // Where nothing could be cleared away, temporary files may lie about; the product itself is whole.
    const seen = Object.fromEntries(Object.entries(tree(host)).filter(([path]) => !path.includes("cw-tmp")));
    if (untouched) expect(seen, `after a failure at ${n}`).toEqual(oldTree);
    // The next run may build, or may have nothing to build: each ends with one whole product.
    const resting = makeHost();
    for (const [path, content] of host.files) resting.files.set(path, content);
    const told = recoverCommits(resting, root);
    expect(told.every((d) => d.severity === "note")).toBe(true);
    expect([oldTree, newTree]).toContainEqual(tree(resting));
    expect(leftovers(resting)).toEqual([]);
    const again = build(host, next);
    expect(["written", "unchanged"], `failure at ${n}: ${JSON.stringify(again.diagnostics)}`).toContain(again.outcome);
    expect(tree(host)).toEqual(newTree);
    expect(leftovers(host)).toEqual([]);
  }
  expect(n).toBeGreaterThan(60);
  expect([...outcomes].some((outcome) => outcome.startsWith("failed CW6015"))).toBe(true);
  expect([...outcomes].some((outcome) => outcome.startsWith("failed CW6016"))).toBe(true);
});

it("a failure of the first build leaves nothing behind", () => {
  for (let n = 0; ; n++) {
    const host = memoryHost();
    const broken = faulty(host, { at: n, mode: "once", kind: "full" });
    const result = commitProduct(broken.host, request(next));
    if (broken.calls() <= n) break;
    if (codes(result).includes("CW6015")) expect(tree(host)).toEqual({});
    build(host, next);
    expect(tree(host)).toEqual(newTree);
  }
});

it("finishes a killed commit with the old output before it builds the new one, and says so", () => {
  let said = 0;
  for (let n = 0; ; n++) {
    const broken = brokenBuild({ at: n, mode: "dead", kind: "other" }, memoryHost);
    if (!broken) break;
    const third = { ...next, "src/c.py": "c = 3\n", "new.py": "3\n" };
    const result = build(broken.host, third);
    expect(result.outcome).toBe("written");
    expect(tree(broken.host)).toEqual(wholeOf(third));
    if (codes(result).includes("CW6017") || codes(result).includes("CW6018")) said++;
  }
  expect(said).toBeGreaterThan(10);
});

it("keeps an edit made between the kill and the next run", () => {
  for (let n = 0; ; n++) {
    const broken = brokenBuild({ at: n, mode: "dead", kind: "other" }, memoryHost);
    if (!broken) break;
    const unfinished = broken.host.stat(journalPath(folder)) !== undefined;
    broken.host.writeAtomic(at("README.md"), "mine\n");
    broken.host.writeAtomic(at("docs/x.md"), "mine too\n");
    const result = build(broken.host, next);
    expect([result.outcome, codes(result).includes("CW6001")]).toEqual(["drift", true]);
    expect([broken.host.text(at("README.md")), broken.host.text(at("docs/x.md"))]).toEqual(["mine\n", "mine too\n"]);
    const forced = build(broken.host, next, { overwrite: [folder] });
    // A file that was to go and was edited is a stranger's once the old commit is finished: it stays, and that is said.
    const said = [...codes(result), ...codes(forced)];
    const { [at("docs/x.md")]: kept, ...rest } = tree(broken.host);
    expect(rest).toEqual(newTree);
    if (kept === undefined) expect(said).toContain("CW6027");
    else if (unfinished) expect(said).toContain("CW6003");
  }
});

it("mends a commit whose new files were lost half-way, with no false drift", () => {
  let half = 0;
  for (let n = 0; ; n++) {
    const broken = brokenBuild({ at: n, mode: "dead", kind: "other" }, memoryHost);
    if (!broken) break;
    const { host } = broken;
    for (const path of host.files.keys()) if (path.includes("cw-tmp")) host.files.delete(path);
    const before = tree(host);
    const isWhole = [oldTree, newTree].some((whole) => JSON.stringify(whole) === JSON.stringify(before));
    if (!isWhole) half++;
    const resting = memoryHost();
    for (const [path, content] of host.files) resting.files.set(path, content);
    recoverCommits(resting, root);
    expect(tree(resting)).toEqual(before);
    if (isWhole) expect(leftovers(resting)).toEqual([]);
    const result = build(host, { ...next, "src/c.py": "c = 3\n" });
    expect(result.outcome, JSON.stringify(result.diagnostics)).toBe("written");
    expect(tree(host)).toEqual(wholeOf({ ...next, "src/c.py": "c = 3\n" }));
  }
  expect(half).toBeGreaterThan(3);
});

it("forgets an interrupted commit when the manifest is another branch's by now", () => {
  const host = memoryHost();
  build(host, old);
  const branch = memoryHost();
  const third = { "README.md": "# 3\n" };
  build(branch, third);
  for (let n = 0; ; n++) {
    const broken = brokenBuild({ at: n, mode: "dead", kind: "other" }, memoryHost);
    if (!broken) break;
    // As git does: what it does not know, such as temporary files, stays.
    for (const path of broken.host.files.keys())
      if (path.includes(folder) && !path.includes("cw-tmp")) broken.host.files.delete(path);
    for (const [path, content] of branch.files) if (path.includes(folder)) broken.host.files.set(path, content);
    recoverCommits(broken.host, root);
    expect(tree(broken.host)).toEqual(tree(branch));
    expect(build(broken.host, third).outcome).toBe("unchanged");
  }
});

it.each([
  ["garbage", "{"],
  [
    "a path outside",
    JSON.stringify({
      commit: 1,
      phase: "placing",
      folder,
      made: [],
      writes: [],
      removes: [{ path: "../../precious.txt", before: "0".repeat(64) }],
    }),
  ],
  [
    "a folder outside",
    JSON.stringify({ commit: 1, phase: "staging", folder: "../x", made: ["../y"], writes: [], removes: [] }),
  ],
])("drops a journal that holds %s", (_, text) => {
  const host = memoryHost({ "precious.txt": "precious" });
  build(host, old);
  host.writeAtomic(journalPath(folder), text);
  expect(recoverCommits(host, root).map(({ code }) => code)).toEqual(["CW6018"]);
  expect(host.text("precious.txt")).toBe("precious");
  host.writeAtomic(journalPath(folder), text);
  expect(build(host, next).outcome).toBe("written");
  expect(leftovers(host)).toEqual([]);
});

it("a journal's commit is placing only when the whole word says so", () => {
  const host = memoryHost();
  const begun = { commit: 1, phase: "staging", folder, writes: [], removes: [], made: [] } as const;
  writeJournal(host, root, begun);
  const text = host.text(journalPath(folder)) ?? "";
  markPlacing(host, root, begun);
  const whole = host.text(journalPath(folder)) ?? "";
  for (let end = text.length; end < whole.length; end++)
    expect(parseJournal(whole.slice(0, end))?.phase).toBe("staging");
  expect(parseJournal(whole)?.phase).toBe("placing");
  expect(parseJournal(`${whole}x`)).toBeUndefined();
});

it("touches nothing when there is nothing to recover", () => {
  const host = memoryHost();
  expect(recoverCommits(host, root)).toEqual([]);
  build(host, old);
  host.touched.length = 0;
  expect(recoverCommits(host, root)).toEqual([]);
  expect(host.touched).toEqual([]);
});

it("names the file or folder and a remedy, never a temporary name or an absolute path", () => {
  const host = memoryHost();
  const denying = {
    ...host,
    createExclusive: (path: string, content: string | Uint8Array) => {
      if (path.includes(temporaryPath("src/a.py"))) throw new HostError("denied", path, "EACCES: no, open '/repo/x'");
      host.createExclusive(path, content);
    },
  };
  const [said] = applyPlan(denying, planCommit(denying, request(old))).diagnostics;
  expect(said?.message).toBe(`${at("src")} could not be written: permission denied. The product is as it was before.`);
  expect(said?.fix).toBe("Give yourself permission to write there, then build again.");
});

it("property: builds, edits, deletions and kills never lose an edit, and --overwrite ends as a clean build", () => {
  const paths = ["a.py", "b.py", "d/c.py", "d/e.py"] as const;
  const content = fc.constantFrom("1\n", "2\n", "3\n");
  const files = fc.dictionary(fc.constantFrom(...paths), content);
  const step = fc.oneof(
    fc.record({ do: fc.constant("build" as const), files }),
    fc.record({ do: fc.constant("kill" as const), files, at: fc.integer({ min: 0, max: 150 }) }),
    fc.record({ do: fc.constant("edit" as const), path: fc.constantFrom(...paths) }),
    fc.record({ do: fc.constant("delete" as const), path: fc.constantFrom(...paths) }),
    fc.record({ do: fc.constant("adopt" as const), files, path: fc.constantFrom(...paths) }),
    fc.record({ do: fc.constant("eject" as const), files, path: fc.constantFrom(...paths) }),
    fc.record({ do: fc.constant("spoil" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), files, (steps, last) => {
      const host = memoryHost();
      const edits = new Map<string, string>();
      for (const [nth, one] of steps.entries()) {
        if (one.do === "edit") {
          const mine = `mine ${nth}\n`;
          host.writeAtomic(at(one.path), mine);
          edits.set(at(one.path), mine);
        } else if (one.do === "delete") {
          if (host.stat(at(one.path))) host.remove(at(one.path));
          edits.delete(at(one.path));
        } else if (one.do === "spoil") host.writeAtomic(at("crosswalk.manifest.json"), "<<<<<<<");
        else if (one.do === "build") build(host, one.files);
        else if (one.do === "kill")
          commitProduct(faulty(host, { at: one.at, mode: "dead", kind: "other" }).host, request(one.files));
        else build(host, one.files, { [one.do]: [at(one.path)] });
        for (const [path, mine] of edits) expect(host.text(path)).toBe(mine);
      }
      const named = paths.map((path) => at(path));
      const end = build(host, last, { overwrite: named });
      expect(["written", "unchanged"]).toContain(end.outcome);
      const kept = tree(host);
      // What a spoilt manifest made us forget, or a person took over, stays and is no part of the product.
      const strangers = new Set(edits.keys());
      const known = Object.keys(JSON.parse(kept[at("crosswalk.manifest.json")] ?? "{}").files);
      expect(known.sort()).toEqual(Object.keys(last).sort());
      const clean = memoryHost();
      build(clean, last);
      const given = steps.some((one) => ["spoil", "adopt", "eject"].includes(one.do));
      if (!given && strangers.size === 0) expect(kept).toEqual(tree(clean));
      else expect(kept).toMatchObject(tree(clean));
      const trash = [...host.files]
        .filter(([path]) => path.includes("/trash/"))
        .map(([, bytes]) => String(Buffer.from(bytes)));
      for (const [path, mine] of edits) expect(kept[path] === mine || trash.includes(mine)).toBe(true);
      expect(leftovers(host)).toEqual([]);
    }),
    { seed: 11, numRuns: 150 },
  );
});
