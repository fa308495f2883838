import { expect, it } from "vitest";
import { flowOf } from "../compiler-core/kit.ts";
import { sliceTextFor } from "../dataflow/slices.ts";

/** A kept statement without what it does for nobody: the program, the name that is wanted, and what is left. */
const goes: readonly (readonly [what: string, name: string, code: string, left: string])[] = [
  [
    "values, lists and displays that nobody needs",
    "total",
    "total = 0\nlog = []\nfor x in [1, 2]:\n    total += x  # sum\n    log.append(x)\n    y = x * 2\n    print(y)\n",
    "total = 0\nfor x in [1, 2]:\n    total += x  # sum\n",
  ],
  [
    "what a continue behind it would skip",
    "t",
    "t = 0\nfor i in range(5):\n    t += i\n    if i == 3:\n        continue\n    u = t\n",
    "t = 0\nfor i in range(5):\n    t += i\n",
  ],
  [
    "an else in which nothing is needed, an inner branch keeps its place",
    "v",
    "v = 0\nfor j in range(3):\n    if j > 1:\n        print(j)\n    elif j == 0:\n        v += 1\n    else:\n        a = 2\n",
    "v = 0\nfor j in range(3):\n    if j > 1:\n        pass\n    elif j == 0:\n        v += 1\n",
  ],
  [
    "whole loops inside of loops",
    "q",
    "q = 0\nfor i in range(3):\n    for j in range(3):\n        a = i * j\n        if j > 1:\n            print(a)\n    q += i\n",
    "q = 0\nfor i in range(3):\n    q += i\n",
  ],
  [
    "the else of a loop",
    "s",
    "s = 0\ni = 0\nk = 0\nwhile i < 10:\n    i += 1\n    k += 2\n    s += i\nelse:\n    k = 0\n",
    "s = 0\ni = 0\nwhile i < 10:\n    i += 1\n    s += i\n",
  ],
  [
    "what is read from a file and not needed",
    "n",
    'with open("a.txt") as f:\n    n = len(f.read())\n    m = n + 1\n    print(m)\n',
    'with open("a.txt") as f:\n    n = len(f.read())\n',
  ],
  [
    "cases of a match keep their patterns",
    "k",
    'k = 0\nfor e in [1, "a"]:\n    match e:\n        case int():\n            k += 1\n            z = 2\n        case str():\n            print("s")\n',
    'k = 0\nfor e in [1, "a"]:\n    match e:\n        case int():\n            k += 1\n        case str():\n            pass\n',
  ],
  [
    "what a handler does for nobody, and a finally",
    "total",
    'total = 0\nfor t in ["1", "a"]:\n    try:\n        n = int(t)\n    except (ValueError, TypeError) as problem:\n        print(problem)\n        continue\n    finally:\n        last = t\n    total += n\n',
    'total = 0\nfor t in ["1", "a"]:\n    try:\n        n = int(t)\n    except (ValueError, TypeError):\n        continue\n    total += n\n',
  ],
  [
    "functions and classes defined in a block",
    "y",
    "y = 0\nfor i in range(3):\n    def f(v):\n        return v + i\n    def g(v):\n        return v\n    class C:\n        pass\n    y += f(1)\n    w = g(2)\n",
    "y = 0\nfor i in range(3):\n    def f(v):\n        return v + i\n    y += f(1)\n",
  ],
  [
    "statements that share a line",
    "y",
    "y = 0\nfor i in range(3):\n    a = i; y += i; b = i\n    a = 1; b = 2\nif y: a = 1; b = 2\nelse: y = 3\n",
    "y = 0\nfor i in range(3):\n    y += i\nif y: pass\nelse: y = 3\n",
  ],
  [
    "comments go with what they stand above, unless what follows stays",
    "y",
    "y = 0\nfor i in range(2):\n    # about y\n    y += i\n    # about z\n    z = i  # of z\n    # of both\n    p = 1\n    y += 2\n",
    "y = 0\nfor i in range(2):\n    # about y\n    y += i\n    # of both\n    y += 2\n",
  ],
  ["a loop stays for its counter", "last", "for last in [1, 2]:\n    print(last)\n", "for last in [1, 2]:\n    pass\n"],
];

it.each(goes)("left out: %s", (_what, name, code, left) => {
  expect(sliceTextFor(flowOf(code), name)).toBe(left);
});

