import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

/**
 * A predictor was made once, and it was wrong, while nobody said so before the self-check: the worst kind. What is found to be so, or
 * refused and need not be, stands here as `it.fails` until it is mended.
 */
it("a column that is unpacked into is stored", async () => {
  // The codes were forgotten: the model was given the texts.
  const before = 'df["city"], cities = pd.factorize(df["city"])\nX = df[["age", "city"]]\ny = df["bad"]\n';
  const { body, fields } = await predictorOf(notebookOf({ before }));
  expect(fields).toEqual(["city_values", "model"]);
  expect(body[0]).toBe("frame['city'] = apply_codes(frame['city'], state.city_values)");
});

it("what is applied in a comprehension over models is given the features", async () => {
  // It was given all raw columns: `m.predict_proba(frame)`.
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
  // The range of training was kept and stored: `frame['place'] = state.range`.
  const before = 'df["place"] = range(len(df))\nX = df[["age", "place"]]\ny = df["bad"]\n';
  expect((await predictorOf(notebookOf({ before }))).errors).toEqual(["CW3113"]);
});

it("what a serve directive names is kept, though no prediction is in it", async () => {
  // The statement was dropped, and CW3101 said that 'group' is not assigned.
  const after = `model = LogisticRegression().fit(X_train, y_train)
proba = model.predict_proba(X_test)[:, 1]
group = X_test["age"] // 10
`;
  const { errors } = await predictorOf(notebookOf({ after }).replace("-> proba", "-> proba, group"));
  expect(errors).toEqual([]);
});
