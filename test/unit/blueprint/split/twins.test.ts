import fc from "fast-check";
import { expect, it } from "vitest";
import { type Case, files, measured, ofScaled, said, scaled } from "./twins-kit.ts";

const caught: readonly (readonly [string, Case, readonly string[]])[] = [
  [
    "a step that the answered rows lack",
    { prepare: 'train["income"] = train["income"].clip(0, 9000)' },
    ['CW3125 3:1 4:2 \'train["income"] = train["income"].clip(0, 9000)\' is done to the rows of the fit alone.'],
  ],
  [
    "a step that the rows of the fit lack",
    { prepare: 'test["income"] = test["income"].clip(0, 9000)' },
    [
      'CW3125 3:1 4:1 \'test["income"] = test["income"].clip(0, 9000)\' is done to the rows that are asked about, and not to those of the fit (cell 4).',
    ],
  ],
  [
    "another constant",
    { prepare: 'train["income"] = train["income"].fillna(0)\ntest["income"] = test["income"].fillna(-1)' },
    [
      'CW3125 3:2 3:1 \'test["income"] = test["income"].fillna(-1)\' here, \'train["income"] = train["income"].fillna(0)\' in cell 3.',
    ],
  ],
  [
    "a figure on one side, a constant on the other",
    {
      prepare:
        'train["income"] = train["income"].fillna(train["income"].median())\ntest["income"] = test["income"].fillna(0)',
    },
    [
      'CW3125 3:2 3:1 \'test["income"] = test["income"].fillna(0)\' here, \'train["income"] = train["income"].fillna(train["income"].median())\' in cell 3.',
    ],
  ],
  [
    "another order",
    {
      prepare:
        'train["income"] = train["income"].fillna(0).clip(1, 9)\ntest["income"] = test["income"].clip(1, 9).fillna(0)',
    },
    [
      'CW3125 3:2 3:1 \'test["income"] = test["income"].clip(1, 9).fillna(0)\' stands where cell 3 has \'train["income"] = train["income"].fillna(0).clip(1, 9)\': the steps have another order.',
    ],
  ],
  [
    "other columns",
    {
      prepare: "",
      after:
        'model = LogisticRegression().fit(train[["age", "income"]].values, train["bad"])\nproba = model.predict_proba(test[["age", "term"]].values)[:, 1]\n',
    },
    ["CW3125"],
  ],
  [
    "a figure of the held-out rows",
    {
      prepare:
        'train["income"] = train["income"].fillna(train["income"].median())\ntest["income"] = test["income"].fillna(test["income"].median())',
    },
    [
      'CW3125 3:2 3:1 \'test["income"] = test["income"].fillna(test["income"].median())\' takes its figure from the rows that are asked about, cell 3 (\'train["income"] = train["income"].fillna(train["income"].median())\') from those of the fit.',
    ],
  ],
  [
    "the same where the model is measured, by a law of leakage,",
    {
      prepare:
        'train["income"] = train["income"].fillna(train["income"].median())\ntest["income"] = test["income"].fillna(test["income"].median())',
      after: measured,
    },
    ["CW4121"],
  ],
  [
    "the same inside of a helper",
    {
      prepare:
        'def prep(d):\n    d = d.copy()\n    d["income"] = d["income"].fillna(d["income"].median())\n    return d\n\ntrain = prep(train)\ntest = prep(test)',
    },
    [
      "CW3125 3:7 3:6 'test = prep(test)' takes its figure from the rows that are asked about, cell 3 ('train = prep(train)') from those of the fit.",
    ],
  ],
  [
    "a scaler that is fitted again",
    { prepare: scaled("X_test = scaler.fit_transform(test[num])"), after: ofScaled },
    ["CW3125"],
  ],
  ["rows that are not scaled", { prepare: scaled("X_test = test[num]"), after: ofScaled }, ["CW3125"]],
  [
    "a loop over one of them",
    { prepare: "for c in num:\n    train[c] = np.log1p(train[c])" },
    ["CW3125 3:2 4:2 'train[c] = np.log1p(train[c])' is done to the rows of the fit alone."],
  ],
  [
    "another table of values",
    {
      prepare:
        'train["grade"] = train["grade"].map({"a": 1, "b": 2})\ntest["grade"] = test["grade"].map({"a": 1, "b": 3})\nnum = ["age", "grade"]',
    },
    ["CW3125"],
  ],
  [
    "a helper with another argument",
    {
      prepare:
        'def prep(d, empty):\n    d = d.copy()\n    d["income"] = d["income"].fillna(empty)\n    return d\n\ntrain = prep(train, 0)\ntest = prep(test, 1)',
    },
    ["CW3125 3:7 3:6 'test = prep(test, 1)' here, 'train = prep(train, 0)' in cell 3."],
  ],
  [
    "a helper that does more to the rows of the fit",
    {
      prepare:
        'def prep(d, is_train=True):\n    d = d.copy()\n    d["income"] = d["income"].fillna(0)\n    if is_train:\n        d["income"] = d["income"].clip(0, 9)\n    return d\n\ntrain = prep(train)\ntest = prep(test, is_train=False)',
    },
    ["CW3125"],
  ],
  [
    "tables of two files",
    { from: files, prepare: 'train["income"] = np.log1p(train["income"])' },
    ['CW3125 3:1 4:2 \'train["income"] = np.log1p(train["income"])\' is done to the rows of the fit alone.'],
  ],
  [
    "all columns",
    {
      prepare: 'train = train.fillna(0)\nX = train.drop(columns=["bad"])\nX_test = test.drop(columns=["bad"])',
      after: 'model = LogisticRegression().fit(X, train["bad"])\nproba = model.predict_proba(X_test)[:, 1]\n',
    },
    ["CW3125"],
  ],
  [
    "a part that is not scaled, beside others",
    {
      prepare:
        'scaler = StandardScaler()\nX_train = np.hstack([scaler.fit_transform(train[num]), train[["term"]]])\nX_test = np.hstack([test[num], test[["term"]]])',
      after: ofScaled,
    },
    ["CW3125"],
  ],
  [
    "a step before a pipeline",
    {
      prepare: "model = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())",
      after:
        'X_train = train.drop(columns=["bad"])\nX_train["income"] = X_train["income"] / 100\nmodel.fit(X_train, train["bad"])\nproba = model.predict_proba(test.drop(columns=["bad"]))[:, 1]\n',
    },
    ["CW3125"],
  ],
  [
    "bins of their own",
    {
      prepare:
        'train["band"] = pd.qcut(train["income"], 4, labels=False)\ntest["band"] = pd.qcut(test["income"], 4, labels=False)\nnum = ["age", "band"]',
    },
    ["CW3125"],
  ],
  [
    "a difference in a search",
    {
      prepare: 'train["income"] = np.log1p(train["income"])',
      after:
        'search = GridSearchCV(LogisticRegression(), {"C": [1, 2]}).fit(train[num], train["bad"])\nproba = search.predict_proba(test[num])[:, 1]\n',
    },
    ["CW3125"],
  ],
];

