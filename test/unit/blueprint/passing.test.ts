import { expect, it } from "vitest";
import { compileNotebook } from "../compiler-core/kit.ts";

/**
 * Code of one step, what a later step does with it, and whether it may cross. `unknown`: the analysis does not know. A border
 * that was asked for stands then, and the product says so where it cannot store the value; any other gives way.
 */
const cases: readonly (readonly [what: string, one: string, two: string, crosses: boolean | "unknown"])[] = [
  ["an open file", "f = open('a.txt')", "n = len(f.read())", false],
  ["a generator", "g = (i * i for i in range(3))", "n = sum(g)", false],
  ["a generator of a function", "def f():\n    yield len('a')\ng = f()", "n = sum(g)", false],
  ["a lock", "import threading\nlock = threading.Lock()", "with lock:\n    n = len('x')", "unknown"],
  [
    "a pool",
    "from concurrent.futures import ThreadPoolExecutor\np = ThreadPoolExecutor()",
    "n = list(p.map(len, ['a']))",
    false,
  ],
  ["a thread's own data", "import threading\nt = threading.local()", "n = str(t)", "unknown"],
  [
    "a database connection",
    "import sqlite3\nc = sqlite3.connect('a.db')",
    "n = len(c.execute('select 1').fetchall())",
    false,
  ],
  [
    "a cursor",
    "import sqlite3\nc = sqlite3.connect('a.db').cursor()",
    "n = len(c.execute('select 1').fetchall())",
    false,
  ],
  ["a lambda in a list", "fs = [lambda x: x + 1, len]", "n = fs[0](1)", false],
  [
    "a closure",
    "def outer(k):\n    def inner(x):\n        return x + k\n    return inner\nf = outer(1)",
    "n = f(2)",
    false,
  ],
  ["a function in a dict", "def f(x):\n    return x + 1\nfs = {'f': f}", "n = fs['f'](2)", true],
  ["a random generator of the standard library", "import random\nr = random.Random(1)", "n = r.random()", false],
  ["a socket", "import socket\ns = socket.socket()", "n = s.fileno()", "unknown"],
  ["a process", "import subprocess\np = subprocess.Popen(['ls'])", "n = p.wait()", "unknown"],
  ["an instance", "class C:\n    def __init__(self, a):\n        self.a = a\nc = C(len('x'))", "n = c.a", true],
  [
    "a list of instances",
    "class C:\n    def __init__(self, a):\n        self.a = a\ncs = [C(len('x'))]",
    "n = cs[0].a",
    true,
  ],
  [
    "an instance that holds a lock",
    "import threading\nclass C:\n    def __init__(self):\n        self.a = threading.Lock()\nc = C()",
    "n = str(c.a)",
    "unknown",
  ],
  [
    "an instance that holds an open file",
    "class C:\n    def __init__(self):\n        self.a = open('a.txt')\nc = C()",
    "n = c.a.read()",
    false,
  ],
  [
    "an instance that holds a lambda",
    "class C:\n    def __init__(self):\n        self.f = lambda x: x\nc = C()",
    "n = c.f(2)",
    false,
  ],
  [
    "an instance that says how it is stored",
    "class C:\n    def __init__(self):\n        self.a = 1\n    def __reduce__(self):\n        return (C, ())\nc = C()",
    "n = c.a",
    false,
  ],
  [
    "an instance of a class in a function",
    "def make():\n    class C:\n        pass\n    return C()\nc = make()",
    "n = str(c.a)",
    false,
  ],
  [
    "a class on a base of a library",
    "import threading\nclass C(threading.Thread):\n    def run(self):\n        pass\nc = C()",
    "n = c.name",
    "unknown",
  ],
];

it.each(cases)("between declared steps: %s", async (_what, one, two, crosses) => {
  const { diagnostics, blueprint } = await compileNotebook(
    `# cw: step one\n${one}\n# %%\n# cw: step two -> n\n${two}\n`,
  );
  const errors = diagnostics.filter((d) => d.severity === "error");
  if (crosses !== false) {
    expect(errors.map((d) => d.message)).toEqual([]);
    expect(blueprint?.steps.map((s) => s.name)).toEqual(["one", "two"]);
  } else expect(errors.map((d) => `${d.code} in cell ${d.place?.cell}`)).toEqual(["CW3003 in cell 2"]);
});

it.each(cases)("between steps that nobody asked for: %s", async (_what, one, two, crosses) => {
  const headed = `# %% [markdown]\n# One\n# %%\n${one}\n# %% [markdown]\n# Two\n# %%\n${two}\n`;
  const { diagnostics, blueprint } = await compileNotebook(headed);
  expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
  expect(blueprint?.steps.map((s) => s.name)).toEqual(crosses === true ? ["one", "two"] : ["one"]);
});

const model = (methods: string): string =>
  `import pandas as pd\nclass M:\n    def __init__(self):\n        self.k = 0\n${methods}df = pd.read_csv('a.csv')\nm = M()\n`;
const fit = "    def fit(self, X):\n        self.k = len(X)\n        return self\n";
const predict = "    def predict(self, X):\n        return [self.k for _ in X]\n";
const kept: readonly (readonly [what: string, notebook: string, isKept: boolean])[] = [
  ["fitted, and predicts", `${model(fit + predict)}m.fit(df)\nm_out = m.predict(df)\n`, true],
  ["never fitted", `${model(fit + predict)}m.k = 3\n`, false],
  ["predicts nothing", `${model(fit)}m.fit(df)\n`, false],
];

it.each(kept)("a model of the notebook's own class is an estimator: %s", async (_what, notebook, isKept) => {
  const other =
    "from sklearn.linear_model import LinearRegression\nfitted = LinearRegression().fit(df[['a']], df['b'])\n";
  const { blueprint } = await compileNotebook(notebook + other);
  const names = blueprint?.steps.flatMap((s) => s.outputs.map((o) => o.name));
  expect(names).toContain("fitted");
  expect(names?.includes("m")).toBe(isKept);
  expect(names?.includes("m_out")).toBe(isKept);
});
