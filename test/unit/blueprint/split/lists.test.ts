import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

const twoModels = `m1 = LogisticRegression().fit(X_train, y_train)
m2 = LogisticRegression(C=0.1).fit(X_train, y_train)
p1 = m1.predict_proba(X_test)[:, 1]
p2 = m2.predict_proba(X_test)[:, 1]
`;

const folds = "folds = KFold(3, shuffle=True, random_state=1)\n";
const turn = `for fit_rows, _ in folds.split(X_train):
    model = LogisticRegression().fit(X_train.iloc[fit_rows], y_train.iloc[fit_rows])
`;

it.each([
  [
    "added to nought",
    `${folds}proba = 0\n${turn}    proba = proba + model.predict_proba(X_test)[:, 1] / 3\n`,
    [
      "proba = 0",
      "for turn_1 in range(state.turn_1_count):",
      "    proba = proba + state.model[turn_1].predict_proba(X)[:, 1] / 3",
    ],
  ],
  [
    "collected",
    `${folds}parts = []\n${turn}    parts.append(model.predict_proba(X_test)[:, 1])\nproba = np.mean(parts, axis=0)\n`,
    [
      "parts = []",
      "for turn_1 in range(state.turn_1_count):",
      "    parts = [*parts, state.model[turn_1].predict_proba(X)[:, 1]]",
      "proba = np.mean(parts, axis=0)",
    ],
  ],
  [
    "collected, with one more",
    `${folds}${twoModels}parts = [p1]\n${turn}    parts.append(model.predict_proba(X_test)[:, 1])\nparts.append(p2)\nproba = sum(parts) / 5\n`,
    [
      "p1 = state.m1.predict_proba(X)[:, 1]",
      "p2 = state.m2.predict_proba(X)[:, 1]",
      "parts = [p1]",
      "for turn_1 in range(state.turn_1_count):",
      "    parts = [*parts, state.model[turn_1].predict_proba(X)[:, 1]]",
      "parts = [*parts, p2]",
      "proba = sum(parts) / 5",
    ],
  ],
  [
    "summed",
    `${twoModels}proba = sum([p1, p2]) / 2\n`,
    ["p1 = state.m1.predict_proba(X)[:, 1]", "p2 = state.m2.predict_proba(X)[:, 1]", "proba = sum([p1, p2]) / 2"],
  ],
])("the answers of several models: %s", async (_what, after, lines) => {
  const { body, errors } = await predictorOf(notebookOf({ after }));
  expect(errors).toEqual([]);
  expect(body.slice(1, -1)).toEqual(lines);
});

it.each([
  ["the largest of several lists", `${twoModels}proba = max([p1, p2])\n`, "CW3111"],
  [
    "a list that is changed otherwise",
    `${twoModels}parts = [m.predict(X_test) for m in [m1, m2]]\nparts.reverse()\nproba = parts[0]\n`,
    "CW3118",
  ],
  ["a list of arrays as a table", `${twoModels}proba = pd.DataFrame([p1, p2])\n`, "CW3111"],
])("lists that cannot be followed are refused: %s", async (_what, after, code) => {
  expect((await predictorOf(notebookOf({ after }))).errors).toContain(code);
});

it.each([
  [
    "side by side",
    'df = pd.concat([df[["age", "bad"]], df["income"].rename("twice")], axis=1)\nX = df[["age", "twice"]]\ny = df["bad"]\n',
    ["df = pd.concat([frame[['age']], frame['income'].rename('twice')], axis=1)", "X = df[['age', 'twice']]"],
  ],
  [
    "a list of columns",
    'X = pd.concat([df[c].fillna(0) for c in ["age", "income"]], axis=1)\ny = df["bad"]\n',
    ["X = pd.concat([frame[c].fillna(0) for c in ['age', 'income']], axis=1)"],
  ],
  [
    "columns collected in a loop",
    'parts = []\nfor c in ["age", "income"]:\n    parts.append(df[c].clip(0, 9))\nX = pd.concat(parts, axis=1)\ny = df["bad"]\n',
    [
      "parts = []",
      "for c in ['age', 'income']:",
      "    parts = [*parts, frame[c].clip(0, 9)]",
      "X = pd.concat(parts, axis=1)",
    ],
  ],
  [
    "a table that is changed when it is in the list",
    'a = df[["age"]].copy()\nparts = [a, df[["income"]]]\na["age"] = a["age"] * 2\nX = pd.concat(parts, axis=1)\ny = df["bad"]\n',
    [
      "a = frame[['age']].copy()",
      "parts_1 = frame[['income']]",
      "a['age'] = a['age'] * 2",
      "X = pd.concat([a, parts_1], axis=1)",
    ],
  ],
])("tables put side by side do not ask for the label: %s", async (_what, before, lines) => {
  const { body, errors } = await predictorOf(notebookOf({ before }));
  expect(errors).toEqual([]);
  expect(body.slice(0, -2)).toEqual(lines);
});

const sorted = "df.sort_values(c)[c].reset_index(drop=True)";

it.each([
  [
    "collected in a loop",
    `parts = []\nfor c in ["age", "income"]:\n    parts.append(${sorted})\nX = pd.concat(parts, axis=1)\n`,
  ],
  ["listed", `X = pd.concat([${sorted} for c in ["age", "income"]], axis=1)\n`],
  [
    "added up",
    `total = 0\nfor c in ["age", "income"]:\n    total = total + ${sorted}\ndf["total"] = total\nX = df[["total"]]\n`,
  ],
  ["in two lists", 'X = pd.concat([df["age"], df.sort_values("age")["income"]], axis=1)\n'],
  ["stacked", 'X = np.column_stack([df["age"], df.sort_values("age")["income"]])\n'],
])("columns whose rows are in an order of their own are refused: %s", async (_what, code) => {
  const { errors } = await predictorOf(notebookOf({ before: `${code}y = df["bad"]\n` }));
  expect(errors.filter((one) => one === "CW3116" || one === "CW3118")).toHaveLength(1);
});

const filtered = 'df = df[df["age"] > 20]\nvalues = StandardScaler().fit_transform(df[["age", "income"]])\n';

it.each([
  ["a table of them beside their rows", "", "", ["CW3116"]],
  ["a table of them with the labels of their rows", ", index=df.index", "", []],
  ["a table of them with the labels of other rows", ', index=df.sort_values("age").index', "", ["CW3120"]],
  ["a table of them beside rows that are numbered anew", "", ".reset_index(drop=True)", []],
])("arrays have no labels: %s", async (_what, index, reset, said) => {
  const made = `made = pd.DataFrame(values, columns=["a", "b"]${index})\n`;
  const before = `${filtered}${made}X = pd.concat([df[["income"]]${reset}, made], axis=1)\ny = df["bad"]\n`;
  expect((await predictorOf(notebookOf({ before }))).errors).toEqual(said);
});

it("arrays go into a table by their places", async () => {
  const before = `${filtered}df["scaled"] = values[:, 0]\nX = df[["scaled", "income"]]\ny = df["bad"]\n`;
  expect((await predictorOf(notebookOf({ before }))).errors).toEqual([]);
});
