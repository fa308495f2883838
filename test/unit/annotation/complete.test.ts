import { expect, it } from "vitest";
import { DIRECTIVES, FORMATS, TYPES } from "../../../grammar/words.ts";
import { complete } from "../../../src/annotation/complete.ts";

const words = (text: string): readonly string[] => complete(text, text.length).words.map(({ word }) => word);

it.each<[string, readonly string[]]>([
  ["# cw: ", Object.keys(DIRECTIVES)],
  ["# cw: mo", ["monotone", "monitor"]],
  ["// cw: pro", ["protect"]],
  ["input a as ", FORMATS],
  ["input a as p", ["parquet"]],
  ["contract a { x da", ["date", "datetime"]],
  [
    "contract a { x int ",
    ["in", "unique", "nullable", "pii", "sensitive", "protected", "key", "target", "fresh", "matches"],
  ],
  ["contract a {\n#   x int\n#   un", ["unique"]],
  ["param x: ", [...Object.keys(TYPES)]],
  ["monotone a ", ["increasing", "decreasing"]],
  ["drift ", ["psi", "ks", "chi2"]],
  ["metric a >= 1 ", ["on", "by"]],
  ['waive CW1 because "x" ', ["until"]],
  ['test "a" { ', ["given", "expect"]],
  ["step 3 ", []],
])("offers behind %j: %j", (text, expected) => {
  expect(words(text)).toEqual(expected);
});

it("says what could stand there that is no word, and where the word begins", () => {
  expect(complete("# cw: seed ", 11).expects).toEqual(["a number"]);
  expect(complete("# cw: step", 8)).toMatchObject({ from: 6, words: [{ word: "step" }] });
});
