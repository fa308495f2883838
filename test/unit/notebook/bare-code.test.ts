import fc from "fast-check";
import { expect, it } from "vitest";
import { bareCode, marksOf, pieceText, spanOfMarks } from "../../../src/notebook/bare-code.ts";

const bare = (source: string): readonly string[] | undefined =>
  bareCode(source)?.pieces.map(({ start, end }) => source.slice(start, end));

it.each<readonly [name: string, source: string, pieces: readonly string[] | undefined]>([
  ["nothing", "", []],
  ["comments and blank lines only", "# a\n\n  # b\n", []],
  ["comments above, behind and below", "# a\nx = 1  # b\n# c", ["x = 1"]],
  ["blanks at the end of a line", "x = 1 \t\ny = 2", ["x = 1", "y = 2"]],
  ["indentation", "if x:  # a\n    # b\n    y\n\n\tz", ["if x:", "    y", "\tz"]],
  ["brackets, as they stand", "f(1,  # a\n\n  2)  # b", ["f(1,  # a\n\n  2)"]],
  ["a backslash", "x = \\\n  1 # a", ["x = \\\n  1"]],
  ["a sign in a string", "x = '# a'  # b", ["x = '# a'"]],
  ["a long string", 'x = """\n# a\n"""\n# b', ['x = """\n# a\n"""']],
  ["a string in a field of an f-string", 'f"{d["#"]}"  # a', ['f"{d["#"]}"']],
  ["a raw string", "r'\\'  # a' # b", ["r'\\'  # a'"]],
  ["a directive, with what follows", "a  # x\n\n  # cw: step b\n# c\n\nd", ["a", "  # cw: step b\n# c\n\n", "d"]],
  ["a directive behind code", "a  # cw: step b\n# c\nd # e", ["a", "  # cw: step b\n# c\n", "d"]],
  ["two directives", "# a\n# cw: step b\n# c\n# cw: d\ne", ["# cw: step b\n# c\n# cw: d\n", "e"]],
  ["a directive at the end", "a\n# cw: step b \n\n", ["a", "# cw: step b"]],
  ["a bracket that is not closed", "f(1\n# a", undefined],
  ["a bracket that closes none", "f)\n# a", undefined],
  ["a string that is not closed", "x = 'a\n# b", undefined],
  ["a backslash before a comment", "x = 1 \\\n  # cw: step a\ny", undefined],
  ["a backslash before a blank line", "x = 1 \\\n\ny", undefined],
  ["a backslash before nothing", "x = 1 \\", undefined],
])("what counts of code: %s", (_name, source, pieces) => {
  expect(bare(source)).toEqual(pieces);
});

it.each([
  ["f(1,  # a\n\n  2)", "f(1,\n2)"],
  ["f(\n    1, 2\n)", "f(\n1, 2\n)"],
  ["f(1, 2)", "f(1, 2)"],
  ["f(1,  # cw: step a\n  2)", "f(1,  # cw: step a\n  2)"],
  ["f(1, \\\n  2,\n\n  3)", "f(1, \\\n  2,\n3)"],
  ['f("""\n\n  # a\n""",\n  "b")', 'f("""\n\n  # a\n""",\n"b")'],
  ['f(f"{a(\n  1)}",\n b)', 'f(f"{a(\n  1)}",\nb)'],
  ["x = (yield)\ny = [\n # a\n]", "x = (yield)|y = [\n]"],
])("what stands between lines inside brackets counts as one line end: %j", (source, counts) => {
  expect(
    bareCode(source)
      ?.pieces.map((piece) => pieceText(source, piece))
      .join("|"),
  ).toBe(counts);
});

it("a span inside brackets is found again where comments and blank lines in them have changed", () => {
  const [before, after] = ["a = f(b,\n  c, d)\ne", "a = f(b,  # x\n\n      # y\n c, d)\n\ne"];
  const [code, now] = [bareCode(before), bareCode(after)];
  if (!code || !now) throw new Error("it can be read");
  for (const text of ["a", "f", "b", "b,", "c", "c, d", "d)", "e"]) {
    const start = before.lastIndexOf(text);
    const marks = marksOf(code, { start, end: start + text.length });
    const span = marks && spanOfMarks(now, marks);
    expect(span && after.slice(span.start, span.end)).toBe(text);
  }
  const whole = marksOf(code, { start: 0, end: before.indexOf(")") + 1 });
  expect(whole && spanOfMarks(now, whole)).toEqual({ start: 0, end: after.indexOf(")") + 1 });
  // Twin: what begins or ends between the lines is nowhere for sure.
  expect(marksOf(code, { start: before.indexOf("\n"), end: before.indexOf("d") })).toBeUndefined();
  expect(marksOf(code, { start: 0, end: before.indexOf("\n") + 1 })).toBeUndefined();
});

it("a directive behind code is another one than below it", () => {
  const kinds = (text: string) => bareCode(text)?.pieces.map(({ kind }) => kind);
  expect(kinds("a  # cw: step b\nc")).toEqual(["line", "tail", "line"]);
  expect(kinds("a\n  # cw: step b\nc")).toEqual(["line", "note", "line"]);
});

const source = "# a\nif x:  # b\n    # c\n    yes(1,\n        2)\n# cw: step z\nno";

it("a span is found again by its marks after comments and blanks have changed", () => {
  const later = "\n# other\nif x:\n\n    yes(1,\n        2)  # d\n# cw: step z\nno # e";
  const [code, now] = [bareCode(source), bareCode(later.replace("  # d", ""))];
  if (!code || !now) throw new Error("it can be read");
  for (const text of ["x", "if x:", "yes(1,\n        2)", "# cw: step z", "no"]) {
    const start = source.indexOf(text);
    const marks = marksOf(code, { start, end: start + text.length });
    const span = marks && spanOfMarks(now, marks);
    expect(span && later.replace("  # d", "").slice(span.start, span.end)).toBe(text);
  }
});

it.each([
  ["a comment that does not count", source.indexOf("# a"), source.indexOf("# a") + 3],
  ["an end in such a comment", source.indexOf("if"), source.indexOf("# b") + 3],
  ["a beginning in a blank line", 3, 10],
  ["nothing", 4, 4],
])("a span has no marks where it begins or ends with what does not count: %s", (_name, start, end) => {
  const code = bareCode(source);
  expect(code && marksOf(code, { start, end })).toBeUndefined();
});

it("marks of any span that has some lead back to it", () => {
  const piece = fc.constantFrom("x", " ", "\n", "# a", "# cw: b", "(", ")", "'s'", '"""', "\\\n", "    ", "if y:");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(60), fc.nat(60), (parts, start, length) => {
      const code = bareCode(parts.join(""));
      const span = { start, end: start + length };
      const marks = code && marksOf(code, span);
      if (code && marks) expect(spanOfMarks(code, marks)).toEqual(span);
    }),
    { numRuns: 500, seed: 3 },
  );
});
