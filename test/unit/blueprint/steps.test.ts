import { expect, it } from "vitest";
import type { Step } from "../../../src/blueprint/blueprint.ts";
import { blueprintOf, compileNotebook } from "../compiler-core/kit.ts";

/** `load()->df; prepare(df)->x` */
const shape = (steps: readonly Step[]): string =>
  steps
    .map((s) => `${s.name}(${s.inputs.map((i) => i.name).join()})->${s.outputs.map((o) => o.name).join()}`)
    .join("; ");

const fit =
  "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.model_selection import train_test_split\n# %%\n";
const body =
  "df = pd.read_csv('a.csv')\n# %%\nX = df[['a']]\ny = df['b']\n# %%\na, b, c, d = train_test_split(X, y, random_state=0)\n# %%\nm = LogisticRegression().fit(a, c)\np = m.predict(b)\n";

const cases: readonly (readonly [what: string, notebook: string, steps: string])[] = [
  [
    "roles, where nothing else divides",
    fit + body,
    "load()->df; prepare(df)->X,y; split(X,y)->a,b,c,d; train(a,c)->m; evaluate(b,m)->p",
  ],
  [
    "headings, the deepest and last before a statement",
    `# %% [markdown]\n# Title\n## Read it\n# %%\nimport pandas as pd\ndf = pd.read_csv('a.csv')\n# %% [markdown]\n## 2. Cook & serve!\n# %%\nx = df['a'].sum()\n`,
    "read_it()->df; cook_serve(df)->x",
  ],
  [
    "one heading does not divide",
    "# %% [markdown]\n# Only\n# %%\nimport pandas as pd\ndf = pd.read_csv('a.csv')\nx = df['a'].sum()\n",
    "load()->df; prepare(df)->x",
  ],
  [
    "of equal headings the second gets more words",
    "# %% [markdown]\n# Part\n# %%\na = len('x')\n# %% [markdown]\n# Part\n# %%\nb = a + 1\n",
    "part()->a; part_b(a)->b",
  ],
  [
    "directives over headings, and bare statements before the first one",
    "# %% [markdown]\n# Ignored\n# %%\na = len('x')\n# %%\n# cw: step second\nb = a + 1\n# cw: step third\nc = b + 1\n",
    "prepare()->a; second(a)->b; third(b)->c",
  ],
  [
    "a border that a value cannot cross gives way",
    "# %% [markdown]\n# One\n# %%\nit = iter([1, 2])\nn = next(it)\n# %% [markdown]\n# Two\n# %%\nk = next(it) + n\n",
    "one()->k,n",
  ],
  [
    "a variable that two steps change goes in and out",
    "# cw: step one\nxs = [len('a')]\n# %%\n# cw: step two\nxs.append(2)\n# %%\n# cw: step three\nn = len(xs)\n",
    "one()->xs; two(xs)->xs; three(xs)->n",
  ],
  [
    "a variable that is bound on one way only comes in",
    "# cw: step one\na = len('x')\nb = len('y')\n# %%\n# cw: step two\nif b > 1:\n    a = b\n# %%\n# cw: step three\nc = a + 1\n",
    "one()->a,b; two(a,b)->a; three(a)->c",
  ],
  [
    "every last version is handed on; figures, counters, functions and older versions are not",
    "# cw: step one\nimport matplotlib.pyplot as plt\nn = len('abc')\nn = n + 1\nf = lambda x: x\nfig = plt.figure()\ntotal = 0\nfor i in range(n):\n    total += i\n_t = f(n)\nm = f(total) + _t\n",
    "one()->m,n,total",
  ],
  [
    "a step that lists what it gives gives that and what is needed",
    "# cw: step one -> c\na = len('x')\nb = a + 1\nc = a + b\n# %%\n# cw: step two -> d\nd = b + c\n",
    "one()->b,c; two(b,c)->d",
  ],
  [
    "a skipped statement is no part of a step",
    "a = len('x')\n# %%\n# cw: skip\nb = a\n# %%\nc = a + 1\n",
    "prepare()->a,c",
  ],
  [
    "a kept statement is one",
    `${fit}df = pd.read_csv('a.csv')\n# %%\n# cw: keep\nn = len(df)\n# %%\nm = LogisticRegression().fit(df[['a']], df['b'])\n`,
    "load()->df; prepare(df)->n; train(df)->m",
  ],
];

it.each(cases)("steps: %s", async (_what, notebook, steps) => {
  expect(shape((await blueprintOf(notebook)).steps)).toBe(steps);
});

it("a step is pure where the random state goes from step to step", async () => {
  const { steps } = await blueprintOf(
    "import numpy as np\n# cw: step one\nnp.random.seed(1)\na = np.random.rand(3)\n# %%\n# cw: step two\nb = np.random.rand(3) + a\n# %%\n# cw: step three\nc = b.sum()\n",
  );
  expect(steps.map((s) => [s.name, s.randomIn, s.randomOut])).toEqual([
    ["one", false, true],
    ["two", true, false],
    ["three", false, false],
  ]);
});

it("an expectation stands where it stands in the notebook", async () => {
  const { steps } = await blueprintOf(
    "a = len('abc')\n# cw: expect a > 2\nb = a + 1\nc = b + 1  # cw: expect b == 4\n# %%\nd = c + 1\n# cw: expect d > 0\n",
  );
  const [step] = steps;
  const at = (text: string): number => step?.checks.find((c) => c.text === text)?.at ?? -1;
  const line = (text: string): number => step?.body.findIndex((c) => c.text.startsWith(text)) ?? -1;
  expect(at("a > 2")).toBe(line("b ="));
  expect(at("b == 4")).toBe(line("c =") + 1);
  expect(at("d > 0")).toBe(line("d =") + 1);
});

it("a contract is checked right after the statement that makes its table", async () => {
  const { file } = await compileNotebook(
    "import pandas as pd\ndf = pd.read_csv('a.csv')\n# cw: contract df { a int >= 0; rows >= 1 }\nx = df['a'].sum()\n",
  );
  const text = file("src/credit_risk/steps/load.py") ?? "";
  expect(text).toMatch(/df = pd\.read_csv\(a_path\)\n {4}enforce\(df, DF_CONTRACT\)\n {4}return/);
});

it("every statement is in a step, lifted, or dropped with its reason", async () => {
  const { dropped } = await blueprintOf(
    `${fit}import os\nimport json\nDIR = 'data/'\ndf = pd.read_csv(DIR + 'a.csv')\ndf.head()\ndef unused():\n    return 1\n# %%\nscratch = df['a'].max()\n# %%\n# cw: skip\nskipped = 3\n# %%\nm = LogisticRegression().fit(df[['a']], df['b'])\n`,
  );
  expect(dropped.map((d) => [d.text, d.reason])).toEqual([
    ["from sklearn.model_selection import train_test_split", "unused import"],
    ["import os", "unused import"],
    ["import json", "unused import"],
    ["DIR = 'data/'", "folded"],
    ["df.head()", "display"],
    ["def unused():", "unused definition"],
    ["scratch = df['a'].max()", "exploratory"],
    ["skipped = 3", "skipped"],
  ]);
});
