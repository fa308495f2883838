import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import { mangle, moduleScopes, type Scope } from "../../../src/python/scopes.ts";
import { libraryFiles, oracle, python311 } from "./oracle.ts";
import { dumpScope, firstDifference } from "./scopes-oracle.ts";

function scopes(text: string): Scope {
  const module = parseModule(text);
  expect(module.problems).toEqual([]);
  return moduleScopes(module);
}

/** "name:lives" of each name, with its declaration, sorted. */
function lives(scope: Scope | undefined): string {
  return [...(scope?.names.values() ?? [])]
    .map((one) => `${one.name}:${one.lives}${one.bound ? "!" : ""}`)
    .sort()
    .join(" ");
}

const cases: readonly (readonly [string, string, string])[] = [
  ["a comprehension's first iterable is read outside", "[x for x in y if z]", "y:global"],
  ["a walrus in a comprehension binds outside", "def f():\n    [y := x for x in z]", "f:local!"],
  ["a class's names are not seen inside its functions", "class A:\n    x = 1\n    def f(self): return x", "A:local!"],
  ["private names are mangled", "class _A:\n    def f(self): return __x + __y__", "_A:local!"],
  ["imports bind the first part", "import a.b.c\nimport d.e as f\nfrom g import h", "a:local! f:local! h:local!"],
  ["except as binds", "try: pass\nexcept E as e: pass", "E:global e:local!"],
  [
    "match captures bind",
    "match x:\n    case [a, *b] | {**c}: pass\n    case D(e=f) as g: pass",
    "D:global a:local! b:local! c:local! f:local! g:local! x:global",
  ],
  ["global makes module names", "def f():\n    global g\n    g = 1", "f:local! g:global"],
  ["star imports name nothing", "from a import *", ""],
  ["annotations are read", "x: int\ny: str = z", "int:global str:global x:local! y:local! z:global"],
  ["future annotations are not", "from __future__ import annotations\nx: int", "annotations:local! x:local!"],
  ["del binds", "del x", "x:local!"],
  ["augmented assignment binds", "x += y", "x:local! y:global"],
];

it.each(cases)("%s", (_name, text, expected) => {
  // Alternatives that bind different names are refused by CPython's compiler only.
  const module = parseModule(text.replace(" | {**c}", "").replace("D(e=f)", "D(e=f, c=c)"));
  expect(lives(moduleScopes(module))).toBe(expected);
});

it("closures: cell, free, passed through, nonlocal", () => {
  const top = scopes(
    "def f(a):\n    b = 1\n    def g():\n        def h():\n            nonlocal b\n            b = a\n        return h\n    return g",
  );
  const f = top.children[0];
  expect(lives(f)).toBe("a:cell! b:cell! g:local!");
  expect(lives(f?.children[0])).toBe("a:free b:free h:local!");
  expect(lives(f?.children[0]?.children[0])).toBe("a:free b:free!");
});

it("type parameters have a scope between (PEP 695)", () => {
  const top = scopes("def f[T: int = str](a: T = d) -> T: return T\ntype X[S] = list[S]");
  expect(lives(top)).toBe("X:local! d:global f:local!");
  expect(top.children.map((one) => [one.kind, lives(one)])).toEqual([
    ["type-parameters", "T:cell! int:global str:global"],
    ["type-alias", "S:local! list:global"],
  ]);
});

it("each scope knows its node", () => {
  const top = scopes("f = lambda x: [y for y in x]");
  const lambda = top.children[0];
  expect([lambda?.kind, lambda?.node && "kind" in lambda.node && lambda.node.kind]).toEqual(["lambda", "lambda"]);
  expect(lambda?.children[0]?.name).toBe("listcomp");
});

it("mangles as Python does", () => {
  expect(["__x", "__x__", "_x", "__a.b"].map((name) => mangle("__C", name))).toEqual(["_C__x", "__x__", "_x", "__a.b"]);
  expect(mangle("___", "__x")).toBe("__x");
});

it.skipIf(python311.skip)("symtable agrees with the cases", () => {
  const texts = [
    ...cases.map(([, text]) => text.replace(" | {**c}", "").replace("D(e=f)", "D(e=f, c=c)")),
    "class A:\n    __p = 1\n    class __B:\n        def f(self): return super().g(__p)",
    "def f():\n    [(a := i, [b := j for j in i]) for i in x]\n    return lambda: a + b",
    "def f():\n    global g\n    return [g := i for i in x]",
    "x = [[y for y in x] for x in z]\nz = {k: lambda: k for k in x}",
    "class A:\n    def f(self):\n        x = 1\n        class B:\n            x = x\n            def g(self): return x, __class__",
    "def f(a=b, *c: d, e=g, **h) -> i:\n    import j.k, l as m\n    with n as (o, p): pass\n    for q.r in s: pass",
  ];
  const answers = oracle(
    "symtable_dump.py",
    texts.map((text) => ({ text })),
  ) as { ok: boolean; tree: unknown }[];
  texts.forEach((text, i) => {
    expect(answers[i]?.ok, text).toBe(true);
    expect(firstDifference(answers[i]?.tree, dumpScope(scopes(text))), text).toBeUndefined();
  });
});

it.skipIf(python311.skip)("symtable agrees on every 25th file of the standard library", { timeout: 60_000 }, () => {
  const files = libraryFiles(25);
  const answers = oracle(
    "symtable_dump.py",
    files.map((path) => ({ path })),
  ) as { ok: boolean; tree: unknown }[];
  const wrong = files.flatMap((path, i) => {
    const answer = answers[i];
    if (!answer?.ok) return [];
    const found = firstDifference(answer.tree, dumpScope(moduleScopes(parseModule(readFileSync(path, "utf8")))));
    return found === undefined ? [] : [`${path}: ${found}`];
  });
  expect(answers.filter((one) => one.ok).length).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
});
