import { expect, it } from "vitest";
import { haveCases, surprises, where } from "./material.ts";
import { gatherSlice } from "./runners/gather-slice.ts";
import { kaleDeps } from "./runners/kale-deps.ts";
import { lineapySlices } from "./runners/lineapy-slices.ts";
import { marimoDataflow } from "./runners/marimo-dataflow.ts";
import { marimoVisitor } from "./runners/marimo-visitor.ts";
import { soorgeonIo } from "./runners/soorgeon-io.ts";

it.skipIf(!haveCases).each([marimoVisitor, marimoDataflow, soorgeonIo, kaleDeps, gatherSlice, lineapySlices])(
  `$suite of $from, row by row${where}`,
  (runner) => {
    const verdicts = runner.judge();
    expect(verdicts.length).toBeGreaterThan(1);
    expect(new Set(verdicts.map((v) => v.id)).size).toBe(verdicts.length);
    expect(surprises(runner.suite, verdicts)).toEqual([]);
  },
);
