import { expect, it } from "vitest";
import { compileNotebook } from "../../compiler-core/kit.ts";
import { columnCases } from "./columns-cases.ts";
import { learnedCases } from "./learned-cases.ts";
import { modelCases } from "./models-cases.ts";
import { notebookOf, predictorOf } from "./notebooks.ts";

const cases = [...columnCases, ...learnedCases, ...modelCases];

it.each(cases)("the predictor: $what", async ({ body, fields, ...parts }) => {
  expect(await predictorOf(notebookOf(parts))).toEqual({
    body: [...body, 'return {"proba": proba}'],
    fields,
    errors: [],
  });
});

it("nothing is served, and no predictor made, where no directive asks for it", async () => {
  const { file, blueprint } = await compileNotebook(notebookOf({}).replace(/# cw: serve.*/, ""));
  expect(blueprint).toBeDefined();
  expect(blueprint?.serving).toBeUndefined();
  expect(file("src/credit_risk/predictor.py")).toBeUndefined();
});
