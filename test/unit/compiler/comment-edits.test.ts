import fc from "fast-check";
import { expect, it } from "vitest";
import { incremental } from "../../../src/compiler/incremental.ts";
import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";
import { formats } from "./formats.ts";
import { type CellText, loans } from "./kit.ts";

/** A notebook with statements that are kept, some that are not, and warnings at several of them. */
const cells: readonly CellText[] = [
  { markdown: "# Load\nSome words" },
  "import os\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import (\n    accuracy_score,\n    roc_auc_score,\n)\nfrom sklearn.model_selection import train_test_split",
  { markdown: "Words only" },
  'SHARE = 0.25\ndf = pd.read_csv("../data/loans.csv")\ndf.head()\ndf.plot(\n    x="age",\n    y=["income", "bad"],\n)',
  "%matplotlib inline\nimport json\n\ndf.hist()\n%config A.b = 1",
  "%%time\nfor name in df.columns:\n    print(name)",
  { markdown: "# Model" },
  "def cleaned(frame):\n    out = frame.dropna()\n    if len(out) > 3:\n        out = out.head(3)\n    else:\n        out = out.copy()\n    return out\n\ndef unused(x):\n    y = x\n    return y\n\ndf = cleaned(df)",
  '# the label\ny = (df["bad"] == "Y").astype(int)\nX = df[\n    ["age", "income"]\n]\nX_train, X_test, y_train, y_test = train_test_split(X, y, test_size=SHARE)',
  "model = LogisticRegression()\ntry:\n    model.fit(X_train, y_train)\nexcept Exception:\n    pass\nfor i in range(3):\n    print(i)\nX.describe()",
  "proba = model.predict_proba(X_test)[:, 1]\nauc = roc_auc_score(y_test, proba)\nauc",
  '# cw: ignore CW4017 because "it is tried"\nscored = X_test.copy()\nscored["pd"] = proba\nscored.to_csv("../out/scored.csv", index=False)',
];

const names = Object.keys(formats);

function start(name: string, all: readonly CellText[]): MemoryHost {
  const host = memoryHost({
    "/repo/crosswalk.yaml": `model: credit\nnotebooks: [notebooks/${name}]\n`,
    "/repo/requirements.txt": "pandas==2.2.3\nscikit-learn==1.5.2\n",
    "/repo/data/loans.csv": loans,
  });
  write(host, name, all);
  return host;
}

function write(host: MemoryHost, name: string, all: readonly CellText[]): void {
  host.writeAtomic(`/repo/notebooks/${name}`, formats[name]?.(all) ?? "");
}

const fresh = (host: MemoryHost) => incremental({ host, root: "/repo", isStored: false });

/** What a build would write and say. */
async function outcome(compiler: ReturnType<typeof incremental>): Promise<unknown> {
  const { models, diagnostics } = await compiler.models();
  const made = [];
  for (const model of models) {
    const product = await compiler.product(model);
    const { files, notebooks, lock } = await product.load();
    made.push({ files, said: product.diagnostics, notebooks, lock, digest: product.digest });
  }
  return { made, diagnostics };
}

type Edit = (all: readonly CellText[]) => readonly CellText[];

const inCell =
  (from: string, to: string): Edit =>
  (all) => {
    if (!all.some((cell) => typeof cell === "string" && cell.includes(from))) throw new Error(`no cell has ${from}`);
    return all.map((cell) => (typeof cell === "string" ? cell.replace(from, to) : cell));
  };

