import fc from "fast-check";
import { expect, it } from "vitest";
import { type Manifest, type ManifestEntry, printManifest } from "../../../src/engine/manifest.ts";
import { mergeManifests } from "../../../src/engine/manifest-merge.ts";
import { sha256 } from "../../../src/foundation/hash.ts";

const wrote = (text: string, cells: readonly string[] = ["c1"]): ManifestEntry => ({
  state: "generated",
  sha256: sha256(text),
  origin: [{ notebook: "train.ipynb", cells }],
});
const kept = (text: string): ManifestEntry => ({ ...wrote(text), state: "adopted", output: sha256("out") });
const given: ManifestEntry = { state: "ejected", origin: [] };

const manifest = (files: Manifest["files"], more: Partial<Manifest> = {}): string =>
  printManifest({ manifest: 1, tool: "crosswalk 0.1.0", files, ...more });
const merged = (base: Manifest["files"], ours: Manifest["files"], theirs: Manifest["files"]): unknown => {
  const text = mergeManifests({ base: manifest(base), ours: manifest(ours), theirs: manifest(theirs) });
  return text === undefined ? undefined : (JSON.parse(text) as Manifest).files;
};
const a = wrote("a");

it.each<readonly [string, Manifest["files"], Manifest["files"], Manifest["files"], unknown]>([
  ["each side's own file", { a }, { a: wrote("x"), b: a }, { a, c: a }, { a: wrote("x"), b: a, c: a }],
  ["a file that one side removed", { a, b: a }, { b: a }, { a, b: wrote("y") }, { b: wrote("y") }],
  ["a file that one side removed and the other changed", { a }, {}, { a: wrote("y") }, { a: wrote("y") }],
  ["a file that both wrote anew: ours is on disk", { a }, { a: wrote("x") }, { a: wrote("y") }, { a: wrote("x") }],
  [
    "a file whose text one side changed, and its cells the other",
    { a },
    { a: wrote("a", ["c2"]) },
    { a: wrote("y") },
    { a: wrote("y", ["c2"]) },
  ],
  ["an adoption of theirs", { a }, { a: wrote("x") }, { a: kept("mine") }, { a: kept("mine") }],
  ["an ejection of ours", { a }, { a: given }, { a: kept("mine") }, { a: given }],
  ["two different edits of one file", { a }, { a: kept("mine") }, { a: kept("yours") }, undefined],
])("%s", (_, base, ours, theirs, wanted) => {
  expect(merged(base, ours, theirs)).toEqual(wanted);
});

it("without a common ancestor both sides count", () => {
  const text = mergeManifests({ base: "", ours: manifest({ a }), theirs: manifest({ b: a }) });
  expect(text).toBe(manifest({ a, b: a }));
});

it("a version, or an owner, that one side changed is taken; two owners are a person's to judge", () => {
  const sides = (base: string, ours: string, theirs: string) =>
    mergeManifests({
      base: manifest({}, { owner: base }),
      ours: manifest({}, { owner: ours }),
      theirs: manifest({}, { owner: theirs, tool: "crosswalk 0.2.0" }),
    });
  expect(sides("a", "b", "a")).toBe(manifest({}, { owner: "b", tool: "crosswalk 0.2.0" }));
  expect(sides("a", "b", "c")).toBeUndefined();
});

it.each([
  ["conflict marks", `<<<<<<< ours\n${manifest({ a })}`],
  ["a newer version", manifest({ a }).replace('"manifest": 1', '"manifest": 2')],
  ["a member that this version does not know", manifest({ a }).replace('"tool"', '"signed": true,\n  "tool"')],
  ["no JSON", "\0"],
])("%s is left to git", (_, text) => {
  expect(mergeManifests({ base: manifest({}), ours: manifest({ a }), theirs: text })).toBeUndefined();
  expect(mergeManifests({ base: manifest({}), ours: text, theirs: manifest({ a }) })).toBeUndefined();
});

it("line ends of a checkout on Windows do not matter", () => {
  const ours = manifest({ a }).replaceAll("\n", "\r\n");
  expect(mergeManifests({ base: manifest({}), ours, theirs: manifest({ b: a }) })).toBe(manifest({ a, b: a }));
});

const entry = fc.oneof(
  fc.constantFrom("x", "y", "z").map((text) => wrote(text)),
  fc.constantFrom("x", "y").map(kept),
  fc.constant(given),
);
const files = fc.dictionary(fc.constantFrom("a.py", "b.py", "c/d.py"), entry, { noNullPrototype: true });

it("who changed nothing has no say, and every path of either side keeps an entry unless a side removed it", () => {
  fc.assert(
    fc.property(files, files, files, (base, ours, theirs) => {
      expect(merged(base, ours, base)).toEqual(ours);
      expect(merged(base, base, theirs)).toEqual(theirs);
      expect(merged(base, ours, ours)).toEqual(ours);
      const both = merged(base, ours, theirs) as Manifest["files"] | undefined;
      const other = merged(base, theirs, ours) as Manifest["files"] | undefined;
      expect(both && Object.keys(both)).toEqual(other && Object.keys(other));
      for (const path of Object.keys(both ?? {}))
        expect([ours[path]?.state, theirs[path]?.state]).toContain(both?.[path]?.state);
    }),
    { numRuns: 300, seed: 6 },
  );
});
