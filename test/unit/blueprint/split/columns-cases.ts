import type { Case } from "./notebooks.ts";

/** What is done to columns and rows before the split, with nothing to learn. The last line, which gives the answer, is the same in all. */
export const columnCases: readonly Case[] = [
  {
    what: "features by name",
    body: ["X = frame[['age', 'income']]", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "edges in the code",
    before: `df["band"] = pd.cut(df["age"], [0, 30, 60, 120], labels=False)
X = df[["income", "band"]]
y = df["bad"]
`,
    body: [
      "frame['band'] = pd.cut(frame['age'], [0, 30, 60, 120], labels=False)",
      "X = frame[['income', 'band']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "a store under a condition",
    before: `df.loc[df["income"] < 0, "income"] = 0
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame.loc[frame['income'] < 0, 'income'] = 0",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "rows that a condition chooses, changed where they stand",
    before: `df["income"] = df["income"] * 2
old = df["age"] > 60
df.loc[old, "income"] *= 0.5
df.loc[old, "income"] = df.loc[old, "age"] + 1
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame['income'] = frame['income'] * 2",
      "old = frame['age'] > 60",
      "frame.loc[old, 'income'] = frame.loc[:, 'income'] * 0.5",
      "frame.loc[old, 'income'] = frame.loc[:, 'age'] + 1",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "columns by .loc, the label among them",
    before: `part = df.loc[:, ["age", "income", "bad"]]
X = part.loc[:, ["age", "income"]]
y = part.loc[:, "bad"]
`,
    body: [
      "part = frame.loc[:, ['age', 'income']]",
      "X = part.loc[:, ['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "tables beside each other, the label in one of them",
    before: `df = pd.concat([df, df["income"].rename("twice") * 2], axis=1)
X = df.drop(columns=["bad"])
y = df["bad"]
`,
    body: [
      "df = pd.concat([frame, frame['income'].rename('twice') * 2], axis=1)",
      "X = df.drop(columns=['bad'], errors='ignore')",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "what a rule looks for, given by its name",
    before: `df["branch"] = df["branch"].map(arg=str.lower)
X = pd.get_dummies(data=df[["age", "branch"]])
y = df["bad"]
`,
    body: [
      "frame['branch'] = frame['branch'].map(str.lower)",
      "X = with_columns(pd.get_dummies(frame[['age', 'branch']]), state.df_columns)",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["df_columns", "model"],
  },
  {
    what: "columns renamed",
    before: `df = df.rename(columns={"Age": "age"})
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "df = frame.rename(columns={'Age': 'age'})",
      "X = df[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "what only the label needs is never asked for",
    before: `df["bad"] = (df["status"] == "default").astype(int)
X = df.drop(columns=["bad", "status"])
y = df["bad"]
`,
    body: ["X = frame.drop(columns=['bad', 'status'], errors='ignore')", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "stores that nobody needs, and rows that training drops",
    before: `df["note"] = df["comment"].str.lower()
df["ratio"] = df["income"] / df["age"]
df = df[df["ratio"] < 1000]
X = df[["age", "income"]]
y = df["bad"]
`,
    body: ["X = frame[['age', 'income']]", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "rows dropped and numbered anew",
    before: `df = df.dropna(subset=["income"]).drop_duplicates().reset_index(drop=True)
X = df[["age", "income"]]
y = df["bad"]
`,
    body: ["X = frame[['age', 'income']]", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "arrays split",
    before: `X = df[["age", "income"]].to_numpy()
y = df["bad"].to_numpy()
`,
    body: ["X = frame[['age', 'income']].to_numpy()", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "a place that nobody needs",
    before: `df["place"] = df.index
X = df[["age", "income"]]
y = df["bad"]
`,
    body: ["X = frame[['age', 'income']]", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "maps and tests written as they are",
    before: `df["city"] = df["city"].map({"a": 1, "b": 2}).fillna(0)
df["big"] = df["city"].isin([1]).astype(int)
X = df[["age", "city", "big"]]
y = df["bad"]
`,
    body: [
      "part_1 = frame['city'].map({'a': 1, 'b': 2})",
      "frame['city'] = part_1.fillna(0)",
      "part_1 = frame['city'].isin([1])",
      "frame['big'] = part_1.astype(int)",
      "X = frame[['age', 'city', 'big']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "a choice",
    before: `df["young"] = np.where(df["age"] < 30, 1, 0)
X = df[["income", "young"]]
y = df["bad"]
`,
    body: [
      "frame['young'] = np.where(frame['age'] < 30, 1, 0)",
      "X = frame[['income', 'young']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "columns exchanged at once",
    before: `df["age"], df["income"] = df["income"], df["age"]
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "part_1 = frame['income']",
      "part_2 = frame['age']",
      "frame['age'] = part_1",
      "frame['income'] = part_2",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "two names of one table",
    before: `Z = df
Z["income"] = Z["income"] * 2
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame['income'] = frame['income'] * 2",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "the label taken out",
    before: `y = df.pop("bad")
X = df
`,
    body: ["df = frame.drop(columns=['bad'], errors='ignore')", "proba = state.model.predict_proba(df)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "tables side by side",
    before: `y = df["bad"]
X = pd.concat([df[["age"]], df["income"].rename("twice")], axis=1)
`,
    body: [
      "X = pd.concat([frame[['age']], frame['income'].rename('twice')], axis=1)",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
];
