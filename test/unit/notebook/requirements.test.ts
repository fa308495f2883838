import { expect, it } from "vitest";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";
import { includesOf, requirementsOf } from "../../../src/notebook/requirements.ts";
import { fixture, ipynb, read } from "./support.ts";

const installs: readonly (readonly [string, readonly string[]])[] = [
  ["%pip install pandas==2.2.0 numpy", ["pandas==2.2.0", "numpy"]],
  ["!pip install -q 'scikit-learn>=1.4' --upgrade", ["scikit-learn>=1.4"]],
  ["!pip3 install --no-cache-dir -U xgboost", ["xgboost"]],
  ["!python -m pip install a", ["a"]],
  ["!{sys.executable} -m pip install a", ["a"]],
  ["!sudo pip install a > /dev/null 2>&1", ["a"]],
  ["!pip install a && pip install b | tail -n 1", ["a", "b"]],
  ["!pip install \\\n  a \\\n  b", ["a", "b"]],
  ["%pip install a # for plots", ["a"]],
  [
    "%pip install -r requirements.txt -c limits.txt -e . -i https://host/simple",
    ["-r requirements.txt", "-c limits.txt", "-e ."],
  ],
  ["%pip install --requirement=r.txt -rmore.txt --index-url=https://host/simple", ["-r r.txt", "-r more.txt"]],
  ["%pip install git+https://host/a.git@v1", ["git+https://host/a.git@v1"]],
  ["%pip install pandas[excel,parquet]~=2.0", ["pandas[excel,parquet]~=2.0"]],
  ["!uv pip install a", ["a"]],
  [
    "%conda install -y -c conda-forge numpy=1.26 'scipy>=1.10' pytorch conda-forge::lightgbm==4.3.0",
    ["numpy==1.26.*", "scipy>=1.10", "torch", "lightgbm==4.3.0"],
  ],
  ["!conda install --yes --prefix {sys.prefix} numpy python=3.11", ["numpy"]],
  ["!pip install pandas>=2", ["pandas"]],
  ["pip install a b", ["a", "b"]],
  ["%pip list", []],
  ["x = 1", []],
];
it.each(installs)("%s", (source, requirements) => {
  const { value } = read(source);
  expect(value && requirementsOf(value).map((found) => found.requirement)).toEqual(requirements);
});

it("places a requirement at its line", () => {
  const { value } = read("x = 1", "import a\n%pip install b");
  expect(value && requirementsOf(value)[0]?.place).toMatchObject({ cell: 2, line: 2, column: 1, endColumn: 15 });
});

it("says which files %run may mean, and where it stands", () => {
  const { value } = readNotebook(
    "work/train.ipynb",
    ipynb("x = 1\n%run ./setup", '%run -i "../my file.py"', "%run /shared/a"),
  );
  const found = value ? includesOf(value) : [];
  expect(found.map(({ target, candidates, cell, offset }) => ({ target, candidates, cell, offset }))).toEqual([
    { target: "./setup", candidates: ["work/setup", "work/setup.py", "work/setup.ipynb"], cell: 1, offset: 6 },
    { target: "../my file.py", candidates: ["my file.py"], cell: 2, offset: 0 },
    { target: "/shared/a", candidates: ["/shared/a", "/shared/a.py", "/shared/a.ipynb"], cell: 3, offset: 0 },
  ]);
});

it("counts paths from the notebook that was started; Databricks from the one that holds the line", () => {
  const { value } = readNotebook("lib/setup.ipynb", ipynb("%run more.ipynb"));
  expect(value && includesOf(value, "train.ipynb")[0]?.candidates).toEqual(["more.ipynb"]);
  const source = new TextEncoder().encode("# Databricks notebook source\n# MAGIC %run ./more\n");
  const databricks = readNotebook("lib/setup.py", source).value;
  expect(databricks && includesOf(databricks, "train.py")[0]?.candidates).toEqual([
    "lib/more.py",
    "lib/more.ipynb",
    "lib/more",
  ]);
});

it("finds the includes of a Databricks file", () => {
  const { value } = fixture("databricks.py");
  expect(value && includesOf(value).map((found) => found.target)).toEqual(["./config/setup"]);
  expect(value && requirementsOf(value).map((found) => found.requirement)).toEqual(["lightgbm==4.3.0"]);
});
