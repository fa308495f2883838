import { expect, it } from "vitest";
import { attachedOf } from "../../../src/annotation/attached.ts";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";
import { attach, attachCells, notebookOf } from "./cells.ts";

type Attach = ReturnType<typeof attachCells>;
const codes = (phase: Attach): readonly string[] => phase.diagnostics.map((d) => d.code);

/** "kind target: text of the statement" for each directive. */
function shown(phase: Attach): readonly string[] {
  return phase.value.map(({ directive, target, statement, cell }) => {
    const text = statement === undefined ? "-" : cell.python.slice(statement.span.start, statement.span.end);
    return `${directive.kind} ${target}: ${text.split(/ *#|\n/)[0]}`;
  });
}

const page = `%%time
DATA = "../data"                                   # still the step before
# cw: step load -> df "applications of the last 20 months"
# cw: input applications from "risk.applications" as csv
# the bank's own export (a plain comment)
df = pd.read_csv(f"{DATA}/applications.csv")       # input and step attach here
TEST_SIZE = 0.3   # cw: param TEST_SIZE in 0.05..0.5
# cw: fit caps
caps = {}
for c in num:
    caps[c] = df[c].quantile([.01, .99])           # caps as it is after the loop
# cw: expect (df["term"] > 0).all() "no zero terms"
`;

