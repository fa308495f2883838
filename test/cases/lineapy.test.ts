import { expect, it } from "vitest";
import { compileNotebook } from "../unit/compiler-core/kit.ts";
import { runSlices } from "./lineapy-runs.ts";
import { haveCases, where } from "./material.ts";
import { lineapySlices } from "./runners/lineapy-slices.ts";
import { lineapySources } from "./runners/lineapy-sources.ts";

const python = process.env.CROSSWALK_PYTHON;
const unless = python === undefined ? " (skipped: CROSSWALK_PYTHON not set)" : where;

it.skipIf(!haveCases)(`at least 23 of 27 slices are exactly minimal${where}`, () => {
  const verdicts = lineapySlices.judge();
  expect(verdicts).toHaveLength(27);
  expect(verdicts.filter((v) => v.differs === undefined).length).toBeGreaterThanOrEqual(23);
});

it.skipIf(!haveCases || python === undefined)(`every slice runs and still makes its artifact${unless}`, () => {
  const verdicts = runSlices(python ?? "");
  expect(verdicts).toHaveLength(27);
  expect(verdicts.filter((v) => v.differs !== undefined)).toEqual([]);
  // The judge can say no: half of the programs are another program without their last line.
  const cut = runSlices(python ?? "", ({ source }) => source.trim().split("\n").slice(0, -2).join("\n"));
  expect(cut.filter((v) => v.differs !== undefined).length).toBeGreaterThan(10);
});

it.skipIf(!haveCases)(`no source crashes the pipeline${where}`, { timeout: 120_000 }, async () => {
  const verdicts = await lineapySources((code) => compileNotebook(code));
  expect(verdicts.length).toBeGreaterThan(80);
  expect(verdicts.filter((v) => v.differs !== undefined)).toEqual([]);
});
