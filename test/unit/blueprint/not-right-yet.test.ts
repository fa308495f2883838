import { expect, it } from "vitest";
import { compileNotebook } from "../compiler-core/kit.ts";

/**
 * Notebooks of which no faithful product is made yet, and nobody says so. A test fails here as it must; whoever mends a case
 * moves it to where it belongs. Each must become right, or be refused.
 */
const model =
  "from sklearn.linear_model import LogisticRegression\nimport pandas as pd\ndf = pd.read_csv('a.csv')\nX, t = df[['a']], df['t']\nm = LogisticRegression()\n";

const code: readonly (readonly [what: string, notebook: string, pattern: RegExp])[] = [
  ["a fit inside a print that shows a figure", `${model}print(m.fit(X, t), m.score(X, t))\n`, /m\.fit\(X, t\)/],
  [
    "a change inside a print that shows a figure",
    `${model}m.fit(X, t)\nlog = [1, 2]\nprint(m.score(X, t), log.pop())\nn = m.score(X, t) + len(log)\n`,
    /log\.pop\(\)/,
  ],
];

it.fails.each(code)("the code is kept, or refused: %s", async (_what, notebook, pattern) => {
  const { compiled, diagnostics } = await compileNotebook(notebook);
  const steps = compiled?.files.filter((f) => f.path.includes("/steps/")).map((f) => f.text) ?? [];
  expect(diagnostics.some((d) => d.severity === "error") || pattern.test(steps.join("\n"))).toBe(true);
});

const refused: readonly (readonly [what: string, notebook: string])[] = [
  ["__name__ is another name in a product", "rate = 1\nif __name__ == '__main__':\n    rate = 2\ny = rate * 3\n"],
  [
    "__file__ is not there in a notebook",
    "from pathlib import Path\ntry:\n    here = Path(__file__).parent\nexcept NameError:\n    here = Path('.')\ny = str(here)\n",
  ],
  ["a product cannot ask a person", "n = int(input())\ny = n + 1\n"],
  [
    "a cached function that is given a table",
    "import functools\nimport pandas as pd\ndf = pd.read_csv('a.csv')\n@functools.lru_cache\ndef f(k):\n    return df['a'].sum() * k\n# %%\ny = f(3)\n",
  ],
];

it.fails.each(refused)("refused: %s", async (_what, notebook) => {
  const { diagnostics } = await compileNotebook(notebook);
  expect(diagnostics.some((d) => d.severity === "error")).toBe(true);
});

it.fails("await at the top level is refused at its cell", async () => {
  const { diagnostics } = await compileNotebook("async def f():\n    return 3\nx = await f()\ny = x + 1\n");
  expect(diagnostics.find((d) => d.severity === "error")?.place?.cell).toBe(1);
});

it.fails("a decorated function computes a value like any other", async () => {
  const { blueprint } = await compileNotebook(
    "def deco(g):\n    def w(*a):\n        return g(*a) + 1\n    return w\n@deco\ndef f(x):\n    return x\n# %%\ny = f(1)\n",
  );
  expect(blueprint?.steps.flatMap((s) => s.outputs.map((o) => o.name))).toEqual(["y"]);
});

it.fails.each([
  [
    "in a function",
    "import pandas as pd\ndef read():\n    return pd.read_csv('rows.csv')\n# %%\nx = read()['a'].sum()\n",
  ],
  ["by Path", "from pathlib import Path\nx = len(Path('a.txt').read_text())\n"],
])("a relative file opened %s is a dataset, or a warning says that it is not", async (_where, notebook) => {
  const { blueprint, diagnostics } = await compileNotebook(notebook);
  expect((blueprint?.datasets.length ?? 0) > 0 || diagnostics.some((d) => d.code === "CW3009")).toBe(true);
});

it.fails.each([
  [
    "an argument of a call in a function",
    "import psycopg2\ndef open_it():\n    return psycopg2.connect(password='hunter2hunter2')\nc = open_it()\nx = [c]\n",
  ],
  ["a constant that a class reads", "TOKEN = 'hunter2hunter2'\nclass C:\n    t = TOKEN\nx = len(C().t)\n"],
  ["inside a branch", "if len('a'):\n    password = 'hunter2hunter2'\nx = len(password)\n"],
  ["a default", "def f(token='hunter2hunter2'):\n    return len(token)\nx = f()\n"],
  ["a value of a dict", "cfg = {'password': 'hunter2hunter2'}\nx = len(cfg)\n"],
  ["an item of os.environ", "import os\nos.environ['API_KEY'] = 'hunter2hunter2'\nx = os.environ['API_KEY']\n"],
])("a credential never reaches the product: %s", async (_where, notebook) => {
  const { compiled } = await compileNotebook(notebook);
  expect(compiled?.files.filter((f) => f.text.includes("hunter2")).map((f) => f.path)).toEqual([]);
});
