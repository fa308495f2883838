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

it("without a directive the last prediction on held-out rows is served, and training goes on where it cannot be", async () => {
  const { file, blueprint } = await compileNotebook(notebookOf({}).replace(/# cw: serve.*/, ""));
  expect(blueprint?.serving?.isUnasked).toBe(true);
  expect(blueprint?.serving?.answers.map(({ name, values }) => [name, values])).toEqual([["predict", ["proba"]]]);
  expect(file("src/credit_risk/pipeline.py")).toContain("serving_asked=False");
  const asked = await compileNotebook(notebookOf({}));
  expect(asked.blueprint?.serving?.isUnasked).toBeUndefined();
  expect(asked.file("src/credit_risk/pipeline.py")).not.toContain("serving_asked");
});

it.each([
  ["drop", []],
  ["passthrough", ["CW3122"]],
] as const)("a pipeline that is given the whole table, label and all, takes the columns it names: remainder %s", async (remainder, said) => {
  const before = 'X = df\ny = df["bad"]\n';
  const after = `from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
def prepared():
    return ColumnTransformer([("n", StandardScaler(), ["age", "income"])], remainder="${remainder}")
model = make_pipeline(prepared(), LogisticRegression())
model.fit(X_train, X_train["bad"])
proba = model.predict_proba(X_test)[:, 1]
`;
  const { body, errors } = await predictorOf(notebookOf({ before, after }));
  expect(errors).toEqual(said);
  if (said.length === 0) expect(body.join("\n")).toContain("predict_proba(frame[['age', 'income']])[:, 1]");
});

it("rows that are read with labels of their own are followed by them", async () => {
  const notebook = notebookOf({}).replace('"loans.csv"', '"loans.csv", index_col=0');
  const { blueprint } = await compileNotebook(notebook);
  const code = (blueprint?.steps ?? []).flatMap(({ body }) => body.map(({ text }) => text)).join("\n");
  expect(code).toContain('keep_answers({"proba": proba}, range(len(proba)), ("X_test_labels",))');
});
