import { expect, it } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import { dump, i, n, pass } from "./dump.ts";

// One row per trap of tree-sitter-python: its name, the source, the tree that CPython makes of it.
it.each<[string, string, unknown]>([
  [
    "print chevron is an expression",
    "print >>f, x",
    [["expr", ["tuple", [["binary", ">>", n("print"), n("f")], n("x")]]]],
  ],
  [
    "print chevron inside a block",
    "if a: print >>f",
    [["if", n("a"), [["expr", ["binary", ">>", n("print"), n("f")]]], []]],
  ],
  ["print and exec are names", "print = exec", [["assign", [n("print")], n("exec")]]],
  ["print minus one subtracts", "print -1", [["expr", ["binary", "-", n("print"), i(1)]]]],
  [
    "type of something assigned to",
    "type(m).x = 1",
    [["assign", [["attribute", ["call", n("type"), [n("m")], []], "x"]], i(1)]],
  ],
  ["type as a name", "type = type[x]", [["assign", [n("type")], ["subscript", n("type"), n("x")]]]],
  [
    "type alias",
    "type X[T] = list[T]",
    [["typealias", "X", [["plain", "T", null, null]], ["subscript", n("list"), n("T")]]],
  ],
  ["match as a name", "match = match(x)", [["assign", [n("match")], ["call", n("match"), [n("x")], []]]]],
  [
    "precedence of ^ and &",
    "a & b ^ c | d",
    [["expr", ["binary", "|", ["binary", "^", ["binary", "&", n("a"), n("b")], n("c")], n("d")]]],
  ],
  ["precedence of await and **", "await a ** b", [["expr", ["binary", "**", ["await", n("a")], n("b")]]]],
  ["await of parentheses", "await (a ** b)", [["expr", ["await", ["binary", "**", n("a"), n("b")]]]]],
  [
    "power binds to the right",
    "a ** b ** -c",
    [["expr", ["binary", "**", n("a"), ["binary", "**", n("b"), ["unary", "-", n("c")]]]]],
  ],
  ["minus of a power", "-a ** b", [["expr", ["unary", "-", ["binary", "**", n("a"), n("b")]]]]],
  ["walrus of a choice", "(x := a if b else c)", [["expr", ["walrus", "x", ["conditional", n("b"), n("a"), n("c")]]]]],
  [
    "star of a call in a bare tuple",
    "x = *a.b(), c",
    [["assign", [n("x")], ["tuple", [["starred", ["call", ["attribute", n("a"), "b"], [], []]], n("c")]]]],
  ],
  [
    "star of an index in an index",
    "x[*a[0]]",
    [["expr", ["subscript", n("x"), ["tuple", [["starred", ["subscript", n("a"), i(0)]]]]]]],
  ],
  [
    "star of a sum",
    "x = *a + b, c",
    [["assign", [n("x")], ["tuple", [["starred", ["binary", "+", n("a"), n("b")]], n("c")]]]],
  ],
  [
    "starred annotation (PEP 646)",
    "def f(*a: *Ts): pass",
    [["function", false, "f", [["a", "star", ["starred", n("Ts")], null]], null, [], [], pass]],
  ],
  [
    "unions in annotations",
    "x: list[int] | None = 1",
    [["annassign", n("x"), ["binary", "|", ["subscript", n("list"), n("int")], ["const", "None"]], i(1)]],
  ],
  [
    "attribute of a generic annotation",
    "x: A[int].b",
    [["annassign", n("x"), ["attribute", ["subscript", n("A"), n("int")], "b"], null]],
  ],
  [
    "slice in an annotation",
    "x: A[1:2]",
    [["annassign", n("x"), ["subscript", n("A"), ["slice", i(1), i(2), null]], null]],
  ],
  [
    "dedent inside brackets",
    "def f():\n        (a.\n    b(\n))\n",
    [["function", false, "f", [], null, [], [], [["expr", ["call", ["attribute", n("a"), "b"], [], []]]]]],
  ],
  [
    "first iterable may be a long chain",
    "[x for x in a.b(c) if d]",
    [
      [
        "expr",
        [
          "comprehension",
          "list",
          n("x"),
          null,
          [[false, n("x"), ["call", ["attribute", n("a"), "b"], [n("c")], []], [n("d")]]],
        ],
      ],
    ],
  ],
  ["identifiers are normalised", "ﬁ = ａ", [["assign", [n("fi")], n("a")]]],
  [
    "semicolons",
    "a; b;",
    [
      ["expr", n("a")],
      ["expr", n("b")],
    ],
  ],
  ["line continuation", "a = \\\n  b", [["assign", [n("a")], n("b")]]],
  [
    "form feed",
    "\fa\n\f\nif b:\n    c\n",
    [
      ["expr", n("a")],
      ["if", n("b"), [["expr", n("c")]], []],
    ],
  ],
  [
    "carriage returns",
    "if a:\r\n    b\r\nc\rd",
    [
      ["if", n("a"), [["expr", n("b")]], []],
      ["expr", n("c")],
      ["expr", n("d")],
    ],
  ],
  ["carriage returns in strings", "'''a\r\nb\rc'''", [["expr", ["str", [97, 10, 98, 10, 99]]]]],
  ["byte order mark", "\ufeffa", [["expr", n("a")]]],
  [
    "tabs",
    "if a:\n\tb\n\tc",
    [
      [
        "if",
        n("a"),
        [
          ["expr", n("b")],
          ["expr", n("c")],
        ],
        [],
      ],
    ],
  ],
  [
    "dots of floats",
    "[1., .5, 1.e3]",
    [
      [
        "expr",
        [
          "list",
          [
            ["float", 1],
            ["float", 0.5],
            ["float", 1000],
          ],
        ],
      ],
    ],
  ],
  [
    "numbers",
    "0xFF_F + 1_000 + 0b1 + 0o17 + 00",
    [
      [
        "expr",
        [1, 1, 1, 1].reduce<unknown>((left, _, k) => ["binary", "+", left, i([1000, 1, 15, 0][k] ?? 0)], i(4095)),
      ],
    ],
  ],
  [
    "decorators",
    "@a.b(c)\n@d\nasync def f(): await g",
    [
      [
        "function",
        true,
        "f",
        [],
        null,
        [["call", ["attribute", n("a"), "b"], [n("c")], []], n("d")],
        [],
        [["expr", ["await", n("g")]]],
      ],
    ],
  ],
  [
    "parameters of all kinds",
    "lambda a, /, b, *c, d=1, **e: 0",
    [
      [
        "expr",
        [
          "lambda",
          [
            ["a", "positional-only", null, null],
            ["b", "normal", null, null],
            ["c", "star", null, null],
            ["d", "keyword-only", null, i(1)],
            ["e", "double-star", null, null],
          ],
          i(0),
        ],
      ],
    ],
  ],
  ["comparison chain", "a not in b is not c", [["expr", ["compare", n("a"), ["not in", "is not"], [n("b"), n("c")]]]]],
  [
    "one and with three",
    "a and b and c or d",
    [["expr", ["bool", "or", [["bool", "and", [n("a"), n("b"), n("c")]], n("d")]]]],
  ],
  ["chained assignment", "a = b, = yield_", [["assign", [n("a"), ["tuple", [n("b")]]], n("yield_")]]],
  ["elif", "if a: pass\nelif b: pass\nelse: pass", [["if", n("a"), pass, [["if", n("b"), pass, pass]]]]],
])("trap: %s", (_name, text, expected) => {
  expect(dump(text)).toEqual(expected);
});

