import fc from "fast-check";
import { expect, it } from "vitest";
import { literalValue, type PyValue, pyRepr } from "../../../src/python/literals.ts";
import { parseExpression } from "../../../src/python/parse.ts";
import { oracle, python311 } from "./oracle.ts";

function literalOf(text: string): unknown {
  const { expr } = parseExpression(text);
  const literal = expr ? literalValue(expr) : undefined;
  return literal?.ok ? literal.value : "no literal";
}

it.each<[string, unknown]>([
  ["1", 1],
  ["-0", 0],
  ["1.0", { kind: "float", value: 1 }],
  ["-0.0", { kind: "float", value: -0 }],
  ["123456789012345678901", { kind: "int", digits: "123456789012345678901" }],
  ["-123456789012345678901", { kind: "int", digits: "-123456789012345678901" }],
  ["2j", { kind: "complex", real: 0, imag: 2 }],
  ["1-2j", { kind: "complex", real: 1, imag: -2 }],
  ["'a' 'b'", "ab"],
  ["f'a'", "a"],
  ["b'\\xff'", { kind: "bytes", value: "\xff" }],
  ["(1, (2,), [])", { kind: "tuple", items: [1, { kind: "tuple", items: [2] }, []] }],
  ["{1, 2}", { kind: "set", items: [1, 2] }],
  [
    "{'a': None, 1: True}",
    {
      kind: "dict",
      items: [
        ["a", null],
        [1, true],
      ],
    },
  ],
  ["...", { kind: "ellipsis" }],
  ["x", "no literal"],
  ["[x]", "no literal"],
  ["1 + 1", "no literal"],
  ["f'{x}'", "no literal"],
  ["{**a}", "no literal"],
  ["not True", "no literal"],
  ["-'a'", "no literal"],
  ["'\\N{EM DASH}'", "no literal"],
])("value of %s", (text, expected) => {
  expect(literalOf(text)).toEqual(expected);
});

it.each<[PyValue, string]>([
  [1, "1"],
  [1.5, "1.5"],
  [{ kind: "float", value: 1 }, "1.0"],
  [{ kind: "float", value: 1e16 }, "1e+16"],
  [{ kind: "float", value: 1e-5 }, "1e-05"],
  [{ kind: "float", value: 123456.75 }, "123456.75"],
  [{ kind: "float", value: Number.POSITIVE_INFINITY }, "1e309"],
  ["it's", '"it\'s"'],
  ["a'b\"c\\\n\t\0\u00a0é\u2028😀\ud800", "'a\\'b\"c\\\\\\n\\t\\x00\\xa0é\\u2028😀\\ud800'"],
  [{ kind: "bytes", value: "a\xff'" }, 'b"a\\xff\'"'],
  [{ kind: "tuple", items: [] }, "()"],
  [{ kind: "tuple", items: [1] }, "(1,)"],
  [{ kind: "set", items: [] }, "set()"],
  [{ kind: "dict", items: [["a", [null, true]]] }, "{'a': [None, True]}"],
])("repr %#", (value, expected) => {
  expect(pyRepr(value)).toBe(expected);
});

const leaf: fc.Arbitrary<PyValue> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.maxSafeInteger(),
  fc.constant(null),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ kind: "float", value }) as const),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 200n }).map((value) => ({ kind: "int", digits: value.toString() }) as const),
  fc
    .string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
    .map((value) => ({ kind: "bytes", value }) as const),
  fc
    .tuple(fc.integer(), fc.integer({ min: -99, max: 99 }))
    .map(([real, imag]) => ({ kind: "complex", real, imag }) as const),
);
const values = fc.letrec<{ value: PyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => ({ kind: "tuple", items }) as const),
    fc
      .array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 })
      .map((items) => ({ kind: "dict", items: [...new Map(items)] }) as const),
  ),
})).value;

it("what pyRepr writes is read back as the same value", () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(literalOf(pyRepr(value))).toEqual(value);
    }),
    { numRuns: 200, seed: 7 },
  );
});

/** The tagged shape of literals.py. */
function tagged(value: PyValue): unknown {
  if (value === null) return ["NoneType", "None"];
  if (typeof value === "boolean") return ["bool", value ? "True" : "False"];
  if (typeof value === "string") return ["str", [...value].map((c) => c.codePointAt(0))];
  if (typeof value === "number") return ["int", String(value)];
  if (Array.isArray(value)) return ["list", value.map(tagged)];
  const one = value as Exclude<PyValue, readonly PyValue[] | null | boolean | string | number>;
  switch (one.kind) {
    case "float":
      return ["float", one.value];
    case "int":
      return ["int", one.digits];
    case "bytes":
      return ["bytes", [...one.value].map((c) => c.charCodeAt(0))];
    case "complex":
      return ["complex", one.real, one.imag];
    case "dict":
      return ["dict", one.items.map(([key, item]) => [tagged(key), tagged(item)])];
    case "ellipsis":
      return ["ellipsis", "Ellipsis"];
    default:
      return [one.kind, one.items.map(tagged)];
  }
}

it.skipIf(python311.skip)("ast.literal_eval gives the value back, and repr() writes floats as pyRepr does", () => {
  const samples = fc.sample(values, { numRuns: 400, seed: 11 });
  const answers = oracle("literals.py", samples.map(pyRepr)) as [unknown, string][];
  samples.forEach((value, i) => {
    expect(answers[i]?.[0], pyRepr(value)).toEqual(tagged(value));
    if (typeof value === "object" && value !== null && "kind" in value && value.kind === "float")
      expect(answers[i]?.[1]).toBe(pyRepr(value));
  });
});
