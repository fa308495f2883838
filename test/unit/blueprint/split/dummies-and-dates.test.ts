import { expect, it } from "vitest";
import { compileNotebook } from "../../compiler-core/kit.ts";
import { notebookOf, predictorOf } from "./notebooks.ts";

it("dummies that are put into the columns of training keep no columns of their own", async () => {
  const after = `train = pd.get_dummies(X_train)
test = pd.get_dummies(X_test).reindex(columns=train.columns, fill_value=0)
model = LogisticRegression().fit(train, y_train)
proba = model.predict_proba(test)[:, 1]
`;
  expect((await predictorOf(notebookOf({ after }))).fields).toEqual(["train_columns", "model"]);
});

it("dummies that get nothing for what is missing keep their own columns", async () => {
  // Of a row with another level the notebook has 0 there, and of one alone pandas would have nothing.
  const after = `train = pd.get_dummies(X_train)
test = pd.get_dummies(X_test).reindex(columns=train.columns)
model = LogisticRegression().fit(train, y_train)
proba = model.predict_proba(test.fillna(0))[:, 1]
`;
  const { body } = await predictorOf(notebookOf({ after }));
  expect(body.some((line) => line.includes("with_columns(pd.get_dummies(X), state.X_test_columns)"))).toBe(true);
});

it("dummies that are changed before they are put into other columns are what they became", async () => {
  const after = `train = pd.get_dummies(X_train)
test = pd.get_dummies(X_test)
test["age"] = test["age"] + 1
test = test.reindex(columns=train.columns, fill_value=0)
model = LogisticRegression().fit(train, y_train)
proba = model.predict_proba(test)[:, 1]
`;
  const { body } = await predictorOf(notebookOf({ after }));
  expect(body[1]).toBe("test = with_columns(pd.get_dummies(X), state.X_test_columns)");
});

it.each(["left", "inner", "right"])("two tables that are aligned both get the columns of training: %s", async (how) => {
  const after = `train, test = pd.get_dummies(X_train).align(pd.get_dummies(X_test), join="${how}", axis=1, fill_value=0)
model = LogisticRegression().fit(train, y_train)
proba = model.predict_proba(test)[:, 1]
`;
  const { body, fields } = await predictorOf(notebookOf({ after }));
  expect(body[1]).toMatch(/^test = pd\.get_dummies\(X\)\.reindex\(columns=state\.\w+, fill_value=0\)$/);
  expect(fields).toHaveLength(2);
});

it("tables that are aligned by their rows are refused", async () => {
  const after = `a, b = X_test.align(X_train)
model = LogisticRegression().fit(X_train, y_train)
proba = model.predict_proba(a)[:, 1]
`;
  expect((await predictorOf(notebookOf({ after }))).errors).toEqual(["CW3118"]);
});

it.each([
  ['pd.to_datetime(df["day"])', "pd.to_datetime(frame['day'], format=state.day_format)"],
  ['pd.to_datetime(df["day"], dayfirst=True)', "pd.to_datetime(frame['day'], dayfirst=True, format=state.day_format)"],
  ['pd.to_datetime(df["day"], format="%d.%m.%Y")', "pd.to_datetime(frame['day'], format='%d.%m.%Y')"],
  ['pd.to_datetime(df["day"], unit="s")', "pd.to_datetime(frame['day'], unit='s')"],
])("dates are read by the format that training found: %s", async (code, text) => {
  const before = `df["month"] = ${code}.dt.month\nX = df[["age", "month"]]\ny = df["bad"]\n`;
  const { body } = await predictorOf(notebookOf({ before }));
  expect(body[0]).toBe(`frame['month'] = ${text}.dt.month`);
});

it("a variable may have the name of one of the product's functions", async () => {
  const before = 'keep = ["age", "income"]\npresent = df[keep] + 1\nX = present * 2\ny = df["bad"]\n';
  const { blueprint, diagnostics } = await compileNotebook(notebookOf({ before }));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const body = blueprint?.steps.flatMap((step) => step.body.map(({ text }) => text)).join("\n") ?? "";
  expect(body).toContain('present = df[serving_keep("keep", keep)] + 1');
  expect(body).toContain('keep_labels("X_test_labels", X_test.index)');
  expect(blueprint?.serving?.answers[0]?.lines[0]?.text).toBe("present_2 = frame[state.keep] + 1");
});
