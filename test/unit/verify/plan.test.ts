import { beforeAll, expect, it } from "vitest";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { initPython } from "../../../src/python/engine.ts";
import { planOf } from "../../../src/verify/plan.ts";
import { compiled } from "./kit.ts";

beforeAll(() => initPython(nodeHost()));

const train = `# %%
!pip install pandas
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
df = pd.read_csv("loans.csv", sep=";")
# %%
df["income"] = df["income"].fillna(df["income"].median())
X_train, X_test, y_train, y_test = train_test_split(df[["age", "income"]], df["bad"], random_state=1)
# %%
model = LogisticRegression().fit(X_train, y_train)
proba = model.predict_proba(X_test)[:, 1]
# cw: serve predict(loan) -> proba
print(roc_auc_score(y_test, proba))
df.to_csv("out.csv")
`;

async function planned(text: string, config = "") {
  const { built, chain } = await compiled(text, config);
  if (!built) throw new Error("the notebook is not built");
  return planOf(
    built.blueprint,
    chain.notebooks.map((one) => one.notebook),
  );
}

it("served values are noted behind the statement that computes them, printed metrics where they stand", async () => {
  const plan = await planned(train);
  expect(plan.notes).toEqual([
    { notebook: "train.py", cell: 3, line: 2, values: { "answer/proba": "proba" } },
    { notebook: "train.py", cell: 3, line: 4, values: { "metric/roc_auc": "roc_auc_score(y_test, proba)" } },
  ]);
  expect(plan.served).toEqual(["proba"]);
  expect(plan.dataset).toEqual({ path: "loans.csv", format: "csv", options: { sep: "';'" } });
});

it("figures of one statement are noted apart, and apart from the prediction that stands in them", async () => {
  const printed =
    'print(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]), "and", roc_auc_score(y_test, -y_test))';
  const { notes } = await planned(train.replace(/proba = [\s\S]*print.*/, printed));
  expect(notes.map(({ values }) => values)).toEqual([
    { "answer/prediction": "model.predict_proba(X_test)[:, 1]" },
    { "metric/roc_auc": "roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])" },
    { "metric/roc_auc_2": "roc_auc_score(y_test, -y_test)" },
  ]);
});

it("cells are run as they stand, but for lines that install something", async () => {
  const [notebook] = (await planned(train)).notebooks;
  expect(notebook?.cells.map(({ cell }) => cell)).toEqual([1, 2, 3]);
  const [first = ""] = notebook?.cells.map(({ source }) => source) ?? [];
  expect(first.split("\n").slice(0, 2)).toEqual(
    ["pass", "import pandas as pd"].map((line) => expect.stringContaining(line)),
  );
  expect(first).not.toContain("pip");
});

it("written files and the notebook's own values of overridden parameters are part of the plan", async () => {
  const text = train.replace("random_state=1", "random_state=seed").replace("df = pd", "seed = 1\ndf = pd");
  const plan = await planned(text, "params: { seed: 7 }\n");
  expect(plan.overridden).toEqual(["seed=1"]);
  expect(Object.values(plan.files)).toEqual(["out.csv"]);
});

it("of a notebook without `serve` the answers count that its run can compute", async () => {
  const plan = await planned(train.replace(/# cw: serve.*\n/, ""));
  expect(plan.served).toEqual(["proba"]);
  expect(plan.promised).toEqual(["proba"]);
  const fitOnly = await planned(train.replace(/proba = [\s\S]*print.*\n/, ""));
  expect(fitOnly.served).toEqual(["prediction"]);
  expect(fitOnly.promised).toEqual(["prediction"]);
});

it("of a notebook without a model variables are planned, and no answer", async () => {
  const plan = await planned(train.replace(/model = [\s\S]*print.*\n/, "n = len(X_train)\n"));
  expect(plan.served).toEqual([]);
  expect(plan.dataset).toBeUndefined();
  expect(plan.expected.length).toBeGreaterThan(0);
});
