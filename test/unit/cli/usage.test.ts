import { expect, it } from "vitest";
import { run, type Setting } from "./harness.ts";

/** Command line, the code that is said, and words that must be part of it. */
const cases: readonly [argv: string[], code: string, words: string][] = [
  [["biuld"], "CW0080", "did you mean `crosswalk build`"],
  [["zzz"], "CW0080", "the commands are init, build, watch, check, verify, graph, explain, lock, fmt, schema"],
  [["build", "--fromat", "json"], "CW0081", "did you mean `--format`"],
  [["build", "--zzzzzz"], "CW0081", "see `crosswalk build --help`"],
  [["check", "--mx-warnings=3"], "CW0081", "no option `--mx-warnings`"],
  [["--quiet", "build"], "CW0107", "write it after the command: `crosswalk init --quiet`"],
  [["--verison"], "CW0107", "did you mean `--version`"],
  [["build", "--format", "jsn"], "CW0085", "did you mean `--format json`"],
  [["graph", "--format", "sarif"], "CW0085", "`json`, `dot`, `mermaid`"],
  [["check", "--color", "sometimes"], "CW0085", "`auto`, `always`, `never`"],
  [["check", "--max-warnings", "-1"], "CW0085", "a whole number from 0 up"],
  [["check", "--max-warnings", "many"], "CW0085", "a whole number from 0 up"],
  [["explain"], "CW0086", "`crosswalk explain` needs"],
  [["build", "--model"], "CW0086", "`crosswalk build` needs a value after `--model <name>`"],
  [["build", "notebook.ipynb"], "CW0087", "does not take `notebook.ipynb`"],
  [["init", "a", "b"], "CW0087", "does not take `b`"],
  [["lock", "pandas"], "CW0087", "crosswalk lock --update pandas"],
  [["check", "--output", "x.json"], "CW0104", "`--output x.json` has no `--format`"],
  [["check", "--format", "json", "--output", "a", "--output", "b"], "CW0104", "`--output b`"],
  [["check", "--format", "json", "--format", "sarif"], "CW0102", "`--format json` and `--format sarif`"],
  [["build", "--adopt", "--overwrite"], "CW0106", "`--adopt` and `--overwrite`"],
  [["build", "--check", "--eject", "x"], "CW0106", "`--check` and `--eject`"],
  [["explain", "CW901"], "CW0103", "did you mean `crosswalk explain CW9001`"],
  [["explain", "internl-error"], "CW0103", "did you mean `crosswalk explain internal-error`"],
  [["explain", "notebooks/train.ipynb"], "CW0103", "add a line or a cell"],
  [["explain", "nb.ipynb cell 7"], "CW0103", 'write `crosswalk explain "nb.ipynb:cell 7"`'],
  [["explain", "nb.ipynb cell 7 line 2"], "CW0103", 'write `crosswalk explain "nb.ipynb:cell 7:2"`'],
  [["explain", "my nb.ipynb Cell #7"], "CW0103", 'write `crosswalk explain "my nb.ipynb:cell 7"`'],
];

it.each(cases)("%j is refused with %s", async (argv, code, words) => {
  const ran = await run(argv);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(`error[${code} `);
  expect(ran.err).toContain(words);
  expect(ran.asked).toEqual([]);
  expect(ran.out).toBe("");
});

it("a refused command line keeps its format, so that machines can read the refusal", async () => {
  const ran = await run(["build", "--format", "json", "--adopt", "--overwrite"]);
  expect(JSON.parse(ran.out)).toMatchObject({ exitCode: 2, diagnostics: [{ code: "CW0106" }] });
  expect(ran.err).toBe("");
});

it("options reach the session as they were written", async () => {
  const all = { adopt: [], overwrite: [], eject: [] };
  const request = async (...argv: string[]): Promise<unknown> => (await run(argv)).asked[0];
  expect(await request("build")).toEqual(["build", { models: [], checkOnly: false, choices: all }]);
  expect(await request("build", "--model", "a", "--model=b", "--check")).toEqual([
    "build",
    { models: ["a", "b"], checkOnly: true, choices: all },
  ]);
  expect(await request("build", "--adopt", "x", "--adopt", "y", "--overwrite", "z", "--eject", "e")).toEqual([
    "build",
    { models: [], checkOnly: false, choices: { adopt: ["x", "y"], overwrite: ["z"], eject: ["e"] } },
  ]);
  expect(await request("build", "--overwrite")).toEqual([
    "build",
    { models: [], checkOnly: false, choices: { ...all, overwrite: "all" } },
  ]);
  expect(await request("lock")).toEqual(["lock", { models: [], update: undefined, uv: false }]);
  expect(await request("lock", "--update", "--uv")).toEqual(["lock", { models: [], update: "all", uv: true }]);
  expect(await request("lock", "--update", "a", "b")).toEqual(["lock", { models: [], update: ["a", "b"], uv: false }]);
  expect(await request("fmt", "--check", "n.ipynb")).toEqual(["fmt", { files: ["n.ipynb"], checkOnly: true }]);
  expect(await request("init", "models/churn")).toEqual(["init", "/repo/models/churn"]);
  expect(await request("explain", "src/a.py:12")).toEqual(["explain", { kind: "line", file: "src/a.py", line: 12 }]);
  expect(await request("explain", "nb.ipynb:cell", "3:2:5", "(id abc)")).toEqual([
    "explain",
    { kind: "cell", file: "nb.ipynb", cell: 3, line: 2 },
  ]);
  expect(await request("explain", "C:\\x\\nb.ipynb:cell 3")).toEqual([
    "explain",
    { kind: "cell", file: "C:\\x\\nb.ipynb", cell: 3 },
  ]);
});

it.each([
  ["build", true],
  ["build --dry-run", "read"],
  ["build --dry-run=json", "read"],
  ["build --check", false],
  ["build --check --dry-run", false],
  ["build --no-cache", false],
  ["build --dry-run --no-cache", false],
])("what is kept under .crosswalk is used and added to by: %s → %s", async (argv, expected) => {
  let isStored: unknown = "not asked";
  const during: Setting["during"] = (options) => {
    isStored = options.isStored;
  };
  await run(argv.split(" "), { during });
  expect(isStored).toBe(expected);
});

it.each([
  ["build", undefined],
  ["build --summary s.json", true],
  ["build --trace t.json", true],
  ["build --dry-run", undefined],
  ["build --dry-run=json", true],
])("every single action is told of by: %s", async (argv, expected) => {
  const { asked } = await run(argv.split(" "));
  expect((asked[0]?.[1] as { readonly tellActions?: boolean }).tellActions).toBe(expected);
});