/** An edit, and whether the model has to be compiled for it. */
const edits: readonly (readonly [name: string, edit: Edit, isCompiled: boolean])[] = [
  ["a comment above a statement that is not kept", inCell("df.head()", "# look at it\ndf.head()"), false],
  ["a comment at the end of a line", inCell("SHARE = 0.25", "SHARE = 0.25  # a quarter"), false],
  [
    "a comment at the end of a kept line",
    inCell("auc = roc_auc_score(y_test, proba)", "auc = roc_auc_score(y_test, proba)  # area"),
    false,
  ],
  ["a comment at the end of a cell", inCell("auc\0".slice(0, 3), "auc"), false],
  ["a comment above imports", inCell("import os", "# all imports\nimport os"), false],
  ["a comment above a function", inCell("def cleaned", "# a helper\n\n# of ours\ndef cleaned"), false],
  ["a comment in a function that nobody calls", inCell("    y = x", "    # a copy\n    y = x  # no copy"), false],
  ["a comment behind the colon of one", inCell("def unused(x):", "def unused(x):  # nobody calls it"), false],
  ["blank lines between statements", inCell("\nauc = ", "\n\n\n\nauc = "), false],
  ["blanks at the end of lines", inCell("SHARE = 0.25\n", "SHARE = 0.25  \t\n   \n"), false],
  ["a comment that is apart from what is kept", inCell("# the label\n", "# the label is bad\n\n# the label\n"), false],
  ["a comment above what is kept", inCell("# the label", "# the label of each row"), true],
  ["a comment in a function that is kept", inCell("    return out", "    # all of it\n    return out"), true],
  ["a comment before an else", inCell("    else:", "    # no more\n    else:"), true],
  ["a comment inside brackets that are kept", inCell('    ["age",', '    # two\n    ["age",'), true],
  ["a comment inside brackets that are not", inCell('    y=["income",', '    # two\n    y=["income",'), false],
  ["a comment behind a line of such brackets", inCell('x="age",', 'x="age",  # it\'s (1'), false],
  ["a blank line and other indentation in them", inCell('    y=["income",', '\n\n  y=["income",'), false],
  ["a comment in an import", inCell("    roc_auc_score,", "    # the area\n    roc_auc_score,  # and more"), false],
  ["a line end in brackets that was none", inCell('["income", "bad"]', '["income",\n "bad"]'), true],
  ["a comment behind a magic's line, below it", inCell("inline\n", "inline\n# to draw\n\n"), false],
  ["a comment above a magic", inCell("%config", "# so\n%config"), false],
  ["a comment in a timed cell", inCell("    print(name)", "    # each\n    print(name)  # of them"), false],
  ["a magic", inCell("%config A.b = 1", "%config A.b = 2"), true],
  ["a magic that moves", inCell("%matplotlib inline\nimport json\n", "import json\n%matplotlib inline\n"), true],
  ["a comment above what must be the first line", inCell("%%time", "# time\n%%time"), true],
  ["a directive above a magic", inCell("%config", "# cw: step x\n%config"), true],
  ["a directive inside brackets", inCell('    y=["income",', '    # cw: step x\n    y=["income",'), true],
  ["a name inside brackets", inCell('x="age",', 'x="income",'), true],
  ["a directive", inCell("df.head()", "# cw: step look\ndf.head()"), true],
  ["a comment above a directive", inCell("# cw: ignore CW4017", "# why\n# cw: ignore CW4017"), false],
  [
    "a directive that goes behind code",
    inCell("out = out.copy()\n", 'out = out.copy()\n        # cw: ignore CW4017 because "x"\n'),
    true,
  ],
  ["a directive that is none any more", inCell("# cw: ignore CW4017", "# ignore CW4017"), true],
  ["a comment that looks like a directive", inCell("df.head()", "# crosswalk: step look\ndf.head()"), true],
  ["code", inCell("SHARE = 0.25", "SHARE = 0.3"), true],
  ["code in a comment", inCell("auc = roc", "# auc = roc"), true],
  [
    "words of Markdown",
    (all) => all.map((cell, i) => (i === 2 ? { markdown: "Other words\n- and a list" } : cell)),
    false,
  ],
  [
    "words below a heading",
    (all) => all.map((cell, i) => (i === 0 ? { markdown: "# Load\nOther words" } : cell)),
    false,
  ],
  ["a heading", (all) => all.map((cell, i) => (i === 6 ? { markdown: "# Fit" } : cell)), true],
  [
    "a Markdown cell in the place of another",
    (all) => [...all.slice(0, 2), { markdown: "New" }, ...all.slice(3)],
    false,
  ],
  ["a Markdown cell at the end", (all) => [...all, { markdown: "The end" }], false],
  ["a Markdown cell above code", (all) => [...all.slice(0, 3), { markdown: "New" }, ...all.slice(3)], true],
  ["a Markdown cell that goes", (all) => all.filter((_, i) => i !== 2), true],
];

/** In the other formats, where ids come from the code, some of them. */
const table = names.flatMap((name, format) =>
  edits.flatMap(([what, edit, isCompiled], i) =>
    format === 0 || i % 9 === format ? [[what, name, edit, isCompiled] as const] : [],
  ),
);