it.each(caught)("%s is said", async (_, one, expected) => {
  const found = await said(one);
  expect(found.map((line, i) => ((expected[i] ?? "").length > 6 ? line : line.slice(0, 6)))).toEqual(expected);
});

const steps = [".clip(0, 9000)", " * 2", ".abs()", ".fillna(0)", ".round(1)"];
type Steps = Readonly<Record<"age" | "income", readonly string[]>>;

/** The steps of each column, written down for one of the tables in one of four ways. */
function written(table: "train" | "test", { age, income }: Steps, way: number): string {
  const columns = Object.entries({ age, income });
  const lines = (of: string): string[] =>
    columns.map(([c, all]) => `${of}["${c}"] = ${all.reduce((code, step) => `(${code})${step}`, `${of}["${c}"]`)}`);
  if (way === 0) return lines(table).join("\n");
  if (way === 1) return lines(table).reverse().join("\n");
  if (way === 2)
    return columns.flatMap(([c, all]) => all.map((step) => `${table}["${c}"] = ${table}["${c}"]${step}`)).join("\n");
  return `def prepare_${table}(d):\n    d = d.copy()\n${lines("d")
    .map((line) => `    ${line}`)
    .join("\n")}\n    return d\n\n${table} = prepare_${table}(${table})`;
}

it("however the same steps are written, nothing is said; one that is left out is", async () => {
  // A step that stands twice may be one too many.
  const some = fc.uniqueArray(fc.constantFrom(...steps), { minLength: 1, maxLength: 3 });
  const way = fc.integer({ min: 0, max: 3 });
  await fc.assert(
    fc.asyncProperty(some, some, way, way, async (age, income, one, other) => {
      const trained = written("train", { age, income }, one);
      const same = `${trained}\n${written("test", { age, income }, other)}`;
      const less = `${trained}\n${written("test", { age, income: income.slice(1) }, other)}`;
      expect(await said({ prepare: same })).toEqual([]);
      expect((await said({ prepare: less })).map((line) => line.slice(0, 6))).toEqual(["CW3125"]);
    }),
    { seed: 7, numRuns: 6 },
  );
}, 60_000);
