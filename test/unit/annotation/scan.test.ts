import { expect, it } from "vitest";
import type { Carrier } from "../../../src/annotation/carrier.ts";
import { scanText } from "../../../src/annotation/read-cell.ts";
import { parseModule } from "../../../src/python/parse.ts";
import "./cells.ts";

const texts = (text: string, carrier: Carrier): readonly string[] =>
  scanText(text, carrier).directives.map((raw) => raw.text.trim().replace(/\s+/g, " "));

it.each<[Carrier, string, readonly string[]]>([
  ["python", "# cw: step a\nx = 1 # cw: keep", ["step a", "keep"]],
  ["python", "#cw:step a\n#  cw:  keep", ["step a", "keep"]],
  ["python", 's = "# cw: step a"\nt = """\n# cw: keep\n"""\nu = \'\\\'# cw: skip\'', []],
  ["python", "f(\n  a,\n  # cw: keep\n  b)", ["keep"]],
  ["python", "# cw: contract a {\n# b int\n#\n# }\n# plain", ["contract a { b int }"]],
  ["python", "x = 1 # cw: expect all([\n      # 1,\n      # ])", ["expect all([ 1, ])"]],
  ["r", "x <- '# cw: no'\n# cw: step a", ["step a"]],
  ["yaml", "a: 'x # cw: no'\nb: c#cw: no\n# cw: label \"x\"", ['label "x"']],
  ["typescript", "const a = '// cw: no';\n/* // cw: no */\nconst b = `// cw: no`; // cw: keep", ["keep"]],
  ["typescript", "// cw: contract a {\n//   b int\n// }", ["contract a { b int }"]],
  ["sql", "select '-- cw: no', \"-- cw: no\" /* -- cw: no */ -- cw: input a\nfrom b", ["input a"]],
  ["sql", "# MAGIC %sql\n# MAGIC -- cw: contract a {\n# MAGIC -- b int\n# MAGIC -- }", ["contract a { b int }"]],
  ["markdown", '<!-- cw: section "Use" -->\ntext', ['section "Use"']],
  ["markdown", '<!-- cw: use "a"\n  plain words\n  cw: limit "b" -->', ['use "a"', 'limit "b"']],
  ["markdown", "<!--\ncw: contract a {\n  b int\n}\n-->", ["contract a { b int }"]],
  ["markdown", '```\n<!-- cw: use "a" -->\n```\n~~~~\n<!-- cw: use "b" -->\n~~~~\n`<!-- cw: use "c" -->`', []],
  ["markdown", '```\n<!-- cw: use "a" -->\n', []],
  ["markdown", '<!-- other -->\n# cw: step a\n<!--cw: use "x"-->', ['use "x"']],
])("finds in %s: %j", (carrier, text, expected) => {
  expect(texts(text, carrier)).toEqual(expected);
  if (carrier === "python") {
    const found = scanText(text, carrier, parseModule(text)).directives;
    expect(found.map((raw) => raw.text.trim().replace(/\s+/g, " "))).toEqual(expected);
  }
});

it.each<[string, string | undefined]>([
  ["# CW: step a", "# CW:"],
  ["# Cw : step a", "# Cw :"],
  ["# cw step a", "# cw"],
  ["# crosswalk: x", "# crosswalk:"],
  ["# crosswalk step a", "# crosswalk"],
  ["# crosswalk is a tool", undefined],
  ["# CW radar data", undefined],
  ["#: cw: step a", "#: cw:"],
  ["x = 1 # type: ignore # cw: keep", "# cw:"],
  ["# see `# cw: step`", undefined],
  ["# write # cw: and a word", undefined],
  ["# acw: x", undefined],
])("calls %j a near miss: %j", (text, found) => {
  const { nearMisses, directives } = scanText(text, "python");
  expect(directives).toEqual([]);
  expect(nearMisses.map((near) => near.found.trim())).toEqual(found === undefined ? [] : [found]);
  for (const { span, found: words } of nearMisses) expect(text.slice(span.start, span.end)).toBe(words);
});

it("reports a Markdown comment that is never closed, and only one with a directive", () => {
  expect(scanText('a <!-- cw: use "x"', "markdown").unclosed).toEqual([{ start: 2, end: 6 }]);
  expect(scanText("a <!-- just words", "markdown").unclosed).toEqual([]);
});
