import { expect, it } from "vitest";
import { compileNotebook } from "../../compiler-core/kit.ts";
import { notebookOf, predictorOf } from "./notebooks.ts";

const features = 'X = df.drop(columns=["bad"])\ny = df["bad"]\n';

it.each([
  [
    "types decide",
    'for c in df.columns:\n    if df[c].dtype == "object":\n        df[c] = df[c].str.len()\n    elif df[c].isnull().any():\n        df[c] = df[c].fillna(df[c].mean())\n',
    [
      "for c in present(state.df_columns, frame):",
      "    if state.value_flag[c]:",
      "        frame[c] = frame[c].str.len()",
      "    else:",
      "        if state.isnull_any_by_c_flag[c]:",
      "            frame[c] = frame[c].fillna(state.mean_by_c[c])",
    ],
  ],
  [
    "over the table itself",
    "for c in df:\n    df[c] = df[c].fillna(df[c].median())\n",
    ["for c in present(state.list, frame):", "    frame[c] = frame[c].fillna(state.median_by_c[c])"],
  ],
])("a loop over columns leaves out what a raw row has not: %s", async (_what, loop, lines) => {
  const { body, errors } = await predictorOf(notebookOf({ before: `${loop}${features}` }));
  expect(errors).toEqual([]);
  expect(body.slice(0, lines.length)).toEqual(lines);
});

it.each([
  ["they are added up", 'df["gaps"] = 0\nfor c in df.columns:\n    df["gaps"] = df["gaps"] + df[c].isnull()\n'],
  [
    "they are collected",
    "parts = []\nfor c in df.columns:\n    parts.append(df[c].isnull())\ndf = pd.concat(parts, axis=1)\n",
  ],
])("a loop over columns, the label among them, that does more is refused: %s", async (_what, loop) => {
  expect((await predictorOf(notebookOf({ before: `${loop}${features}` }))).errors).toEqual(["CW3122"]);
});

it("a turn that does more than its column is not left out", async () => {
  const loop = 'for c in cols:\n    df[c] = df[c].clip(0, 9)\n    df["turns"] = df["turns"] + 1\n';
  const before = `cols = [c for c in df.columns if c != "id"]\ndf["turns"] = 0\n${loop}${features}`;
  const { body } = await predictorOf(notebookOf({ before }));
  expect(body.join("\n")).not.toContain("present(");
});

it("a chain of calls on a column that a loop names makes that column of itself: the label is not asked for", async () => {
  const { diagnostics, compiled } = await compileNotebook(`import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
df = pd.read_csv("a.csv")
CAT = ["city"]
for col in CAT:
    df[col] = df[col].str.strip().str.lower()
X = df[["age", "city", "score"]]
y = (df["bad"].str.upper() == "Y").astype(int)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
m = LogisticRegression().fit(X_train, y_train)
p = m.predict_proba(X_test)[:, 1]
print(p)
`);
  expect(diagnostics.filter(({ code }) => code.startsWith("CW31")).map(({ message }) => message)).toEqual([]);
  expect(compiled?.built?.blueprint.serving).toBeDefined();
});
