import { expect, it } from "vitest";
import { dump, i, n, pass } from "./dump.ts";

// Traps of tree-sitter-python in statements that bind names: match, type parameters, for, del, with, except, import.
it.each<[string, string, unknown]>([
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
])("trap: %s", (_name, text, expected) => {
  expect(dump(text)).toEqual(expected);
});
