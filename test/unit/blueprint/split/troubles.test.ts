import { expect, it } from "vitest";
import { compileModel } from "../../../../src/compiler/compile.ts";
import { readPins } from "../../../../src/compiler/pins.ts";
import { loadWorkspace } from "../../../../src/config/load.ts";
import { compileNotebook, hostOf } from "../../compiler-core/kit.ts";
import { notebookOf } from "./notebooks.ts";

const label = 'y = df["bad"]\n';
const fit = "model = LogisticRegression().fit(X_train, y_train)\n";
const predict = "proba = model.predict_proba(X_test)[:, 1]\n";
/** One changed column, and the features with it. */
const column = (statement: string, name: string): string => `${statement}\nX = df[["age", "${name}"]]\n${label}`;

interface Trouble {
  /** Code, cell, line and column; the first cell reads the table, the second makes the features, the fourth fits. */
  readonly said: string;
  readonly text: string;
  readonly before?: string;
  readonly after?: string;
  /** The same where nothing is in the way. */
  readonly twin: { readonly before?: string; readonly after?: string };
}

const asValue = { before: column('df["place"] = df["branch"] * 2', "place") };

const troubles: readonly Trouble[] = [
  {
    said: "CW3111 2:1:14",
    text: "pd.qcut(x=df['income'], q=4, labels=False)",
    before: column('df["band"] = pd.qcut(x=df["income"], q=4, labels=False)', "band"),
    twin: { before: column('df["band"] = pd.qcut(df["income"], q=4, labels=False)', "band") },
  },
  {
    said: "CW3111 2:1:6",
    text: "df.astype({'branch': 'category'})",
    before: column('df = df.astype({"branch": "category"})\ndf["place"] = df["branch"].cat.codes', "place"),
    twin: { before: column('df["place"] = df["branch"].astype(dtype="category").cat.codes', "place") },
  },
  {
    said: "CW3112 2:1:16",
    text: "df.groupby('branch')['income'].apply(lambda s: s.fillna(s.mean()))",
    before: column('df["filled"] = df.groupby("branch")["income"].apply(lambda s: s.fillna(s.mean()))', "filled"),
    twin: {
      before: column(
        'df["filled"] = df["branch"].map(df.groupby("branch")["income"].apply(lambda s: s.fillna(0).mean()))',
        "filled",
      ),
    },
  },
  {
    said: "CW3116 2:2:25",
    text: "df.loc[df['age'] > 40, 'income'] * 2",
    before: column('old = df["age"] > 60\ndf.loc[old, "income"] = df.loc[df["age"] > 40, "income"] * 2', "income"),
    twin: { before: column('old = df["age"] > 60\ndf.loc[old, "income"] = df.loc[old, "income"] * 2', "income") },
  },
  {
    said: "CW3111 2:1:16",
    text: "df['income'].xs(0)",
    before: column('df["income"] = df["income"].xs(0)', "income"),
    twin: { before: column('df["income"] = df["income"].abs()', "income") },
  },
  {
    said: "CW3112 2:1:16",
    text: "df['income'].shift(1)",
    before: column('df["before"] = df["income"].shift(1)', "before"),
    twin: { before: column('df["before"] = df["income"].shift(1)', "income") },
  },
  {
    said: "CW3112 2:1:13",
    text: "df.groupby('city')['income'].cumsum()",
    before: column('df["sum"] = df.groupby("city")["income"].cumsum()', "sum"),
    twin: { before: column('df["sum"] = df["city"].map(df.groupby("city")["income"].sum())', "sum") },
  },
  {
    said: "CW3112 2:1:16",
    text: "df['income'].ffill()",
    before: column('df["income"] = df["income"].ffill()', "income"),
    twin: { before: column('df["income"] = df["income"].fillna(0)', "income") },
  },
  { said: "CW3113 2:1:15", text: "df.index", before: column('df["place"] = df.index', "place"), twin: asValue },
  {
    said: "CW3113 2:1:15",
    text: "np.arange(len(df))",
    before: column('df["place"] = np.arange(len(df))', "place"),
    twin: { before: column('df["place"] = np.arange(len(df))', "income") },
  },
  {
    said: "CW3114 2:1:15",
    text: "np.random.rand(len(df))",
    before: column('df["noise"] = np.random.rand(len(df))', "noise"),
    twin: { before: column('df["noise"] = np.random.rand(len(df))', "income") },
  },
  {
    said: "CW3114 2:2:15",
    text: "rng.normal(size=len(df))",
    before: `rng = np.random.default_rng(1)\n${column('df["noise"] = rng.normal(size=len(df))', "noise")}`,
    twin: { before: `rng = np.random.default_rng(1)\n${column('df["noise"] = rng.normal(size=len(df))', "income")}` },
  },
  {
    said: "CW3115 2:1:15",
    text: "pd.Timestamp.now()",
    before: column('df["days"] = (pd.Timestamp.now() - pd.to_datetime(df["opened"])).dt.days', "days"),
    twin: {
      before: column('df["days"] = (pd.Timestamp("2024-01-01") - pd.to_datetime(df["opened"])).dt.days', "days"),
    },
  },
  {
    said: "CW3116 2:2:15",
    text: "order['income'].values",
    before: column('order = df.sort_values("income")\ndf["other"] = order["income"].values', "other"),
    twin: { before: column('df["other"] = df["income"].values', "other") },
  },
  {
    said: "CW3116 2:1:6",
    text: "pd.concat([df, pd.read_csv('more.csv')])",
    before: column('df = pd.concat([df, pd.read_csv("more.csv")])', "income"),
    twin: {
      before: `${label}X = pd.concat([df[["age"]], df["income"].rename("twice")], axis=1)
`,
    },
  },
  {
    said: "CW3117 4:2:4",
    text: "X_test['age'].iloc[:1] > 30",
    after: `${fit}if X_test["age"].iloc[:1] > 30:\n    X_test["income"] = 0\n${predict}`,
    twin: { after: `${fit}if X_test["age"].max() > 30:\n    X_test["income"] = 0\n${predict}` },
  },
  {
    said: "CW3118 2:2:1",
    text: "parts",
    before: `parts = {}\nfor c in ["age", "income"]:\n    parts[c] = df[c] * 2\n${column('df["twice"] = parts["income"]', "twice")}`,
    twin: { before: column('parts = {"income": df["income"] * 2}\ndf["twice"] = parts["income"]', "twice") },
  },
  {
    said: "CW3119 2:1:15",
    text: "DBSCAN().fit_predict(df[['age', 'income']])",
    before: column('df["group"] = DBSCAN().fit_predict(df[["age", "income"]])', "group"),
    twin: { before: column('df["group"] = KMeans(random_state=1).fit_predict(df[["age", "income"]])', "group") },
  },
  {
    said: "CW3120 2:1:1",
    text: "df.loc[17, 'income']",
    before: column('df.loc[17, "income"] = 100', "income"),
    twin: { before: column('df.loc[17, "income"] = 100', "branch") },
  },
  {
    said: "CW3120 2:1:1",
    text: "df.at[17, 'income']",
    before: column('df.at[17, "income"] = 100', "income"),
    twin: { before: column('df.at[17, "income"] = 100', "branch") },
  },
  {
    said: "CW3120 2:1:1",
    text: "df.loc[3]",
    before: column("df.loc[3] = 0", "income"),
    twin: { before: column('df.loc[df["age"] == 3, "income"] = 0', "income") },
  },
  {
    said: "CW3121 4:3:29",
    text: "scaler",
    after: `scaler = joblib.load("scaler.joblib")\nmodel = LogisticRegression().fit(scaler.transform(X_train), y_train)\nproba = model.predict_proba(scaler.transform(X_test))[:, 1]\n`,
    twin: {
      after: `made = StandardScaler().fit(X_train)\njoblib.dump(made, "scaler.joblib")\nscaler = joblib.load("scaler.joblib")\nmodel = LogisticRegression().fit(scaler.transform(X_train), y_train)\nproba = model.predict_proba(scaler.transform(X_test))[:, 1]\n`,
    },
  },
  {
    said: "CW3122 4:2:1",
    text: "bad",
    before: `X = df\n${label}`,
    twin: { before: `X = df.drop(columns=["bad"])\n${label}` },
  },
];

