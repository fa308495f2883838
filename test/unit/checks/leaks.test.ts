import { expect, it } from "vitest";
import { compileNotebook } from "../compiler-core/kit.ts";
import { fixtures, judged } from "./fixtures.ts";

const isLeak = (code: string): boolean => code.startsWith("CW41");

it("every message says that it is a leak, and no law speaks of what another one has said", async () => {
  for (const fixture of fixtures("caught").filter(({ code }) => isLeak(code))) {
    const { diagnostics } = await judged(fixture);
    const found = diagnostics.filter(({ code }) => isLeak(code));
    expect([fixture.code, fixture.name, [...new Set(found.map(({ code }) => code))]]).toEqual([
      fixture.code,
      fixture.name,
      [fixture.code],
    ]);
    for (const { message, severity } of found) {
      expect(message).toMatch(/leak/i);
      expect(severity).toBe("warning");
    }
  }
}, 60_000);

it("no law of leakage speaks of an innocent twin, of whichever law", async () => {
  for (const fixture of fixtures("innocent").filter(({ code }) => isLeak(code))) {
    const { diagnostics } = await judged(fixture);
    expect([fixture.code, fixture.name, diagnostics.filter(({ code }) => isLeak(code))]).toEqual([
      fixture.code,
      fixture.name,
      [],
    ]);
  }
}, 60_000);

const head = `import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
rows = pd.read_csv("rows.csv")
`;
const model = `
model = LogisticRegression().fit(train[["age"]], train["default"])
accuracy = accuracy_score(test["default"], model.predict(test[["age"]]))
`;

/** What is done to the rows → the codes that are said. */
const table: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "rows held out by position",
    "rows['age'] = rows['age'] / rows['age'].max()\ntrain, test = rows.iloc[:500], rows.iloc[500:]",
    ["CW4101"],
  ],
  [
    "rows held out by position first",
    "train, test = rows.iloc[:500], rows.iloc[500:]\ntop = train['age'].max()\ntrain['age'] = train['age'] / top\ntest['age'] = test['age'] / top",
    [],
  ],
  [
    "rows held out by a condition",
    "rows['age'] = rows['age'].fillna(rows['age'].mean())\nlate = rows['year'] > 2020\ntrain, test = rows[~late], rows[late]",
    ["CW4101"],
  ],
  [
    "rows held out by a sample",
    "rows = rows.fillna(rows.median())\ntrain = rows.sample(frac=0.8, random_state=0)\ntest = rows.drop(train.index)",
    ["CW4101"],
  ],
  [
    "two files put together, filled and taken apart",
    "more = pd.read_csv('more.csv')\nall_rows = pd.concat([rows, more])\nall_rows['age'] = all_rows['age'].fillna(all_rows['age'].mean())\ntrain, test = all_rows[:800], all_rows[800:]",
    ["CW4101"],
  ],
  ["a fixed fill", "rows = rows.fillna(0)\ntrain, test = train_test_split(rows, random_state=0)", []],
  [
    "a mean of each row",
    "rows['age'] = rows[['a', 'b']].mean(axis=1)\ntrain, test = train_test_split(rows, random_state=0)",
    [],
  ],
  [
    "outliers left out",
    "rows = rows[rows['age'] < rows['age'].quantile(0.99)]\ntrain, test = train_test_split(rows, random_state=0)",
    [],
  ],
  [
    "a figure that is only shown",
    "print(rows['age'].mean(), rows.describe())\ntrain, test = train_test_split(rows, random_state=0)",
    [],
  ],
  [
    "a function of functions",
    "def fill(column):\n    return column.fillna(column.median())\ndef clean(table):\n    table = table.copy()\n    table['age'] = fill(table['age'])\n    return table\nrows = clean(rows)\ntrain, test = train_test_split(rows, random_state=0)",
    ["CW4101"],
  ],
];

it.each(table)("%s", async (_, code, codes) => {
  const { diagnostics } = await compileNotebook(`# %%\n${head}${code}${model}`);
  expect(diagnostics.map((one) => one.code).filter(isLeak)).toEqual(codes);
});
