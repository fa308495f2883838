import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

const changed = 'df["income"] = df["income"] / 1000\n';
const rest = `${changed}X = df[["age"] + names]\ny = df["bad"]\n`;

/** A list of columns that is changed after it was written: what was seen in it first is not all of it. */
it.each([
  ["append", 'names = []\nnames.append("income")\n'],
  ["extend", 'names = []\nnames.extend(["income"])\n'],
  ["insert", 'names = []\nnames.insert(0, "income")\n'],
  ["in place", 'names = []\nnames += ["income"]\n'],
  ["in a loop", 'names = []\nfor name in ["income"]:\n    names.append(name)\n'],
  ["in a branch", 'names = []\nif df["age"].mean() > 3:\n    names.append("income")\n'],
  ["by another name", 'names = []\nother = names\nother.append("income")\n'],
  ["by another name in a branch", 'names = []\nother = names\nif df["age"].mean() > 3:\n    other.append("income")\n'],
  ["one entry", 'names = ["age"]\nnames[0] = "income"\n'],
  ["in a function", 'names = []\ndef grow(to):\n    to.append("income")\n\ngrow(names)\n'],
  ["in a function that knows it", 'names = []\ndef grow():\n    names.append("income")\n\ngrow()\n'],
  ["taken out", 'names = ["income", "city"]\nnames.remove("city")\n'],
  ["deleted", 'names = ["city", "income"]\ndel names[0]\n'],
])("a list of names that changes: %s", async (_how, before) => {
  const { body, errors } = await predictorOf(notebookOf({ before: before + rest }));
  expect(errors).toEqual([]);
  expect(body).toContain("frame['income'] = frame['income'] / 1000");
});

it("of a list that does not change nothing more is asked for", async () => {
  const { body } = await predictorOf(notebookOf({ before: `names = ["city"]\n${rest}` }));
  expect(body).not.toContain("frame['income'] = frame['income'] / 1000");
});

it.each([
  ["filled row by row", 'total = []\nfor _, row in df.iterrows():\n    total.append(3)\ndf["age"] = total\n', []],
  ["tables that a loop changes", 'both = {"a": df}\nfor one in both.values():\n    one["age"] = 1\n', ["CW3118"]],
  ["a table that is looked up", 'both = {"a": df}\ndf = both["a"]\n', []],
  ["a table that is taken out", "both = [df]\ndf = both.pop()\n", ["CW3118"]],
])("rows in containers: %s", async (_what, before, errors) => {
  const features = 'X = df[["age", "income"]]\ny = df["bad"]\n';
  expect((await predictorOf(notebookOf({ before: before + features }))).errors).toEqual(errors);
});
