import { expect, it } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import { dumpStmts } from "./oracle.ts";

function dump(text: string): unknown {
  const module = parseModule(text);
  expect(module.problems).toEqual([]);
  return dumpStmts(module.body);
}
const n = (id: string) => ["name", id];
const pass = [["pass"]];
const i = (value: number) => ["int", `0x${value.toString(16)}`];

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
    "match captures and values",
    "match x:\n    case A.B: pass\n    case a: pass",
    [
      [
        "match",
        n("x"),
        [
          [["value", ["attribute", n("A"), "B"]], null, pass],
          [["capture", "a", null], null, pass],
        ],
      ],
    ],
  ],
  [
    "match wildcard binds nothing",
    "match x:\n    case _: pass",
    [["match", n("x"), [[["capture", null, null], null, pass]]]],
  ],
  [
    "match dict with keys and rest",
    'match x:\n    case {"k": v, -1: _, **r}: pass',
    [
      [
        "match",
        n("x"),
        [
          [
            [
              "mapping",
              [
                ["str", "k"],
                ["unary", "-", i(1)],
              ],
              [
                ["capture", "v", null],
                ["capture", null, null],
              ],
              "r",
            ],
            null,
            pass,
          ],
        ],
      ],
    ],
  ],
  [
    "match class with keyword",
    "match x:\n    case P.Q(a, b=-1): pass",
    [
      [
        "match",
        n("x"),
        [
          [
            ["class", ["attribute", n("P"), "Q"], [["capture", "a", null]], [["b", ["value", ["unary", "-", i(1)]]]]],
            null,
            pass,
          ],
        ],
      ],
    ],
  ],
  [
    "match alternatives, negative and complex numbers",
    "match x:\n    case -1 | 1+2j | _: pass",
    [
      [
        "match",
        n("x"),
        [
          [
            [
              "or",
              [
                ["value", ["unary", "-", i(1)]],
                ["value", ["binary", "+", i(1), ["complex", 2]]],
                ["capture", null, null],
              ],
            ],
            null,
            pass,
          ],
        ],
      ],
    ],
  ],
  [
    "match sequence without brackets, star, guard",
    "match x, y:\n    case a, *_ if a: pass",
    [
      [
        "match",
        ["tuple", [n("x"), n("y")]],
        [
          [
            [
              "sequence",
              [
                ["capture", "a", null],
                ["star", null],
              ],
            ],
            n("a"),
            pass,
          ],
        ],
      ],
    ],
  ],
  [
    "match as pattern",
    "match x:\n    case (1 as b): pass",
    [["match", n("x"), [[["capture", "b", ["value", i(1)]], null, pass]]]],
  ],
  [
    "type parameters of all kinds",
    "def f[T: int, *Ts, **P](): pass",
    [
      [
        "function",
        false,
        "f",
        [],
        null,
        [],
        [
          ["plain", "T", n("int"), null],
          ["star", "Ts", null, null],
          ["double-star", "P", null, null],
        ],
        pass,
      ],
    ],
  ],
  [
    "defaults of type parameters (PEP 696)",
    "class A[T = list[int], *Ts = *tuple[int, str], **P = [int]]: pass",
    [
      [
        "classdef",
        "A",
        [],
        [],
        [],
        [
          ["plain", "T", null, ["subscript", n("list"), n("int")]],
          ["star", "Ts", null, ["starred", ["subscript", n("tuple"), ["tuple", [n("int"), n("str")]]]]],
          ["double-star", "P", null, ["list", [n("int")]]],
        ],
        pass,
      ],
    ],
  ],
  [
    "targets of for",
    "for i, (j, *k) in *a, b: pass",
    [
      [
        "for",
        false,
        ["tuple", [n("i"), ["tuple", [n("j"), ["starred", n("k")]]]]],
        ["tuple", [["starred", n("a")], n("b")]],
        pass,
        [],
      ],
    ],
  ],
  ["targets of del", "del a, (b, c)", [["delete", [n("a"), ["tuple", [n("b"), n("c")]]]]]],
  ["target in parentheses", "(a) = 1", [["assign", [n("a")], i(1)]]],
  [
    "target of with is a tuple",
    "with a as (b, c): pass",
    [["with", false, [[n("a"), ["tuple", [n("b"), n("c")]]]], pass]],
  ],
  [
    "with in parentheses",
    "with (a as b, c): pass",
    [
      [
        "with",
        false,
        [
          [n("a"), n("b")],
          [n("c"), null],
        ],
        pass,
      ],
    ],
  ],
  ["with one in parentheses", "with (a as b): pass", [["with", false, [[n("a"), n("b")]], pass]]],
  ["with a tuple named", "with (a, b) as c: pass", [["with", false, [[["tuple", [n("a"), n("b")]], n("c")]], pass]]],
  [
    "with two in parentheses is two items",
    "with (a, b): pass",
    [
      [
        "with",
        false,
        [
          [n("a"), null],
          [n("b"), null],
        ],
        pass,
      ],
    ],
  ],
  ["with an empty tuple", "with (): pass", [["with", false, [[["tuple", []], null]], pass]]],
  ["except as", "try: pass\nexcept A as e: pass", [["try", false, pass, [[n("A"), "e", pass]], [], []]]],
  ["except star", "try: pass\nexcept* A: pass", [["try", true, pass, [[n("A"), null, pass]], [], []]]],
  [
    "except without parentheses (PEP 758)",
    "try: pass\nexcept A, B: pass",
    [["try", false, pass, [[["tuple", [n("A"), n("B")]], null, pass]], [], []]],
  ],
  ["future import", "from __future__ import annotations", [["importfrom", "__future__", 0, [["annotations", null]]]]],
  ["relative import", "from ..a.b import (c as d,)", [["importfrom", "a.b", 2, [["c", "d"]]]]],
  ["from only dots", "from ... import a", [["importfrom", "", 3, [["a", null]]]]],
  ["wildcard import", "from a import *", [["importfrom", "a", 0, [["*", null]]]]],
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
  ["raw string of backslashes", "r'\\\\'", [["expr", ["str", "\\\\"]]]],
  ["raw string with an escaped quote", "r'a\\'b'", [["expr", ["str", "a\\'b"]]]],
  ["joined strings are one constant", "'a' \"b\" r'\\n'", [["expr", ["str", "ab\\n"]]]],
  [
    "f-string shows its source",
    'f"{x = !r:>3}"',
    [
      [
        "expr",
        [
          "fstring",
          [
            ["str", "x = "],
            ["field", n("x"), "r", [["str", ">3"]]],
          ],
        ],
      ],
    ],
  ],
  [
    "f-string shows its source as repr",
    'f"a{x=}b"',
    [
      [
        "expr",
        [
          "fstring",
          [
            ["str", "ax="],
            ["field", n("x"), "r", []],
            ["str", "b"],
          ],
        ],
      ],
    ],
  ],
  [
    "f-string with nested specification",
    'f"{x:{y}a{z!s}}"',
    [
      [
        "expr",
        [
          "fstring",
          [
            [
              "field",
              n("x"),
              null,
              [
                ["field", n("y"), null, []],
                ["str", "a"],
                ["field", n("z"), "s", []],
              ],
            ],
          ],
        ],
      ],
    ],
  ],
  ["f-string with := is a format", 'f"{x:=5}"', [["expr", ["fstring", [["field", n("x"), null, [["str", "=5"]]]]]]]],
  [
    "f-string with a walrus in parentheses",
    'f"{(x:=5)}"',
    [["expr", ["fstring", [["field", ["walrus", "x", i(5)], null, []]]]]],
  ],
  [
    "f-string with the same quotes (PEP 701)",
    'f"{d["k"]}"',
    [["expr", ["fstring", [["field", ["subscript", n("d"), ["str", "k"]], null, []]]]]],
  ],
  [
    "f-string with a comment in a field",
    'f"""{\n  x # hi\n}"""',
    [["expr", ["fstring", [["field", n("x"), null, []]]]]],
  ],
  [
    "f-string with doubled braces",
    'f"{{a}}{b}"',
    [
      [
        "expr",
        [
          "fstring",
          [
            ["str", "{a}"],
            ["field", n("b"), null, []],
          ],
        ],
      ],
    ],
  ],
  [
    "f-string joined with strings",
    '"a" f"{b}" "c"',
    [
      [
        "expr",
        [
          "fstring",
          [
            ["str", "a"],
            ["field", n("b"), null, []],
            ["str", "c"],
          ],
        ],
      ],
    ],
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
