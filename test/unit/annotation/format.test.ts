import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { grammarTools, tokenize } from "../../../grammar/tools.ts";
import { formatCell, formatDirectives } from "../../../src/annotation/format.ts";
import { readCell } from "../../../src/annotation/read-cell.ts";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { cellOf, tools } from "./cells.ts";
import { meaning } from "./meaning.ts";

const folder = new URL("../../fixtures/annotation/good/", import.meta.url);
const examples = readdirSync(folder).flatMap((file) =>
  readFileSync(new URL(file, folder), "utf8")
    .trim()
    .split(/\n(?=# cw:)/),
);

it.each<[string, string]>([
  ["#cw:step   a ( b ,c )->d,e   'x'", '# cw: step a(b, c) -> d, e "x"'],
  ["x=1 #  cw:   keep", "x=1 # cw: keep"],
  [
    "# cw: param x:list [ str ]|None=[ 'a','it\"s' ]in{ 'a' }",
    '# cw: param x: list[str] | None = ["a", \'it"s\'] in {"a"}',
  ],
  ["# cw: param x in( 0 .. 1 ]", "# cw: param x in (0..1]"],
  ["# cw: param x = { 'a' : - 1 ,'b':( 1 , ) }", '# cw: param x = {"a": -1, "b": (1,)}'],
  ["# cw: ignore a - b ,CW1 because'x'", '# cw: ignore a-b, CW1 because "x"'],
  ["# cw: expect  a  ==  'b'   'why'", "# cw: expect a  ==  'b' \"why\""],
  ["# cw: contract a{}", "# cw: contract a {}"],
  [
    "# cw: contract a . b{ c int;unique( d,e ) ,expect( x  >1 )'y' }",
    '# cw: contract a.b { c int; unique (d, e), expect ( x  >1 ) "y" }',
  ],
  [
    "#cw:contract a {\n#b int>=0\n#\n#         c str matches /a b/\n#}",
    "# cw: contract a {\n#   b int >= 0\n#\n#   c str matches /a b/\n# }",
  ],
  [
    "# cw: test 't' {\n# given = {\n#  'a': 1,\n# }\n# expect x\n# }",
    "# cw: test \"t\" {\n#   given = {\n#  'a': 1,\n# }\n#   expect x\n# }",
  ],
  ["if a:\n    #cw:keep\n    x = 1", "if a:\n    # cw: keep\n    x = 1"],
])("writes %j as %j", (source, expected) => {
  expect(formatDirectives(source, parseModule(source), "python")).toBe(expected);
  expect(formatDirectives(expected, parseModule(expected), "python")).toBe(expected);
});

it.each([
  "x  =  1   #   plain\n# cw:   step   3a\n#cw: contract a {\ny = 2",
  's = """\n#cw:keep\n"""\nt = "#cw:keep"',
  "# CW:  step a",
  "x = (",
])("leaves %j alone", (source) => {
  expect(formatDirectives(source, parseModule(source), "python")).toBe(source);
});

it("formats every carrier with its own sign", () => {
  expect(formatDirectives("//cw:contract a {\n//b int\n//}", undefined, "typescript")).toBe(
    "// cw: contract a {\n//   b int\n// }",
  );
  expect(formatDirectives("--cw:keep\nselect 1", undefined, "sql")).toBe("-- cw: keep\nselect 1");
  expect(formatDirectives("#cw:keep\nx <- '#cw:keep'", undefined, "r")).toBe("# cw: keep\nx <- '#cw:keep'");
  expect(formatDirectives("a <!--cw:use   'x'--> b\n<!--\n  cw:limit 'y'\n-->", undefined, "markdown")).toBe(
    'a <!-- cw: use "x" --> b\n<!--\n  cw: limit "y"\n-->',
  );
});

it("touches no comment that only a magic holds", () => {
  const source = "%%time\n!echo '#cw:keep' #cw:keep\nx = 1 #cw:keep";
  const bytes = new TextEncoder().encode(
    JSON.stringify({
      cells: [{ cell_type: "code", id: "a", source, metadata: {}, outputs: [], execution_count: null }],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  const cell = readNotebook("n.ipynb", bytes).value?.cells[0];
  if (cell === undefined) throw new Error("no cell");
  expect(formatCell(cell, parseModule(cell.python), "python")).toBe(
    "%%time\n!echo '#cw:keep' #cw:keep\nx = 1 # cw: keep",
  );
});

const read = (source: string): ReturnType<typeof readCell> =>
  readCell(cellOf({ source }), "python", parseModule(source), tools);

/** An example with other blanks between its tokens. */
const respaced = fc
  .tuple(fc.constantFrom(...examples), fc.array(fc.constantFrom("", " ", "  ", "\t"), { minLength: 40, maxLength: 40 }))
  .map(([example, blanks]) => {
    let turn = 0;
    return example
      .split("\n")
      .map((line) => {
        const start = line.startsWith("# cw:") ? 5 : 1;
        const tokens = tokenize(line.slice(start));
        const words = tokens.map((token, i) => {
          const next = tokens[i + 1];
          const blank = blanks[turn++ % blanks.length] ?? "";
          const glued = `${token.image}${next?.image ?? ""}`;
          // Without a blank two tokens may become others: then one stays.
          const apart = grammarTools().lexer.tokenize(glued).tokens;
          const isSame = next === undefined || (apart[0]?.image === token.image && apart[1]?.image === next.image);
          return token.image + (blank === "" && !isSame ? " " : blank);
        });
        return line.slice(0, start) + (start === 1 ? " " : "") + words.join("");
      })
      .join("\n");
  });

it("never changes a meaning, and is done after one turn", () => {
  fc.assert(
    fc.property(respaced, (source) => {
      const before = read(source);
      const formatted = formatDirectives(source, parseModule(source), "python");
      const after = read(formatted);
      expect(after.diagnostics.map((d) => d.code)).toEqual(before.diagnostics.map((d) => d.code));
      expect(after.value.map(({ directive }) => meaning(directive))).toEqual(
        before.value.map(({ directive }) => meaning(directive)),
      );
      expect(formatDirectives(formatted, parseModule(formatted), "python")).toBe(formatted);
    }),
    { seed: 7, numRuns: 300 },
  );
});
