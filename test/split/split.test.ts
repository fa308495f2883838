import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import {
  answersOf,
  compileFixture,
  expectedOf,
  openFixtures,
  servingOf,
  splitFixtures,
} from "../../scripts/lib/split-fixtures.ts";
import type { Compiled } from "../../src/compiler/compile.ts";

/** The diagnostic that each reason must be said with, or, where no directive asks for an answer, the words of the note. */
const reasons = {
  "unknown operation": /^CW3111|row by row/,
  "other rows": /^CW3112|looks at other rows/,
  "row position": /^CW3113|of a row's (?:place|label)/,
  random: /^CW3114|draws a number/,
  clock: /^CW3115|reads the clock/,
  "other row set": /^CW3116|values of different rows/,
  branch: /^CW3117|decides by values/,
  container: /^CW3118|cannot be followed/,
  "no transform": /^CW3119|places training rows only/,
  "row labels": /^CW3120|rows by their labels/,
  "foreign file": /^CW3121|that no cell writes/,
  label: /^CW3122|what the model is fitted to/,
  "pandas version": /^CW3123|different versions of pandas/,
  // Said in whatever way: that no predictor is made, and why, is all that is asked.
  join: /^CW31/,
  "several answers": /^CW31/,
} as const;

// Training all of them takes minutes: `npm run numbers` and whoever works on the split ask for it.
const isAsked = process.env.CROSSWALK_SPLIT !== undefined;
const python = isAsked ? process.env.CROSSWALK_PYTHON : undefined;
const skipped = isAsked ? "" : " (skipped: CROSSWALK_SPLIT not set)";
const only = process.env.SPLIT_ONLY?.split(",");
const names = splitFixtures.filter((name) => only === undefined || only.includes(name));
const said = ({ diagnostics }: Compiled) => diagnostics.map((d) => `${d.code} ${d.message}`);

const isBuilt = (name: string): boolean => !openFixtures.built.includes(name);

it.each(names.filter(isBuilt))("%s is served or refused as it must be", judge);

it.each(names.filter((name) => !isBuilt(name)))("%s is not yet served or refused as it must be", async (name) => {
  await expect(judge(name)).rejects.toThrow();
});

async function judge(name: string): Promise<void> {
  const { outcome, reason, when, may, values = [], never = [] } = expectedOf(name);
  const compiled = await compileFixture(name);
  const serving = servingOf(compiled);
  const names = serving?.answers.flatMap((answer) => answer.values) ?? [];
  expect(names.filter((value) => never.includes(value))).toEqual([]);
  if (may === "refuse" && !serving) return;
  if (outcome === "equal") {
    // That the two sides are prepared otherwise (CW3125) is the notebook's fault, and stands in nobody's way.
    expect(said(compiled).filter((text) => /^CW31(?!25)/.test(text))).toEqual([]);
    expect(compiled.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(names).toEqual(expect.arrayContaining([...values]));
  } else if (when !== "training") {
    expect(serving).toBeUndefined();
    const hindrances = said(compiled).filter((text) => text.startsWith("CW31"));
    expect(hindrances).toContainEqual(
      expect.stringMatching(reasons[(reason ?? "unknown operation") as keyof typeof reasons]),
    );
  }
}

/** A run that stops, or, where no directive asks for an answer, one that warns and leaves nothing that can be served. */
const leavesNothing = ["training", "the training run leaves no fit state"];

const folder = python === undefined ? "" : mkdtempSync(join(tmpdir(), "split-"));
afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
}, 120_000);

it.skipIf(python === undefined)(
  `predictors answer what their notebooks compute${skipped}`,
  { timeout: 1_800_000 },
  async () => {
    const answered = names.filter((name) => isBuilt(name) && !openFixtures.answered.includes(name));
    const judged = await answersOf(answered, { at: folder, python: python ?? "", http: false });
    const wrong = judged.flatMap(({ name, failed, log }) => {
      const { outcome, when } = expectedOf(name);
      if (outcome === "refused")
        return when === "training" && leavesNothing.includes(failed ?? "") ? [] : [{ name, failed: "was served" }];
      return failed === undefined ? [] : [{ name, failed, log }];
    });
    expect(wrong).toEqual([]);
    expect(judged.length).toBeGreaterThan(0);
  },
);
