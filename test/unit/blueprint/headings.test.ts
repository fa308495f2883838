import { expect, it } from "vitest";
import { headingsIn } from "../../../src/blueprint/headings.ts";
import { identifier } from "../../../src/blueprint/identifiers.ts";

/** Markdown → `level text` of each heading. */
const cases: readonly (readonly [what: string, markdown: string, headings: readonly string[]])[] = [
  ["ATX, with closing marks and emphasis", "# One #\n## **Two** `x_y` _z_\n", ["1 One", "2 Two x_y z"]],
  ["no space, no heading", "#One\n####### seven\n", []],
  ["comments in a fence are none", "```python\n# load\n```\n# Real\n", ["1 Real"]],
  ["a fence of tildes, closed by its own kind only", "~~~\n# no\n```\n# no\n~~~~\n# Yes\n", ["1 Yes"]],
  ["a fence that nobody closes", "# Yes\n```\n# no\n", ["1 Yes"]],
  ["code inside of a line opens no fence", "```x``` is code\n# Yes\n", ["1 Yes"]],
  ["indented code", "    # no\n   # Yes\n", ["1 Yes"]],
  ["HTML comments", "<!-- # no\n# no -->\n# Yes <!-- aside -->\n", ["1 Yes"]],
  ["HTML", '<h2 align="center">The <b>data</b></h2>\n', ["2 The data"]],
  ["underlined", "Data\n====\n\nModel\n---\n", ["1 Data", "2 Model"]],
  ["a rule is none, nor is a list or a table", "text\n\n---\n- item\n---\n| a |\n---\n", []],
  ["of links their text, no images' places", "## [Data](http://x.y/z) ![pic](a.png) <a id='1'></a>\n", ["2 Data pic"]],
];

it.each(cases)("headings: %s", (_what, markdown, headings) => {
  expect(headingsIn(markdown).map((h) => `${h.level} ${h.text}`)).toEqual(headings);
});

const names: readonly (readonly [words: string, name: string])[] = [
  ["Read it", "read_it"],
  ["Let's look at the data", "lets_look_at_the_data"],
  ["Hyperparameter optimisation of gradient boosting machines", "hyperparameter_optimisation_of_gradient"],
  ["A look at the distribution of the labels", "a_look_at_the_distribution"],
  ["Comparison of all of the models", "comparison_of_all"],
  ["Größe & Maße", "grosse_masse"],
  ["Østerbro-Œuvre Łódź", "osterbro_oeuvre_lodz"],
  ["x".repeat(60), "x".repeat(40)],
  ["数据清洗", "part"],
  ["2nd part", "part_2nd_part"],
  ["import", "import_"],
];

it.each(names)("the identifier of '%s' is %s", (words, name) => {
  expect(identifier(words, "part")).toBe(name);
});
