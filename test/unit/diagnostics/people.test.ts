import { expect, it } from "vitest";
import { concise } from "../../../src/diagnostics/formats/concise.ts";
import { pretty } from "../../../src/diagnostics/formats/pretty.ts";
import { context, inCell, samples } from "./sample.ts";

it("pretty shows headline, place, frame, related places, why, fix and where to read on", () => {
  expect(pretty(samples.slice(0, 1), context)).toBe(
    [
      "error[CW9001 internal-error] Feature 'x' depends on label 'y'.",
      "  notebooks/train.ipynb:cell 3:2:1 (id abc)",
      "   |",
      " 2 | df['x'] = df['y']",
      "   | ^^^^^^^",
      "  label defined here: notebooks/train.ipynb:cell 2:1:1",
      "   |",
      " 1 | df['x'] = df['y']",
      "   | ^^^^^^^^^^^^^^^^^",
      "   | …",
      "  why: This is a defect of Crosswalk, not of your notebook; nothing was written after it happened.",
      "  fix: compute it after the split.",
      "  see: crosswalk explain CW9001",
      "",
    ].join("\n"),
  );
});

it("pretty of a diagnostic from elsewhere has no why and no page", () => {
  const text = pretty(samples.slice(2), context);
  expect(text).toContain("note[acme/no-owner no-owner]");
  expect(text).not.toMatch(/why:|see:/);
});

it("diagnostics are separated by one empty line and colours are there only when asked for", () => {
  expect(pretty(samples, context).split("\n\n")).toHaveLength(3);
  const colored = pretty(samples, { ...context, color: true });
  expect(colored).toContain("\u001b[31m");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
  expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(pretty(samples, context));
});

it("concise is one line for each diagnostic, whatever their text holds", () => {
  expect(concise(samples, context).split("\n")).toEqual([
    "notebooks/train.ipynb:cell 3:2:1: error[CW9001 internal-error] Feature 'x' depends on label 'y'. Fix: compute it after the split.",
    'crosswalk.yaml:4:3: warning[CW0010 config-unknown-key] `notbooks` is not a key: 100 %, <b> & "c".␊Second line. Fix: did you mean `notebooks`.',
    "crosswalk: note[acme/no-owner no-owner] escape ␛[31m, rtl \ufffd, nul ␀, lone \ufffd. Fix: name an owner.",
    "",
  ]);
});

it("no diagnostics print nothing", () => {
  expect([pretty([], context), concise([], context)]).toEqual(["", ""]);
});

it("paths are printed as the caller wants them", () => {
  const path = (file: string): string => `../${file}`;
  expect(concise(samples.slice(0, 1), { ...context, path })).toMatch(/^\.\.\/notebooks\/train\.ipynb:cell 3:2:1: /);
});

/** Source line, 1-based columns of the mark, and what the frame shows below its first line. */
const frames: readonly [name: string, source: string, column: number, endColumn: number, expected: string[]][] = [
  ["a mark in the middle", "a = b + c", 5, 6, [" 2 | a = b + c", "   |     ^"]],
  ["a mark without width", "a = (", 6, 6, [" 2 | a = (", "   |      ^"]],
  ["a tab counts as four columns", "\tx = 1", 2, 3, [" 2 |     x = 1", "   |     ^"]],
  ["wide letters take two columns", "名 = 名", 5, 6, [" 2 | 名 = 名", "   |      ^^"]],
  ["combining marks take none", "e\u0301 = 1", 6, 7, [" 2 | e\u0301 = 1", "   |     ^"]],
  [
    "pairs of surrogates are one sign",
    "s = '\u{1f600}' + t",
    12,
    13,
    [" 2 | s = '\u{1f600}' + t", "   |            ^"],
  ],
  ["control characters keep their column", "a\u001b = b", 6, 7, [" 2 | a␛ = b", "   |      ^"]],
];

it.each(frames)("a frame draws %s", (_name, source, column, endColumn, expected) => {
  const place = { ...inCell, column, endColumn, excerpt: [source] };
  const lines = pretty([{ ...samples[0]!, place, related: [] }], context).split("\n");
  expect(lines.slice(3, 5)).toEqual(expected);
});

it("a long line is cut to the width and the mark stays in view", () => {
  const source = `${"x".repeat(300)}HERE${"y".repeat(300)}`;
  const place = { ...inCell, column: 301, endColumn: 305, excerpt: [source] };
  const [line = "", carets = ""] = pretty([{ ...samples[0]!, place }], { ...context, width: 60 })
    .split("\n")
    .slice(3);
  expect(line.length).toBeLessThanOrEqual(60);
  expect(line).toMatch(/ \| …x+HEREy+…$/);
  expect(carets.trimEnd().length - carets.indexOf("^")).toBe(4);
  expect(line.slice(carets.indexOf("^"), carets.length)).toBe("HERE");
});

it("a mark over several lines is drawn under each", () => {
  const place = { ...inCell, column: 3, endLine: 3, endColumn: 4, excerpt: ["f(a,", "  b)"] };
  const lines = pretty([{ ...samples[0]!, place, related: [] }], context).split("\n");
  expect(lines.slice(3, 7)).toEqual([" 2 | f(a,", "   |   ^^", " 3 |   b)", "   |   ^"]);
});
