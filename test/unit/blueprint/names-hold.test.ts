import fc from "fast-check";
import { expect, it } from "vitest";
import type { Step } from "../../../src/blueprint/blueprint.ts";
import { blueprintOf } from "../compiler-core/kit.ts";

type Cell = readonly [kind: "code" | "markdown", text: string];

const md = (text: string): Cell => ["markdown", text];
const code = (text: string): Cell => ["code", text];

const imports = code(
  "import pandas as pd\nimport numpy as np\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.model_selection import train_test_split\nfrom sklearn.metrics import accuracy_score",
);

/** Notebooks as people write them: with headings, with none, with a title, with equal headings and prose in between. */
const notebooks: readonly (readonly Cell[])[] = [
  [
    md("# Credit risk\nWhat we do."),
    imports,
    md("## 1. Data"),
    code("df = pd.read_csv('a.csv')\nother = pd.read_csv('b.csv')"),
    md("Some prose."),
    code("df = df.merge(other, on='id')"),
    md("## 2. Features\n```\n# no heading\n```"),
    code("df['ratio'] = df['a'] / 3\nlimit = df['ratio'].quantile(0.9)"),
    md("## 3. Model"),
    code("X = df[['a', 'ratio']]\ny = df['y']\na, b, c, d = train_test_split(X, y, random_state=1)"),
    code("model = LogisticRegression(C=0.5).fit(a, c)"),
    md("## 3. Model"),
    code("p = model.predict(b)\nhits = accuracy_score(d, p)\nn = limit + 1"),
  ],
  [
    imports,
    code("df = pd.read_csv('a.csv')"),
    code("rates = pd.read_csv('b.csv')"),
    code("df['ratio'] = df['a'] / rates['rate'].mean()"),
    code("X = df[['a', 'ratio']]\ny = df['y']"),
    md("Now we split."),
    code("a, b, c, d = train_test_split(X, y, random_state=1)"),
    code("model = LogisticRegression(C=0.5).fit(a, c)"),
    code("p = model.predict(b)"),
    code("hits = accuracy_score(d, p)"),
  ],
  [
    imports,
    code("df = pd.read_csv('a.csv')\ndf['z'] = df['a'] * 2"),
    md("# Training"),
    code("model = LogisticRegression().fit(df[['a']], df['y'])"),
    md("# Scoring"),
    code("p = model.predict(df[['a']])\nshare = p.mean()"),
  ],
];

function text(cells: readonly Cell[]): string {
  const lines = cells.map(([kind, source]) => (kind === "code" ? `# %%\n${source}\n` : `# %% [markdown]\n${source}\n`));
  return lines.join("");
}

/** `step: variables that its statements bind or change`, of each step. */
const shape = (steps: readonly Step[]): readonly string[] =>
  steps.map(
    (s) =>
      `${s.name}: ${s.body
        .map((c) =>
          c.text
            .replace(/^#.*\n/gm, "")
            .split(/[=(]/)[0]
            ?.trim(),
        )
        .join("; ")}`,
  );

interface Edit {
  readonly what: string;
  /** Whether the last step may be another one. */
  readonly atEnd?: true;
  apply(cells: readonly Cell[], at: number): readonly Cell[];
}

const isCode = (cell: Cell | undefined): cell is Cell => cell?.[0] === "code";
const change = (cells: readonly Cell[], at: number, to: (source: string) => string): readonly Cell[] =>
  cells.map((cell, i): Cell => (i === at && isCode(cell) ? code(to(cell[1])) : cell));
/** The first place from `at` on behind the cell that reads the table. */
const behindRead = (cells: readonly Cell[], at: number): number =>
  Math.max(at, cells.findIndex(([, source]) => source.includes("read_csv")) + 1);
const put = (cells: readonly Cell[], at: number, cell: Cell): readonly Cell[] => cells.toSpliced(at, 0, cell);

const edits: readonly Edit[] = [
  {
    what: "prints a table",
    apply: (cells, at) => put(cells, behindRead(cells, at), code("print(df.shape)\ndf.head()")),
  },
  { what: "prints a figure", apply: (cells, at) => put(cells, behindRead(cells, at), code("print(df['y'].mean())")) },
  { what: "displays", apply: (cells, at) => put(cells, behindRead(cells, at), code("display(df.describe())")) },
  {
    what: "a comment",
    apply: (cells, at) => change(cells, at, (s) => `# model.fit(X), read_csv( and .predict(\n${s}`),
  },
  { what: "a comment behind", apply: (cells, at) => change(cells, at, (s) => `${s}  # .fit( train_test_split(`) },
  {
    what: "a literal",
    apply: (cells, at) => change(cells, at, (s) => s.replace(/\b[1-9]\b/, "7").replace("0.5", "0.25")),
  },
  { what: "another file", apply: (cells, at) => change(cells, at, (s) => s.replace("a.csv", "c.csv")) },
  { what: "prose", apply: (cells, at) => put(cells, at, md("Only words, `# no heading`.")) },
  { what: "code in prose", apply: (cells, at) => put(cells, at, md("```python\n# Not a heading\n```")) },
  {
    what: "prose elsewhere",
    apply(cells, at) {
      const from = cells.findIndex(([kind, source], i) => i >= at && kind === "markdown" && !source.includes("#"));
      return from === -1 ? cells : put(cells.toSpliced(from, 1), at, cells[from] ?? md(""));
    },
  },
  { what: "a cell at the end", atEnd: true, apply: (cells) => [...cells, code("last = df['a'].sum()")] },
  {
    what: "a section at the end",
    atEnd: true,
    apply: (cells) => [...cells, md("# More"), code("last = model.predict(df[['a']])")],
  },
];

it("names and borders of steps hold where an edit does not touch them", { timeout: 60_000 }, async () => {
  const known = await Promise.all(notebooks.map(async (cells) => shape((await blueprintOf(text(cells))).steps)));
  const literals = (s: string): string => s.replace(/[0-9]/g, "#");
  await fc.assert(
    fc.asyncProperty(
      fc.nat(notebooks.length - 1),
      fc.array(fc.tuple(fc.nat(edits.length - 1), fc.nat(12)), { minLength: 4, maxLength: 9 }),
      async (which, chosen) => {
        let cells = notebooks[which] ?? [];
        let atEnd = false;
        for (const [edit, at] of chosen) {
          const { apply, atEnd: ends } = edits[edit] ?? { apply: () => cells };
          cells = atEnd && !ends ? cells : apply(cells, Math.min(at, cells.length));
          atEnd ||= ends ?? false;
        }
        const before = known[which] ?? [];
        const after = shape((await blueprintOf(text(cells))).steps);
        const plain = (lines: readonly string[]) =>
          lines.map((line) => literals(line).replace(/; (?:mean_value|last)\b[^;]*/g, ""));
        const [old, now] = [plain(before), plain(after)];
        // What is put behind the last step changes that step at most, or adds one.
        expect(now.slice(0, old.length - (atEnd ? 1 : 0))).toEqual(old.slice(0, old.length - (atEnd ? 1 : 0)));
        if (!atEnd) expect(now).toHaveLength(old.length);
      },
    ),
    { numRuns: 30, seed: 41 },
  );
});
