import { expect, it } from "vitest";
import { compileNotebook } from "../../compiler-core/kit.ts";

/** Lags and windows are computed beside a declared history; everything that looks ahead, or at rows of no known order, is refused. */
const entity = "# cw: entity branch key branch at opened\n";
const serve = "# cw: serve predict(loan) -> proba\n";
const sort = 'df = df.sort_values(["branch", "opened"])\n';

/** A notebook whose feature `x` is made by `lag`. */
function notebookOf(lag: string, { declared = entity, asked = serve, before = sort } = {}): string {
  return `import pandas as pd
from sklearn.linear_model import LogisticRegression
${declared}df = pd.read_csv("loans.csv", parse_dates=["opened"])
# %%
${before}${lag}
# %%
train, test = df[df["opened"] < "2024-01-01"], df[df["opened"] >= "2024-01-01"]
model = LogisticRegression().fit(train[["age", "x"]], train["bad"])
proba = model.predict_proba(test[["age", "x"]])[:, 1]
${asked}`;
}

async function found(notebook: string) {
  const { blueprint, said, file } = await compileNotebook(notebook);
  const serving = blueprint?.serving;
  return {
    body: serving?.answers[0]?.lines.map((line) => line.text) ?? [],
    history: serving?.history,
    lookedAt: serving?.lookedAt,
    said: said.filter((one) => one.startsWith("CW31")).map((one) => one.slice(0, 6)),
    predictor: file("src/credit_risk/predictor.py") ?? "",
  };
}

const head = [
  "rows = all_rows(frame)",
  "rows = sorted_rows(frame[['branch', 'opened']], rows, ['branch', 'opened'])",
  "rows, frame = nearby_rows(rows, frame[['branch']], frame)",
];
const tail = [
  "frame = asked_rows(frame, rows)",
  "proba = state.model.predict_proba(frame[['age', 'x']])[:, 1]",
  'return {"proba": proba}',
];
const groups = "seen_rows(frame[['branch', 'amount']], rows, ['branch']).groupby('branch')['amount']";

it.each([
  ['df["x"] = df.groupby("branch")["amount"].shift(1)', `frame['x'] = for_each(frame, ${groups}.shift(1))`],
  ['df["x"] = df.groupby("branch")["amount"].diff()', `frame['x'] = for_each(frame, ${groups}.diff())`],
  ['df["x"] = df.groupby("branch")["amount"].cumsum()', `frame['x'] = for_each(frame, ${groups}.cumsum())`],
  ['df["x"] = df.groupby("branch")["amount"].ffill(limit=3)', `frame['x'] = for_each(frame, ${groups}.ffill(limit=3))`],
  [
    'df["x"] = df.groupby("branch")["amount"].transform(lambda s: s.shift(1).rolling(3).mean())',
    `frame['x'] = for_each(frame, ${groups}.transform(lambda s: s.shift(1).rolling(3).mean()))`,
  ],
  [
    'df["x"] = df.groupby("branch")["amount"].transform(lambda s: s - s.expanding().mean())',
    `frame['x'] = for_each(frame, ${groups}.transform(lambda s: s - s.expanding().mean()))`,
  ],
  [
    'df["x"] = df.groupby("branch")["amount"].transform("cumsum")',
    `frame['x'] = for_each(frame, ${groups}.transform('cumsum'))`,
  ],
  [
    'df["x"] = df.groupby("branch")["amount"].rolling(3).mean().reset_index(level=0, drop=True)',
    `frame['x'] = for_each(frame, ${groups}.rolling(3).mean().reset_index(level=0, drop=True))`,
  ],
])("%s", async (lag, line) => {
  const { body, said, history, lookedAt, predictor } = await found(notebookOf(lag));
  expect(said).toEqual([]);
  expect(body).toEqual([...head, line, ...tail]);
  expect([history, lookedAt]).toEqual([["loans"], ["amount", "branch", "opened"]]);
  expect(predictor).toContain("looks_back=True");
});

const shift = 'df["x"] = df.groupby("branch")["amount"].shift(1)';

it("row operations before a lag say which rows it looks at; those behind it do not matter", async () => {
  const before = `df = df[df["amount"] > 0].drop_duplicates("id", keep="last").dropna(subset=["term"])\n${sort}`;
  const { body } = await found(notebookOf(`${shift}\ndf = df.dropna(subset=["x"]).head(100)`, { before }));
  expect(body.slice(0, 5)).toEqual([
    "rows = all_rows(frame)",
    "rows = kept_rows(rows, frame['amount'] > 0)",
    "rows = distinct_rows(frame[['id']], rows, 'last')",
    "rows = complete_rows(frame[['term']], rows)",
    head[1],
  ]);
  expect(body.slice(-3)).toEqual(tail);
});