it("attaches the example of the grammar page, through a real notebook", () => {
  const json = {
    cells: [{ cell_type: "code", id: "a", source: page, metadata: {}, outputs: [], execution_count: null }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
  const { value: notebook, diagnostics } = readNotebook("n.ipynb", new TextEncoder().encode(JSON.stringify(json)));
  expect(diagnostics).toEqual([]);
  if (notebook === undefined) throw new Error("no notebook");
  const all = attach(notebook);
  expect(all.diagnostics).toEqual([]);
  expect(shown(all)).toEqual([
    'step before: df = pd.read_csv(f"{DATA}/applications.csv")',
    'input statement: df = pd.read_csv(f"{DATA}/applications.csv")',
    "param name: TEST_SIZE = 0.3",
    "fit name: caps = {}",
    "expect after: for c in num:",
  ]);
  const [param] = attachedOf(all.value, "param");
  expect(param?.value).toMatchObject({ kind: "constant", value: 0.3 });
  expect(page.slice(param?.directive.name.span.start, param?.directive.name.span.end)).toBe("TEST_SIZE");
  const [check] = attachedOf(all.value, "expect");
  const { span, ast } = check?.directive.expression ?? {};
  expect(page.slice(span?.start, span?.end)).toBe('(df["term"] > 0).all()');
  expect(ast?.kind).toBe("call");
});

it.each<[string, string, readonly string[]]>([
  [
    "the statement below, over blanks and comments",
    "# cw: apply\n\n# plain\n# cw: keep\nx = 1\ny = 2",
    ["apply statement: x = 1", "keep cell: -"],
  ],
  ["the statement on its own line", "a = 0\nx = 1  # cw: keep\ny = 2", ["keep statement: x = 1"]],
  ["the last of several on one line", "a = 1; b = 2  # cw: keep", ["keep statement: b = 2"]],
  ["the last of several with a semicolon", "a = 1; b = 2;  # cw: keep", ["keep statement: b = 2"]],
  [
    "the statement that holds the brackets",
    "a = 0\nx = f(\n    1,\n    # cw: apply\n    2,\n)\ny = 2",
    ["apply statement: x = f("],
  ],
  [
    "the statement whose brackets are open on its line",
    "x = f(  # cw: apply\n    2)\ny = 1",
    ["apply statement: x = f("],
  ],
  ["the next statement of the block", "if a:\n    # cw: apply\n    x = 1\ny = 2", ["apply statement: x = 1"]],
  ["the header of a block", "for c in d:  # cw: keep\n    x = 1", ["keep statement: for c in d:"]],
  ["the header's brackets", "if (a and\n    # cw: apply\n    b):\n    x = 1", ["apply statement: if (a and"]],
  ["behind a block, by its indentation", "for c in d:\n    x = 1\n# cw: apply\ny = 2", ["apply statement: y = 2"]],
  ["in the else branch", "if a:\n    x = 1\nelse:\n    # cw: apply\n    y = 2", ["apply statement: y = 2"]],
  ["above a decorated function", "@d\n# cw: keep\ndef f():\n    pass", ["keep statement: @d"]],
  ["above a function", "a = 1\n# cw: keep\n@d\ndef f():\n    pass", ["keep statement: @d"]],
  ["the whole cell", '# about\n# cw: skip "tried"\nx = 1', ["skip cell: -"]],
  ["the whole cell without statements", "# cw: skip", ["skip cell: -"]],
  ["the name further down", "# cw: param b\na = 1\nb = 2", ["param name: b = 2"]],
  ["the name inside a block", "# cw: metric auc\nfor i in x:\n    auc = f(i)", ["metric name: auc = f(i)"]],
  ["no name inside a function", "# cw: metric auc\ndef f():\n    auc = 1\nauc = 2", ["metric name: auc = 2"]],
  ["a loop's name", "# cw: fit c\nfor c in d:\n    pass", ["fit name: for c in d:"]],
  [
    "a name that an import, with, walrus binds",
    "# cw: fit a\n# cw: fit b\n# cw: fit c\nimport x as a\nwith f() as b:\n    pass\nprint(c := 1)",
    ["fit name: import x as a", "fit name: with f() as b:", "fit name: print(c := 1)"],
  ],
  ["a name nobody binds here", "# cw: metric auc\nx = 1", ["metric name: -"]],
  ["the end of the cell", "# cw: serve pd -> p\nx = 1\np = 2", ["serve after: p = 2"]],
  ["the moment before", "# cw: expect x > 0\ny = 1", ["expect before: y = 1"]],
  ["the moment after the last", "y = 1\n# cw: expect y > 0", ["expect after: y = 1"]],
  ["the moment after its own line", "y = 1  # cw: expect y > 0\nz = 2", ["expect after: y = 1"]],
  ["the end of a block", "for c in d:\n    x = c\n    # cw: expect x > 0\ny = 1", ["expect after: x = c"]],
  [
    "an assumption with a check",
    '# cw: assume "a" check x > 0\n# cw: assume "b"\ny = 1',
    ["assume before: y = 1", "assume model: -"],
  ],
  ["the model", '# cw: use "a"\nx = 1', ["use model: -"]],
])("finds %s", (_, source, expected) => {
  const all = attachCells(source);
  expect(all.diagnostics).toEqual([]);
  expect(shown(all)).toEqual(expected);
});

it.each<[string, string, string]>([
  ["x = 1\n# cw: apply", "CW1119", "none in this cell"],
  ["x = 1\n# cw: input a", "CW1119", "`input`"],
  ['# cw: ignore label-leak because "x"', "CW1119", "`ignore`"],
  ["for c in d:\n    x = 1\n    # cw: apply\ny = 2", "CW1119", "none in this block"],
  ["x = 1\n# cw: step last", "CW1119", "none in the rest of the notebook"],
  ["# cw: step a\n# cw: step b\nx = 1", "ok", ""],
  ["if a:\n    # cw: step b\n    x = 1", "CW1115", "of a `if`"],
  ["def f():\n    x = 1  # cw: step b", "CW1115", "the function `f`"],
  ["# cw: param x\ny = 1", "CW1120", "assigns `x`"],
  ["# cw: param test_size\nTEST_SIZE = 1", "CW1120", "did you mean `TEST_SIZE`?"],
  ["# cw: param x\nx = f(1)", "CW1117", "no literal"],
  ["# cw: param x\nx += 1", "CW1117", "no literal"],
  ["# cw: param x\nx = [1, y]", "CW1117", "no literal"],
  ["# cw: param x = 2\nx = 3", "CW1118", "says `2`, but the code assigns `3`"],
  ['# cw: param x = "3"\nx = 3', "CW1118", "assigns `3`"],
  ["# cw: param x = True\nx = 1", "CW1118", "assigns `1`"],
  ["# cw: param x = [1, 2]\nx = (1, 2)", "CW1118", "(1, 2)"],
  ["# cw: param x = 12345678901234567890\nx = 12345678901234567891", "CW1118", "12345678901234567891"],
  ["# cw: param x = 12345678901234567890\nx = 12345678901234567_890", "ok", ""],
  ["# cw: param x = 0.30\nx = .3", "ok", ""],
  ["# cw: param x = -3\nx = -3", "ok", ""],
  ["# cw: param x = {\"a\": (1, None), \"b\": [True]}\nx = {'b': [True], 'a': (1, None)}", "ok", ""],
  ["# cw: param x: float\nx: float = 1e-3", "ok", ""],
  ["# cw: param y\nx, y = 1, 2", "ok", ""],
  ['# cw: param n\ndbutils.widgets.text("n", "5")\nn = int(dbutils.widgets.get("n"))', "ok", ""],
  ['# cw: secret KEY\nk = "abc"', "ok", ""],
  ['# cw: secret KEY\nk = f("abc", "def")', "CW1116", "there are 2"],
  ["# cw: secret KEY\nk = f(1)", "CW1116", "there is none"],
  ['# cw: secret KEY\nk = f"a{b}"', "CW1116", "there is an f-string"],
])("checks against the code: %j", (source, code, words) => {
  const all = attachCells(source);
  if (code === "ok") expect(codes(all).filter((c) => c !== "CW1119")).toEqual([]);
  else {
    expect(codes(all)).toEqual([code]);
    expect(all.diagnostics[0]?.message).toContain(words);
  }
});

it("lifts the literal, wherever it stands", () => {
  const values = attachCells('# cw: param y\n# cw: secret KEY\nx, y = login("pw"), 2').value;
  expect(values.map(({ value }) => value)).toMatchObject([{ value: 2 }, { value: "pw" }]);
});

it("lets a step that stands last in its cell begin with the next one", () => {
  expect(codes(attachCells("x = 1\n# cw: step b", "y = 2"))).toEqual([]);
  expect(codes(attachCells("x = 1\n# cw: step b", "# only words"))).toEqual(["CW1119"]);
  const empty = attachCells("x = 1\n# cw: step b", "# cw: step c\ny = 2");
  expect(codes(empty)).toEqual(["CW1119"]);
  expect(empty.diagnostics[0]?.message).toContain("before the next `step`");
});

it("gives every load below to those who know loads", () => {
  const [input] = attachCells("a = 1\n# cw: input x\nb = 2\nfor i in c:\n    d = 3").value;
  expect(input?.candidates.map((stmt) => stmt.kind)).toEqual(["assign", "for", "assign"]);
});

it.each<[string, string, string]>([
  ["# cw: seed 1\nx = 1", "# cw: seed 1\ny = 1", "the seed is already given at cell 1, line 1"],
  ["# cw: param x\nx = 1", "# cw: param x\nx = 2", "`param x` is already given at cell 1"],
  ["# cw: contract a { x int }\na = 1", "# cw: contract a { y int }\na = 2", "`contract a`"],
  ["# cw: metric m on t by b, a\nm = 1", "# cw: metric m on t by a, b\nm = 2", "`metric m` on `t`"],
  ["# cw: serve s -> x\nx = 1", "# cw: serve s -> y\ny = 1", "`serve s`"],
  ["# cw: entity e key a\nx = 1", "# cw: entity e key b\ny = 1", "`entity e`"],
  ['# cw: test "t" { expect 1 }\nx = 1', '# cw: test "t" { expect 2 }\ny = 1', 'the test "t"'],
  ["# cw: step s\nx = 1", "# cw: step s\ny = 1", "`step s`"],
])("reports what is said twice: %j", (first, second, words) => {
  const { diagnostics } = attachCells(first, second);
  expect(diagnostics.map((d) => d.code)).toEqual(["CW1109"]);
  expect(diagnostics[0]?.message).toContain(words);
  expect(diagnostics[0]?.place?.cell).toBe(2);
  expect(diagnostics[0]?.related[0]?.place.cell).toBe(1);
});

it("lets a metric stand once for each dataset and slicing", () => {
  expect(codes(attachCells("# cw: metric m\n# cw: metric m on a\n# cw: metric m on a by b\nm = 1"))).toEqual([]);
});

it("finds what is said twice over chained notebooks", () => {
  const all = attach(notebookOf(["# cw: seed 1\nx = 1"]), {
    ...notebookOf(["# cw: seed 2\nx = 1"]),
    path: "second.ipynb",
  });
  expect(codes(all)).toEqual(["CW1109"]);
  expect(all.value.map(({ notebookIndex }) => notebookIndex)).toEqual([0, 1]);
});

it("allows in a text cell only what is about the model", () => {
  const allowed =
    '<!-- cw: section "Use" -->\n<!-- cw: contract a { x int }\ncw: metric auc >= 0.5 -->\n<!-- cw: waive label-leak because "x" until 2027-01-01 -->';
  expect(codes(attachCells({ kind: "markdown", source: allowed }))).toEqual([]);
  const wrong = attachCells({ kind: "markdown", source: "<!-- cw: step a -->" });
  expect(codes(wrong)).toEqual(["CW1114"]);
  expect(wrong.diagnostics[0]?.fix).toContain("`# cw: step …`");
  expect(codes(attachCells({ kind: "markdown", source: '<!-- cw: use "x"' }))).toEqual(["CW1122"]);
});

it("reads no directive in raw cells or the bodies of other languages", () => {
  expect(attachCells({ kind: "raw", source: "# cw: step a" }).value).toEqual([]);
  expect(attachCells({ source: "%%bash\n# cw: step a", python: "" }).value).toEqual([]);
});

it("reads SQL cells and notebooks in other languages by their own comment sign", () => {
  const sql = attachCells({ source: "%%sql out\n-- cw: input a\nselect 1", python: "out = sql('select 1')" });
  expect(sql.diagnostics).toEqual([]);
  expect(shown(sql)).toEqual(["input statement: out = sql('select 1')"]);
  const ts = attach(notebookOf([{ source: "// cw: step a\nconst x = 1", python: "" }], "typescript"));
  expect(shown(ts)).toEqual(["step before: -"]);
  expect(ts.diagnostics).toEqual([]);
});
