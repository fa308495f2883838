import { expect, it } from "vitest";
import { dump, i, n } from "./dump.ts";

// Traps of tree-sitter-python in strings and f-strings.
it.each<[string, string, unknown]>([
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
])("trap: %s", (_name, text, expected) => {
  expect(dump(text)).toEqual(expected);
});
