import fc from "fast-check";
import { expect, it } from "vitest";
import type { Cite } from "../../../src/blueprint/blueprint.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { initPython } from "../../../src/python/engine.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { importLines, pythonFile } from "../../../src/targets/kit/python-file.ts";
import { docText, pyLiteral, pyString, pyTuple, wrap } from "../../../src/targets/kit/python-text.ts";

await initPython(nodeHost());

const seed = 7;
const cite: Cite = { notebook: "n.ipynb", cell: 3, cellId: "c3", line: 1, endLine: 2 };

it("a string literal gives back its text, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const [stmt] = parseModule(`${pyString(text)}\n`).body;
      const value = stmt?.kind === "expr" && stmt.value.kind === "constant" ? stmt.value.value : undefined;
      expect(value).toBe(text);
      expect(pyString(text)).not.toMatch(/[\n\r]/);
    }),
    { seed, numRuns: 300 },
  );
});

it.each([
  ['say "a"', "'say \"a\"'"],
  ["it's", '"it\'s"'],
  ["both ' and \"", '"both \' and \\""'],
  ["a\\b\n\t\u0000\u007f\u2028", '"a\\\\b\\n\\t\\x00\\x7f\\u2028"'],
])("a string as ruff writes it: %j", (text, written) => {
  expect(pyString(text)).toBe(written);
});

it("plain data", () => {
  expect(pyLiteral([null, true, 1, -2.5, "a", { k: [] }])).toBe('[None, True, 1, -2.5, "a", {"k": []}]');
  expect(pyLiteral(Number.POSITIVE_INFINITY)).toBe('float("inf")');
  expect(pyTuple(["a"])).toBe("(a,)");
  expect(pyTuple([])).toBe("()");
});

it("text in a docstring never ends it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', "'", "\\", "a", " ", "\n"), maxLength: 12 }), (text) => {
      const module = parseModule(`"""a ${docText(text)}"""\nx = 1\n`);
      expect(module.problems).toEqual([]);
      expect(module.body.map((s) => s.kind)).toEqual(["expr", "assign"]);
    }),
    { seed, numRuns: 200 },
  );
});

it("words are wrapped and none is lost", () => {
  expect(wrap("a bb ccc  dddd", 6)).toEqual(["a bb", "ccc", "dddd"]);
  expect(wrap("", 6)).toEqual([]);
});

it("imports: groups, order and merging as isort has them", () => {
  const lines = importLines(
    [
      { module: "..helpers", name: "f", local: "f" },
      { module: "sklearn.svm", name: "SVC", local: "SVC" },
      { module: "sklearn.svm", name: "LinearSVC", local: "LinearSVC" },
      { module: "numpy", local: "np" },
      { module: "os", local: "os" },
      { module: "os.path", local: "os" },
      { module: "pathlib", name: "Path", local: "Path" },
      { module: "sklearn.svm", name: "SVR", local: "Model" },
      { module: "churn.steps", name: "x", local: "x" },
      { module: ".values", name: "LIMIT", local: "LIMIT" },
      { module: ".values", name: "Range", local: "Range" },
      { module: ".values", name: "check", local: "check" },
      { module: "__future__", name: "annotations", local: "annotations" },
    ],
    "churn",
  );
  expect(lines).toEqual([
    "import os",
    "import os.path",
    "from pathlib import Path",
    "",
    "import numpy as np",
    "from sklearn.svm import SVC, LinearSVC",
    "from sklearn.svm import SVR as Model",
    "",
    "from churn.steps import x",
    "",
    "from ..helpers import f",
    "from .values import LIMIT, Range, check",
  ]);
});

it("a file knows which line came from which cell", () => {
  const out = pythonFile(["n.ipynb"], "What it is.");
  out.use({ module: "os", local: "os" }, { module: "os", local: "os" });
  out.line("def f():", 0);
  out.docstring(["One line."], 1);
  out.code({ text: "x = '''a\n  b'''\ny = x", rawLines: [1], cite }, 1, new Set([1]));
  const { text, origins } = out.render();
  const lines = text.split("\n");
  expect(lines.filter((line) => line === "import os")).toHaveLength(1);
  expect(origins).toHaveLength(1);
  expect(lines.slice((origins[0]?.line ?? 0) - 1, origins[0]?.endLine)).toEqual([
    "    x = '''a",
    "  b'''",
    "    y = x",
  ]);
  expect(origins[0]).toMatchObject({ notebook: "n.ipynb", cell: 3, cellId: "c3" });
  expect(text).toContain("Edit the notebook instead");
});

it("a name that needs another import first brings it, told as used for its effect", () => {
  const imputer = { module: "sklearn.impute", name: "IterativeImputer", local: "Imputer" };
  const halving = ["HalvingGridSearchCV", "HalvingRandomSearchCV"].map((name) => ({
    module: "sklearn.model_selection",
    name,
    local: name,
  }));
  expect(importLines([imputer])).toEqual([
    "from sklearn.experimental import enable_iterative_imputer  # noqa: F401",
    "from sklearn.impute import IterativeImputer as Imputer",
  ]);
  expect(importLines([...halving, imputer])[0]).toBe(
    "from sklearn.experimental import (  # noqa: F401\n    enable_halving_search_cv,\n    enable_iterative_imputer,\n)",
  );
  expect(importLines([{ ...imputer, name: "SimpleImputer" }])).toHaveLength(1);
});
