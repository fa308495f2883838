import { expect, it } from "vitest";
import { failedTest, rules } from "../../../src/config/text-rules.ts";

// What the `packaging` library takes and refuses.
it.each<[keyof typeof rules, readonly string[], readonly string[]]>([
  [
    "pythonVersions",
    [
      ">=3.11",
      ">= 3.11 , <4",
      "==3.12.*",
      "!=3.12.1",
      "~=3.11",
      "~=3.11.2",
      "===3.11",
      ">=3.13.0rc1",
      "<3.14.dev0",
      ">3",
      ">=v3.11",
      "==3.11+local.1",
      "==1!3.11",
      ">=3.11.post1",
    ],
    [
      "",
      "3.11",
      "=3.11",
      "=>3.11",
      "^3.11",
      "~3.11",
      ">=",
      ">=3.11 <4",
      ">=3.11,",
      ">=3.11.*",
      "~=3",
      "~=3.*",
      ">=three",
      ">=3..1",
      ">=3.11; x",
      "3.11+",
      "*",
    ],
  ],
  [
    "requirement",
    [
      "pandas",
      "pandas>=2",
      "pandas >=2.2, <3",
      "pandas[parquet]",
      "pandas[a,b]~=2.1",
      "a-b_c.d==1.0",
      "x (>=1)",
      'tomli>=2; python_version < "3.11"',
      "pkg @ https://host.example/pkg.whl",
      "pkg @ git+https://host.example/r.git@v1",
    ],
    [
      "",
      "-e .",
      "-r r.txt",
      "--index-url x",
      "pandas=2",
      "pandas>>2",
      "pandas[",
      "pandas>=2 <3",
      "./local",
      "-pandas",
      "pandas-",
      "pan das",
      "https://host.example/pkg.whl",
    ],
  ],
  [
    "modelName",
    ["a", "credit-risk", "a_b-2"],
    ["", "A", "a--b", "-a", "a-", "1a", "a.b", "a/b", "class", "größe", "a\n"],
  ],
  [
    "dataName",
    ["a", "risk.applications", "Größe", "_x", "step"],
    ["", "a.", ".a", "a..b", "a-b", "1a", "a.1b", "class", "a.class", "import.a", "a b"],
  ],
  ["pythonName", ["test_size", "Größe", "_", "match", "classes"], ["", "a.b", "a-b", "1a", "None", "lambda", "a b"]],
  [
    "notebookPath",
    ["a.ipynb", "nb/a b.ipynb", "./a.py", "../a.py"],
    ["", " a", "/a", "~/a", "C:\\a", "C:/a", "a\\b", "s3://a/b", "a*.ipynb", "a\nb"],
  ],
  [
    "dataPath",
    ["a.csv", "s3://b/k.parquet", "https://h.example/a.csv?x=1", "data/*.csv"],
    ["/a", "~/a", "C:/a", "file:///a", "file:a", "c:a", "https://u:p@h.example/a", "a\\b"],
  ],
  [
    "workspacePattern",
    ["models/*", "**", "a/**/b", "."],
    ["../*", "a/../b", "..", "/a", "a?", "[ab]", "{a,b}", "!a", "m/crosswalk.yaml"],
  ],
  ["variable", ["PATH", "_x1"], ["1A", "A-B", "$A", "A=b", ""]],
  ["connection", ["warehouse", "a.b-c"], ["", "a b", "postgresql://u:p@h", "a-"]],
  ["checkName", ["CW4007", "cw4007", "label-leak", "seed"], ["CW407", "label_leak", "Label", ""]],
])("%s takes and refuses what it should", (name, yes, no) => {
  expect(yes.filter((text) => failedTest(rules[name], text) !== undefined)).toEqual([]);
  expect(no.filter((text) => failedTest(rules[name], text) === undefined)).toEqual([]);
});

it("judges no text slowly", () => {
  const started = process.cpuUsage().user;
  for (const rule of Object.values(rules)) {
    for (const part of ["a", " ", "a.", "a-", "1.", "a[", ",", ">=1,", "a ", "../", "[a,", "://"]) {
      const text = part.repeat(500).slice(0, 500);
      for (const one of [text, `a${text}`, `${text}\u0000`, `a>=1${text}!`]) failedTest(rule, one);
    }
  }
  expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
});
