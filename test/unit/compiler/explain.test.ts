import { expect, it } from "vitest";
import type { ExplainRequest } from "../../../src/compiler/session-contract.ts";
import type { MemoryHost } from "../../../src/foundation/host-memory.ts";
import { codes, creditCells, exampleHost, ipynb, repository, sessionOf } from "./kit.ts";

const choices = { adopt: [], overwrite: [], eject: [] };

async function built(host: MemoryHost = repository()): Promise<MemoryHost> {
  const session = await sessionOf(host);
  const { diagnostics } = await session.build({ models: [], checkOnly: false, choices });
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return host;
}

async function ask(host: MemoryHost, request: ExplainRequest) {
  return (await sessionOf(host)).explain(request);
}

/** The 1-based line of a file that contains a text. */
function lineOf(host: MemoryHost, file: string, text: string): number {
  const at = (host.text(file) ?? "").split("\n").findIndex((line) => line.includes(text));
  expect(at).toBeGreaterThanOrEqual(0);
  return at + 1;
}

const step = "production/credit-risk/src/credit_risk/steps/model.py";

it("follows a generated line to its cell, source, step and path", async () => {
  const host = await built();
  const line = lineOf(host, `/repo/${step}`, "y = (df");
  const { value, diagnostics } = await ask(host, { kind: "line", file: step, line });
  expect(diagnostics).toEqual([]);
  expect(value?.json).toMatchObject({
    explained: "line",
    file: step,
    disk: "same",
    origins: [
      {
        notebook: "notebooks/train.ipynb",
        cell: 5,
        cellId: "c5",
        line: 2,
        source: 'y = (df["bad"] == "Y").astype(int)',
        statements: [{ outcome: "step", step: "model", rule: "kept in the step `model`" }],
      },
    ],
  });
  expect(value?.text).toContain("from notebooks/train.ipynb:cell 5:2");
  expect(value?.text).toContain("y is needed at cell 5:4");
});

it.each([
  ["named ones", 'total = df["age"].sum()', "'age'"],
  ["computed ones", 'df["spare"] = df["income"]\ntotal = df["spare"].sum()', "'income'"],
  ["all but one", 'total = df.drop(columns=["bad"], errors="ignore").to_numpy()', "all but 'bad'"],
  ["whatever there is", "total = df.to_numpy()", "all"],
  ["only the rows", "total = len(df)", "none but its rows"],
])("lists the columns of a dataset that production uses: %s", async (_what, code, columns) => {
  const cell = `import pandas as pd\ndf = pd.read_csv("../data/loans.csv")\n${code}`;
  const host = repository({ "notebooks/train.ipynb": ipynb(cell) });
  const { value } = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 1, line: 2 });
  expect(value?.text).toContain(`\n    columns that production uses: ${columns}\n`);
  expect(value?.json).toMatchObject({ models: [{ statements: [{ columns: [columns] }] }] });
});

it.each([
  ["# the label", "cell 5:1"],
  ["import pandas as pd", "cell 2:2"],
])("follows %s, which has no origin of its own", async (text, where) => {
  const host = await built();
  const line = lineOf(host, `/repo/${step}`, text);
  expect((await ask(host, { kind: "line", file: step, line })).value?.text).toContain(
    `from notebooks/train.ipynb:${where}`,
  );
});

it("says of its own lines that they are its own, and around what", async () => {
  const host = await built();
  const { value } = await ask(host, { kind: "line", file: step, line: 1 });
  expect(value?.text).toContain("Crosswalk writes this line itself, around what comes from");
  expect(value?.json).toMatchObject({ origins: [] });
});

it("every line of the product's code with an origin names a line that has the same words", async () => {
  const host = await built(exampleHost());
  const file = "/repo/production/credit-risk/src/credit_risk/steps/clean.py";
  const lines = (host.text(file) ?? "").split("\n");
  const line = lines.findIndex((text) => text.includes('df["score_missing"] =')) + 1;
  const { value } = await ask(host, { kind: "line", file: file.slice(6), line });
  expect(value?.json).toMatchObject({ origins: [{ source: lines[line - 1]?.trim() }] });
});

