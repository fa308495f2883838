import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import { printStmts } from "../../../src/python/print/statements.ts";
import { differ, dumpStmts, libraryFiles, python311 } from "./oracle.ts";

const files = python311.skip ? [] : libraryFiles(12);

it.skipIf(python311.skip)(
  "what is printed is read as what it was, on every 12th file of the standard library",
  () => {
    const wrong = files.flatMap((path) => {
      const module = parseModule(readFileSync(path, "utf8"));
      if (module.problems.length > 0) return [];
      const again = parseModule(printStmts(module.body));
      const found = again.problems[0]?.message ?? differ(dumpStmts(module.body), dumpStmts(again.body));
      return found === undefined ? [] : [`${path}: ${found}`];
    });
    expect(files.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  },
  60_000,
);

const same: readonly string[] = [
  "def f():\n    a = b = yield\n",
  "x = (a, b)[0]\n",
  "x = a[b, c:d:e, ...]\n",
  "def f():\n    x = a[(yield)]\n",
  "x = (a := 1)\n",
  "f(a := 1, *b, k=c, **d)\n",
  "x = (-1) ** 2\nx = -1 ** 2\nx = 2 ** -1\nx = (a ** b) ** c\nx = a ** b ** c\n",
  "x = 1 .real\nx = 1.5.real\nx = (1j).imag\n",
  "x = (a or b) and not (c and d)\n",
  "x = (a < b) < c\nx = a < b < c\n",
  "x = (lambda a, /, b=1, *c, d, **e: a)(1)\n",
  "x = lambda *, a: (yield)\n",
  "x = (a if b else c) if d else (e if f else g)\n",
  "x = [a for b in (lambda: c, d) if (e if f else g) if h]\n",
  "x = {**a, 'b': 1, c: (d := 2)}\nx = {*a, b}\nx = ()\nx = (a,)\n",
  "x = f'{a!r:>{w}} {{}} {b}'\nx = f\"{d['k']} 'q' \\n\"\nx = f'{ {1: 2}[1] }'\nx = f'{(lambda: 1)()}'\n",
  "x = b'\\x00\\'\"'\nx = 'tab\\t\\'\"\\\\'\nx = 1e400\nx = 10 ** 30 + 123456789012345678901234567890\n",
  "x = not a in b\nx = (not a) in b\nx = a if not b else c\n",
  "x = await_ = a\n",
  "async def f():\n    async with a as (b, c), d:\n        await g(x async for x in y)\n    return [await z ** 2]\n",
  "@a.b(c)\ndef f[T: (int, str), *Ts, **P](a: int = 1, /, *args: *Ts, b: str = 'x') -> None:\n    return *a, b\n",
  "class A[T](B, metaclass=C, **d):\n    x: int = 1\n    y: str\n",
  "try:\n    pass\nexcept* (A, B) as e:\n    raise C from e\nelse:\n    pass\nfinally:\n    del a, (b, c), d[0]\n",
  "match x, y:\n    case [1, *_, -1.5] | {'a': A()} if rest:\n        pass\n    case {'a': A(b, c=d), **rest}:\n        pass\n    case (A() | B()) as z:\n        pass\n    case a.b | None:\n        pass\n    case _:\n        pass\n",
  "if a:\n    pass\nelif b:\n    pass\nelse:\n    if c:\n        pass\n",
  "for a, *b in c, *d:\n    continue\nelse:\n    pass\nwhile (n := f()):\n    break\n",
  "a, (b, c) = d = e\na @= b\na[0]: int\nfrom .. import x as y\nfrom .a.b import *\nimport a.b as c, d\n",
  "global a, b\nassert a, 'b'\ntype X[T] = list[T]\n",
  "x = a[*b, c]\nx = a[b := 1]\nx = (*a, b)\nx = [*a, *b]\n",
  "x = t'{a!r} b'\n",
  "def f():\n    with (a, b) as c, (yield) as d:\n        pass\n",
];

it.each(same)("printed and read again it is the same: %s", (source) => {
  const module = parseModule(source);
  expect(module.problems).toEqual([]);
  const printed = printStmts(module.body);
  const again = parseModule(printed);
  expect(again.problems, printed).toEqual([]);
  expect(dumpStmts(again.body), printed).toEqual(dumpStmts(module.body));
  expect(printStmts(again.body)).toBe(printed);
});

it("needless brackets go", () => {
  expect(printStmts(parseModule("x = (((a) + (b * c)))\nf((a), k=(b))\n").body)).toBe("x = a + b * c\nf(a, k=b)\n");
});
