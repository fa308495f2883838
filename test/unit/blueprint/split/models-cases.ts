import type { Case } from "./notebooks.ts";

/** What is done to the two sides and with models, and what the predictor must be. The last line, which gives the answer, is the same in all. */
export const modelCases: readonly Case[] = [
  {
    what: "a fill of both sides with the mode of one",
    after: `mode = X_train["age"].mode()[0]
X_train["age"] = X_train["age"].fillna(mode)
X_test["age"] = X_test["age"].fillna(mode)
model = LogisticRegression().fit(X_train, y_train)
proba = model.predict_proba(X_test)[:, 1]
`,
    body: [
      "X = frame[['age', 'income']].copy()",
      "X['age'] = X['age'].fillna(state.mode)",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["mode", "model"],
  },
  {
    what: "a scaler",
    after: `scaler = StandardScaler().fit(X_train)
model = LogisticRegression().fit(scaler.transform(X_train), y_train)
proba = model.predict_proba(scaler.transform(X_test))[:, 1]
`,
    body: ["X = frame[['age', 'income']]", "proba = state.model.predict_proba(state.scaler.transform(X))[:, 1]"],
    fields: ["model", "scaler"],
  },
  {
    what: "a function called for both sides: the way of the answer counts",
    after: `def prepare(frame):
    frame = frame.copy()
    frame["income"] = frame["income"].fillna(frame["income"].median())
    return frame

train = prepare(X_train)
test = prepare(X_test)
model = LogisticRegression().fit(train, y_train)
proba = model.predict_proba(test)[:, 1]
`,
    body: [
      "X = frame[['age', 'income']]",
      "frame = X.copy()",
      "frame['income'] = frame['income'].fillna(state.income_median)",
      "proba = state.model.predict_proba(frame)[:, 1]",
    ],
    fields: ["prepare_X_test/income_median", "model"],
  },
  {
    what: "two models averaged",
    after: `a = LogisticRegression().fit(X_train, y_train)
b = RandomForestClassifier(random_state=1).fit(X_train, y_train)
proba = (a.predict_proba(X_test)[:, 1] + b.predict_proba(X_test)[:, 1]) / 2
`,
    body: [
      "X = frame[['age', 'income']]",
      "proba = (state.a.predict_proba(X)[:, 1] + state.b.predict_proba(X)[:, 1]) / 2",
    ],
    fields: ["a", "b"],
  },
  {
    what: "the better of several models",
    after: `best = None
best_auc = 0
for c in [0.1, 1.0]:
    model = LogisticRegression(C=c).fit(X_train, y_train)
    auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])
    if auc > best_auc:
        best_auc = auc
        best = model
proba = best.predict_proba(X_test)[:, 1]
`,
    body: ["X = frame[['age', 'income']]", "proba = state.best.predict_proba(X)[:, 1]"],
    fields: ["best"],
  },
  {
    what: "a model saved and loaded again",
    after: `import joblib
scaler = StandardScaler().fit(X_train)
joblib.dump(scaler, "scaler.joblib")
again = joblib.load("scaler.joblib")
model = LogisticRegression().fit(again.transform(X_train), y_train)
proba = model.predict_proba(again.transform(X_test))[:, 1]
`,
    body: ["X = frame[['age', 'income']]", "proba = state.model.predict_proba(state.again.transform(X))[:, 1]"],
    fields: ["model", "again"],
  },
  {
    what: "a loop over both sides",
    after: `for part in (X_train, X_test):
    part["income"] = part["income"].fillna(0)
model = LogisticRegression().fit(X_train, y_train)
proba = model.predict_proba(X_test)[:, 1]
`,
    body: [
      "X = frame[['age', 'income']].copy()",
      "X['income'] = X['income'].fillna(0)",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["model"],
  },
  {
    what: "a pipeline",
    after: `from sklearn.pipeline import make_pipeline
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)
proba = model.predict_proba(X_test)[:, 1]
`,
    body: ["X = frame[['age', 'income']]", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["model"],
  },
  {
    what: "a threshold that training tuned",
    after: `model = LogisticRegression().fit(X_train, y_train)
p = model.predict_proba(X_test)[:, 1]
cut = np.quantile(p, 0.8)
proba = (p >= cut).astype(int)
`,
    body: [
      "X = frame[['age', 'income']]",
      "p = state.model.predict_proba(X)[:, 1]",
      "proba = (p >= state.cut).astype(int)",
    ],
    fields: ["model", "cut"],
  },
  {
    what: "one model for each fold",
    after: `folds = KFold(3, shuffle=True, random_state=1)
proba = np.zeros(len(X_test))
for fit_rows, _ in folds.split(X_train):
    model = LogisticRegression().fit(X_train.iloc[fit_rows], y_train.iloc[fit_rows])
    proba += model.predict_proba(X_test)[:, 1] / 3
`,
    body: [
      "X = frame[['age', 'income']]",
      "proba = np.zeros(len(frame))",
      "for turn_1 in range(state.turn_1_count):",
      "    proba = proba + state.model[turn_1].predict_proba(X)[:, 1] / 3",
    ],
    fields: ["turn_1_count", "model[]"],
  },
];
