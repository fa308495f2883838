import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { applyPatch, buildFixture, wrongSplits } from "../../../scripts/lib/wrong-splits.ts";

const folder = mkdtempSync(join(tmpdir(), "wrong-splits-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const splits = wrongSplits();
const notebooks = [...new Set(splits.map(({ notebook }) => notebook))];

it("there are at least 60 wrong splits, of several notebooks", () => {
  expect(splits.length).toBeGreaterThanOrEqual(60);
  expect(notebooks.length).toBeGreaterThanOrEqual(4);
});

it.each(notebooks)("every patch of %s fits the product as it is generated now", async (notebook) => {
  const { product } = await buildFixture(notebook, join(folder, notebook));
  for (const split of splits.filter((one) => one.notebook === notebook)) {
    const file = join(product, /^\+\+\+ b\/(.*)$/m.exec(split.patch)?.[1] ?? "");
    const before = readFileSync(file, "utf8");
    applyPatch(product, split.patch);
    expect([split.name, readFileSync(file, "utf8") === before]).toEqual([split.name, false]);
    writeFileSync(file, before);
  }
});

it("a patch whose lines are not there, or are there twice, is refused", () => {
  const patch = "--- a/x.py\n+++ b/x.py\n@@ -1,1 +1,1 @@\n-a = 1\n+a = 2\n";
  for (const text of ["\nb = 1\n", "\na = 1\n\na = 1\n"]) {
    writeFileSync(join(folder, "x.py"), text);
    expect(() => applyPatch(folder, patch)).toThrow("a hunk fits");
  }
  writeFileSync(join(folder, "x.py"), "\nb = 1\na = 1\n");
  applyPatch(folder, patch);
  expect(readFileSync(join(folder, "x.py"), "utf8")).toBe("\nb = 1\na = 2\n");
});
