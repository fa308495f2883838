import { expect, it } from "vitest";
import { runFuzz } from "../../scripts/lib/fuzz-run.ts";
import { reproduce, secondBuild } from "../../scripts/lib/reproduce.ts";

// The short forms of what `npm run numbers` measures at full size.

it.for(["notebooks", "directives"] as const)("200 mutated %s: nothing thrown, nothing written outside, none slow", {
  timeout: 300_000,
}, async (kind) => {
  const report = await runFuzz(kind, 200);
  expect(report.problems).toEqual([]);
  expect(report.tried).toBe(200);
  // Mutants that all pass, or all fail, would show nothing.
  expect(report.refused).toBeGreaterThan(10);
  expect(report.refused).toBeLessThan(200);
});

it("a second build writes nothing at all", { timeout: 120_000 }, async () => {
  expect(await secondBuild()).toEqual([]);
});

it("the same bytes in another folder, locale, time zone, and with neither Python nor environment", {
  timeout: 300_000,
}, async () => {
  const found = await reproduce();
  expect(found.size).toBe(7);
  expect([...found].filter(([, different]) => different.length > 0)).toEqual([]);
});
