import { expect, it } from "vitest";
import { cellMagics } from "../../../src/notebook/ipython/cell-magics.ts";
import { databricksCells } from "../../../src/notebook/ipython/databricks-cells.ts";
import { lineMagics } from "../../../src/notebook/ipython/line-magics.ts";
import { cellExamples, databricksExamples, type Example, lineExamples } from "./policy-examples.ts";
import { codesOf, type Dialect, resolve } from "./support.ts";

const check = ([source, policy, python, code]: Example, dialect: Dialect): void => {
  const resolved = resolve(source, dialect);
  expect(resolved.magics[0]?.policy.kind).toBe(policy);
  expect(resolved.magics[0]?.why).not.toBe("");
  expect(resolved.python).toBe(python);
  expect(codesOf(resolved)).toEqual(code === undefined ? [] : [code]);
};

const named = (examples: readonly Example[]) => examples.map((example) => ({ source: example[0], example }));
it.each(named(lineExamples))("line magic: $source", ({ example }) => check(example, "jupyter"));
it.each(named(cellExamples))("cell magic: $source", ({ example }) => check(example, "jupyter"));
it.each(named(databricksExamples))("Databricks cell: $source", ({ example }) => check(example, "databricks"));

const nameOf = ([source]: Example): string => /^%%?(\S+)/.exec(source)?.[1] ?? "";

it("shows an example of every row, and each row once", () => {
  const names = (rows: readonly { readonly name: string }[]): string[] => rows.map((row) => row.name).sort();
  expect(lineExamples.map(nameOf).sort()).toEqual(names(lineMagics));
  expect(cellExamples.map(nameOf).sort()).toEqual(names(cellMagics));
  expect(databricksExamples.map(nameOf).sort()).toEqual(names(databricksCells));
});

it("says how to mend every opaque row", () => {
  for (const row of [...lineMagics, ...cellMagics])
    if (row.policy === "opaque") expect(row.fix, row.name).toMatch(/\w/);
});
