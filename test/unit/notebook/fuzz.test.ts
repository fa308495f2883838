import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ReadNotebook } from "../../../src/notebook/notebook.ts";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";
import { includesOf, requirementsOf } from "../../../src/notebook/requirements.ts";
import { ipynb, resolve } from "./support.ts";

const names = ["format-4.0.ipynb", "format-4.5.ipynb", "databricks-export.ipynb", "percent.py", "databricks.py"];
const seeds = names.map((name) => ({
  name,
  content: readFileSync(new URL(`../../fixtures/notebook/${name}`, import.meta.url)),
}));

/** Every place and span that a notebook can give lies inside its file and its cells. */
function checkPlaces({ value, diagnostics }: ReadNotebook, content: Uint8Array): void {
  const lines =
    content.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 1) + content.filter((b) => b === 13).length;
  for (const { place, message, fix } of diagnostics) {
    expect(place?.fileLine).toBeGreaterThanOrEqual(1);
    expect(place?.fileLine).toBeLessThanOrEqual(lines);
    expect(message + fix).not.toMatch(/\{(?:file|problem|name|why|fix|cell)\}/);
  }
  for (const cell of value?.cells ?? []) {
    for (let at = 0; at <= cell.python.length; at++) {
      const span = cell.sourceSpan({ start: at, end: Math.min(at + 1, cell.python.length) });
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(cell.source.length);
    }
    for (const { span } of cell.magics) {
      const place = cell.place(span);
      expect(place.fileLine).toBeGreaterThanOrEqual(1);
      expect(place.fileLine).toBeLessThanOrEqual(lines);
    }
  }
  if (value) {
    requirementsOf(value);
    includesOf(value);
  }
}

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(12),
  insert: fc.oneof(
    fc.constantFrom(
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\n",
      "\r\n",
      "null",
      "%",
      "%%",
      "!",
      "# %%",
      "'''",
      "\\u0000",
      "\\ud800",
    ),
    fc.string({ maxLength: 6, unit: "binary" }),
  ),
});

it("never throws on damaged notebooks, and every place lies inside the file", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      ({ name, content }, edits) => {
        let damaged = Buffer.from(content);
        for (const { at, remove, insert } of edits) {
          const from = Math.floor(at * damaged.length);
          damaged = Buffer.concat([damaged.subarray(0, from), Buffer.from(insert), damaged.subarray(from + remove)]);
        }
        checkPlaces(readNotebook(name, damaged), damaged);
      },
    ),
    { seed: 1, numRuns: 400 },
  );
});

it("never throws on half a notebook", () => {
  for (const { name, content } of seeds)
    for (let length = 0; length < content.length; length += 7) {
      const half = content.subarray(0, length);
      checkPlaces(readNotebook(name, half), half);
    }
});

const fragments = [
  "x = 1\n",
  "    y = 2\n",
  "  ",
  "if x:\n",
  "%who\n",
  "%time z = f(1)\n",
  "%%time\n",
  "%%capture out\n",
  "%env A=b\n",
  "!ls \\\n",
  "!wget a\n",
  "q = !ls\n",
  "obj?\n",
  "s = '''\n",
  "'''\n",
  "t = f'{x!r}'\n",
  "w = (1,\n",
  ")\n",
  ">>> x\n",
  "# 😀 comment\n",
  "get_ipython().run_cell_magic('time', '', 'x = 1')\n",
  "# %timeit f()\n",
  "# MAGIC %sql\n",
];
const cellText = fc.array(fc.constantFrom(...fragments), { maxLength: 8 }).map((parts) => parts.join(""));

it("maps every copied character of the Python to the same character of the source", () => {
  fc.assert(
    fc.property(
      cellText,
      fc.constantFrom("jupyter" as const, "percent" as const, "databricks" as const),
      (source, dialect) => {
        const { python, map } = resolve(source, dialect);
        expect(map.pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(python.length);
        for (const { at, length, source: from, copied } of map.pieces)
          if (copied) expect(source.slice(from.start, from.end)).toBe(python.slice(at, at + length));
      },
    ),
    { seed: 2, numRuns: 1500 },
  );
});

it("leaves a text without IPython in it exactly as it is", () => {
  const plain = fragments.filter((part) => !/[%!?]|get_ipython|MAGIC|>>>|^ /.test(part));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...plain), { minLength: 2, maxLength: 8 }), (parts) => {
      const source = parts.join("");
      expect(readNotebook("a.ipynb", ipynb(source)).value?.cells[0]?.python).toBe(source);
    }),
    { seed: 3, numRuns: 300 },
  );
});