const isSplitCode = /^CW31/;

async function split(parts: { readonly before?: string; readonly after?: string }, pandas = "2.2.3") {
  const files = { "requirements.txt": `pandas==${pandas}\nnumpy==1.26.4\nscikit-learn==1.5.2\njoblib==1.4.2\n` };
  const extra = "import joblib\nfrom sklearn.cluster import DBSCAN, KMeans\n";
  const notebook = notebookOf(parts).replace("\ndf = ", `\n${extra}df = `);
  const { diagnostics, said, blueprint, file } = await compileNotebook(notebook, { files });
  return {
    said: said.filter((one) => isSplitCode.test(one)),
    messages: diagnostics.filter((one) => isSplitCode.test(one.code)).map((one) => one.message),
    blueprint,
    file,
  };
}

it.each(troubles)("$said says where '$text' stands in the way", async ({ said, text, twin: _twin, ...parts }) => {
  const found = await split(parts);
  expect(found.said).toEqual([said]);
  expect(found.messages[0]?.startsWith(`'${text}'`)).toBe(true);
  expect(found.messages[0]).toContain("'predict'");
  expect(found.blueprint).toBeUndefined();
});

it.each(troubles)("the innocent twin of $said ('$text') is served", async ({ twin }) => {
  const found = await split(twin);
  expect(found.said).toEqual([]);
  expect(found.file("src/credit_risk/predictor.py")).toContain("def predict(");
});

