import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";
import { bytes, fixture, ipynb } from "./support.ts";

const wrap = (cells: string, rest = '"metadata": {}, "nbformat": 4, "nbformat_minor": 4'): Uint8Array =>
  bytes(`{\n "cells": ${cells},\n ${rest}}`);
const code = (source: string): string => `{"cell_type": "code", "metadata": {}, "outputs": [], "source": ${source}}`;
const whole = new TextDecoder().decode(ipynb("x = 1", "y = 2"));

/** [what, bytes, code, fileLine, part of message or fix] */
const unreadable: readonly (readonly [string, Uint8Array, string, number, string])[] = [
  ["an empty file", bytes(""), "CW1003", 1, "restore"],
  ["blanks only", bytes(" \n\r\n "), "CW1003", 1, "empty"],
  ["a BOM only", bytes("\ufeff"), "CW1003", 1, "empty"],
  ["UTF-16", Uint8Array.from([0xff, 0xfe, 0x7b, 0x00]), "CW1001", 1, "UTF-16"],
  ["Latin-1", Uint8Array.from([...bytes('{\n "a": "gr'), 0xfc, 0x6e, ...bytes('n"}')]), "CW1001", 2, "not UTF-8"],
  ["a zip archive", Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), "CW1002", 1, "zip archive"],
  ["a gzip file", gzipSync("x"), "CW1002", 1, "gzip"],
  ["NUL bytes", bytes('{"a":\n "\0"}'), "CW1002", 2, "binary"],
  [
    "a Git LFS pointer",
    bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
    "CW1004",
    1,
    "git lfs pull",
  ],
  ["a web page", bytes("<!DOCTYPE html>\n<html></html>"), "CW1004", 1, "web page"],
  ["a merge conflict", bytes(whole.replace(/\n( +"metadata")/, "\n<<<<<<< HEAD\n$1")), "CW1004", 6, "merge conflict"],
  ["a missing comma", bytes('{\n "a": 1\n "b": 2}'), "CW1004", 3, "found"],
  ["a bad escape", wrap(`[${code('["\\q"]')}]`), "CW1004", 2, "escape"],
  ["a line end inside a text", bytes('{\n "a": "x\ny"}'), "CW1004", 2, "not closed on its line"],
  ["a single quote", bytes("{'a': 1}"), "CW1004", 1, "double quotes"],
  ["a trailing comma", wrap("[1,]"), "CW1004", 2, "a value"],
  ["text behind the end", bytes(`${whole}\n}`), "CW1004", whole.split("\n").length + 1, "end of the file"],
  ["bad words", bytes('{"a": nope}'), "CW1004", 1, "a value"],
  ["endless brackets", bytes("[".repeat(20_000)), "CW1004", 1, "brackets"],
  [
    "a half-written file",
    bytes(whole.slice(0, 150)),
    "CW1005",
    whole.slice(0, 150).split("\n").length,
    "save the notebook again",
  ],
  ["a file cut inside a text", bytes(whole.slice(0, whole.indexOf("x = 1") + 2)), "CW1005", 9, "not closed"],
  ["a list", bytes("[]"), "CW1006", 1, "not an object"],
  ["a text", bytes('"x"'), "CW1006", 1, "not an object"],
  ["no cells key", bytes('{"nbformat": 4}'), "CW1006", 1, "no list of cells"],
  ["cells that are no list", wrap("{}"), "CW1006", 1, "not a list"],
  ["no nbformat", bytes('{"cells": []}'), "CW1006", 1, "nbformat"],
  ["an nbformat that is no number", wrap("[]", '"nbformat": "4"'), "CW1006", 1, "nbformat"],
  ["nbformat 5", wrap("[]", '"nbformat": 5'), "CW1007", 1, "format 5"],
];
it.each(unreadable)("refuses %s", (_, content, expected, fileLine, part) => {
  const { value, diagnostics } = readNotebook("work/a.ipynb", content);
  expect(value).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({
    code: expected,
    severity: "error",
    place: { file: "work/a.ipynb", fileLine },
  });
  expect(`${diagnostics[0]?.message} ${diagnostics[0]?.fix}`).toContain(part);
  expect(diagnostics[0]?.message).not.toMatch(/[{}]\w+\}/);
});

it("refuses nbformat 3 and says how to convert it", () => {
  const { value, diagnostics } = fixture("format-3.ipynb");
  expect(value).toBeUndefined();
  expect(diagnostics).toMatchObject([
    { code: "CW1007", fix: expect.stringContaining("nbconvert --to notebook --nbformat 4") },
  ]);
});

it("refuses a notebook without cells, but reads it", () => {
  const { value, diagnostics } = readNotebook("a.ipynb", wrap("[]"));
  expect(value?.cells).toEqual([]);
  expect(diagnostics.map((found) => found.code)).toEqual(["CW1010"]);
  expect(readNotebook("a.py", bytes("# -*- coding: utf-8 -*-\n")).diagnostics[0]?.code).toBe("CW1010");
});

