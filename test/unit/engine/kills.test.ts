import { expect, it } from "vitest";
import { runKills, runPairs } from "../../../scripts/lib/kills.ts";

// At full size: `npm run numbers -- kills pairs`.
it("a process that is killed leaves the old or the new product, and loses no edit", { timeout: 180_000 }, async () => {
  const { problems, killed } = await runKills(8, 4);
  expect(problems).toEqual([]);
  expect(killed).toBeGreaterThan(2);
});

it("two builds at once both end well", { timeout: 180_000 }, async () => {
  expect((await runPairs(4, 5)).problems).toEqual([]);
});
