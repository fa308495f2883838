import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { modelName, notebooksOf } from "../../../scripts/corpus/notebooks.ts";
import { comparedShare, describe, summary, totals } from "../../../scripts/corpus/report.ts";
import type { Outcome, Verdict } from "../../../scripts/corpus/verdict.ts";
import { median } from "../../../scripts/lib/median.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crosswalk-corpus-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(path: string, text = "{}"): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

it("takes every notebook below a folder, and plain modules for none", () => {
  file("team/a/train.ipynb");
  file("team/a/.ipynb_checkpoints/train-checkpoint.ipynb");
  file("team/score.py", "# %% [markdown]\n# Score\n# %%\nx = 1\n");
  file("team/helpers.py", "def f():\n    return 1\n");
  file("alone.ipynb");
  const { notebooks, missing } = notebooksOf(folder, undefined);
  expect(notebooks.map(({ name, path }) => [name, path])).toEqual([
    [notebooks[0]?.name, "alone.ipynb"],
    ["team", "a/train.ipynb"],
    ["team", "score.py"],
  ]);
  expect(missing).toEqual([]);
});

it("takes exactly the listed notebooks where the folder holds them, and says which are not there", () => {
  file("open.tsv", "repo\tpath\nowner/one\tnb/a.ipynb\nowner/two\tb.ipynb\n");
  file("owner+one/nb/a.ipynb");
  file("owner+one/nb/other.ipynb");
  const { notebooks, missing } = notebooksOf(folder, join(folder, "open.tsv"));
  expect(notebooks).toEqual([{ repository: join(folder, "owner+one"), name: "owner/one", path: "nb/a.ipynb" }]);
  expect(missing).toEqual(["owner/two/b.ipynb"]);
});

it("looks for itself where a folder holds none of the listed notebooks", () => {
  file("open.tsv", "repo\tpath\nowner/one\tnb/a.ipynb\n");
  file("mine/b.ipynb");
  expect(notebooksOf(folder, join(folder, "open.tsv")).notebooks.map(({ path }) => path)).toEqual(["b.ipynb"]);
});

it.each([
  ["notebooks/02.08-Sorting.ipynb", "m02-08-sorting"],
  ["_install-only.ipynb", "install-only"],
  ["plot_iris_dtc.py", "plot-iris-dtc"],
  ["Übung.ipynb", "bung"],
])("names the model of %s", (path, name) => {
  expect(modelName(path)).toBe(name);
});

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[], Number.NaN],
])("finds the median of %j", (values, middle) => {
  expect(median(values)).toBe(middle);
});

const verdict = (outcome: Outcome, more: Partial<Verdict> = {}): Verdict => ({
  notebook: { repository: "/r", name: "owner/one", path: "a.ipynb" },
  outcome,
  why: "",
  buildSeconds: 1,
  ...more,
});

const comparison = {
  equal: ["model"],
  different: ["score"],
  stable: ["model", "score", "df", "n"],
  shown: ["ax"],
  unstable: ["t0"],
  notInNotebook: [],
  artifacts: ["model", "score"],
};

it("counts refused apart from wrong, and what is not complete apart from equal", () => {
  const all = ["equal", "incomplete", "wrong", "refused", "nothing", "crash", "run failed"] as const;
  const t = totals(all.map((outcome) => verdict(outcome)));
  expect(t).toMatchObject({
    notebooks: 7,
    built: 4,
    ran: 3,
    equal: 1,
    incomplete: 1,
    wrong: 1,
    refused: 1,
    nothing: 1,
    crashed: 1,
  });
});

it("tells what differs, what is left out and why, and what is missing", () => {
  const one = verdict("wrong", { comparison, missing: { clf: "estimator" }, promised: 2, runs: 8 });
  expect(comparedShare(one)).toBe(0.5);
  const text = describe(one);
  expect(text).toContain("2 / 4 (50 %); left out: 1 without a value, 1 differ between 8 runs of the notebook");
  expect(text).toContain("DIFFERENT    score");
  expect(text).toContain("no artifact  df n");
  expect(text).toContain("1 of 2 estimators, predictions and figures");
  expect(text).toContain("MISSING      clf (estimator)");
});

it("prints the rates per repository and over all, without the notebooks that hold nothing", () => {
  const text = summary([
    verdict("equal", { comparison }),
    verdict("refused", { why: "CW3011 CW2001: a module" }),
    verdict("nothing"),
    verdict("equal", { notebook: { repository: "/s", name: "owner/two", path: "b.ipynb" } }),
  ]);
  expect(text).toMatch(/owner\/one +3 +1\/2 +1\/2 +1\/2 +1 /);
  expect(text).toMatch(/all +4 +2\/3 +2\/3 +2\/3 +1 /);
  expect(text).toContain("refused: CW3011 ×1, CW2001 ×1");
});
