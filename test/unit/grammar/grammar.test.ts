import { readFileSync } from "node:fs";
import { CstParser, createToken, Lexer } from "chevrotain";
import { expect, it } from "vitest";
import { follow } from "../../../grammar/follow.ts";
import { generatedFiles } from "../../../grammar/generate.ts";
import { DirectiveParser } from "../../../grammar/parser.ts";
import { openBrackets, readDirective } from "../../../grammar/read.ts";
import { allTokens } from "../../../grammar/tokens.ts";
import { tokenize } from "../../../grammar/tools.ts";
import { EXAMPLES, TYPES, WORDS } from "../../../grammar/words.ts";

const read = (name: string): string => readFileSync(new URL(`../../../grammar/${name}`, import.meta.url), "utf8");

it("is a grammar without ambiguity, and its lexer has no fault", () => {
  expect(() => new DirectiveParser({ skipValidations: false })).not.toThrow();
  expect(new Lexer([...allTokens], { ensureOptimizations: true }).lexerDefinitionErrors).toEqual([]);
});

it("would notice an ambiguity", () => {
  const token = createToken({ name: "A", pattern: /a/ });
  class Ambiguous extends CstParser {
    constructor() {
      super([token], { skipValidations: false });
      this.performSelfAnalysis();
    }
    readonly both = this.RULE("both", () => {
      this.OR([{ ALT: () => this.CONSUME(token) }, { ALT: () => this.CONSUME2(token) }]);
    });
  }
  expect(() => new Ambiguous()).toThrow(/Ambiguous/);
});

it.each(Object.entries(generatedFiles()))("has a fresh %s", (name, text) => {
  expect(read(name), `run \`node scripts/generate-grammar.ts\``).toBe(text);
});

it("draws a diagram of every rule on a page that loads nothing", () => {
  const page = read("railroad.html");
  expect(page).not.toMatch(/https?:|<script|<link|src=/);
  for (const rule of Object.keys(new DirectiveParser().getGAstProductions()))
    expect(page).toContain(`<h2 id="${rule}">`);
  for (const [, target] of page.matchAll(/href="#(\w+)"/g)) expect(page).toContain(`id="${target}"`);
});

it("writes each rule that the EBNF names", () => {
  const text = read("directive.ebnf");
  const defined = new Set([...text.matchAll(/^(\w+)$/gm)].map((match) => match[1]));
  const body = text.slice(text.indexOf("*)"));
  const named = [...body.matchAll(/(?<!['\w])([a-z]\w*)(?!['\w])/g)].map((match) => match[1]);
  expect(named.filter((name) => !defined.has(name))).toEqual([]);
});

it("colours every word and type of the language", () => {
  const colours = read("crosswalk.tmLanguage.json");
  for (const word of [...Object.keys(WORDS), ...Object.keys(TYPES)])
    expect(colours).toMatch(new RegExp(`[|:(]${word}[|)]`));
});

it.each(Object.entries(EXAMPLES))("reads the example of %s", (kind, example) => {
  const { cst, faults } = readDirective(example);
  expect(faults).toEqual([]);
  expect(Object.keys(cst?.children ?? {})).toEqual([`${kind}Directive`]);
});

it.each(Object.keys(WORDS))("takes the word %s as a name", (word) => {
  const free = word !== "because";
  expect(readDirective(`metric ${word} >= 1`).cst !== undefined).toBe(free);
  expect(readDirective(`contract a { ${word} int key; ${word}x int }`).cst !== undefined).toBe(free);
  expect(readDirective(`step ${word}_x -> ${word}`).cst !== undefined).toBe(free);
});

it.each([
  ["18..120", ["Number", "DotDot", "Number"]],
  ["0.05..0.5", ["Number", "DotDot", "Number"]],
  ["1e6 1_000 .5 5.", ["Number", "Number", "Number", "Number"]],
  ["30d 5min 12mo 30days", ["Duration", "Duration", "Duration", "Number", "Name"]],
  ["2027-03-31 2027-3-31", ["Date", "Number", "Minus", "Number", "Minus", "Number"]],
  ["matches /a/b / c/", ["Matches", "Regex", "Name", "PythonOperator", "Name", "PythonOperator"]],
  ["x.matches / y / z", ["Name", "Dot", "Matches", "PythonOperator", "Name", "PythonOperator", "Name"]],
  ["increasing in inside protect protected", ["Increasing", "In", "Name", "Protect", "Protected"]],
  [`"a\\"b" 'c' r"d" "open`, ["String", "String", "PythonString", "OpenString"]],
  ["a\nb\r\nc", ["Name", "LineEnd", "Name", "LineEnd", "Name"]],
  [
    "-> - >= > == = := :",
    ["Arrow", "Minus", "GreaterEqual", "Greater", "PythonOperator", "Equal", "PythonOperator", "Colon"],
  ],
  ["größe 数 ½", ["Name", "Name", "Name"]],
  ["$ ?", ["Unknown", "Unknown"]],
])("splits %s", (text, expected) => {
  expect(tokenize(text).map((token) => token.tokenType.name)).toEqual(expected);
});

it.each([
  ["contract a {", "{"],
  ["contract a { x float in (0..1]", "{"],
  ["contract a { x float in [0..1)", "{"],
  ["contract a { x float in {1, (2 }", "{"],
  ["expect f(x[", "(["],
  ["expect f(x)] }", ""],
])("knows which brackets of %s are open", (text, open) => {
  expect(
    openBrackets(tokenize(text))
      .map((token) => token.image)
      .join(""),
  ).toBe(open);
});

it.each([
  ["expect a", true],
  ['expect a "why"', false],
  ['expect a == "b"', true],
])("offers a reason behind a value only: %s", (text, canEnd) => {
  const { read: count, expected } = follow(tokenize(text));
  expect(count).toBe(tokenize(text).length);
  expect(expected.some(({ label }) => label === "`because`")).toBe(canEnd);
});

it("lets a broken line of a block hide no other", () => {
  const { faults } = readDirective("contract a {\n a\n b int\n c int foo\n d in 3\n}");
  expect(faults.map((fault) => fault.start)).toEqual([15, 30, 37]);
});
