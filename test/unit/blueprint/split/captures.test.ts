import { expect, it } from "vitest";
import { parseModule } from "../../../../src/python/parse.ts";
import { compileNotebook } from "../../compiler-core/kit.ts";
import { columnCases } from "./columns-cases.ts";
import { learnedCases } from "./learned-cases.ts";
import { modelCases } from "./models-cases.ts";
import { notebookOf } from "./notebooks.ts";

const features = 'X = df[["age", "income"]]\ny = df["bad"]\n';

/** What is written into the training code so that a value is kept: file and line. */
const captures: readonly (readonly [what: string, before: string, file: string, line: string])[] = [
  [
    "a figure, around its expression",
    `df["income"] = df["income"].fillna(df["income"].median())\n${features}`,
    "steps/prepare.py",
    'keep("income_median", df["income"].median())',
  ],
  [
    "a figure of each turn, by the loop's variable",
    `for c in ["age", "income"]:\n    df[c] = df[c].fillna(df[c].median())\n${features}`,
    "steps/prepare.py",
    'df[c] = df[c].fillna(keep("median_by_c", df[c].median(), key=c))',
  ],
  [
    "edges, by the function that finds them",
    'df["band"] = pd.qcut(df["income"], 4, labels=False)\nX = df[["age", "band"]]\ny = df["bad"]\n',
    "steps/prepare.py",
    'learn_bins("income_bins", pd.qcut, df["income"], 4, labels=False)',
  ],
  [
    "what a function computes, for this call",
    `def prepare(frame):\n    frame = frame.copy()\n    frame["income"] = frame["income"].fillna(frame["income"].median())\n    return frame\n\ndf = prepare(df)\n${features}`,
    "steps/prepare.py",
    'within("prepare_df", prepare)(df)',
  ],
  [
    "what a function computes in each turn of a loop, though its own column is named by an argument",
    `def filled(c):\n    return df[c].fillna(df[c].median())\n\nfor c in ["age", "income"]:\n    df[c] = filled(c)\n${features}`,
    "steps/prepare.py",
    'within("filled_c", filled, key=c)(c, df=df)',
  ],
  ["the raw table", features, "steps/load.py", "keep_input(pd.read_csv(loans_path))"],
  ["the labels of rows held out", features, "steps/split.py", 'keep_labels("X_test_labels", X_test.index)'],
  ["the model", features, "steps/evaluate.py", 'keep("model", model).predict_proba(X_test)[:, 1]'],
  [
    "what training answers",
    features,
    "steps/evaluate.py",
    'keep_answers({"proba": proba}, range(len(proba)), ("X_test_labels",))',
  ],
];

it.each(captures)("training keeps %s", async (_what, before, path, line) => {
  const { file } = await compileNotebook(notebookOf({ before }));
  expect(file(`src/credit_risk/${path}`)).toContain(line);
});

it("a function keeps what it computes whoever calls it, and the call says for whom", async () => {
  const { file } = await compileNotebook(notebookOf({ before: captures[3]?.[1] ?? "" }));
  expect(file("src/credit_risk/helpers.py")).toContain('keep("income_median", frame["income"].median())');
});

/** Every name of a state field is kept somewhere in training, and all that is written is Python. */
it.each([
  ...columnCases,
  ...learnedCases,
  ...modelCases,
])("training and predictor are sound Python: $what", async (parts) => {
  const { compiled, blueprint } = await compileNotebook(notebookOf(parts));
  const own = (compiled?.files ?? []).filter(({ path }) => /\/(?:steps\/\w+|helpers|predictor)\.py$/.test(path));
  expect(own.length).toBeGreaterThan(3);
  expect(own.filter(({ text }) => parseModule(text).problems.length > 0).map(({ path }) => path)).toEqual([]);
  const training = own.filter(({ path }) => !path.endsWith("predictor.py")).map(({ text }) => text.replace(/\s+/g, ""));
  for (const { name } of blueprint?.serving?.fields ?? [])
    expect(
      training.some((text) => text.includes(`("${name}",`)),
      name,
    ).toBe(true);
});
