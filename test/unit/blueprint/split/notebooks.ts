import { compileNotebook } from "../../compiler-core/kit.ts";

/** One short notebook and what its predictor must be. */
export interface Case {
  readonly what: string;
  /** Between reading the table and the split into training and held-out rows; it makes `X` and `y`. */
  readonly before?: string;
  /** Fits, and assigns `proba` from rows held out. */
  readonly after?: string;
  /** The predictor's lines. */
  readonly body: readonly string[];
  /** The fields of the state, in order. */
  readonly fields: readonly string[];
}

const head = `import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler

df = pd.read_csv("loans.csv")
`;

const plainBefore = `X = df[["age", "income"]]
y = df["bad"]
`;

const cut = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=1)\n";

const plainAfter = `model = LogisticRegression().fit(X_train, y_train)
proba = model.predict_proba(X_test)[:, 1]
`;

const serve = "# cw: serve predict(loan) -> proba\n";

/** The statements of a notebook, each with the lines that belong to it. */
export function linesOf({
  before = plainBefore,
  after = plainAfter,
}: Pick<Case, "before" | "after">): readonly string[] {
  return `${head}${before}${cut}${after}`.trimEnd().split(/\n(?=\S)/);
}

/** A notebook that reads a table, splits its rows, fits and serves. */
export function notebookOf({ before = plainBefore, after = plainAfter }: Pick<Case, "before" | "after">): string {
  return [head, before, cut, after, serve].join("\n# %%\n");
}

/** The first answer of a notebook: its lines, the fields of the state (`call/name[]`), and the errors instead of it. */
export async function predictorOf(notebook: string) {
  const { blueprint, diagnostics } = await compileNotebook(notebook);
  const serving = blueprint?.serving;
  return {
    body: serving?.answers[0]?.lines.map((line) => line.text) ?? [],
    fields:
      serving?.fields.map((field) => [...field.within, `${field.name}${field.keyed ? "[]" : ""}`].join("/")) ?? [],
    errors: diagnostics.filter((one) => one.severity === "error").map((one) => one.code),
  };
}
