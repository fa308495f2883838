import { expect, it } from "vitest";
import { notebookOf, predictorOf } from "./notebooks.ts";

const tables = 'a = df[["age", "income"]].copy()\nb = (df[["age", "income"]] * 2).copy()\n';
const end = 'y = df["bad"]\n';

/** What changes tables in loops and branches: which variable holds which of their versions. */
it.each([
  [
    "a branch in a loop",
    `${tables}for i in [1, 2]:
    if df["age"].mean() > i:
        a["age"] = a["age"] * i
        a["income"] = a["income"] + a["age"]
    a["age"] = a["age"] + 1
X = a
`,
    [
      "a = frame[['age', 'income']].copy()",
      "for i in [1, 2]:",
      "    if state.value_flag[i]:",
      "        a['age'] = a['age'] * i",
      "        a['income'] = a['income'] + a['age']",
      "    a['age'] = a['age'] + 1",
      "proba = state.model.predict_proba(a)[:, 1]",
    ],
  ],
  [
    "two tables that change places",
    `${tables}for i in [1, 2]:\n    a, b = b + i, a - i\nX = a + b\n`,
    [
      "a = frame[['age', 'income']].copy()",
      "b = (frame[['age', 'income']] * 2).copy()",
      "for i in [1, 2]:",
      "    a_2 = a.copy()",
      "    a = b + i",
      "    b = a_2 - i",
      "X = a + b",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
  ],
  [
    "a table that was there before, in one way",
    `${tables}if df["age"].mean() > 1:\n    a = b\nX = a + 1\n`,
    [
      "a = frame[['age', 'income']].copy()",
      "b = (frame[['age', 'income']] * 2).copy()",
      "if state.value_flag:",
      "    a = b.copy()",
      "X = a + 1",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
  ],
  [
    "a table that is needed as it was before the branch",
    `${tables}c = a["age"] * 0\nif df["age"].mean() > 1:\n    a["age"] = 1\nelse:\n    a["age"] = 2\nX = a\n`,
    [
      "a = frame[['age', 'income']].copy()",
      "if state.value_flag:",
      "    a['age'] = 1",
      "else:",
      "    a['age'] = 2",
      "proba = state.model.predict_proba(a)[:, 1]",
    ],
  ],
])("%s", async (_what, before, body) => {
  const found = await predictorOf(notebookOf({ before: before + end }));
  expect(found.errors).toEqual([]);
  expect(found.body.slice(0, -1)).toEqual(body);
});

it.each([
  ["in one way", `if df["age"].mean() > 1:\n    a = b\nb["age"] = 3\n`, ["CW3118"]],
  ["in a loop", `for i in [1, 2]:\n    a = b\nb["age"] = 3\n`, ["CW3118"]],
  ["without a branch", `a = b\nb["age"] = 3\n`, []],
])("a table that gets a second name and is changed after that: %s", async (_what, code, errors) => {
  expect((await predictorOf(notebookOf({ before: `${tables}${code}X = a\n${end}` }))).errors).toEqual(errors);
});
