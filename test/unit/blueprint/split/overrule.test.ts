import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

const from = (above: string, statement: string, features = '"age", "income"'): string =>
  notebookOf({ before: `${above}${statement}X = df[[${features}]]\ny = df["bad"]\n` });

it("apply takes an unknown method at its word", async () => {
  const statement = 'df["income"] = df["income"].xs(0)\n';
  expect((await predictorOf(from("", statement))).errors).toEqual(["CW3111"]);
  const { body, errors } = await predictorOf(from("# cw: apply\n", statement));
  expect(errors).toEqual([]);
  expect(body[0]).toBe("frame['income'] = frame['income'].xs(0)");
});

it("apply keeps what rules know: a mean inside of the statement is training's", async () => {
  const statement = 'df["income"] = df["income"].fillna(df["income"].mean()).xs(0)\n';
  const { body, fields, errors } = await predictorOf(from("# cw: apply\n", statement));
  expect(errors).toEqual([]);
  expect(fields).toEqual(["income_mean", "model"]);
  expect(body.slice(0, 2)).toEqual([
    "part_1 = frame['income'].fillna(state.income_mean)",
    "frame['income'] = part_1.xs(0)",
  ]);
});

it("apply keeps a function of the notebook whole that cannot be gone through", async () => {
  const statement = `def grade(s):
    for i in range(3):
        if s.iloc[0] > i:
            return s * i
    return s
# %%
# cw: apply
df["income"] = grade(df["income"])
`;
  const { body, errors } = await predictorOf(from("", statement));
  expect(errors).toEqual([]);
  expect(body[0]).toBe("frame['income'] = grade(frame['income'])");
  expect((await predictorOf(from("", statement.replace("# cw: apply\n", "")))).errors).not.toEqual([]);
});

it("apply says nothing of a statement that only does something", async () => {
  const statement = 'def touch(t):\n    t.insert(0, "a", t["age"].xs(0))\n# %%\n# cw: apply\ntouch(df)\n';
  expect((await predictorOf(from("", statement, '"a", "age"'))).errors).not.toEqual([]);
});

it("apply does not hold for the statement after", async () => {
  const statement = '# cw: apply\na = df["age"] * 2\ndf["income"] = df["income"].xs(0)\n';
  expect((await predictorOf(from("", statement))).errors).toEqual(["CW3111"]);
});

it("fit makes a value training's, as it is at the end of its cell", async () => {
  const statement = '# cw: fit low\nlow = df["income"].xs(0)\nlow = low + 1\n# %%\ndf["income"] = df["income"] - low\n';
  const { body, fields, errors } = await predictorOf(from("", statement));
  expect(errors).toEqual([]);
  expect(fields).toEqual(["low", "model"]);
  expect(body[0]).toBe("frame['income'] = frame['income'] - state.low");
  expect((await predictorOf(from("", statement.replace("# cw: fit low\n", "")))).errors).toEqual(["CW3111"]);
});
