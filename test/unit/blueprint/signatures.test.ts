import { expect, it } from "vitest";
import { blueprintOf } from "../compiler-core/kit.ts";

async function helperOf(code: string, name = "f"): Promise<string> {
  const { helpers } = await blueprintOf(code);
  return helpers.find((helper) => helper.name === name)?.code.text ?? "";
}

const cases: readonly (readonly [what: string, code: string, text: string])[] = [
  [
    "a number that the code asks for its shape is no number",
    "import numpy as np\nf = lambda x: x.shape\ny = f(np.mean([1.0]))\nz = len(y)\n",
    "def f(x: AnyObject)",
  ],
  [
    "a number stays a number",
    "import numpy as np\nf = lambda x: x + 1\ny = f(np.mean([1.0]))\n",
    "def f(x: AnyFloat) -> AnyFloat:",
  ],
  [
    "None as the default",
    "def f(x=None):\n    return len(x or ())\ny = f([1]) + f()\n",
    "def f(x: Maybe[list[AnyObject]]=None) -> AnyInt:",
  ],
  [
    "nobody knows what a stranger gives",
    "import strange\ndef f(x):\n    return x\ny = f(strange.thing())\n",
    "def f(x: AnyObject) -> AnyObject:",
  ],
  [
    "a generator",
    "def f(n):\n    for i in range(n):\n        yield i\ny = sum(f(3))\n",
    "def f(n: AnyInt) -> AnyObject:",
  ],
  [
    "functions within functions",
    "def f(n):\n    def g(a, *b, c=1, **d):\n        return a\n    def h():\n        pass\n    h()\n    return g(n)\ny = f(3)\n",
    "    def g(a: AnyObject, *b: AnyObject, c: AnyObject=1, **d: AnyObject) -> AnyObject:\n        del b, c, d\n        return a\n    def h() -> None:",
  ],
  [
    "generic types that the notebook wrote without arguments",
    "import numpy as np\nfrom typing import Optional\ndef f(x: np.ndarray, n: int = None, s: Optional[list] = None) -> dict:\n    return {1: (x, n, s)}\ny = f(np.ones(3))\n",
    "def f(x: AnyArray, n: Maybe[int] = None, s: Optional[list[AnyObject]] = None) -> dict[AnyObject, AnyObject]:",
  ],
  [
    "whole types stay as they are written",
    "def f(x: 'list', n: list[int], s: int | None = None) -> float:\n    return 1.0 * len(x) * len(n) * (s or 1)\ny = f([1], [2])\n",
    "def f(x: 'list', n: list[int], s: int | None = None) -> float:",
  ],
  [
    "who decorates may look at the types",
    "import functools\n@functools.singledispatch\ndef f(x: list):\n    return len(x)\ny = f([1])\n",
    "def f(x: list)",
  ],
];

it.each(cases)("signatures: %s", async (_what, code, text) => {
  expect(await helperOf(code)).toContain(text);
});

it("methods get signatures, self and the constructor's None included", async () => {
  const code =
    "class C:\n    def __init__(self, a):\n        self.a = a\n    def twice(self):\n        return 2 * self.a\n    @staticmethod\n    def one(b):\n        return b\n    def show(self):\n        print(self.a)\ny = C(2).twice() + C.one(1)\n";
  const text = await helperOf(code, "C");
  expect(text).toContain("def __init__(self, a: AnyObject) -> None:");
  expect(text).toContain("def twice(self) -> AnyObject:");
  expect(text).toContain("def one(b: AnyObject) -> AnyObject:");
  expect(text).toContain("def show(self) -> None:");
});

it("a function that gives nothing says so, unless somebody takes what it gives", async () => {
  const silent = "out = []\ndef f(x):\n    x.append(1)\n";
  expect(await helperOf(`${silent}f(out)\nn = len(out)\n`)).toContain("-> None:");
  expect(await helperOf(`${silent}r = f(out)\nn = len(out)\n`)).toContain("-> AnyObject:");
});

it("an argument that nothing reads is named so; one that anything reads is left alone", async () => {
  const unused = "def f(a, spare=1):\n    '''Doc.'''\n    return a\n";
  expect(await helperOf(`${unused}y = f(1, spare=2)\n`)).toContain("'''Doc.'''\n    del spare\n    return a");
  expect(await helperOf(`${unused}spare = len('a')\ny = f(1, spare=spare)\n`)).not.toContain("del");
  expect(await helperOf("def f(a, spare=1): return a\ny = f(1)\n")).toContain("del spare; return a");
});

it("the values of a column are an array to mypy where arithmetic is done with them", async () => {
  const read = "import pandas as pd\ndf = pd.read_csv('a.csv')\n";
  const steps = async (code: string) =>
    (await blueprintOf(read + code)).steps.flatMap((step) => step.body.map((part) => part.text)).join("\n");
  expect(await steps("x = df['a'].values.reshape(-1, 1)\n")).toContain(
    "x = cast(\"AnyArray\", df['a'].values).reshape(-1, 1)",
  );
  expect(await steps("x = df['a'].values\n")).toContain("x = cast(\"AnyArray\", df['a'].values)");
  expect(await steps("d = {1: 2}\nx = list(d.values()) + [len(df)]\n")).not.toContain("cast");
  expect(await steps("x = sum(df['a'].values)\n")).not.toContain("cast");
  expect(await steps("cast = 3.5 * len(df)\nx = df['a'].values - cast\n")).not.toContain("cast(");
});
