import { expect, it } from "vitest";
import { ipynbOf } from "../../../scripts/error-pages.ts";
import { compileNotebook } from "../compiler-core/kit.ts";

/** A script, the notebook that runs it as helper.py, and the name that is refused, if any. */
const cases: readonly (readonly [what: string, script: string, notebook: string, name: string])[] = [
  [
    "names are copied to the notebook",
    "rate = 2\ndef f(x):\n    return x * rate\n",
    "%run helper.py\n# %%\ny = f(3) + rate\n",
    "",
  ],
  [
    "its functions keep the script's globals",
    "rate = 2\ndef f(x):\n    return x * rate\n",
    "%run helper.py\n# %%\nrate = 3\ny = f(3)\n",
    "rate",
  ],
  [
    "they do with a global of the same value too",
    "rate = 2\ndef f(x):\n    return x * rate\n",
    "rate = 2\n# %%\n%run helper.py\n# %%\ny = f(3)\n",
    "",
  ],
  [
    "-i makes them one",
    "rate = 2\ndef f(x):\n    return x * rate\n",
    "%run -i helper.py\n# %%\nrate = 3\ny = f(3)\n",
    "",
  ],
  [
    "it does not see the notebook's names",
    "y = len(rows)\n",
    "rows = [1]\n# %%\n%run helper.py\n# %%\nz = y\n",
    "rows",
  ],
  ["-i lets it see them", "y = len(rows)\n", "rows = [1]\n# %%\n%run -i helper.py\n# %%\nz = y\n", ""],
  [
    "nor do its functions",
    "def f():\n    return len(rows)\n",
    "rows = [1]\n# %%\n%run helper.py\n# %%\nz = f()\n",
    "rows",
  ],
  [
    "it sees Python's own functions",
    "y = sum([1, 2])\n",
    "def sum(x):\n    return 0\n# %%\n%run helper.py\n# %%\nz = y + sum([])\n",
    "sum",
  ],
  [
    "its functions write its own globals",
    "n = 0\ndef f():\n    global n\n    n += 1\n",
    "%run helper.py\n# %%\nn = 5\nf()\ny = n\n",
    "n",
  ],
  [
    "what it deletes stays in the notebook",
    "i = 1\ny = i\ndel i\n",
    "i = 7\n# %%\n%run helper.py\n# %%\nz = i + y\n",
    "i",
  ],
  [
    "the same import on both sides is one thing",
    "import math\ndef f(x):\n    return math.sqrt(x)\n",
    "import math\n# %%\n%run helper.py\n# %%\ny = f(4) + math.pi\n",
    "",
  ],
  [
    "another import of that name is not",
    "import math as m\ndef f(x):\n    return m.sqrt(x)\n",
    "import cmath as m\n# %%\n%run helper.py\n# %%\ny = f(4)\nz = m.pi\n",
    "m",
  ],
  [
    "a loop variable on both sides",
    "t = 0\nfor i in range(3):\n    t += i\n",
    "for i in range(2):\n    pass\n# %%\n%run helper.py\n# %%\ny = t\n",
    "",
  ],
  [
    "run twice, it defines the same",
    "def g(x):\n    return x\ndef f(x):\n    return g(x)\n",
    "%run helper.py\n# %%\na = f(1)\n# %%\n%run helper.py\n# %%\nb = f(a)\n",
    "",
  ],
  [
    "run twice, it starts anew",
    "seen = []\ndef f(x):\n    seen.append(x)\n",
    "%run helper.py\n# %%\nf(1)\n# %%\n%run helper.py\n# %%\nf(2)\nn = len(seen)\n",
    "seen",
  ],
];

it.each(cases)("a script under run: %s", async (_what, script, notebook, name) => {
  const { diagnostics, compiled } = await compileNotebook(notebook, { files: { "notebooks/helper.py": script } });
  const [error] = diagnostics.filter((d) => d.severity === "error");
  expect(error ? `${error.code} ${/'(\w+)'/.exec(error.message)?.[1]}` : "").toBe(name === "" ? "" : `CW2009 ${name}`);
  expect(compiled?.files.length === 0).toBe(name !== "");
});

it("what stands in the comments of a script does not run", async () => {
  const script = "# %% [markdown]\n# text\n# %%\n# %env RATE=2\n# %run gone.py\nx = len('a')\n";
  const { diagnostics, blueprint } = await compileNotebook("%run helper.py\n# %%\ny = x + 1\n", {
    files: { "notebooks/helper.py": script },
  });
  expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
  expect(blueprint?.steps.flatMap((s) => s.outputs.map((o) => o.name))).toContain("y");
});

it("a notebook that %run brings in counts files from the folder of the notebook that was started", async () => {
  const files = {
    "notebooks/lib/setup.ipynb": ipynbOf("%run more.ipynb\n# %%\nimport pandas as pd\ndf = pd.read_csv('rows.csv')\n"),
    "notebooks/more.ipynb": ipynbOf("k = len('here')\n"),
    "notebooks/lib/more.ipynb": ipynbOf("k = len('not here')\n"),
  };
  const { blueprint } = await compileNotebook("%run lib/setup.ipynb\n# %%\ny = df['a'].sum() + k\n", { files });
  expect(blueprint?.datasets.map((d) => d.path)).toEqual(["notebooks/rows.csv"]);
  expect(blueprint?.notebooks).toContain("notebooks/more.ipynb");
  expect(blueprint?.notebooks).not.toContain("notebooks/lib/more.ipynb");
});