it.each(table)("an edit is compiled only where it counts: %s (%s)", async (_what, name, edit, isCompiled) => {
  const host = start(name, cells);
  const compiler = fresh(host);
  await outcome(compiler);
  write(host, name, edit(cells));
  compiler.refresh();
  const now = await outcome(compiler);
  expect(compiler.compiled().size).toBe(isCompiled ? 1 : 0);
  expect(now).toEqual(await outcome(fresh(host)));
});

it("the notebook has warnings at several places", async () => {
  const compiler = fresh(start("train.ipynb", cells));
  const [model] = (await compiler.models()).models;
  const said = model ? (await compiler.product(model)).diagnostics : [];
  expect(new Set(said.map(({ code }) => code))).toEqual(new Set(["CW4003", "CW4010", "CW4011", "CW4017"]));
});

/** Edits of the text of a cell at any of its lines, whatever stands there. */
const lineEdit: fc.Arbitrary<(code: string) => string> = fc
  .record({
    at: fc.nat(30),
    column: fc.nat(60),
    how: fc.constantFrom("above", "behind", "blank", "tail", "space", "join", "drop", "indented", "ends"),
    text: fc.constantFrom(
      "# a note",
      "#",
      "# cw: step part",
      '# it\'s "so" (1',
      "    # deep",
      "# noqa",
      "# type: ignore",
    ),
  })
  .map(({ at, column, how, text }) => (code: string) => {
    const lines = code.split("\n");
    const i = at % lines.length;
    const line = lines[i] ?? "";
    const put = (...now: readonly string[]): string => lines.toSpliced(i, 1, ...now).join("\n");
    if (how === "above") return put(text, line);
    if (how === "indented") return put(`${/^\s*/.exec(line)?.[0] ?? ""}${text.trim()}`, line);
    if (how === "behind") return put(`${line}  ${text.trim()}`);
    if (how === "blank") return put("", line);
    if (how === "tail") return put(`${line} \t`);
    if (how === "ends") return `${code}\n${text}\n\n`;
    if (how === "drop") return line.trimStart().startsWith("#") ? put() : code;
    const space = line.indexOf(" ", column % (line.length + 1));
    if (space < 0) return code;
    return put(`${line.slice(0, space)}${how === "join" ? " \\\n " : "  "}${line.slice(space + 1)}`);
  });

const cellEdit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(20), lineEdit).map(
      ([nth, edit]): Edit =>
        (all) => {
          const code = all.flatMap((cell, i) => (typeof cell === "string" ? [i] : []));
          const chosen = code[nth % Math.max(code.length, 1)];
          return all.map((cell, i) => (i === chosen && typeof cell === "string" ? edit(cell) : cell));
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(20), fc.constantFrom("Words", "## Part", '<!-- cw: limit "few rows" -->', "")).map(
      ([at, markdown]): Edit =>
        (all) =>
          all.toSpliced(at % (all.length + 1), 0, { markdown }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(20).map(
      (at): Edit =>
        (all) => {
          const i = at % all.length;
          return typeof all[i] === "string" ? all : all.toSpliced(i, 1);
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(20), fc.nat(20)).map(
      ([from, to]): Edit =>
        (all) => {
          const cell = all[from % all.length];
          if (cell === undefined || typeof cell === "string") return all;
          const rest = all.toSpliced(from % all.length, 1);
          return rest.toSpliced(to % (rest.length + 1), 0, cell);
        },
    ),
  },
);

it.each(
  names,
)("whatever is edited in %s, what is kept equals a clean build, from memory and from the store", async (name) => {
  await fc.assert(
    fc.asyncProperty(fc.array(cellEdit, { minLength: 2, maxLength: 6 }), async (changes) => {
      let now = cells;
      const host = start(name, now);
      const compiler = fresh(host);
      await outcome(compiler);
      for (const change of changes) {
        now = change(now);
        write(host, name, now);
        compiler.refresh();
        const clean = await outcome(fresh(host));
        expect(await outcome(compiler), JSON.stringify(now)).toEqual(clean);
        const later = incremental({ host, root: "/repo", isStored: true });
        expect(await outcome(later), JSON.stringify(now)).toEqual(clean);
        expect(later.store?.save()).toEqual([]);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 3), seed: Number(process.env.SEED ?? 777), endOnFailure: true },
  );
}, 600_000);
