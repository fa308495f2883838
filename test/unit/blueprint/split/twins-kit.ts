import { expect } from "vitest";
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
export const split = `train, test = train_test_split(df, test_size=0.3, random_state=1)
train = train.copy()
test = test.copy()
`;
export const ends = `model = LogisticRegression().fit(train[num], train["bad"])
proba = model.predict_proba(test[num])[:, 1]
`;
const serve = "# cw: serve predict(loan) -> proba\n";

export const measured = `${ends}auc = roc_auc_score(test["bad"], proba)
`;

export interface Case {
  /** The third cell: what is done to the two tables. */
  readonly prepare: string;
  /** The second cell: where the two tables come from. */
  readonly from?: string;
  /** The fourth cell: the fit and the prediction. */
  readonly after?: string;
}

export async function said({ prepare, from = split, after = ends }: Case) {
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

export const scaled = (other: string): string => `scaler = StandardScaler()
X_train = scaler.fit_transform(train[num])
${other}
`;
export const ofScaled = `model = LogisticRegression().fit(X_train, train["bad"])
proba = model.predict_proba(X_test)[:, 1]
`;
export const files = `train = pd.read_csv("train.csv")
test = pd.read_csv("test.csv")
`;
