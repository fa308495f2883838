import fc from "fast-check";
import { expect, it } from "vitest";
import { formatNotebook } from "../../../src/compiler/fmt/format-notebook.ts";
import { codes, ipynb, repository, sessionOf } from "./kit.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The text after formatting; the text itself where nothing changes. */
function formatted(text: string, path = "train.ipynb"): string {
  const result = formatNotebook(path, bytes(text));
  if (result.kind === "same") return text;
  if (result.kind !== "changed") throw new Error(result.kind);
  const again = formatNotebook(path, bytes(result.text));
  expect(again.kind).toBe("same");
  return result.text;
}

const messy = "#cw:step   load 'x'\nx =1  # cw:   keep";
const tidy = '# cw: step load "x"\nx =1  # cw: keep';

it("changes directives in a list of lines, and not a character beside them", () => {
  const before = ipynb("y  = 2", messy, { markdown: "<!--cw:   use   'a' -->\ntext  text" });
  const after = ipynb("y  = 2", tidy, { markdown: '<!-- cw: use "a" -->\ntext  text' });
  expect(formatted(before)).toBe(after);
});

it.each([
  ["one string for the whole source", (lines: string) => JSON.stringify(lines)],
  [
    "four blanks and Windows line ends",
    (lines: string) => JSON.stringify(lines.split(/(?<=\n)/), null, 4).replace(/\n/g, "\r\n"),
  ],
  [
    "chunks that do not end at lines",
    (lines: string) => JSON.stringify([lines.slice(0, 6), lines.slice(6, 9), lines.slice(9)]),
  ],
  [
    "escapes that nobody needs",
    (lines: string) => JSON.stringify(lines).replace("x =1", "\\u0078 \\u003d1").replace("keep", "k\\u0065ep"),
  ],
])("keeps the writing of a file with %s", (_, write) => {
  const file = (source: string): string =>
    `\uFEFF{"cells": [ {"outputs":[{"text":"#cw:step \\"source\\": ["}], "source":\n${write(source)}\t,"metadata":{ },"cell_type":"code"}],\n "nbformat":4, "nbformat_minor" : 2,"metadata":{"x":1.50e0}}`;
  const made = formatted(file(messy));
  const sourceOf = (text: string): string => {
    const cell = JSON.parse(text.slice(1)).cells[0] as { readonly source: string | readonly string[] };
    return [cell.source].flat().join("");
  };
  expect(sourceOf(made)).toBe(tidy);
  const [head = "", tail = ""] = file("").split(write(""));
  expect(made.startsWith(head)).toBe(true);
  expect(made.endsWith(tail)).toBe(true);
  expect(made.includes("\r\n")).toBe(file(messy).includes("\r\n"));
});

it("keeps escapes in the lines it does not touch, and the style of those it does", () => {
  const ascii = String.raw`{"cells":[{"cell_type":"code","metadata":{},"outputs":[],"source":"a = \"\u00e9\"\n#cw:step b   'caf\u00e9'"}],"nbformat":4,"nbformat_minor":4,"metadata":{}}`;
  expect(formatted(ascii)).toBe(
    ascii.replace(String.raw`#cw:step b   'caf\u00e9'`, String.raw`# cw: step b \"caf\u00e9\"`),
  );
  const plain = ascii.replaceAll(String.raw`\u00e9`, "é");
  expect(formatted(plain)).toBe(plain.replace("#cw:step b   'café'", String.raw`# cw: step b \"café\"`));
});

it.each([
  [
    "percent",
    "# %% [markdown]\n# <!--cw:use 'a'-->\n\n# %%\n#cw:step   a\nx  =  1\n",
    '# %% [markdown]\n# <!-- cw: use "a" -->\n\n# %%\n# cw: step a\nx  =  1\n',
  ],
  ["percent with Windows line ends", "# %%\r\n#cw:step   a\r\nx=1\r\n", "# %%\r\n# cw: step a\r\nx=1\r\n"],
  [
    "Databricks",
    "# Databricks notebook source\n# MAGIC %md\n# MAGIC <!--cw:use 'a'-->\n\n# COMMAND ----------\n\n#cw:step  a\nx=1",
    '# Databricks notebook source\n# MAGIC %md\n# MAGIC <!-- cw: use "a" -->\n\n# COMMAND ----------\n\n# cw: step a\nx=1',
  ],
])("formats a .py notebook in %s form", (_, before, after) => {
  expect(formatted(before, "nb.py")).toBe(after);
});

it.each([
  ['s = "#cw:step a"', "a string"],
  ["#cw:step 3a", "a directive with an error"],
  ["%%bash\n#cw:step   a", "a cell of another language"],
  ["# cw: step a\nx=1", "what is in form"],
])("leaves %j alone: %s", (source) => {
  expect(formatNotebook("train.ipynb", bytes(ipynb(source)))).toEqual({ kind: "same" });
});

