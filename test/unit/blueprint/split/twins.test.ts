import fc from "fast-check";
import { expect, it } from "vitest";
import { compileNotebook } from "../../compiler-core/kit.ts";

const head = `import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("loans.csv")
num = ["age", "income"]
`;
const split = `train, test = train_test_split(df, test_size=0.3, random_state=1)
train = train.copy()
test = test.copy()
`;
const ends = `model = LogisticRegression().fit(train[num], train["bad"])
proba = model.predict_proba(test[num])[:, 1]
`;
const serve = "# cw: serve predict(loan) -> proba\n";

const measured = `${ends}auc = roc_auc_score(test["bad"], proba)
`;

interface Case {
  /** The third cell: what is done to the two tables. */
  readonly prepare: string;
  /** The second cell: where the two tables come from. */
  readonly from?: string;
  /** The fourth cell: the fit and the prediction. */
  readonly after?: string;
}

async function said({ prepare, from = split, after = ends }: Case) {
  const { diagnostics, blueprint } = await compileNotebook([head, from, prepare, after, serve].join("\n# %%\n"));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(blueprint?.serving?.answers).toHaveLength(1);
  return diagnostics
    .filter(({ code }) => code === "CW3125" || code === "CW4121")
    .map(
      ({ code, place, message, related }) =>
        `${code} ${place?.cell}:${place?.line}${related.map((one) => ` ${one.place.cell}:${one.place.line}`).join("")} ${message.replace(/^[^:]*: /, "")}`,
    );
}

const scaled = (other: string): string => `scaler = StandardScaler()
X_train = scaler.fit_transform(train[num])
${other}
`;
const ofScaled = `model = LogisticRegression().fit(X_train, train["bad"])
proba = model.predict_proba(X_test)[:, 1]
`;
const files = `train = pd.read_csv("train.csv")
test = pd.read_csv("test.csv")
`;

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

const both = (line: string): string => `${line}\n${line.replaceAll("train", "test")}`;

