import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { WORDS } from "../../../grammar/words.ts";
import type { Carrier } from "../../../src/annotation/carrier.ts";
import { complete } from "../../../src/annotation/complete.ts";
import { formatDirectives } from "../../../src/annotation/format.ts";
import { scanText } from "../../../src/annotation/read-cell.ts";
import { attachCells } from "./cells.ts";

const folder = new URL("../../fixtures/annotation/good/", import.meta.url);
const examples = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
const junk = fc.oneof(
  fc.constantFrom(
    ...Object.keys(WORDS),
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    '"',
    "'",
    "/",
    "\\",
    "\n",
    "\n# ",
    "# cw: ",
    ",",
    ";",
    "->",
    "..",
  ),
  fc.string({ maxLength: 6, unit: "binary" }),
);
/** An example with pieces cut out, doubled and put in. */
const mutated = fc
  .tuple(fc.constantFrom(...examples), fc.array(fc.tuple(fc.nat(), fc.nat(8), junk), { minLength: 1, maxLength: 5 }))
  .map(([text, edits]) =>
    edits.reduce((now, [at, cut, put]) => {
      const start = at % (now.length + 1);
      return now.slice(0, start) + put + now.slice(start + cut);
    }, text),
  );

it("never throws, and places every diagnostic in the cell", () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const source = `${text}\nx = 1`;
      const lines = source.split("\n").length;
      for (const { place, message, fix } of attachCells(source).diagnostics) {
        expect(place?.line).toBeGreaterThanOrEqual(1);
        expect(place?.line).toBeLessThanOrEqual(lines);
        expect(`${message} ${fix}`).not.toMatch(/undefined|NaN|\{(?:hint|expected|found|why)\}/);
      }
      const formatted = formatDirectives(source, undefined, "python");
      expect(formatDirectives(formatted, undefined, "python")).toBe(formatted);
    }),
    { seed: 11, numRuns: 500 },
  );
});

it("finds and formats in any text of any carrier without a throw", () => {
  const carriers: readonly Carrier[] = ["python", "r", "yaml", "typescript", "sql", "markdown"];
  fc.assert(
    fc.property(fc.constantFrom(...carriers), mutated, fc.nat(), (carrier, text, at) => {
      const own =
        carrier === "markdown"
          ? `<!-- ${text.replace(/^# /gm, "")} -->`
          : text.replace(/^#/gm, carrier === "sql" ? "--" : "//");
      scanText(own, carrier);
      formatDirectives(own, undefined, carrier);
      const offset = at % (text.length + 1);
      expect(complete(text, offset).from).toBeLessThanOrEqual(offset);
    }),
    { seed: 13, numRuns: 500 },
  );
});

it("stays quick on texts made to be slow", () => {
  const slow = [
    `# cw: contract a {\n${"#   c int\n".repeat(3000)}# }`,
    `# cw: expect ${"(".repeat(5000)}`,
    `# cw: param x = ${"[".repeat(20_000)}`,
    `# cw: use "${"\\".repeat(50_000)}`,
    `# cw: expect ${"a + ".repeat(5000)}a`,
    `# cw: contract a { x str matches /${"(a+)+".repeat(200)}/ }`,
    `<!-- ${"<!-- cw: ".repeat(5000)}`,
    "# cw: step a\n".repeat(2000),
    `# cw: contract a {\n${"#   c int foo\n".repeat(1000)}# }`,
  ];
  for (const text of slow) {
    const start = performance.now();
    attachCells(text, { kind: "markdown", source: text });
    formatDirectives(text, undefined, "python");
    complete(text, text.length);
    expect(performance.now() - start, text.slice(0, 40)).toBeLessThan(4000);
  }
});