it.each([
  ["2.2.3", []],
  [undefined, ["CW3123 2:1:1"]],
] as const)("a store into a selection is what pandas %s makes of it", async (pandas, said) => {
  const before = column('df["income"][df["income"] < 0] = 0', "income");
  const files = { "requirements.txt": pandas === undefined ? "" : `pandas==${pandas}\n` };
  const found = await compileNotebook(notebookOf({ before }), { files });
  expect(found.said.filter((one) => isSplitCode.test(one))).toEqual(said);
});

it.each([
  ["is not assigned", `${fit}probability = model.predict_proba(X_test)[:, 1]\n`],
  ["has no entry for each row", `${fit}proba = model.predict_proba(X_test)[:, 1].mean()\n`],
])("a serve directive whose value %s is told so at its place", async (why, after) => {
  const { said, messages } = await split({ after });
  expect(said).toEqual(["CW3101 5:1:1"]);
  expect(messages).toEqual([`'serve predict' gives 'proba', which ${why} at this place.`]);
});

/** What a program says that asks for predictors without directives. */
async function unasked(before: string) {
  const host = hostOf({ notebook: notebookOf({ before }).replace(/# cw: serve.*/, "") });
  const root = "/repo";
  const model = loadWorkspace(host, root).value?.models[0];
  if (!model) throw new Error("no model");
  const found = await compileModel({ host, root, model, pins: readPins(host, root, model), servesUnasked: true });
  return {
    said: found.diagnostics.filter((one) => isSplitCode.test(one.code)).map((one) => `${one.code} ${one.severity}`),
    blueprint: found.built?.blueprint,
  };
}

it("nobody asked: one note instead of a predictor, and the product is made", async () => {
  const { said, blueprint } = await unasked(column('df["before"] = df["income"].shift(1)', "before"));
  expect(said).toEqual(["CW3100 note"]);
  expect(blueprint).toBeDefined();
  expect(blueprint?.serving).toBeUndefined();
});

it("nobody asked, and nothing is in the way: the last prediction on rows held out is served", async () => {
  const { said, blueprint } = await unasked(column('df["before"] = df["income"].shift(1)', "income"));
  expect(said).toEqual([]);
  expect(blueprint?.serving?.answers.map((one) => one.values)).toEqual([["proba"]]);
});

it("rows of a table that the notebook writes itself are no raw rows: an error, not silence", async () => {
  const written =
    'df.to_csv("clean.csv", index=False)\ndf = pd.read_csv("clean.csv")\nX = df[["age", "income"]]\ny = df["bad"]\n';
  const { said, messages, file } = await split({ before: written });
  expect(said).toEqual(["CW3101 5:1:1"]);
  expect(messages[0]).toContain("goes back to a table that the notebooks write themselves");
  expect(file("src/credit_risk/predictor.py")).toBeUndefined();
});
