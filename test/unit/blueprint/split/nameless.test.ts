import { expect, it } from "vitest";
import { compileNotebook } from "../../compiler-core/kit.ts";
import { notebookOf } from "./notebooks.ts";

/** What is said, what is served and where training notes what it answered, of a notebook without a directive. */
async function servedBy(after: string) {
  const { blueprint, diagnostics } = await compileNotebook(notebookOf({ after }).replace(/# cw: serve.*/, ""));
  const { lines = [], values = [] } = blueprint?.serving?.answers[0] ?? {};
  const code = (blueprint?.steps ?? []).flatMap(({ body }) => body.map(({ text }) => text)).join("\n");
  return {
    said: diagnostics.flatMap((one) => (/^CW31/.test(one.code) ? [one.code] : [])),
    values,
    answer: lines.at(-1)?.text,
    noted: [...code.matchAll(/keep_answers\(\{(.*?)\}/gs)].map(([, inside]) => inside),
  };
}

const fit = "model = LogisticRegression().fit(X_train, y_train)\n";
const served = (code: string, text: string) => ({
  said: [],
  values: ["prediction"],
  answer: `return {"prediction": ${code}}`,
  noted: [`"prediction": ${text}`],
});
const proba = served("state.model.predict_proba(X)[:, 1]", "model.predict_proba(X_test)[:, 1]");

it.each([
  ["assigned", "auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])\n", proba],
  ["printed beside a word", 'print("auc", roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))\n', proba],
  [
    "with a cut",
    "hits = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1] > 0.3)\n",
    served("state.model.predict_proba(X)[:, 1] > 0.3", "model.predict_proba(X_test)[:, 1] > 0.3"),
  ],
  [
    "compared with the label: that is evaluation",
    "share = np.mean(model.predict(X_test) == y_test)\n",
    served("state.model.predict(X)", "model.predict(X_test)"),
  ],
  [
    "of two models together",
    `other = RandomForestClassifier(random_state=1).fit(X_train, y_train)
auc = roc_auc_score(y_test, (model.predict_proba(X_test)[:, 1] + other.predict_proba(X_test)[:, 1]) / 2)
`,
    served(
      "(state.model.predict_proba(X)[:, 1] + state.other.predict_proba(X)[:, 1]) / 2",
      "(model.predict_proba(X_test)[:, 1] + other.predict_proba(X_test)[:, 1]) / 2",
    ),
  ],
  [
    "in a function that is given model and rows",
    `def figure(m, rows, label):
    p = m.predict_proba(rows)[:, 1]
    return roc_auc_score(label, p)

auc = figure(model, X_test, y_test)
`,
    served("state.m.predict_proba(X)[:, 1]", "model.predict_proba(X_test)[:, 1]"),
  ],
  [
    "on training rows: the fit answers, and says what it computed for them",
    "auc = roc_auc_score(y_train, model.predict_proba(X_train)[:, 1])\n",
    served("state.model.predict(X)", "model.predict(X_train)"),
  ],
] as const)("a prediction that stands only inside a metric is served: %s", async (_what, metric, expected) => {
  expect(await servedBy(fit + metric)).toEqual(expected);
});

it.each([
  [
    "the function makes rows of its own",
    `def figure(rows, label):
    rows = rows.fillna(0)
    return roc_auc_score(label, model.predict_proba(rows)[:, 1])

auc = figure(X_test, y_test)
`,
  ],
  [
    "the model is the variable of a list that is made",
    "aucs = [roc_auc_score(y_test, m.predict_proba(X_test)[:, 1]) for m in [model]]\n",
  ],
  ["a draw chooses the rows", "auc = roc_auc_score(y_test, model.predict_proba(X_test.sample(frac=1))[:, 1])\n"],
] as const)("where it cannot be asked for once more a note names it: %s", async (_what, metric) => {
  const { said, noted, values } = await servedBy(fit + metric);
  expect({ said, noted, values }).toEqual({ said: ["CW3102"], noted: [], values: [] });
});

it("values that need the label are left out of an answer that nobody asked for by name", async () => {
  const after = `${fit}guess = model.predict(X_test)
gap = y_test - guess
worst = gap.abs().max()
`;
  expect(await servedBy(after)).toEqual({
    said: [],
    values: ["guess"],
    answer: 'return {"guess": guess}',
    noted: ['"guess": guess'],
  });
});

it("a fit on a part that has no name says what it computed for it", async () => {
  const after = 'model = LogisticRegression()\nmodel.fit(df[["age", "income"]], df["bad"])\n';
  const { noted } = await servedBy(after);
  expect(noted).toEqual([`"prediction": model.predict(df[['age', 'income']])`]);
});
