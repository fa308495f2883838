import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { answersOf } from "../../scripts/lib/split-fixtures.ts";
import { directivesOf, parityFixtures } from "../../scripts/numbers/parity.ts";

// Runs products and their servers: with a Python alone, as `npm test` names one.
const python = process.env.CROSSWALK_PYTHON;
const folder = mkdtempSync(join(tmpdir(), "parity-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const few = ["messy_loan_loss", "helper_fresh_table", "threshold_on_valid"];

it("the notebooks of the number are many enough, and need few directives", () => {
  const names = parityFixtures();
  expect(names.length).toBeGreaterThanOrEqual(24);
  expect(names.filter((name) => directivesOf(name) === 0).length).toBeGreaterThanOrEqual(20);
  expect(Math.max(...names.map(directivesOf))).toBeLessThanOrEqual(3);
  expect(names).toEqual(expect.arrayContaining(few));
});

it.skipIf(python === undefined)(
  "three of them answer over HTTP what they compute; `npm run numbers -- parity` asks all",
  { timeout: 600_000 },
  async () => {
    const found = await answersOf(few, { at: folder, python: python ?? "", http: true });
    expect(found.map(({ failed, log }) => failed && `${failed}\n${log}`)).toEqual([undefined, undefined, undefined]);
    for (const { rows, dirty } of found) {
      expect(rows).toBeGreaterThanOrEqual(200);
      expect(dirty).toBeGreaterThan(0);
    }
  },
);