it("trap: t-strings (PEP 750) are templates, and join only with t-strings", () => {
  const [stmt] = parseModule('t"a{b}" t"c"').body;
  expect(stmt?.kind === "expr" && stmt.value.kind === "fstring" && stmt.value.template).toBe(true);
  expect(parseModule('t"a" "b"').problems).toHaveLength(1);
});

it("trap: offsets count UTF-16 units after characters beyond them", () => {
  const text = "s = '😀é' # 😀\nname = s";
  const module = parseModule(text);
  const [, second] = module.body;
  expect(second && text.slice(second.span.start, second.span.end)).toBe("name = s");
  expect(module.comments[0]?.text).toBe("# 😀");
});

it("trap: elif knows that it is one, else-if does not", () => {
  const kinds = parseModule("if a: pass\nelif b: pass\n\nif a: pass\nelse:\n    if b: pass").body.map((stmt) => {
    const inner = stmt.kind === "if" ? stmt.otherwise[0] : undefined;
    return inner?.kind === "if" && inner.isElif;
  });
  expect(kinds).toEqual([true, false]);
});

it("trap: a line end inside a statement never joins the next statement", () => {
  for (const text of ["x =\ny", "x +\ny", "assert a,\nb", "import a,\nb", "if a\n: b", "~\nx", "for x in\ny: pass"])
    expect(parseModule(text).problems.length, text).toBeGreaterThan(0);
});

it("trap: comments and blank lines may follow a decorator", () => {
  const text = "@a(1)\n# why\n\n@b # and\n\n  # how\ndef f(): pass\nif x:\n    @c\n    # d\n    class A: pass\n";
  expect(parseModule(text).problems).toEqual([]);
});

it("comments know whether they have a line of their own", () => {
  const { comments } = parseModule("# a\nx = [ # b\n  # c\n  '# no', f'{y # no\n}',\n]\n  # d");
  expect(comments.map((one) => [one.text, one.ownLine])).toEqual([
    ["# a", true],
    ["# b", false],
    ["# c", true],
    ["# d", true],
  ]);
});

it("values that JavaScript cannot hold are kept in detail", () => {
  const details = parseModule(
    'b"\\xff\\n"; 123456789012345678901; 2.5j; "\\N{EM DASH}"; "\\ud83d\\ude00"; f"\\N{EM DASH}{x}"',
  ).body.map((stmt) =>
    stmt.kind === "expr" && stmt.value.kind === "constant"
      ? [stmt.value.value, stmt.value.detail]
      : stmt.kind === "expr" && stmt.value.kind,
  );
  expect(details).toEqual([
    [undefined, "\xff\n"],
    [undefined, "123456789012345678901"],
    [undefined, "2.5"],
    [undefined, undefined],
    [undefined, undefined],
    "fstring",
  ]);
});
