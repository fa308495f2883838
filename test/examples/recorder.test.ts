import { expect, it } from "vitest";
import { measureExamples, measureFixtures } from "../../scripts/recorder/committed.ts";
import { sum } from "../../scripts/recorder/sum.ts";
import { missedOf } from "../../scripts/recorder/told.ts";

const quiet = (): void => {};

it("the analysis says all that the examples do, and little that they do not", { timeout: 900_000 }, async () => {
  const all = await measureExamples(quiet);
  const { chains, whole, observed, claims, unseen } = sum(all);
  expect(missedOf(all)).toEqual([]);
  expect({ whole }).toEqual({ whole: chains });
  expect(observed).toBeGreaterThan(500);
  expect(unseen / claims).toBeLessThanOrEqual(0.2);
});

it("the analysis says all that notebooks do which try to hide it", { timeout: 900_000 }, async () => {
  const all = await measureFixtures(quiet);
  const { chains, whole, observed } = sum(all);
  expect(missedOf(all)).toEqual([]);
  expect({ whole }).toEqual({ whole: chains });
  expect(observed).toBeGreaterThan(2500);
});