/** [what, the bad cell, part of the message] */
const malformed: readonly (readonly [string, string, string])[] = [
  ["a number", "1", "must be an object"],
  ["null", "null", "must be an object"],
  ["a list", '["x"]', "must be an object"],
  ["no type", '{"source": "x"}', "cell_type"],
  ["a type that is no text", '{"cell_type": 1, "source": "x"}', "cell_type"],
  ["an unknown type", '{"cell_type": "chart", "source": "x"}', "`chart`"],
  ["no source", '{"cell_type": "code"}', "no `source`"],
  ["a source that is a number", code("1"), "`source` must be"],
  ["a source with a number in it", code('["x", 1]'), "`source` must be"],
  ["a source that is an object", code('{"a": "x"}'), "`source` must be"],
];
it.each(malformed)("names a malformed cell: %s", (_, bad, part) => {
  const { value, diagnostics } = readNotebook("a.ipynb", wrap(`[${code('"x = 1"')},\n${bad},\n${code('"y = 2"')}]`));
  expect(diagnostics).toMatchObject([{ code: "CW1011", severity: "error", place: { cell: 2, fileLine: 3 } }]);
  expect(diagnostics[0]?.message).toContain(part);
  expect(value?.cells.map((cell) => [cell.kind, cell.python])).toEqual([
    ["code", "x = 1"],
    ["raw", ""],
    ["code", "y = 2"],
  ]);
});

it("passes over fields of the wrong type that it does not need", () => {
  const cell =
    '{"cell_type": "code", "id": 7, "metadata": {"tags": "a"}, "execution_count": "3", "outputs": NaN, "source": "x"}';
  const { value, diagnostics } = readNotebook("a.ipynb", wrap(`[${cell}]`));
  expect(diagnostics).toEqual([]);
  expect(value?.cells[0]).toMatchObject({ tags: [], source: "x" });
});

it("accepts NaN and Infinity in outputs, which Python writes", () => {
  const cell =
    '{"cell_type": "code", "metadata": {}, "outputs": [{"a": [NaN, -Infinity, Infinity, 1e5]}], "source": "x"}';
  expect(readNotebook("a.ipynb", wrap(`[${cell}]`)).diagnostics).toEqual([]);
});

it("points at half characters and NULs in cells", () => {
  const lone = readNotebook("a.ipynb", wrap(`[${code("\"x = 1\\ny = '\\ud83d'\"")}]`));
  expect(lone.diagnostics).toMatchObject([{ code: "CW1013", place: { cell: 1, line: 2, column: 6 } }]);
  expect(lone.diagnostics[0]?.message).toContain("\\ud83d");
  const nul = readNotebook("a.ipynb", wrap(`[${code('"x\\u0000"')}]`));
  expect(nul.diagnostics).toMatchObject([{ code: "CW1014", place: { cell: 1, line: 1, column: 2 } }]);
});

it("reads paired surrogate escapes", () => {
  const { value, diagnostics } = readNotebook("a.ipynb", wrap(`[${code("\"x = '\\ud83d\\ude00'\"")}]`));
  expect(diagnostics).toEqual([]);
  expect(value?.cells[0]?.source).toBe("x = '😀'");
});

it("refuses formats it does not know by name", () => {
  expect(readNotebook("a.qmd", bytes("x")).diagnostics).toMatchObject([{ code: "CW1016" }]);
  expect(readNotebook("README", bytes("x")).diagnostics[0]?.message).toContain("without an extension");
  const marimo = "import marimo\napp = marimo.App()\n\n@app.cell\ndef _():\n    return\n";
  expect(readNotebook("a.py", bytes(marimo)).diagnostics).toMatchObject([{ code: "CW1016" }]);
});

it("refuses what is too large, before and while reading", () => {
  const big = ipynb("x = 1", `y = '${"a".repeat(500)}'`);
  const limits = { file: 2 ** 20, source: 100 };
  expect(readNotebook("a.ipynb", big, { ...limits, file: 200 }).diagnostics).toMatchObject([{ code: "CW1008" }]);
  expect(readNotebook("a.ipynb", big, limits).diagnostics).toMatchObject([{ code: "CW1009" }]);
  expect(readNotebook("a.py", bytes("x = 1\n".repeat(50)), limits).diagnostics).toMatchObject([{ code: "CW1009" }]);
  expect(readNotebook("a.ipynb", big, { ...limits, source: 1000 }).value).toBeDefined();
});

it("passes over 32 MB of outputs without keeping them", () => {
  const text = `"${"x".repeat(60)}\\n", `.repeat(500_000);
  const cell = `{"cell_type": "code", "metadata": {}, "outputs": [{"text": [${text}"end"]}], "source": "x = 1"}`;
  const content = wrap(`[${cell}]`);
  const before = process.cpuUsage();
  const { value } = readNotebook("a.ipynb", content);
  expect(value?.cells[0]?.source).toBe("x = 1");
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
}, 120_000);

it("takes no more than linear time on damaged and hostile cells", () => {
  const n = 40_000;
  const sources = [
    'x = f"{a\n'.repeat(n),
    "%time ".repeat(n),
    "\n".repeat(n * 5),
    `${" ".repeat(n * 5)}!`,
    `x${"y".repeat(n * 5)}!?`,
    "(".repeat(n * 5),
    'f"{'.repeat(n),
    "!ls \\\n".repeat(n),
    "'".repeat(n * 5),
    "%%time\n".repeat(n),
    "%who\n".repeat(n / 4),
  ];
  for (const source of sources) {
    const before = process.cpuUsage();
    readNotebook("a.ipynb", ipynb(source));
    expect(process.cpuUsage(before).user / 1e6, source.slice(0, 12)).toBeLessThan(3);
  }
}, 60_000);
