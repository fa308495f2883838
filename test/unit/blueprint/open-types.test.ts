import { expect, it } from "vitest";
import { blueprintOf, compileNotebook } from "../compiler-core/kit.ts";

const read = "import pandas as pd\ndf = pd.read_csv('a.csv')\n";

/** The Python of every step. */
async function bodies(code: string): Promise<string> {
  const { steps } = await blueprintOf(code);
  return steps.flatMap((step) => step.body.map((part) => part.text)).join("\n");
}

const loops: readonly (readonly [what: string, code: string, line: string | undefined])[] = [
  ["a row", "s = 0\nfor r in df.itertuples():\n    s += r.a\n", "r: Any\nfor r in df.itertuples():"],
  ["the key of a row", "s = 0\nfor i, r in df.iterrows():\n    s += i + r.a\n", "i: Any\nfor i, r in df.iterrows():"],
  [
    "the key of a group",
    "d = {}\nfor k, g in df.groupby('a'):\n    d[k] = len(g)\n",
    "k: Any\nfor k, g in df.groupby('a'):",
  ],
  [
    "groups with a name",
    "d = {}\nparts = df.groupby('a')\nfor k, g in parts:\n    d[k] = len(g)\n",
    "k: Any\nfor k, g in parts:",
  ],
  [
    "a loop in a loop",
    "d = {}\nfor c in ['a']:\n    for k, g in df.groupby(c):\n        d[k] = len(g)\n",
    "    k: Any\n    for k, g in df.groupby(c):",
  ],
  // Only where it helps, and once.
  ["a key that nobody reads", "n = 0\nfor k, g in df.groupby('a'):\n    n += len(g)\n", undefined],
  ["an underscore", "n = 0\nfor _, g in df.groupby('a'):\n    n += len(g)\n", undefined],
  ["a name with a type", "k = 0\nd = {}\nfor k, g in df.groupby('a'):\n    d[k] = len(g)\n", undefined],
  ["a list", "n = 0\nfor k in [1, 2]:\n    n += k\n", undefined],
  [
    "a notebook with an Any of its own",
    "Any = 1\nd = {}\nfor k, g in df.groupby('a'):\n    d[k] = len(g) + Any\n",
    undefined,
  ],
];

it.each(loops)("loop variables: %s", async (_what, code, line) => {
  const text = await bodies(read + code);
  if (line === undefined) expect(text).not.toContain(": Any");
  else expect(text).toContain(line);
});

const returns: readonly (readonly [what: string, code: string, text: string])[] = [
  [
    "what a library returns",
    "def f(t):\n    return t['a'].sum() / len(t)\n\n\ny = f(df) + 1\n",
    "-> AnyFloat:\n    return t['a'].sum() / len(t)",
  ],
  [
    "a table",
    "def f(t):\n    return t.dropna()\n\n\ny = f(df).copy()\n",
    "-> Likely[pd.DataFrame]:\n    return t.dropna()",
  ],
  ["a text", "def f(t):\n    return str(len(t))\n\n\ny = f(df) + ''\n", "-> Likely[str]:\n    return str(len(t))"],
];

it.each(
  returns,
)("returned values are as the notebook has them, and their types open: %s", async (_what, code, text) => {
  const { helpers } = await blueprintOf(read + code);
  expect(helpers.map((h) => h.code.text).join("\n")).toContain(text);
});

it("what only the rounds of a loop bind is left out of a run without a round", async () => {
  const { steps } = await blueprintOf(
    `${read}total = 0.0\nfor v in df['a'].tolist():\n    last = v * 2\n    total += last\nif len(df) > 1:\n    side = 1\nelse:\n    side = 2\n`,
  );
  const outputs = steps.flatMap((step) => step.outputs.map((o) => `${o.name}${o.maybe ? "?" : ""}`));
  expect(outputs).toEqual(expect.arrayContaining(["last?", "side", "total"]));
});

it("targets of loops within loops are no results", async () => {
  const { steps } = await blueprintOf(
    `${read}total = 0.0\nfor c in ['a', 'b']:\n    for k in [1, 2]:\n        total += k * df[c].sum()\n`,
  );
  const names = steps.flatMap((step) => step.outputs.map((o) => o.name));
  expect(names).toContain("total");
  expect(names).not.toContain("k");
  expect(names).not.toContain("c");
});

it("groups and indexes have names of their own in signatures", async () => {
  const { file } = await compileNotebook(
    `${read}def by(c):\n    return df.groupby('a')[c]\n\n\ndf['m'] = by('b').transform('mean')\nrare = df['a'].value_counts().index\n`,
  );
  expect(file("src/credit_risk/helpers.py")).toContain("-> AnyGroups:");
  expect(file("src/credit_risk/kinds.py")).toMatch(/^ {4}AnyIndex: TypeAlias = pd\.Index\[Any\] \| Any$/m);
});
