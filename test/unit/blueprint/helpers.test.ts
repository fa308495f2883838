import { expect, it } from "vitest";
import { blueprintOf } from "../compiler-core/kit.ts";

/** Text of a helper and of all steps of a notebook. */
async function made(code: string, name = "f"): Promise<{ readonly helper: string; readonly steps: string }> {
  const { helpers, steps } = await blueprintOf(code);
  return {
    helper: helpers.find((h) => h.name === name)?.code.text ?? "",
    steps: steps.flatMap((s) => s.body.map((c) => c.text)).join("\n"),
  };
}

const cases: readonly (readonly [what: string, code: string, helper: string, call: string])[] = [
  [
    "a global becomes an argument",
    "k = len('a')\ndef f(x):\n    return x + k\ny = f(1)\n",
    "def f(x: AnyInt, *, k: AnyInt) -> AnyInt:",
    "y = f(1, k=k)",
  ],
  [
    "no arguments before",
    "k = len('a')\ndef f():\n    return k\ny = f()\n",
    "def f(*, k: AnyInt) -> AnyInt:",
    "y = f(k=k)",
  ],
  [
    "a trailing comma",
    "k = len('a')\ndef f(x):\n    return x + k\ny = f(1,)\n",
    "def f(x: AnyInt, *, k: AnyInt)",
    "y = f(1,k=k)",
  ],
  [
    "after star arguments",
    "k = len('a')\ndef f(*xs):\n    return len(xs) + k\ny = f(1, 2)\n",
    "def f(*xs: AnyObject, k: AnyInt)",
    "y = f(1, 2, k=k)",
  ],
  [
    "before double star",
    "k = len('a')\ndef f(x, **o):\n    return x + k\ny = f(1, z=2)\n",
    "def f(x: AnyInt, *, k: AnyInt, **o: AnyObject)",
    "y = f(1, z=2, k=k)",
  ],
  [
    "a lone generator gets brackets",
    "k = len('a')\ndef f(xs):\n    return sum(xs) + k\ny = f(i for i in [1])\n",
    "def f(xs",
    "y = f((i for i in [1]), k=k)",
  ],
  [
    "handed on as a value",
    "k = len('a')\ndef f(x):\n    return x + k\ny = list(map(f, [1]))\n",
    "def f(x",
    "y = list(map(functools.partial(f, k=k), [1]))",
  ],
  [
    "through another helper",
    "k = len('a')\ndef g(x):\n    return x * k\ndef f(x):\n    return g(x) + 1\ny = f(2)\n",
    "return g(x, k=k) + 1",
    "y = f(2, k=k)",
  ],
  [
    "recursion",
    "k = len('a')\ndef f(n):\n    return k if n == 0 else f(n - 1)\ny = f(3)\n",
    "else f(n - 1, k=k)",
    "y = f(3, k=k)",
  ],
  [
    "a local of the same name is none",
    "k = len('a')\ndef f(k):\n    return k + 1\ny = f(k)\n",
    "def f(k: AnyInt) -> AnyInt:",
    "y = f(k)",
  ],
  [
    "a lambda gets a name",
    "f = lambda a, b=2: a + b\ny = f(1)\n",
    "def f(a: AnyInt, b: AnyInt=2) -> AnyInt:\n    return a + b",
    "y = f(1)",
  ],
  ["a lambda with a global", "k = len('a')\nf = lambda: k + 1\ny = f()\n", "def f(*, k: AnyInt)", "y = f(k=k)"],
  [
    "an import stays one",
    "import math\ndef f(x):\n    return math.sqrt(x)\ny = f(4.0)\n",
    "def f(x: AnyFloat) -> AnyFloat:",
    "y = f(4.0)",
  ],
  [
    "docstring and comments stay",
    "def f(x):\n    '''Doc.'''\n    # why\n    return x\ny = f(1)\n",
    "'''Doc.'''\n    # why",
    "y = f(1)",
  ],
  [
    "annotations of the notebook stay",
    "def f(x: 'int | str') -> float:\n    return 1.0\ny = f(1)\n",
    "def f(x: 'int | str') -> float:",
    "y = f(1)",
  ],
];

it.each(cases)("helpers: %s", async (_what, code, helper, call) => {
  const found = await made(code);
  expect(found.helper).toContain(helper);
  expect(found.steps).toContain(call);
});

it("a class, its bases and its constants stand before who uses them", async () => {
  const { helpers } = await blueprintOf(
    "LIMIT = 3\nclass Base:\n    top = LIMIT\nclass Leaf(Base):\n    def g(self):\n        return self.top\ndef make():\n    return Leaf()\ny = make().g()\n",
  );
  expect(helpers.map((h) => [h.kind, h.name])).toEqual([
    ["constant", "LIMIT"],
    ["class", "Base"],
    ["class", "Leaf"],
    ["function", "make"],
  ]);
});

it("statements that only show something are taken out of kept blocks", async () => {
  const { steps } = await made(
    "xs = []\nfor i in range(3):\n    print(i)\n    xs.append(i)\n    if i:\n        print('odd')\n    else:\n        xs.append(len(xs)); print(xs)\nn = len(xs)\n",
  );
  expect(steps).toContain(
    "for i in range(3):\n    xs.append(i)\n    if i:\n        pass\n    else:\n        xs.append(len(xs))\n",
  );
});

it("what is shown stays where showing it changes something", async () => {
  const { steps } = await made("xs = [1, 2, 3]\nfor i in [1, 2]:\n    print(xs.pop())\nn = len(xs)\n");
  expect(steps).toContain("print(xs.pop())");
});

const model =
  "from sklearn.linear_model import LogisticRegression\nimport pandas as pd\ndf = pd.read_csv('a.csv')\nX, t = df[['a']], df['t']\nm = LogisticRegression()\n";

it.each([
  ["a fit", `${model}print(m.fit(X, t), m.score(X, t))\n`, "print(m.fit(X, t), m.score(X, t))"],
  [
    "a change",
    `${model}m.fit(X, t)\nlog = [1, 2]\nprint(m.score(X, t), log.pop())\nn = m.score(X, t) + len(log)\n`,
    "print(m.score(X, t), log.pop())",
  ],
])("what is shown stays where a figure is shown beside it: %s", async (_what, code, kept) => {
  const { steps } = await made(code);
  expect(steps.split(kept)).toHaveLength(2);
});

it("a decorated function computes a value like any other", async () => {
  const { steps, helpers } = await blueprintOf(
    "def deco(g):\n    def w(*a):\n        return g(*a) + 1\n    return w\n@deco\ndef f(x):\n    return x\n# %%\ny = f(1)\n",
  );
  expect(helpers.map((h) => h.name)).toEqual(["deco", "f"]);
  expect(helpers[1]?.code.text).toContain("@deco\ndef f(");
  expect(steps.flatMap((s) => s.outputs.map((o) => o.name))).toEqual(["y"]);
});

it("lines inside a string keep their place wherever the code moves", async () => {
  const { steps } = await blueprintOf("n = len('x')\nif n:\n    q = '''a\n  b\n\tc'''\n    m = len(q) + n\n");
  const code = steps.flatMap((s) => s.body).find((c) => c.text.startsWith("if n"));
  expect(code?.rawLines).toEqual([2, 3]);
});
