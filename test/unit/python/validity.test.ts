import { expect, it } from "vitest";
import { parseExpression, parseModule } from "../../../src/python/parse.ts";
import { oracle, python311 } from "./oracle.ts";

/** What CPython refuses, with a part of our message. */
const refused: readonly (readonly [string, string])[] = [
  ["print 'x'", "print is a function"],
  ["exec 'x'", "exec is a function"],
  ["a <> b", "!="],
  ["0777", "leading zero"],
  ["10L", "Python 2"],
  ["1__0", "not valid"],
  ["ur'a'", "prefix"],
  ["`a`", "Python 2"],
  ["raise A, b", "raise A(b)"],
  ["raise from b", "'raise' and 'from'"],
  ["return 1", "inside a function"],
  ["class A:\n    return 1", "inside a function"],
  ["x = yield", "inside a function"],
  ["async def f(): yield from x", "async function"],
  ["async def f():\n    yield 1\n    return 2", "async generator"],
  ["def f(): await x", "async function"],
  ["def f():\n    async with a: pass", "async function"],
  ["def f(): return [x async for x in y]", "async function"],
  ["[(yield) for x in y]", "comprehension"],
  ["break", "inside a loop"],
  ["for x in y:\n    def f(): continue", "inside a loop"],
  ["for x in y: pass\nelse: break", "inside a loop"],
  ["for x in y:\n    try: pass\n    except* A: break", "except*"],
  ["f() = 1", "a function call"],
  ["1 = x", "a literal"],
  ["a + b = c", "not valid"],
  ["a = 1 = b", "not valid"],
  ["f'{x}' = 1", "a literal"],
  ["[a, f()] = b", "not valid"],
  ["x if y else z = 1", "not valid"],
  ["(a, b) += 1", "must be a name"],
  ["(a, b): int = 1", "annotated"],
  ["f(): int", "not valid"],
  ["*a = b", "list or tuple"],
  ["*a, *b = c", "only one target"],
  ["x = *a", "cannot stand here alone"],
  ["*a", "cannot stand here alone"],
  ["(*a)", "parentheses alone"],
  ["if *a: pass", "starred"],
  ["f(x=*a)", "starred"],
  ["return_ = lambda: *a", "starred"],
  ["del f()", "'del' cannot delete"],
  ["del a + b", "'del' cannot delete"],
  ["for 1 in x: pass", "not valid"],
  ["for f() in x: pass", "not valid"],
  ["with a as f(): pass", "a function call"],
  ["None = 1", "not valid"],
  ["f(a=1, a=2)", "given twice"],
  ["f(a=1, b)", "positional argument"],
  ["f(**a, *b)", "after one with **"],
  ["f(**a, b)", "positional argument"],
  ["f(,)", "argument is expected"],
  ["f(x for x in y, 1)", "parentheses"],
  ["class A(x for x in y): pass", "not valid"],
  ["def f(a, a): pass", "named twice"],
  ["lambda a, a: 0", "named twice"],
  ["def f(a=1, b): pass", "needs a default"],
  ["def f(*): pass", "bare '*'"],
  ["def f(*, **k): pass", "bare '*'"],
  ["def f(**k, a): pass", "follow the **"],
  ["def f(*a, *b): pass", "only once"],
  ["def f(/, a): pass", "'/'"],
  ["def f((a, b)): pass", "must be a name"],
  ["def f(__debug__): pass", "__debug__"],
  ["async = 1", "keyword"],
  ["nonlocal x", "inside a function"],
  ["def f():\n    nonlocal x", "no function around"],
  ["def f(a):\n    global a", "is a parameter"],
  ["def f():\n    x = 1\n    global x", "is assigned"],
  ["def f():\n    print(x)\n    global x", "is used"],
  ["def f():\n    global x\n    x: int = 1", "annotated"],
  ["def f():\n    from a import *", "top level"],
  ["from a import b,", "trailing comma"],
  ["import a,", "expected after"],
  ["import a.b as c.d", "not valid"],
  ["from . import a.b", "dots"],
  ["x = 1\nfrom __future__ import annotations", "before all other code"],
  ["from __future__ import braces", "no feature"],
  ["x = y := 1", ":="],
  ["x := 1", ":="],
  ["f(a=b := 1)", ":="],
  ["[x := 1 for x in y]", "cannot rebind"],
  ["[y for x in (z := a)]", "iterable"],
  ["class A:\n    [y := x for x in z]", "body of a class"],
  ["[x for x in a, b]", "parentheses"],
  ["[*x for x in y]", "starred"],
  ["assert a, b, c", "at most one message"],
  ["a = b as c", "'as'"],
  ["with a as b, : pass", "trailing comma"],
  ["try: pass", "needs 'except' or 'finally'"],
  ["try: pass\nexcept: pass\nexcept A: pass", "must be the last"],
  ["try: pass\nexcept A: pass\nexcept* B: pass", "one try"],
  ["try: pass\nexcept A as b.c: pass", "plain name"],
  ["match x:\n    case a: pass\n    case b: pass", "matches everything"],
  ["match x:\n    case _ | 1: pass", "matches everything"],
  ["match x:\n    case [a, a]: pass", "twice"],
  ["match x:\n    case a | [b]: pass", "same names"],
  ["match x:\n    case [*a, *b]: pass", "only one pattern"],
  ["match x:\n    case A(b=1, c): pass", "positional pattern"],
  ["match x:\n    case A(b=1, b=2): pass", "matched twice"],
  ["match x:\n    case {**a, 'k': b}: pass", "follow '**'"],
  ["match x:\n    case f'a': pass", "f-string"],
  ["'\\x1'", "hexadecimal"],
  ["'\\N{}'", "character's name"],
  ["b'é'", "ASCII"],
  ["b'a' 'b'", "joined"],
  ["f'{a!x}'", "conversion"],
  ["f'{}'", "a name is expected"],
  ["f'a}'", "not valid"],
  ["'abc", "not closed"],
  ["x = (1", "not closed"],
  ["x = (1]", "does not fit"],
  ["x = 1)", "closes no bracket"],
  ["x = 1 \\ 2", "backslash"],
  ["x = \\", "backslash"],
  ["x = 1\u00a0+ 2", "U+00A0"],
  ["x = 1\0", "U+0000"],
  ["x = $", "not valid"],
  ["x = a b", "before this"],
  ["x = f(1 2)", "before this"],
  ["x = 'a' b", "before this"],
  ["f(x) = 1", "function call"],
  ["  x = 1", "indented"],
  ["x = 1\n  y = 2", "indented"],
  ["if a:\nb", "indented block"],
  ["if a:\n        b\n    c", "fits none"],
  ["if a:\n\tb\n        c", "mixed"],
  ["if a\n    b", "':' is expected"],
  ["else: a", "no statement above"],
  ["if a:", "indented block"],
  ["x =", "value is expected"],
  ["def f(a, b:\n    pass", "not closed"],
];