it("property: outside of directives nothing changes, and a second time nothing at all", () => {
  const line = fc.constantFrom(
    "x = 1",
    "  # plain  comment",
    "s = '#cw:keep'",
    'é = "\\u00e9 \t"',
    "",
    "%time y = 2",
    "if x:\n    y = 'a'",
  );
  const directive = fc.constantFrom(
    "#cw:step  a",
    "z=1 #  cw:   keep",
    "# cw:contract t{a int;b str}",
    "#cw: param x:int=1",
    "#cw:nonsense  ?",
  );
  const cell = fc.array(fc.oneof(line, directive), { maxLength: 6 }).map((lines) => lines.join("\n"));
  const layout = fc.record({
    indent: fc.constantFrom(undefined, 1, 2, "\t"),
    asString: fc.boolean(),
    ending: fc.constantFrom("", "\n"),
  });
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 4 }), layout, (cells, { indent, asString, ending }) => {
      const notebook = JSON.parse(ipynb(...cells));
      if (asString) for (const one of notebook.cells) one.source = one.source.join("");
      const before = `${JSON.stringify(notebook, undefined, indent)}${ending}`;
      const after = formatted(before);
      // With the words of every directive taken out of the raw text, the files are equal byte for byte.
      const without = (text: string): string => text.replace(/# *cw:(?:[^"\\\n]|\\[^n])*/g, "#cw:");
      expect(without(after)).toBe(without(before));
      if (!/cw:/.test(cells.join(""))) expect(after).toBe(before);
    }),
    { seed: 7, numRuns: 150 },
  );
});

it("formats every notebook of the workspace and what they run, and writes only what changes", async () => {
  const host = repository({
    "notebooks/train.ipynb": ipynb("%run helpers.ipynb", messy),
    "notebooks/helpers.ipynb": ipynb("#cw:skip\na = 1"),
    "notebooks/other.ipynb": ipynb(messy),
  });
  const session = await sessionOf(host);
  const check = await session.fmt({ files: [], checkOnly: true });
  expect(check.value.files).toEqual([
    { path: "notebooks/train.ipynb", changed: true },
    { path: "notebooks/helpers.ipynb", changed: true },
  ]);
  expect(host.touched).toEqual([]);
  expect(await session.fmt({ files: [], checkOnly: false })).toEqual(check);
  expect(host.touched).toEqual(["/repo/notebooks/train.ipynb", "/repo/notebooks/helpers.ipynb"]);
  expect(host.text("/repo/notebooks/train.ipynb")).toBe(ipynb("%run helpers.ipynb", tidy));
  const again = await session.fmt({ files: [], checkOnly: false });
  expect(again.value.files.every((file) => !file.changed)).toBe(true);
  expect(host.touched).toHaveLength(2);
});

it("formats named files, from the current folder or the root", async () => {
  const host = repository({ "notebooks/other.ipynb": ipynb(messy) });
  const session = await sessionOf(host);
  const { value, diagnostics } = await session.fmt({ files: ["notebooks/other.ipynb"], checkOnly: false });
  expect(diagnostics).toEqual([]);
  expect(value.files).toEqual([{ path: "notebooks/other.ipynb", changed: true }]);
});

it.each([
  ["notebooks/none.ipynb", "CW5130"],
  ["../elsewhere/nb.ipynb", "CW5130"],
  ["data/loans.csv", "CW1016"],
  ["notebooks/broken.ipynb", "CW1005"],
])("says what is wrong with %s", async (file, code) => {
  const host = repository({ "notebooks/broken.ipynb": '{"cells": [' });
  host.writeAtomic("/elsewhere/nb.ipynb", ipynb(messy));
  host.touched.length = 0;
  const { diagnostics } = await (await sessionOf(host)).fmt({ files: [file], checkOnly: false });
  expect(codes(diagnostics)).toEqual([code]);
  expect(host.touched).toEqual([]);
});

it("says when the disk is full, and the notebook is still there whole", async () => {
  const before = ipynb(messy);
  const host = repository({ "notebooks/train.ipynb": before });
  const { HostError } = await import("../../../src/foundation/host.ts");
  const full = {
    ...host,
    writeAtomic: (path: string) => {
      throw new HostError("full", path, "no space left on device");
    },
  };
  const { diagnostics, value } = await (await sessionOf(full)).fmt({ files: [], checkOnly: false });
  expect(codes(diagnostics)).toEqual(["CW5132"]);
  expect(value.files).toEqual([]);
  expect(host.text("/repo/notebooks/train.ipynb")).toBe(before);
});