it("lags of other groups look at the rows of all of them", async () => {
  const lags = 'df["y"] = df.groupby("city")["amount"].shift(1)\ndf["x"] = df.groupby("branch")["y"].shift(1)';
  const { body } = await found(notebookOf(lags));
  expect(body.slice(0, 4)).toEqual([
    ...head.slice(0, 2),
    "frame['y'] = for_each(frame, seen_rows(frame[['city', 'amount']], rows).groupby('city')['amount'].shift(1))",
    "frame['x'] = for_each(frame, seen_rows(frame[['branch', 'y']], rows).groupby('branch')['y'].shift(1))",
  ]);
});

it("a history that the notebook puts before its rows is that of the predictor", async () => {
  const declared = `${entity}# cw: input history from "history.csv"\nhistory = pd.read_csv("history.csv", parse_dates=["opened"])\n`;
  const before = `df = pd.concat([history, df])\n${sort}`;
  const { body, history, said } = await found(notebookOf(shift, { declared, before }));
  expect(said).toEqual([]);
  expect(body.slice(0, 3)).toEqual(head);
  expect(history).toEqual(["history", "loans"]);
});

it.each([
  ["the row behind", 'df["x"] = df.groupby("branch")["amount"].shift(-1)'],
  ["a count that only the data tell", 'n = len(df)\ndf["x"] = df.groupby("branch")["amount"].shift(n)'],
  ["a window around", 'df["x"] = df.groupby("branch")["amount"].transform(lambda s: s.rolling(3, center=True).mean())'],
  ["a fill from behind", 'df["x"] = df.groupby("branch")["amount"].bfill()'],
  ["a rank", 'df["x"] = df.groupby("branch")["amount"].rank()'],
  [
    "a figure of the whole group beside a lag",
    'df["x"] = df.groupby("branch")["amount"].transform(lambda s: s.shift(1) / s.max())',
  ],
  ["a lag across groups", 'df["x"] = df["amount"].shift(1)'],
  ["rows that are counted before", `df = df.head(1000)\n${shift}`],
  ["rows in another order since", `df = df.sort_values("amount")\n${shift}`],
  [
    "an indexer that may look ahead",
    'w = pd.api.indexers.FixedForwardWindowIndexer(window_size=2)\ndf["x"] = df.groupby("branch")["amount"].transform(lambda s: s.rolling(w).mean())',
  ],
])("refused: %s", async (_what, lag) => {
  const { said } = await found(notebookOf(lag));
  expect(said.length).toBeGreaterThan(0);
  for (const code of said) expect(code).toMatch(/^CW311[12]$/);
});

it.each([
  ["not sorted", ""],
  ["sorted by something else", 'df = df.sort_values(["branch", "amount"])\n'],
  ["sorted the other way round", 'df = df.sort_values("opened", ascending=False)\n'],
])("refused: a lag of rows that are %s", async (_what, before) => {
  expect((await found(notebookOf(shift, { before }))).said).toEqual(["CW3112"]);
});

it("without a history a directive gets answers to batches alone, and a warning; without either nothing is served", async () => {
  const batch = await found(notebookOf(shift, { declared: "" }));
  expect(batch.said).toEqual(["CW3124"]);
  expect(batch.body).toEqual([...head, `frame['x'] = for_each(frame, ${groups}.shift(1))`, ...tail]);
  expect(batch.predictor).toContain("whole_batch=True");
  expect(batch.history).toBeUndefined();
  expect((await found(notebookOf(shift, { declared: "", asked: "" }))).said).toEqual(["CW3100"]);
  // Every row of a batch is answered: none may be left out of it.
  const before = `df = df.drop_duplicates("id")\n${sort}`;
  expect((await found(notebookOf(shift, { declared: "", before }))).said).toEqual(["CW3112"]);
});

it("a list of columns lacks what its condition leaves out", async () => {
  const { body } = await found(
    notebookOf(
      'df["x"] = df["amount"] * 2\ndf["days"] = df["opened"].diff().dt.days\nF = [c for c in df.columns if c in ("age", "x")] + ["term"]\ndf = df[F + ["opened", "bad"]]',
    ),
  );
  expect(body.join("\n")).not.toContain("days");
});