it("says when the file on disk is not what a build would write, and follows the line where it is still there", async () => {
  const host = await built();
  const path = `/repo/${step}`;
  const line = lineOf(host, path, "y = (df");
  host.writeAtomic(path, `# mine\n${host.text(path)}`);
  const moved = await ask(host, { kind: "line", file: step, line: line + 1 });
  expect(moved.value?.json).toMatchObject({ disk: "differs", currentLine: line, origins: [{ cell: 5 }] });
  expect(moved.value?.text).toContain("differs from what a build would write now");
  const own = await ask(host, { kind: "line", file: step, line: 1 });
  expect(own.value?.json).toMatchObject({ disk: "differs", origins: [] });
  expect(own.value?.text).toContain("A build would write no such line");
});

it("names the line at which a statement stands now, after a comment of which nothing comes", async () => {
  const host = await built();
  const line = lineOf(host, `/repo/${step}`, "auc = ");
  const noted = creditCells.map((cell) =>
    typeof cell === "string" ? cell.replace("auc = ", "# how good it is\n\n\nauc = ") : cell,
  );
  host.writeAtomic("/repo/notebooks/train.ipynb", ipynb(...noted));
  const session = await sessionOf(host);
  const { value: result } = await session.build({ models: [], checkOnly: false, choices });
  expect(result?.models.map(({ outcome }) => outcome)).toEqual(["unchanged"]);
  const { value } = await ask(host, { kind: "line", file: step, line });
  expect(value?.json).toMatchObject({ origins: [{ cell: 7, line: 5, endLine: 5 }] });
});

it("explains a file that was never written as it would be", async () => {
  const { value } = await ask(repository(), { kind: "line", file: step, line: 1 });
  expect(value?.json).toMatchObject({ disk: "missing" });
  expect(value?.text).toContain("run `crosswalk build`");
});

it("tells what came of each statement of a cell, of its magics and directives", async () => {
  const notebook = ipynb(
    "%matplotlib inline\nimport pandas as pd",
    'df = pd.read_csv("../data/loans.csv")\ndf.head()\n# cw: skip "a try"\ntmp = df.sum()\ntotal = df["age"].sum()',
    "total",
  );
  const host = repository({ "notebooks/train.ipynb": notebook });
  const magic = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 1 });
  expect(magic.value?.json).toMatchObject({ magics: [{ line: 1, policy: "drop" }] });
  expect(magic.value?.text).toContain("%matplotlib inline\n    drop: ");
  const { value } = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 2 });
  expect(value?.json).toMatchObject({
    explained: "cell",
    kind: "code",
    models: [
      {
        model: "credit-risk",
        directives: [{ line: 3, kind: "skip" }],
        statements: [
          { line: 1, outcome: "step" },
          { line: 2, outcome: "dropped", rule: "dropped as display: it only shows something", generated: [] },
          { line: 4, outcome: "dropped", rule: "dropped as skipped: marked 'skip'" },
          { line: 5, outcome: "step" },
        ],
      },
    ],
  });
  expect(value?.text).toMatch(/production\/credit-risk\/src\/credit_risk\/steps\/\w+\.py:\d+/);
  const one = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 2, line: 5 });
  expect(one.value?.text).not.toContain("df.head");
  expect(one.value?.text).toContain("unread value: total");
});

it("generated lines that a cell names lead back to that cell", async () => {
  const host = await built();
  const { value } = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 6 });
  const [, file = "", line = ""] = /(production\S+\.py):(\d+)/.exec(value?.text ?? "") ?? [];
  const back = await ask(host, { kind: "line", file, line: Number(line) });
  expect(back.value?.json).toMatchObject({ origins: [{ cell: 6 }] });
});

it("takes a line of a .py notebook, and of an .ipynb's JSON", async () => {
  const text = "# %%\nimport pandas as pd\n# %%\ntotal = 1 + 2\n";
  const config = "model: credit-risk\nnotebooks: [nb.py]\n";
  const host = repository({ "crosswalk.yaml": config, "nb.py": text });
  const { value } = await ask(host, { kind: "line", file: "nb.py", line: 4 });
  expect(value?.json).toMatchObject({ cell: 2, models: [{ statements: [{ text: "total = 1 + 2" }] }] });
  const json = repository();
  const line = lineOf(json, "/repo/notebooks/train.ipynb", "auc = roc_auc_score");
  const inJson = await ask(json, { kind: "line", file: "notebooks/train.ipynb", line });
  expect(inJson.value?.json).toMatchObject({ cell: 7, models: [{ statements: [{ line: 2 }] }] });
});

