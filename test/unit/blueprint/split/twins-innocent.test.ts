import { expect, it } from "vitest";
import { type Case, files, ofScaled, said, scaled } from "./twins-kit.ts";

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
