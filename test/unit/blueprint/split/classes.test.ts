import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

const rates = (apply: string, more = "", bases = ""): string => `class Rates${bases}:
    """Keeps the mean of a column."""

    def __init__(self, column, weight=20):
        self.column = column
        self.weight = weight

    def learn(self, frame):
        self.mean = frame[self.column].mean() + self.weight
        return self

    def apply(self, frame):
        ${apply}
${more}
`;

const used = 'rates = Rates("age").learn(df)\ndf["new"] = rates.apply(df)\nX = df[["age", "new"]]\ny = df["bad"]\n';

it("a class of the notebook learns in one method and applies in another", async () => {
  const before = `${rates("return frame[self.column] / self.mean")}${used}`;
  const { body, fields, errors } = await predictorOf(notebookOf({ before }));
  expect(errors).toEqual([]);
  expect(fields).toEqual(["apply_df/self_mean", "model"]);
  expect(body[0]).toBe("frame['new'] = frame['age'] / state.self_mean");
});

it("what a method learns anew is what the next call finds", async () => {
  const after = 'rates.learn(df[df["age"] > 30])\n';
  const before = `${rates("return frame[self.column] / self.mean")}${used}${after}df["late"] = rates.apply(df)\nX = df[["new", "late"]]\n`;
  const { body, fields } = await predictorOf(notebookOf({ before }));
  expect(fields).toEqual(["apply_df/self_mean", "apply_df_2/self_mean_2", "model"]);
  expect(body.slice(0, 2)).toEqual([
    "frame['new'] = frame['age'] / state.self_mean",
    "frame['late'] = frame['age'] / state.self_mean_2",
  ]);
});

it("an object or list that holds itself is no endless one", async () => {
  const itself = rates("return frame[self.column] / self.mean").replace(
    "self.weight = weight",
    "self.me = self\n        self.weight = weight",
  );
  const before = `both = []\nboth.append(both)\n${itself}${used}`;
  expect((await predictorOf(notebookOf({ before }))).errors).toEqual([]);
});

it.each([
  ["it looks at other rows", rates("return frame[self.column].shift()"), ["CW3112"]],
  [
    "it counts its calls for each entry",
    rates(
      "return frame[self.column].apply(lambda a: self.step(a))",
      "\n    def step(self, a):\n        self.weight = self.weight + a\n        return self.weight\n",
    ),
    ["CW3111"],
  ],
  ["its rows are its own", rates("self.rows = frame\n        return self.rows[self.column].to_frame().T"), ["CW3118"]],
])("a class that cannot be followed is refused: %s", async (_what, definition, said) => {
  expect((await predictorOf(notebookOf({ before: `${definition}${used}` }))).errors).toEqual(said);
});