it("finds files from the current folder first, then from the root", async () => {
  const host = { ...repository(), cwd: "/repo/notebooks" };
  expect((await ask(host, { kind: "cell", file: "train.ipynb", cell: 1 })).value).toBeDefined();
  expect((await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 1 })).value).toBeDefined();
  expect((await ask(host, { kind: "cell", file: "/repo/notebooks/train.ipynb", cell: 1 })).value).toBeDefined();
});

it.each<[string, ExplainRequest, string, RegExp]>([
  ["file", { kind: "line", file: "steps/modle.py", line: 1 }, "CW5101", /./],
  ["notebook", { kind: "cell", file: "notebooks/trian.ipynb", cell: 1 }, "CW5101", /notebooks\/train\.ipynb/],
  ["line", { kind: "line", file: step, line: 9999 }, "CW5102", /from 1 to \d+/],
  ["cell", { kind: "cell", file: "notebooks/train.ipynb", cell: 99 }, "CW5103", /from 1 to 8/],
  ["cell 0", { kind: "cell", file: "notebooks/train.ipynb", cell: 0 }, "CW5103", /from 1 to 8/],
  ["line of a cell", { kind: "cell", file: "notebooks/train.ipynb", cell: 3, line: 9 }, "CW5104", /from 1 to 3/],
  ["cell of a generated file", { kind: "cell", file: step, cell: 1 }, "CW5101", /model\.py:1/],
  ["own file", { kind: "line", file: "production/credit-risk/notes.md", line: 1 }, "CW5106", /./],
])("an unknown %s is a diagnostic that says what there is", async (_, request, code, fix) => {
  const host = await built();
  host.writeAtomic("/repo/production/credit-risk/notes.md", "mine\n");
  const { value, diagnostics } = await ask(host, request);
  expect(value).toBeUndefined();
  expect(codes(diagnostics)).toContain(code);
  expect(diagnostics.find((d) => d.code === code)?.fix).toMatch(fix);
});

it("says that nothing generated can be explained while the model has errors", async () => {
  const host = await built();
  host.writeAtomic("/repo/notebooks/train.ipynb", ipynb("x = unknown_name + 1\nmodel = x"));
  const { diagnostics } = await ask(host, { kind: "line", file: step, line: 3 });
  expect(codes(diagnostics)).toContain("CW5105");
  const cell = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 1 });
  expect(cell.value?.json).toMatchObject({ models: [{ built: false, statements: [{ outcome: "undecided" }, {}] }] });
});

it("tells what was left out of a kept statement, and the way of each kept statement to an output", async () => {
  const notebook = ipynb(
    'import pandas as pd\nfrom sklearn.linear_model import LinearRegression\ndf = pd.read_csv("../data/loans.csv").dropna()',
    'n = 0\nsizes = []\nfor col in ["age", "income"]:\n    n += 1\n    sizes.append(col)\n    # shown\n    print(col)',
    'X = df[["age"]] + n\nmodel = LinearRegression().fit(X, df["income"])',
  );
  const host = repository({ "notebooks/train.ipynb": notebook });
  const { value } = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell: 2 });
  expect(value?.json).toMatchObject({
    models: [
      {
        statements: [
          { line: 1, outcome: "step" },
          { line: 2, outcome: "dropped", rule: "dropped as exploratory: nothing that is kept needs sizes" },
          {
            line: 3,
            endLine: 7,
            outcome: "step",
            leftOut: [
              {
                line: 5,
                text: "sizes.append(col)",
                rule: "left out as exploratory: nothing that is kept depends on it",
              },
              { line: 7, text: "print(col)", rule: "left out as display: it only shows something" },
            ],
          },
        ],
      },
    ],
  });
  expect(value?.text).toContain("line 5: sizes.append(col)\n      left out as exploratory");
  for (const cell of [1, 2, 3]) {
    const story = await ask(host, { kind: "cell", file: "notebooks/train.ipynb", cell });
    const { models } = story.value?.json as unknown as {
      models: { statements: { outcome: string; path: string[] }[] }[];
    };
    for (const { outcome, path } of models[0]?.statements ?? [])
      if (outcome === "step") expect(path.at(-1)).toBe("that is kept for what it gives: estimator: model");
  }
});