const innocent: readonly (readonly [string, Case])[] = [
  ["nothing", { prepare: "" }],
  ["the same twice", { prepare: both('train["income"] = train["income"].fillna(0).clip(0, 9000)') }],
  [
    "in place, and by another name",
    {
      prepare:
        'a = train\nb = test\na["income"] = a["income"].fillna(0)\nb["income"].fillna(0, inplace=True)\ntrain = a\ntest = b',
    },
  ],
  [
    "a figure of the training rows",
    {
      prepare:
        'm = train["income"].median()\ntrain["income"] = train["income"].fillna(m)\ntest["income"] = test["income"].fillna(m)',
    },
  ],
  [
    "a figure that is taken twice of the training rows",
    {
      prepare:
        'train["income"] = train["income"].fillna(train["income"].mean())\ntest["income"] = test["income"].fillna(train["income"].mean())',
    },
  ],
  ["a loop over both", { prepare: 'for d in (train, test):\n    d["income"] = np.log1p(d["income"])' }],
  ["two loops over columns", { prepare: both("for c in num:\n    train[c] = train[c].fillna(0)") }],
  [
    "one loop over columns",
    {
      prepare:
        "for c in df.select_dtypes('number').columns:\n    m = train[c].median()\n    train[c] = train[c].fillna(m)\n    test[c] = test[c].fillna(m)",
    },
  ],
  [
    "columns in another order",
    {
      prepare:
        'train["age"] = train["age"].fillna(1)\ntrain["income"] = train["income"].fillna(0)\ntest["income"] = test["income"].fillna(0)\ntest["age"] = test["age"].fillna(1)',
    },
  ],
  [
    "a helper for both",
    {
      prepare:
        'def prep(d):\n    d = d.copy()\n    d["income"] = d["income"].fillna(0)\n    return d\n\ntrain = prep(train)\ntest = prep(test)',
    },
  ],
  [
    "a helper whose argument leads one way",
    {
      prepare:
        'def prep(d, is_train=True):\n    d = d.copy()\n    d["income"] = d["income"].fillna(0)\n    if is_train:\n        d["bad"] = d["bad"].map({"yes": 1, "no": 0})\n    return d\n\ntrain = prep(train)\ntest = prep(test, is_train=False)',
    },
  ],
  ["a scaler", { prepare: scaled("X_test = scaler.transform(test[num])"), after: ofScaled }],
  [
    "a scaler that is fitted first",
    {
      prepare:
        "scaler = StandardScaler().fit(train[num])\nX_train = scaler.transform(train[num])\nX_test = scaler.transform(test[num])",
      after: ofScaled,
    },
  ],
  [
    "a scaler into the same columns",
    {
      prepare:
        "scaler = StandardScaler()\ntrain[num] = scaler.fit_transform(train[num])\ntest[num] = scaler.transform(test[num])",
    },
  ],
  [
    "dummies",
    {
      prepare:
        'X_train = pd.get_dummies(train[["age", "grade"]])\nX_test = pd.get_dummies(test[["age", "grade"]]).reindex(columns=X_train.columns, fill_value=0)',
      after: ofScaled,
    },
  ],
  [
    "dummies that are aligned",
    {
      prepare:
        'X_train = pd.get_dummies(train[["age", "grade"]])\nX_test = pd.get_dummies(test[["age", "grade"]])\nX_train, X_test = X_train.align(X_test, join="left", axis=1, fill_value=0)',
      after: ofScaled,
    },
  ],
  [
    "rows that are left out",
    { prepare: 'train = train[train["income"] < 9000].drop_duplicates()\ntrain = train.dropna(subset=["age"])' },
  ],
  ["rows that are drawn twice", { prepare: "train = train.sample(frac=2, replace=True, random_state=0)" }],
  [
    "the label",
    {
      from: files,
      prepare:
        'train["bad"] = train["bad"].map({"yes": 1, "no": 0})\nX_train = train.drop(columns=["bad"])\nX_test = test',
      after: ofScaled,
    },
  ],
  [
    "a column that no model takes",
    { prepare: 'train["weight"] = train["age"] * 2\ntest["name"] = test["grade"].str.lower()' },
  ],
  [
    "columns of a list that only the data tell",
    {
      prepare:
        'train["note"] = train["age"] * 2\nfeatures = [c for c in df.columns if c not in ("bad", "id")]\nX_train = train[features]\nX_test = test[features]',
      after: ofScaled,
    },
  ],
  [
    "weights",
    {
      prepare: 'weight = train["income"] / 100',
      after:
        'model = LogisticRegression().fit(train[num], train["bad"], sample_weight=weight)\nproba = model.predict_proba(test[num])[:, 1]\n',
    },
  ],
  [
    "another shape of the same values",
    {
      prepare: "X_train = train[num].values\nX_test = test[num].to_numpy()",
      after: ofScaled,
    },
  ],
  [
    "the same by other means",
    {
      prepare:
        'train["income"] = train["income"].clip(0, 9)\ntest["income"] = np.minimum(np.maximum(test["income"], 0), 9)',
    },
  ],
  [
    "functions with other names of their parameters",
    {
      prepare:
        'train["income"] = train["income"].apply(lambda x: x * 2)\ntest["income"] = test["income"].apply(lambda y: y * 2)',
    },
  ],
  [
    "a pipeline that holds the steps",
    {
      prepare: "model = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())",
      after: 'model.fit(train[num], train["bad"])\nproba = model.predict_proba(test[num])[:, 1]\n',
    },
  ],
  [
    "a dict of fills",
    {
      prepare:
        'fills = {"age": 0, "income": train["income"].median()}\ntrain = train.fillna(fills)\ntest = test.fillna(fills)',
    },
  ],
  [
    "all columns at once, and one by one",
    {
      prepare:
        'train = train.fillna(0)\ntest["age"] = test["age"].fillna(0)\ntest["income"] = test["income"].fillna(0)',
    },
  ],
  [
    "a fill that the rows of the fit do not need",
    { prepare: 'test["income"] = test["income"].fillna(test["income"].mode()[0])' },
  ],
  [
    "categories that only the answered rows have",
    {
      prepare:
        'rate = train.groupby("grade")["income"].mean()\ntrain["rate"] = train["grade"].map(rate)\ntest["rate"] = test["grade"].map(rate).fillna(0)\nnum = ["age", "rate"]',
    },
  ],
  [
    "a median, written down",
    {
      prepare:
        'train["income"] = train["income"].fillna(train["income"].median())\ntest["income"] = test["income"].fillna(4200.5)',
    },
  ],
  [
    "a fill before or after a logarithm",
    {
      prepare:
        'train["income"] = np.log1p(train["income"].fillna(0))\ntest["income"] = np.log1p(test["income"]).fillna(0)',
    },
  ],
  [
    "a fill within limits, before or after them",
    {
      prepare:
        'train["income"] = train["income"].fillna(5).clip(1, 9)\ntest["income"] = test["income"].clip(1, 9).fillna(5)',
    },
  ],
  [
    "texts in another order",
    {
      prepare:
        'train["grade"] = train["grade"].str.strip().str.lower().map({"a": 1})\ntest["grade"] = test["grade"].str.lower().str.strip().map({"a": 1})\nnum = ["age", "grade"]',
    },
  ],
  [
    "a pipeline that chooses its columns",
    {
      prepare:
        'numbers = list(df.select_dtypes("number").columns)\npipe = Pipeline([("columns", ColumnTransformer([("scale", StandardScaler(), numbers)])), ("model", LogisticRegression())])\ntrain["note"] = train["age"] * 2',
      after:
        'X = train.drop(columns=["bad"])\npipe.fit(X, train["bad"])\nproba = pipe.predict_proba(test.drop(columns=["bad"]))[:, 1]\n',
    },
  ],
  [
    "a transformer that chooses its columns",
    {
      prepare:
        'ct = ColumnTransformer([("scale", StandardScaler(), ["age", "income"])])\ntrain["note"] = train["age"] * 2\nX_train = ct.fit_transform(train[["age", "income", "note"]])\nX_test = ct.transform(test[["age", "income"]])',
      after: ofScaled,
    },
  ],
  [
    "arrays side by side",
    {
      prepare:
        'scaler = StandardScaler()\nX_train = np.hstack([scaler.fit_transform(train[num]), train[["term"]]])\nX_test = np.hstack([scaler.transform(test[num]), test[["term"]].values])',
      after: ofScaled,
    },
  ],
  [
    "a branch for each",
    {
      prepare: both('if train["income"].isnull().any():\n    train["income"] = train["income"].fillna(0)'),
    },
  ],
  [
    "a branch on one side",
    {
      prepare:
        'if train["income"].max() > 9000:\n    train["income"] = train["income"].clip(0, 9000)\ntest["income"] = test["income"].clip(0, 9000)',
    },
  ],
  [
    "an axis by its name",
    {
      prepare:
        'train["sum"] = train[num].sum(axis=1)\ntest["sum"] = test[num].sum(axis="columns")\nnum = ["age", "sum"]',
    },
  ],
  [
    "tables of two files that are put under each other",
    {
      from: files,
      prepare:
        'full = pd.concat([train.drop(columns=["bad"]), test])\nfull["income"] = full["income"].fillna(full["income"].median())\nX_train = full[: len(train)][num]\nX_test = full[len(train) :][num]',
      after: ofScaled,
    },
  ],
  [
    "what is learned by a function, with a directive",
    {
      prepare:
        'def top(d):\n    return d["income"].quantile(0.9)\n\n# cw: fit cap\ncap = top(train)\nfor d in (train, test):\n    d["income"] = d["income"].clip(0, cap)',
    },
  ],
];

it.each(innocent)("%s on both sides is left alone", async (_, one) => {
  expect(await said(one)).toEqual([]);
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