/** What CPython takes, though it looks odd. */
const taken: readonly string[] = [
  "await x",
  "async with a: pass",
  "[x async for x in y]",
  "def f(): return (await x for x in y)",
  "del (a), [b, c.d], e[0], ()",
  "() = x",
  "[] = x",
  "(a), [b] = c",
  "for x.y in z: pass",
  "for x in *a, b: pass",
  "(x): int = 1",
  "x.y: int",
  "f(*a, b, *c, d=1, *e, **g, h=2, **i)",
  "def f(a, /, b=1, *, c, d=2, **e): pass",
  "lambda *, a: a",
  "print(*a, sep='')",
  "x[a:b, ::c, ...]",
  "while (x := f()): break",
  "if x := f(): pass",
  "f(x := 1, y)",
  "x[y := 1]",
  "[y := 1, y ** 2]",
  "{y := 1}",
  "[y := f(x) for x in z]",
  "[x for x in y if (z := x)]",
  "def f():\n    [y := x for x in z]\n    return y",
  "f'{x!r:{w}.{p}}'",
  "f'{x:{\"a\"}}'",
  "f'{{}}'",
  "'\\q'",
  "'\\8'",
  "b'\\u1234'",
  "try: pass\nexcept A: pass\nexcept: pass",
  "try: pass\nfinally: pass",
  "for x in y:\n    try: pass\n    finally: continue",
  "match x:\n    case a if a: pass\n    case _: pass",
  "match (x):\n    case {}: pass\n    case []: pass\n    case (): pass",
  "match = case = type = _ = 1",
  "'doc'\nfrom __future__ import annotations\nx = 1",
  "class A:\n    x = 1\n    def f(self): return __class__",
  "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2",
  "def f():\n    global x\n    x = 1\n    del x",
  "if a: pass; b\nelse: c",
  "x = 1 if a else 2 if b else 3",
  "not not a",
  "a if not b else c",
  "1if a else 2",
  "x = (yield_, *a)",
  "return_",
  "def f(): return *a, b",
  "def f(): yield *a, b",
  "@a[0].b(c)\ndef f(): pass",
  "@x if y else z\ndef f(): pass",
  "async def f():\n    async for x in y: await x\n    return [await z async for z in w]",
  "# only a comment",
  "",
  "\\\n\nx = 1",
];

it.each(refused)("refuses %j: %s", (text, message) => {
  const { problems, body } = parseModule(text);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.map((one) => one.message).join("; ")).toContain(message);
  expect(body.some((stmt) => stmt.kind === "opaque")).toBe(true);
  for (const { span } of problems) expect(span.start <= span.end && span.end <= text.length).toBe(true);
});

it.each(taken)("takes %j", (text) => {
  expect(parseModule(text).problems).toEqual([]);
});

it.skipIf(python311.skip)("CPython agrees with both tables", () => {
  const answers = oracle("compile.py", [...refused.map(([text]) => text), ...taken]) as {
    ok: boolean;
    error?: string;
  }[];
  const wrong = answers
    .map((answer, i) => ({ text: refused[i]?.[0] ?? taken[i - refused.length], expected: i >= refused.length, answer }))
    .filter(({ expected, answer }) => answer.ok !== expected);
  expect(wrong).toEqual([]);
});

it.each([
  "a, b",
  "x if y else z",
  "(x := 1)",
  "[i for i in j]",
  "(i for i in j)",
  "a # why",
  "a +\nb",
  "lambda: 0",
  "()",
])("parseExpression takes %j", (text) => {
  const { expr, problems } = parseExpression(text);
  expect(problems).toEqual([]);
  expect(expr?.span.start).toBeGreaterThanOrEqual(0);
  expect(expr?.span.end).toBeLessThanOrEqual(text.length);
});

it.each([
  "",
  "  ",
  "a = 1",
  "a; b",
  "1) + (2",
  "x := 1",
  "yield x",
  "i for i in j",
  "import a",
  "a b",
  "(",
  "*a",
  "a,\n)(",
])("parseExpression refuses %j", (text) => {
  const { expr, problems } = parseExpression(text);
  expect(expr).toBeUndefined();
  expect(problems).toHaveLength(1);
  expect(problems[0]?.span.end).toBeLessThanOrEqual(text.length);
});

it("a bare tuple's span is its own text", () => {
  expect(parseExpression("  a, b ").expr?.span).toEqual({ start: 2, end: 6 });
});
