import { expect, it } from "vitest";
import type { ReadNotebook } from "../../../src/notebook/notebook.ts";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";
import { bytes, cellOf, fixture, ipynb, read } from "./support.ts";

const outline = (result: ReadNotebook): unknown =>
  result.value?.cells.map((cell) => [cell.kind, cell.source.split("\n")[0], cell.place({ start: 0, end: 0 }).fileLine]);

it("reads nbformat 4.0: lists and texts, tags, counts, and ids from the text", () => {
  const result = fixture("format-4.0.ipynb");
  expect(result.diagnostics).toEqual([]);
  expect(outline(result)).toEqual([
    ["markdown", "# Load the loans", 7],
    ["code", "import pandas as pd", 31],
    ["code", "limit = 10", 41],
    ["code", "limit = 10", 48],
    ["raw", "raw text", 56],
  ]);
  const [, first, second, third] = result.value?.cells ?? [];
  expect(first).toMatchObject({ index: 2, tags: ["parameters", "hide-input"], executionCount: 3 });
  expect(first?.python).toBe("import pandas as pd\n\nlimit = 10");
  expect(second).not.toHaveProperty("executionCount");
  expect(second?.id).toMatch(/^[0-9a-f]{12}$/);
  expect(third?.id).toBe(`${second?.id}-2`);
});

it("keeps ids when other cells move", () => {
  const before = read("a = 1", "b = 2").value?.cells.map((cell) => cell.id);
  const after = read("new = 0", "b = 2", "a = 1").value?.cells.map((cell) => cell.id);
  expect([after?.[2], after?.[1]]).toEqual(before);
});

it("reads nbformat 4.5: ids, attachments, unknown fields; a second cell of one id is known by its text", () => {
  const result = fixture("format-4.5.ipynb");
  expect(result.value?.cells.map((cell) => cell.id)).toEqual([
    "intro-1",
    "b2c3",
    expect.stringMatching(/^[0-9a-f]{12}$/),
  ]);
  expect(result.diagnostics.map((found) => found.code)).toEqual(["CW1015"]);
  expect(cellOf(result, 2).source).toBe('# läuft 😀\nname = "grün 😀"; other = 1\n');
});

it("reads what Databricks exports as .ipynb", () => {
  const result = fixture("databricks-export.ipynb");
  expect(result.value?.cells.map((cell) => [cell.kind, cell.source, cell.title])).toEqual([
    ["code", "%run ./setup", "Read the claims"],
    ["markdown", "## Claims", undefined],
    ["code", "%sql\nSELECT * FROM claims", undefined],
    ["code", 'claims = spark.table("claims")\ndisplay(claims)', undefined],
  ]);
  expect(cellOf(result, 2).place({ start: 0, end: 2 })).toMatchObject({ line: 1, fileLine: 24 });
  expect(result.diagnostics.map((found) => found.code)).toEqual(["CW1050"]);
});

it("reads Databricks source", () => {
  const result = fixture("databricks.py");
  expect(result.value?.format).toBe("databricks");
  expect(outline(result)).toEqual([
    ["markdown", "# Predictive maintenance", 3],
    ["code", "# MAGIC %run ./config/setup", 8],
    ["code", "# DBTITLE 1,Read the sensors", 12],
    ["code", "# MAGIC %sql", 18],
    ["code", "# MAGIC %pip install lightgbm==4.3.0", 23],
    ["code", "# MAGIC %sh ls /dbfs", 28],
    ["code", "# MAGIC %fs ls /mnt", 32],
    ["code", "# MAGIC %python", 36],
    ["markdown", "### Short", 41],
  ]);
  expect(cellOf(result, 1).source).toBe("# Predictive maintenance\nText.");
  expect(cellOf(result, 3).title).toBe("Read the sensors");
  expect(cellOf(result, 3).python).toBe(cellOf(result, 3).source);
  const cell = cellOf(result, 8);
  expect(cell.python).toBe("\ntotal = sensors.count()");
  expect(cell.pythonPlace({ start: 1, end: 6 })).toMatchObject({ line: 2, column: 9, endColumn: 14, fileLine: 37 });
});

it("reads percent scripts: header, markdown, titles, tags, commented magics, strings that look like markers", () => {
  const result = fixture("percent.py");
  expect(result.value?.format).toBe("percent");
  expect(outline(result)).toEqual([
    ["markdown", "# Claims", 12],
    ["code", "# %matplotlib inline", 17],
    ["code", 'text = """', 23],
    ["raw", "raw text", 31],
    ["markdown", "## In quotes", 35],
    ["code", "# frame = 1", 39],
    ["code", "%%bash", 41],
  ]);
  expect(cellOf(result, 2)).toMatchObject({ title: "Load data", tags: ["parameters", "load"] });
  expect(cellOf(result, 2).python).toBe('\nimport pandas as pd\n\npath = "claims.csv"');
  expect(cellOf(result, 3).tags).toEqual(["slow"]);
  expect(cellOf(result, 3).magics.map((magic) => magic.name)).toEqual(["%timeit", "!"]);
  expect(cellOf(result, 1).source).toBe("# Claims\n\nWhat this notebook does.");
  expect(result.diagnostics.map((found) => found.code)).toEqual(["CW1017", "CW1040"]);
});

it("reads a plain script as one cell, and its comments as comments", () => {
  const result = fixture("plain.py");
  expect(outline(result)).toEqual([["code", "import math", 1]]);
  expect(cellOf(result, 1).python).toBe(cellOf(result, 1).source);
});

