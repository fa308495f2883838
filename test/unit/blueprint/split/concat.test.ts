import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

/** Two tables under each other, and what is made of them before they are cut apart at `border`. */
const stacked = (between: string, cut: string, how = ", ignore_index=True"): string =>
  notebookOf({
    before: 'X = df[["age", "income"]]\ny = df["bad"]\n',
    after: `train, test = df.iloc[:200], pd.read_csv("more.csv")
target = train["bad"]
n = len(train)
both = pd.concat([train.drop(columns=["bad"]), test]${how})
both["age"] = both["age"].fillna(both["age"].mean())
${between}${cut}
model = LogisticRegression().fit(A, target)
proba = model.predict_proba(B)[:, 1]
`,
  });

const halves = "A, B = both[:n], both[n:]";

it.each([
  ["a slice", "", halves],
  ["places", "", "A, B = both.iloc[:n], both.iloc[n:, :]"],
  ["both ends", "", "A, B = both.head(n), both.tail(len(test))"],
  ["from behind", "", "A, B = both[: -test.shape[0]], both[-len(test) :]"],
  ["an array", "both = both.to_numpy()\n", halves],
  ["numbered anew", "both = both.reset_index(drop=True)\n", halves, ""],
  ["columns dropped", 'both.drop("name", axis=1, inplace=True)\n', halves],
])("tables that are cut apart at their border are the served one: %s", async (_what, between, cut, how = ", ignore_index=True") => {
  const { body, errors, fields } = await predictorOf(stacked(between, cut, how));
  expect(errors).toEqual([]);
  expect(fields.slice(0, 3)).toEqual(["table_types", "test_columns", "age_mean"]);
  // The label is gone from the training table: all columns of the other may be asked for.
  expect(body.slice(0, 2)).toEqual([
    "table = as_table(frame, state.table_types, state.test_columns)",
    "table['age'] = table['age'].fillna(state.age_mean)",
  ]);
});

it.each([
  ["rows are dropped before", 'both = both[both["age"] > 20]\n', halves],
  ["rows are sorted before", 'both = both.sort_values("age")\n', halves],
  ["the border is another one", "n = n - 1\n", halves],
  ["the border is that of the other table", "", "A, B = both[: len(test)], both[len(test) :]"],
  ["a slice with a step", "", "A, B = both[:n], both[n::2]"],
  ["nothing is cut", "", "A, B = both[:n], both"],
  ["one place is a number", "", "A, B = both[:n], both[200:]"],
])("tables that are not cut apart at their border are refused: %s", async (_what, between, cut) => {
  expect((await predictorOf(stacked(between, cut))).errors).toEqual(["CW3116"]);
});

it.each([
  ["keys", ', keys=["a", "b"]'],
  ["unknown numbering", ", ignore_index=bool(n)"],
])("tables whose rows get labels that nobody follows are refused: %s", async (_what, how) => {
  expect((await predictorOf(stacked("", halves, how))).errors).toEqual(["CW3116"]);
});

it("the label of a training table that still has it is the label of both", async () => {
  const notebook = stacked("", halves).replace('train.drop(columns=["bad"])', "train");
  expect((await predictorOf(notebook)).errors).toEqual(["CW3122"]);
});

it("answers of both tables have no one table behind them", async () => {
  const both = stacked("", `${halves}\nother = LogisticRegression().fit(A, target).predict_proba(A)[:, 1]`);
  expect((await predictorOf(both.replace("-> proba", "-> proba, other"))).errors).toEqual(["CW3101"]);
});

it("an estimator without a name is kept when it is fitted", async () => {
  const before = 'X = StandardScaler().fit_transform(df[["age", "income"]])\ny = df["bad"]\n';
  const { body, fields } = await predictorOf(notebookOf({ before }));
  expect(fields).toEqual(["StandardScaler", "model"]);
  expect(body[0]).toBe("X = state.StandardScaler.transform(frame[['age', 'income']])");
});
