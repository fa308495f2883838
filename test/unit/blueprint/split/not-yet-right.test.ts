import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

/** A predictor is made, and it is wrong, while nobody says so before the self-check: the worst kind. */
it("a column that is unpacked into is stored", async () => {
  // Today the codes are forgotten: the model is given the texts.
  const before = 'df["city"], cities = pd.factorize(df["city"])\nX = df[["age", "city"]]\ny = df["bad"]\n';
  const { body, fields } = await predictorOf(notebookOf({ before }));
  expect(fields).toEqual(["city_values", "model"]);
  expect(body[0]).toBe("frame['city'] = apply_codes(frame['city'], state.city_values)");
});

it("what is applied in a comprehension over models is given the features", async () => {
  // Today it is given all raw columns: `m.predict_proba(frame)`.
  const after = `models = []
for c in [0.1, 1.0]:
    model = LogisticRegression(C=c)
    model.fit(X_train, y_train)
    models.append(model)
proba = np.mean([m.predict_proba(X_test)[:, 1] for m in models], axis=0)
`;
  const { body, fields } = await predictorOf(notebookOf({ after }));
  expect(fields).toEqual(["models"]);
  expect(body.slice(0, 2)).toEqual([
    "X = frame[['age', 'income']]",
    "proba = np.mean([m.predict_proba(X)[:, 1] for m in state.models], axis=0)",
  ]);
});

it("the places of rows as a range are refused", async () => {
  // Today the range of training is kept and stored: `frame['place'] = state.range`.
  const before = 'df["place"] = range(len(df))\nX = df[["age", "place"]]\ny = df["bad"]\n';
  expect((await predictorOf(notebookOf({ before }))).errors).toEqual(["CW3113"]);
});

it("a list that is filled row by row is refused until it is understood", async () => {
  // Today the list of training is kept and stored: `frame['double'] = state.total`.
  const before = `total = []
for _, row in df.iterrows():
    total.append(row["age"] * 2)
df["double"] = total
X = df[["age", "double"]]
y = df["bad"]
`;
  expect((await predictorOf(notebookOf({ before }))).errors).not.toEqual([]);
});

it("what a serve directive names is kept, though no prediction is in it", async () => {
  // Today the statement is dropped, and CW3101 says that 'group' is not assigned.
  const after = `model = LogisticRegression().fit(X_train, y_train)
proba = model.predict_proba(X_test)[:, 1]
group = X_test["age"] // 10
`;
  const { errors } = await predictorOf(notebookOf({ after }).replace("-> proba", "-> proba, group"));
  expect(errors).toEqual([]);
});

/** Refused, and need not be. */
it.fails.each([
  [
    "folds that add to nought",
    "proba = 0\nfor fit_rows, _ in folds.split(X_train):\n    model = LogisticRegression().fit(X_train.iloc[fit_rows], y_train.iloc[fit_rows])\n    proba = proba + model.predict_proba(X_test)[:, 1] / 3\n",
  ],
  [
    "folds whose answers are collected",
    "parts = []\nfor fit_rows, _ in folds.split(X_train):\n    model = LogisticRegression().fit(X_train.iloc[fit_rows], y_train.iloc[fit_rows])\n    parts.append(model.predict_proba(X_test)[:, 1])\nproba = np.mean(parts, axis=0)\n",
  ],
])("one model for each fold answers: %s", async (_what, loop) => {
  // Today CW3118 and CW3101.
  const after = `folds = KFold(3, shuffle=True, random_state=1)\n${loop}`;
  const { errors, fields } = await predictorOf(notebookOf({ after }));
  expect(errors).toEqual([]);
  expect(fields).toContain("model[]");
});
