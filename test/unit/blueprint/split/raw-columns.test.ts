import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

/** A raw row has no label: lists of columns hold what is asked for, and of lists that training made what is there is taken. */
it.each([
  [
    "a list that is written",
    'df = df[["age", "income", "bad"]]\ny = df["bad"]\nX = df.drop(columns=["bad"])\n',
    ["df = frame[['age', 'income']]", "X = df.drop(columns=['bad'], errors='ignore')"],
  ],
  [
    "a copy of it",
    'df = df[["age", "income", "bad"]].copy()\ny = df.pop("bad")\nX = df\n',
    ["df = frame[['age', 'income']].copy()", "df = df.drop(columns=['bad'], errors='ignore')"],
  ],
  [
    "a list that training makes of all columns",
    'df = df[sorted(df.columns)]\ny = df["bad"]\nX = df.drop(columns=["bad"])\n',
    ["df = frame[present(state.sorted, frame)]", "X = df.drop(columns=['bad'], errors='ignore')"],
  ],
  [
    "one of columns without the label",
    'y = df["bad"]\nX = df.drop(columns=["bad"])\nX = X[sorted(X.columns)]\n',
    ["X = frame.drop(columns=['bad'], errors='ignore')", "X = X[state.sorted]"],
  ],
  [
    "a list with a name, of which not all are needed",
    'KEEP = ["age", "income", "paid", "bad"]\ndf["paid"] = df["paid"].fillna(0)\ndf = df[KEEP]\ny = df["bad"]\nX = df[["age", "income"]]\n',
    ["df = frame[['age', 'income']]", "X = df[['age', 'income']]"],
  ],
  [
    "one of which all are needed",
    'KEEP = ["age", "income"]\ny = df["bad"]\ndf = df[KEEP]\nX = df[["age", "income"]]\n',
    ["df = frame[state.KEEP]", "X = df[['age', 'income']]"],
  ],
  [
    "columns by their places",
    'y = df["bad"]\nX = df.iloc[:, :-1]\n',
    ["X = frame[present(state.df_iloc_columns, frame)]"],
  ],
  [
    "one by its place",
    'y = df["bad"]\nX = df[["age"]].assign(more=df.iloc[:, 2])\n',
    ["part_1 = frame[state.df_iloc_column]", "part_2 = frame[['age']].copy()", "part_2['more'] = part_1"],
  ],
  [
    "columns from one to another",
    'y = df["bad"]\nX = df.loc[:, "age":"income"]\n',
    ["X = frame[present(state.df_loc_columns, frame)]"],
  ],
  [
    "columns by a test of their names",
    'y = df["bad"]\nX = df.loc[:, df.columns != "bad"]\n',
    ["X = frame[present(state.df_loc_columns, frame)]"],
  ],
  [
    "a label that has no name in the code",
    "y = df.iloc[:, -1]\nX = df[sorted(df.columns)[1:3]]\n",
    ["X = frame[present(state.sorted, frame)]"],
  ],
  [
    "a label that is computed of raw columns which nothing else reads",
    'df["loss"] = df["loss"].fillna(0)\ndf["bad"] = df["loss"] > 3\ndrop = ["bad", "loss"]\ny = df["bad"]\nX = df.drop(columns=drop)\n',
    ["X = frame.drop(columns=state.drop, errors='ignore')"],
  ],
  [
    "a column that is joined by",
    'df["city"] = df["city"].str.lower()\nplaces = pd.read_csv("places.csv")\ndf = df.merge(places, on="city", how="left")\nX = df[["age", "size"]]\ny = df["bad"]\n',
    [
      "frame['city'] = frame['city'].str.lower()",
      "df = frame.merge(state.places, on='city', how='left', validate='m:1')",
      "X = df[['age', 'size']]",
    ],
  ],
])("%s", async (_what, before, body) => {
  const found = await predictorOf(notebookOf({ before }));
  expect(found.errors).toEqual([]);
  expect(found.body.slice(0, -2)).toEqual(body);
});

it("one column of an answer stays flat when one row is given", async () => {
  const after = "model = LogisticRegression().fit(X_train, y_train)\nproba = model.predict(X_test).squeeze()\n";
  expect((await predictorOf(notebookOf({ after }))).body.at(-2)).toBe("proba = squeezed(state.model.predict(X))");
});
