import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

const stored = (code: string): string => notebookOf({ before: `${code}X = df[["age", "new"]]\ny = df["bad"]\n` });
const listed = (code: string): string => stored(`df["new"] = ${code}\n`);
const looped = (body: string, over = "_, row in df.iterrows()"): string =>
  stored(`new = []\nfor ${over}:\n${body.replace(/^/gm, "    ")}\ndf["new"] = new\n`);

it.each([
  ["of a column", listed('[max(a, 3) for a in df["age"]]'), "[max(a, 3) for a in frame['age']]"],
  ["of an array", listed('[a + 1 for a in df["age"].values]'), "[a + 1 for a in frame['age'].values]"],
  [
    "of two columns",
    listed('[a * b for a, b in zip(df["age"], df["income"])]'),
    "[a * b for a, b in zip(frame['age'], frame['income'])]",
  ],
  [
    "of rows",
    listed('[row["age"] * 2 for _, row in df.iterrows()]'),
    "[row['age'] * 2 for _, row in frame.iterrows()]",
  ],
  [
    "of a list",
    listed('[a > limit for a in df["age"].tolist()]').replace('df["new"]', 'limit = df["age"].mean()\ndf["new"]'),
    "[a > state.limit for a in frame['age'].tolist()]",
  ],
])("a list with an entry for each row: %s", async (_what, notebook, code) => {
  const { body, errors } = await predictorOf(notebook);
  expect(errors).toEqual([]);
  expect(body[0]).toBe(`frame['new'] = ${code}`);
});

it.each([
  ["plainly", 'new.append(row["age"] * 2)', undefined, "[row['age'] * 2 for _, row in frame.iterrows()]"],
  ["over a column", "new.append(a * 2)", 'a in df["age"]', "[a * 2 for a in frame['age']]"],
  [
    "by way of names",
    'a = row["age"]\nb = a + 1\nnew.append(a * b)',
    undefined,
    "[row['age'] * (row['age'] + 1) for _, row in frame.iterrows()]",
  ],
  [
    "on each way of a branch",
    'if row["age"] > 30:\n    new.append(1)\nelse:\n    new.append(0)',
    undefined,
    "[1 if row['age'] > 30 else 0 for _, row in frame.iterrows()]",
  ],
  [
    "after a branch",
    'a = 0\nif row["age"] > 30:\n    a = row["income"]\nnew.append(a)',
    undefined,
    "[row['income'] if row['age'] > 30 else 0 for _, row in frame.iterrows()]",
  ],
])("a loop that appends once for each row: %s", async (_what, text, over, code) => {
  const { body, errors } = await predictorOf(looped(text, over));
  expect(errors).toEqual([]);
  expect(body.slice(0, 2)).toEqual([`new = ${code}`, "frame['new'] = new"]);
});

it.each([
  ["what is appended before", 'new.append(len(new) + row["age"])'],
  ["a name of the turn before", 'if row["age"] > 3:\n    last = row["age"]\nnew.append(last)'],
  ["a name that goes on", 'last = last + row["age"]\nnew.append(last)'],
  ["not in each turn", 'if row["age"] > 30:\n    new.append(1)'],
  ["twice in a turn", 'new.append(1)\nnew.append(row["age"])'],
  ["a turn left out", 'if row["age"] > 30:\n    continue\nnew.append(1)'],
  ["the label of a row", 'new.append(_ + row["age"])'],
  ["a dict that is filled", 'seen[row["age"]] = 1\nnew.append(len(seen))'],
  ["a random number", 'new.append(row["age"] + np.random.rand())'],
  ["a list that has entries", 'new.append(row["age"])', "new = [1]\nnew.pop()\n"],
])("a loop whose turns are no function of their row is refused: %s", async (_what, text, before = "") => {
  const notebook = looped(text).replace("new = []\n", `new = []\nseen = {}\nlast = 0\n${before}`);
  expect((await predictorOf(notebook)).errors).not.toEqual([]);
});

it.each([
  ["a condition", '[a for a in df["age"] if a > 3]'],
  ["a dict that is filled", '[seen.setdefault(a, len(seen)) for a in df["age"]]'],
  ["a random number", '[a + np.random.rand() for a in df["age"]]'],
  ["an operator of lists", '[a for a in df["age"]] * 2'],
  ["columns of other rows", '[a * b for a, b in zip(df["age"], df.sort_values("age")["income"])]'],
  ["a list of other rows", '[a for a in df.sort_values("age")["age"]]'],
  ["the label of the row", "[i for i, row in df.iterrows()]"],
])("a list that is no function of each row is refused: %s", async (_what, code) => {
  const { errors } = await predictorOf(listed(code).replace('df["new"]', 'seen = {}\ndf["new"]'));
  expect(errors).not.toEqual([]);
});

it.each([
  ["a function that is applied draws numbers", "def f(a):\n    return a + np.random.rand()\n", 'df["age"].apply(f)'],
  ["one that is applied counts", "seen = {}\ndef f(a):\n    seen[a] = 1\n    return len(seen)\n", 'df["age"].apply(f)'],
])("not the same for each entry: %s", async (_what, before, code) => {
  const { errors } = await predictorOf(listed(code).replace('df["new"]', `${before}df["new"]`));
  expect(errors).not.toEqual([]);
});

const byLabel = (sort: string): string => stored(`sorted_df = df.${sort}\ndf["new"] = sorted_df["age"] + 1\n`);

it.each([
  ["all of them in another order", byLabel('sort_values("income")'), []],
  ["sorted twice", byLabel('sort_values("income").sort_index()'), []],
  ["some of them", byLabel('sort_values("income").head(10)'), ["CW3116"]],
  ["numbered anew", byLabel('sort_values("income", ignore_index=True)'), ["CW3116"]],
  ["numbered anew afterwards", byLabel('sort_values("income").reset_index(drop=True)'), ["CW3116"]],
])("a column goes to the rows with its labels: %s", async (_what, notebook, said) => {
  expect((await predictorOf(notebook)).errors).toEqual(said);
});

const helper = `def scaled(frame, column, reference=None):
    if reference is None:
        reference = frame
    return frame[column] / reference[column].mean()
`;

it("a table is not None, and an argument that is a literal is one in the function", async () => {
  const before = `${helper}X = pd.DataFrame({"a": scaled(df, "age"), "b": scaled(df, "income", df)})\ny = df["bad"]\n`;
  const { body, errors } = await predictorOf(notebookOf({ before }));
  expect(errors).toEqual([]);
  expect(body[0]).toBe(
    "X = pd.DataFrame({'a': frame['age'] / state.reference_mean, 'b': frame['income'] / state.reference_mean_2})",
  );
});

it("what a turn changes is not in the next one what it was before the loop", async () => {
  const before = `first = True
for c in ["age", "income"]:
    if first:
        df[c] = df[c] * 2
        first = False
    else:
        df[c] = df[c] / 2
X = df[["age", "income"]]
y = df["bad"]
`;
  const { body, fields } = await predictorOf(notebookOf({ before }));
  expect(fields).toContain("first_flag[]");
  expect(body.slice(1, 5)).toEqual([
    "    if state.first_flag[c]:",
    "        frame[c] = frame[c] * 2",
    "    else:",
    "        frame[c] = frame[c] / 2",
  ]);
});