it("reads what nbconvert exports", () => {
  const result = fixture("nbconvert.py");
  expect(outline(result)).toEqual([
    ["code", "import os", 6],
    ["code", 'get_ipython().run_line_magic("matplotlib", "inline")', 10],
  ]);
  expect(cellOf(result, 1).executionCount).toBe(1);
  expect(cellOf(result, 2).python).toBe("");
});

const markers: readonly (readonly [string, string, string | undefined, readonly string[]])[] = [
  ["# %%", "code", undefined, []],
  ["#%%", "code", undefined, []],
  ["# %% Train the model", "code", "Train the model", []],
  ["# %% [markdown]", "markdown", undefined, []],
  ["# %% [md] Notes", "markdown", "Notes", []],
  ["#%% Notes [markdown]", "markdown", "Notes", []],
  ['# %% A title tags=["a", "b"]', "code", "A title", ["a", "b"]],
  ['# %% A title [markdown] {"tags": ["a"], "x": {"y": 1}}', "markdown", "A title", ["a"]],
  ["# %%% A smaller part", "code", "A smaller part", []],
];
it.each(markers)("reads the marker %s", (marker, kind, title, tags) => {
  const result = readNotebook("a.py", bytes(`x = 1\n${marker}\n# y\n`));
  expect(result.value?.cells[1]).toMatchObject({ kind, tags });
  expect(result.value?.cells[1]?.title).toBe(title);
});

const languages: readonly (readonly [object, string])[] = [
  [{}, "python"],
  [{ kernelspec: { name: "conda-root-py" } }, "python"],
  [{ kernelspec: { name: "python3", language: "python" } }, "python"],
  [{ kernelspec: { name: "pysparkkernel", language: "python" }, language_info: { name: "pyspark" } }, "python"],
  [{ kernelspec: { name: "ir" } }, "r"],
  [{ kernelspec: { name: "x" }, language_info: { name: "R" } }, "r"],
  [{ kernelspec: { name: "julia-1.9" } }, "julia"],
  [{ kernelspec: { name: "deno" } }, "typescript"],
];
it.each(languages)("knows the language of %o", (metadata, language) => {
  const cells = [{ cell_type: "code", metadata: {}, outputs: [], source: "x" }];
  const result = readNotebook("a.ipynb", bytes(JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 2 })));
  expect(result.value?.language).toBe(language);
  expect(result.diagnostics.map((found) => found.code)).toEqual(language === "python" ? [] : ["CW1012"]);
  expect(result.value?.cells[0]?.python).toBe(language === "python" ? "x" : "");
});

it("reads CRLF, lone CR and a BOM as if they were not there", () => {
  const plain = ipynb("x = 1\ny = 2");
  const text = new TextDecoder().decode(plain);
  const crlf = text.replaceAll("\n", "\r\n").replace("x = 1\\n", "x = 1\\r\\n");
  const result = readNotebook("train.ipynb", bytes(`\ufeff${crlf}`));
  expect(cellOf(result, 1).source).toBe("x = 1\ny = 2");
  expect(cellOf(result, 1).id).toBe(cellOf(readNotebook("train.ipynb", plain), 1).id);
  expect(cellOf(result, 1).place({ start: 6, end: 7 })).toMatchObject({ line: 2, column: 1, fileLine: 10 });
  const script = readNotebook("a.py", bytes("\ufeff# %%\r\nx = 1\ry = 2\r\n"));
  expect(cellOf(script, 1).source).toBe("x = 1\ny = 2");
});

it("gives the true line of the JSON, wherever the texts of a source are cut", () => {
  const json =
    '{"cells": [\n{"cell_type": "code", "metadata": {}, "outputs": [{"a": "\\n\\n"}], "source": ["x =",\n" 1\\ny",\n\n"\\r",\n"\\nz = 3"]}\n], "metadata": {}, "nbformat": 4, "nbformat_minor": 0}';
  const cell = cellOf(readNotebook("a.ipynb", bytes(json)), 1);
  expect(cell.source).toBe("x = 1\ny\nz = 3");
  const lineAt = (offset: number): number => cell.place({ start: offset, end: offset + 1 }).fileLine;
  expect([0, 3, 6, 8, 12].map(lineAt)).toEqual([2, 3, 3, 6, 6]);
});

it("places a span with the lines around it", () => {
  const cell = cellOf(read("a = 1\nb = (\n  2\n)\nc = 3"), 1);
  expect(cell.place({ start: 6, end: 17 })).toEqual({
    file: "train.ipynb",
    cell: 1,
    cellId: cell.id,
    line: 2,
    column: 1,
    endLine: 4,
    endColumn: 2,
    fileLine: 10,
    excerpt: ["b = (", "  2", ")"],
  });
});

it("maps Python back through a dedent, a magic and a translation", () => {
  const cell = cellOf(read("  import os\n  %env A=b\n  x = 1"), 1);
  expect(cell.python).toBe('import os\nimport os\nos.environ["A"] = "b"\nx = 1');
  const back = (text: string): string => {
    const start = cell.python.indexOf(text);
    const span = cell.sourceSpan({ start, end: start + text.length });
    return cell.source.slice(span.start, span.end);
  };
  expect(back("x = 1")).toBe("x = 1");
  expect(back('"b"')).toBe("%env A=b");
  expect(cell.pythonPlace({ start: cell.python.indexOf("x"), end: cell.python.length })).toMatchObject({
    line: 3,
    column: 3,
  });
});