/** Programs of which every line is needed for the name, though a look at single statements would not say so. */
const stays: readonly (readonly [what: string, name: string, code: string])[] = [
  ["values of the round before", "c", "a = 0\nb = 0\nc = 0\nfor i in range(5):\n    c = b\n    b = a\n    a = i\n"],
  [
    "an alias that moves on from round to round",
    "z",
    "a = []\nb = []\nc = []\nz = c\nfor i in range(4):\n    a.append(i)\n    a = b\n    b = c\n",
  ],
  [
    "a value before the loop is left",
    "x",
    "for i in range(9):\n    if i == 4:\n        x = 1\n        break\n    x = 2\n",
  ],
  [
    "what decides on a break",
    "t",
    "t = 0\nn = 0\nfor i in range(5):\n    n += 1\n    if n > 3:\n        break\n    t += i\n",
  ],
  [
    "what decides on a continue",
    "t",
    "t = 0\nskip = []\nfor i in range(5):\n    if i > 2:\n        skip.append(i)\n    if i in skip:\n        continue\n    t += i\n",
  ],
  [
    "the break of an inner loop, through a flag",
    "t",
    "t = 0\nstop = False\nfor i in range(4):\n    for j in range(4):\n        if i * j == 2:\n            stop = True\n            break\n        t += 1\n    if stop:\n        break\n",
  ],
  [
    "a value of the middle of a try",
    "s",
    'try:\n    s = 1\n    n = int("a")\n    s = 2\nexcept ValueError:\n    s = s * 10\n',
  ],
  [
    "what may raise before the statement that counts",
    "c",
    'c = 0\nfor t in ["1", "a"]:\n    try:\n        n = int(t)\n        c += 1\n    except ValueError:\n        pass\n',
  ],
  [
    "what may raise in a context that swallows it",
    "c",
    'from contextlib import suppress\nc = 0\nfor t in ["1", "a"]:\n    with suppress(ValueError):\n        n = int(t)\n        c += 1\n',
  ],
  [
    "a context about which nothing is known",
    "y",
    "import thing\nwith thing.record() as r:\n    z = 2\n    thing.log(z)\n    y = 1\n",
  ],
  [
    "random numbers drawn in between",
    "r",
    "import numpy as np\nnp.random.seed(0)\nr = 0\nfor i in range(3):\n    a = np.random.rand()\n    r += np.random.rand()\n",
  ],
  ["items taken in between", "b", "it = iter([1, 2, 3])\nif it:\n    a = next(it)\n    b = next(it)\n"],
  [
    "an iterator that ends a loop",
    "y",
    "y = 0\nit = iter([1, 2])\nwhile True:\n    try:\n        v = next(it)\n    except StopIteration:\n        break\n    y += v\n",
  ],
  [
    "a name that is deleted on one way",
    "x",
    "x = 1\nfor flag in [False, True]:\n    if flag:\n        del x\ntry:\n    x = x + 1\nexcept NameError:\n    x = 50\n",
  ],
  [
    "a global that a function reads later",
    "y",
    "rate = 1\ndef scaled(v):\n    return v * rate\nfor i in range(3):\n    rate = rate + i\ny = scaled(4)\n",
  ],
  [
    "a global that a function writes",
    "y",
    "y = 0\ndef bump():\n    global y\n    y += 1\nfor i in range(3):\n    bump()\n",
  ],
  ["a guard", "g", 'g = 0\nfor i in range(3):\n    assert i >= 0, "bad"\n    g += i\n'],
  [
    "a list that grows while it is gone through",
    "t",
    "q = [1]\nt = 0\nfor v in q:\n    if v < 20:\n        q.append(v * 3)\n    t += v\n",
  ],
  [
    "a change through a view of an array",
    "y",
    "import numpy as np\na = np.zeros(6)\nfor i in range(3):\n    part = a[i:i + 2]\n    part += i\ny = a.sum()\n",
  ],
  [
    "one statement that does two things",
    "n",
    "xs, ys = [], []\nfor i in range(3):\n    xs.append(i), ys.append(i)\nn = len(ys)\n",
  ],
  ["a test that binds", "y", "y = 0\nfor i in range(3):\n    if (t := i * 2) > 2:\n        pass\n    y += t\n"],
];

it.each(stays)("kept: %s", (_what, name, code) => {
  expect(sliceTextFor(flowOf(code), name)).toBe(code);
});

it("a variable whose last version was left out is no result", async () => {
  const { blueprintOf } = await import("../compiler-core/kit.ts");
  const { steps, dropped } = await blueprintOf(
    "import pandas as pd\nfrom sklearn.linear_model import LinearRegression\ndf = pd.read_csv('a.csv')\nlast = 1\nsizes = []\nn = last + len(sizes)\nfor i in [1, 2]:\n    n += i\n    last = i\n    sizes.append(i)\nm = LinearRegression().fit(df[['x']] + n, df['y'])\n",
  );
  const outputs = steps.flatMap((step) => step.outputs.map((o) => o.name));
  expect(outputs).toContain("m");
  expect(outputs).not.toContain("last");
  expect(outputs).not.toContain("sizes");
  expect(dropped).toContainEqual({
    cite: expect.objectContaining({ line: 9, endLine: 9 }) as unknown,
    text: "last = i",
    reason: "exploratory",
    detail: "nothing that is kept needs last",
    inside: true,
  });
});

it("a statement of very many parts is kept or dropped whole, and quickly", () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `    a = ${i}\n    b = a\n`).join("");
  const code = `if True:\n${lines}c = b\n`;
  const started = performance.now();
  expect(sliceTextFor(flowOf(code), "c")).toBe(code);
  expect(performance.now() - started).toBeLessThan(8000);
});
