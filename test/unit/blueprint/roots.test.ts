import { expect, it } from "vitest";
import { findRoots } from "../../../src/blueprint/roots.ts";
import { flowOf } from "../compiler-core/kit.ts";

const kept = (code: string): readonly string[] => [...findRoots(flowOf(code), new Map(), new Set()).names.keys()];

const load = "import pandas as pd\ndf = pd.read_csv('a.csv')\n";
const show = "def show(s):\n    out = pd.Series([1])\n    out['more'] = s.mean()\n    print(out)\n";

it.each([
  ["what is only shown in the end is unread", `${load}${show}show(df['a'])\n`, ["df"]],
  ["what is read for a value is not", `${load}${show}show(df['a'])\nm = df['a'].mean()\n`, ["m"]],
  [
    "a function that leaves something behind reads for it",
    `${load}seen = []\ndef note(s):\n    seen.append(s.mean())\nnote(df['a'])\n`,
    ["seen"],
  ],
  [
    "a call that draws numbers and prints leaves none behind",
    `${load}import numpy as np\ndef show(s):\n    print(np.random.permutation(s)[0])\nshow(df['a'])\n`,
    ["df"],
  ],
])("without a model: %s", (_, code, names) => {
  expect(kept(code)).toEqual(names);
});

it.each([
  [
    "results of statsmodels, the earlier ones too",
    `${load}import statsmodels.api as sm\nm = sm.OLS(df['y'], df[['a']])\nfirst = m.fit()\nprint(first.summary())\nm = sm.OLS(df['y'], df[['b']])\nsecond = m.fit()\nprint(second.summary())\n`,
    ["first", "m", "second"],
  ],
  [
    "a booster",
    `${load}import xgboost as xgb\nparams = {'max_depth': 2}\nbst = xgb.train(params, xgb.DMatrix(df[['a']], label=df['y']))\nprint(bst.get_score())\n`,
    ["bst"],
  ],
  [
    "of a model that was never fitted nothing",
    `${load}import statsmodels.api as sm\nm = sm.OLS(df['y'], df[['a']])\nn = df['a'].mean()\n`,
    [],
  ],
])("fitted models are results: %s", (_, code, names) => {
  const roots = findRoots(flowOf(code), new Map(), new Set());
  expect([...roots.names].flatMap(([name, why]) => (why === "estimator" ? [name] : [])).sort()).toEqual(names);
});
