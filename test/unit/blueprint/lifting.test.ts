import { expect, it } from "vitest";
import { blueprintOf, compileNotebook, defaultConfig } from "../compiler-core/kit.ts";

const parameters: readonly (readonly [code: string, lifted: string])[] = [
  ["k = 3\nx = len('a') + k\n", "k: int = 3"],
  ["k = -1.5\nx = len('a') + k\n", "k: float = -1.5"],
  ["k = 0xFF\nx = len('a') + k\n", "k: int = 0xFF"],
  ["k = 12345678901234567890\nx = len('a') + k\n", "k: int = 12345678901234567890"],
  ["k = 'it\\'s'\nx = len(k)\n", "k: str = 'it\\'s'"],
  ["k = True\nx = not k\n", "k: bool = True"],
  ["k = ['a', 'b']\nx = len(k)\n", "k: list[str] = ['a', 'b']"],
  ["k = (1, 2.5)\nx = len(k)\n", "k: tuple[float, ...] = (1, 2.5)"],
  // Not one literal that stays as it is: no parameter.
  ["k = 3\nk = 4\nx = len('a') + k\n", ""],
  ["k = ['a']\nk.append('b')\nx = len(k)\n", ""],
  ["k = ['a']\nalias = k\nalias.append('b')\nx = len(k)\n", ""],
  ["for k in [1]:\n    pass\nk = 3\nx = k\n", ""],
  ["k = 3\nk += 1\nx = k * 2\n", ""],
  ["k = ['a', 1]\nx = len(k)\n", ""],
  ["k = None\nx = [k]\n", ""],
  ["_k = 3\nx = len('a') + _k\n", ""],
  ["k = len('abc')\nx = k + 1\n", ""],
  ["k = 3\nx = len('a') + k\ndel k\n", ""],
];

it.each(parameters)("parameters of %j: %s", async (code, lifted) => {
  const found = (await blueprintOf(code)).parameters.map((p) => `${p.name}: ${p.type} = ${p.default}`);
  expect(found.join("; ")).toBe(lifted);
});

it("a directive says more of a parameter, and never another value", async () => {
  const { parameters: found } = await blueprintOf(
    '# cw: param share: float = 0.3 in 0.05..0.5 "held out"\nshare = 0.3\nx = len("a") * share\n',
  );
  expect(found).toMatchObject([
    {
      name: "share",
      type: "float",
      value: 0.3,
      doc: "held out",
      domain: { kind: "range", low: 0.05, high: 0.5, lowOpen: false, highOpen: false },
    },
  ]);
});

const read = (path: string): string =>
  `import pandas as pd\nimport os\nfrom pathlib import Path\nBASE = '../data'\ndf = pd.read_csv(${path})\nx = df['a'].sum()\n`;

const places: readonly (readonly [argument: string, place: string | undefined])[] = [
  ["'a.csv'", "notebooks/a.csv"],
  ["'../data/a.csv'", "data/a.csv"],
  ["BASE + '/a.csv'", "data/a.csv"],
  ["f'{BASE}/a.csv'", "data/a.csv"],
  ["os.path.join(BASE, 'a.csv')", "data/a.csv"],
  ["Path(BASE) / 'a.csv'", "data/a.csv"],
  ["str(Path(BASE).joinpath('a.csv'))", "data/a.csv"],
  ["filepath_or_buffer='a.csv'", "notebooks/a.csv"],
  ["'/abs/a.csv'", "/abs/a.csv"],
  ["BASE + chr(65) + 'a.csv'", undefined],
];

it.each(places)("the place of read_csv(%s) is %s", async (argument, place) => {
  const { datasets, steps } = await blueprintOf(read(argument));
  expect(datasets.map((d) => d.path)).toEqual(place === undefined ? [] : [place]);
  if (place !== undefined) {
    expect(steps[0]?.body.map((c) => c.text).join("\n")).toMatch(/pd\.read_csv\((?:filepath_or_buffer=)?a_path\)/);
    expect(steps[0]?.datasets).toEqual(["a"]);
  }
});

it("datasets: names, directions, what the directive and crosswalk.yaml say", async () => {
  const { datasets } = await blueprintOf(
    'import pandas as pd\n# cw: input loans from "risk.loans" as csv "monthly"\ndf = pd.read_csv("a.csv")\nb = pd.read_csv("b.csv")\nagain = pd.read_csv("b.csv")\ndf["k"] = b["k"] + again["k"]\ndf.to_parquet("out.parquet")\n',
    { config: `${defaultConfig}data:\n  loans: { path: other/loans.csv, role: reference }\n` },
  );
  expect(datasets.map((d) => [d.name, d.mode, d.path, d.format, d.role, d.world ?? "", d.argument])).toEqual([
    ["loans", "input", "other/loans.csv", "csv", "reference", "risk.loans", "loans_path"],
    ["b", "input", "notebooks/b.csv", "csv", "source", "", "b_path"],
    ["out", "output", "notebooks/out.parquet", "parquet", "output", "", "out_path"],
  ]);
});

it.each([
  ["token = 'abcdefgh'\nx = len(token)\n", "TOKEN"],
  ["# cw: secret LAKE\npw = 'abcdefgh'\nx = len(pw)\n", "LAKE"],
  ["class C:\n    pass\nDB_PASSWORD = 'abcdefgh'\nx = len(DB_PASSWORD)\n", "DB_PASSWORD"],
])("a credential never reaches the product: %j", async (code, name) => {
  const { blueprint, compiled } = await compileNotebook(code);
  expect(blueprint?.secrets.map((s) => s.name)).toEqual([name]);
  expect(blueprint?.parameters).toEqual([]);
  expect(compiled?.files.length).toBeGreaterThan(20);
  expect(compiled?.files.filter((f) => f.text.includes("abcdefgh")).map((f) => f.path)).toEqual([]);
});

it("requirements: from imports that are kept, pinned as the repository pins them", async () => {
  const notebook = "import numpy as np\nimport pandas as pd\nimport seaborn\nimport yaml\nx = np.ones(3).sum()\n";
  const files = { "requirements.txt": "NumPy == 1.26.4 ; python_version > '3'  # why\n-r other.txt\npandas>=2\n" };
  const config = `${defaultConfig}dependencies: [ "scipy==1.14.1" ]\n`;
  const { requirements } = await blueprintOf(notebook, { files, config });
  expect(requirements.map((r) => [r.distribution, r.specifier ?? "", r.from, r.imports.join()])).toEqual([
    ["numpy", "==1.26.4", "requirements", "numpy"],
    ["PyYAML", "", "none", ""],
    ["scipy", "==1.14.1", "config", ""],
  ]);
});

it("metrics: the figures that are kept, by assignment or by printing", async () => {
  const { metrics, steps } = await blueprintOf(
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import roc_auc_score\ndf = pd.read_csv('a.csv')\nm = LogisticRegression().fit(df[['a']], df['t'])\np = m.predict(df[['b']])\n# cw: metric auc >= 0.6\nauc = roc_auc_score(df['t'], p)\nprint('again', round(roc_auc_score(df['t'], p), 3))\n",
  );
  expect(metrics.map((m) => [m.name, m.variable, m.op ?? "", m.value ?? "", m.declared])).toEqual([
    ["auc", "auc", ">=", 0.6, true],
    ["roc_auc", "roc_auc", "", "", false],
  ]);
  expect(steps.flatMap((s) => s.body.map((c) => c.text))).toContain("roc_auc = roc_auc_score(df['t'], p)");
});
