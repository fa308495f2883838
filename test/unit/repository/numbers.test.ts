import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { inRepository } from "../../../scripts/lib/repository.ts";
import { withNumbers } from "../../../scripts/numbers/readme.ts";

const [readme, page] = ["README.md", "docs/numbers.md"].map((path) => readFileSync(inRepository(path), "utf8")) as [
  string,
  string,
];

it("the README shows numbers as they stand in docs/numbers.md, each with its goal", () => {
  expect(withNumbers(readme, page)).toBe(readme);
  const rows = readme.split("\n").filter((line) => /^\| .*\| [✓✗] \|$/.test(line));
  expect(rows.length).toBeGreaterThan(12);
  for (const row of rows) expect(page).toContain(row);
});

it("a number that changes changes the README", () => {
  const changed = page.replace(/(\| a cell edited → files on disk[^|]*\| )[^|]*/, "$1another ");
  expect(changed).not.toBe(page);
  expect(withNumbers(readme, changed)).toContain("| another |");
});

it("a README without a place for them is refused", () => {
  expect(() => withNumbers("# Crosswalk\n", page)).toThrow("no place");
});
