import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

const column = (code: string): string =>
  `num = ["age", "income"]\ndf["new"] = ${code}\nX = df[["age", "new"]]\ny = df["bad"]\n`;

/** What is computed along a row is computed for a given row. */
it.each([
  ["df[num].mean(axis=1)", "frame[state.num].mean(axis=1)"],
  ["df[num].mean(1)", "frame[state.num].mean(1)"],
  ['df[num].max("columns")', "frame[state.num].max('columns')"],
  ["df[num].quantile(0.5, axis=1)", "frame[state.num].quantile(0.5, axis=1)"],
  ["df[num].to_numpy().sum(1)", "frame[state.num].to_numpy().sum(1)"],
  ["np.mean(df[num], axis=1)", "np.mean(frame[state.num], axis=1)"],
  ["np.max(df[num], 1)", "np.max(frame[state.num], 1)"],
  ["np.percentile(df[num], 10, axis=1)", "np.percentile(frame[state.num], 10, axis=1)"],
  ['np.mean([df["age"], df["income"]], axis=0)', "np.mean([frame['age'], frame['income']], axis=0)"],
  [
    'df["city"].str.split(" ", expand=True)[0]',
    "with_parts(frame['city'].str.split(' ', expand=True), state.city_str_split_columns)[0]",
  ],
  ['df["city"].str.extract(r"(\\d+)")[0]', "frame['city'].str.extract('(\\\\d+)')[0]"],
  ['df["city"].str.extract(r"(\\d+)", expand=False)', "frame['city'].str.extract('(\\\\d+)', expand=False)"],
  ['df["city"].isin(["a", "b"])', "frame['city'].isin(['a', 'b'])"],
])("of each row: %s", async (code, text) => {
  const { body, errors } = await predictorOf(notebookOf({ before: column(code) }));
  expect(errors).toEqual([]);
  expect(body.find((line) => line.startsWith("frame['new']"))).toBe(`frame['new'] = ${text}`);
});

/** What is computed over all rows is kept. */
it.each([
  ['df["age"] / df["age"].sum()', "frame['age'] / state.age_sum"],
  ['df["age"] - np.percentile(df["age"], 1)', "frame['age'] - state.percentile"],
  ['df["age"] - df[num].mean(axis=0)["age"]', "frame['age'] - state.num_mean_axis"],
])("over all rows: %s", async (code) => {
  const { body, errors } = await predictorOf(notebookOf({ before: column(code) }));
  expect(errors).toEqual([]);
  expect(body.find((line) => line.startsWith("frame['new']"))).toMatch(
    /^frame\['new'\] = frame\['age'\] [-/] state\.\w+$/,
  );
});

/** Never a column of training for a given row: what is neither of the two is refused. */
it.each([
  ["df[num].agg('mean', axis=1)", "CW3111"],
  ["df[num].mean(axis=AXIS)", "CW3111"],
  ["df[num].mode(axis=1)[0]", "CW3111"],
  ["df[num].quantile([0.2, 0.8], axis=1)[0.2]", "CW3111"],
  ["df[num].T.mean()", "CW3111"],
  ['np.mean([df["age"], df["income"]], axis=1)', "CW3111"],
  ['df["age"].isin(df["income"])', "CW3112"],
  ['df["age"].map(df["income"])', "CW3112"],
  ['np.isin(df["age"], df["income"])', "CW3112"],
  ['np.searchsorted(df["income"], df["age"])', "CW3112"],
  ['df["age"].reindex([3, 2, 1])', "CW3120"],
  ['df["city"].apply(pd.Series)[0]', "CW3111"],
  ['df["city"].str.extractall(r"(\\d)")[0]', "CW3111"],
])("neither: %s", async (code, error) => {
  const before = `AXIS = np.random.randint(2)\n${column(code)}`;
  expect((await predictorOf(notebookOf({ before }))).errors).toContain(error);
});
