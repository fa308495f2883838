import { expect, it } from "vitest";
import { flowOf } from "../compiler-core/kit.ts";
import { notNeededFor } from "./slices.ts";

const cases: [string, string, string][] = [
  [
    "decorator registry",
    "reg = {}\ndef register(f):\n    reg[f.__name__] = f\n    return f\n@register\ndef a(x):\n    return x + 1\nt = reg['a'](1)\n",
    "t",
  ],
  [
    "decorator with args",
    "calls = []\ndef log(tag):\n    def deco(f):\n        def inner(*a):\n            calls.append(tag)\n            return f(*a)\n        return inner\n    return deco\n@log('x')\ndef g(v):\n    return v\ng(1)\nt = len(calls)\n",
    "t",
  ],
  [
    "generator side effect",
    "log = []\ndef gen():\n    for i in range(3):\n        log.append(i)\n        yield i\nit = gen()\ntotal = sum(it)\nt = len(log)\n",
    "t",
  ],
  ["generator late run", "xs = [1]\ng = (x * k for x in xs for k in xs)\nxs.append(2)\nt = list(g)\n", "t"],
  [
    "context manager class",
    "class Ctx:\n    def __init__(self, l):\n        self.l = l\n    def __enter__(self):\n        self.l.append(1)\n        return self\n    def __exit__(self, *a):\n        self.l.append(2)\nl = []\nwith Ctx(l) as c:\n    pass\nt = len(l)\n",
    "t",
  ],
  [
    "contextmanager decorator",
    "from contextlib import contextmanager\nlog = []\n@contextmanager\ndef ctx():\n    log.append(1)\n    yield\n    log.append(2)\nwith ctx():\n    pass\nt = len(log)\n",
    "t",
  ],
  ["mutable default", "def f(x, acc=[]):\n    acc.append(x)\n    return acc\nf(1)\nt = f(2)\n", "t"],
  [
    "nonlocal closure",
    "def counter():\n    n = 0\n    def inc():\n        nonlocal n\n        n += 1\n        return n\n    return inc\nc = counter()\nc()\nt = c()\n",
    "t",
  ],
  [
    "class attribute shared",
    "class C:\n    items = []\n    def add(self, x):\n        self.items.append(x)\na = C()\nb = C()\na.add(1)\nt = b.items\n",
    "t",
  ],
  [
    "classmethod state",
    "class C:\n    n = 0\n    @classmethod\n    def inc(cls):\n        cls.n += 1\nC.inc()\nt = C.n\n",
    "t",
  ],
  [
    "dunder setitem",
    "class D:\n    def __init__(self):\n        self.d = {}\n    def __setitem__(self, k, v):\n        self.d[k] = v\nd = D()\nd['a'] = 1\nt = d.d\n",
    "t",
  ],
  [
    "dunder iadd",
    "class D:\n    def __init__(self):\n        self.l = []\n    def __iadd__(self, o):\n        self.l.append(o)\n        return self\nd = D()\nd += 1\nt = d.l\n",
    "t",
  ],
  [
    "dunder call",
    "class F:\n    def __init__(self):\n        self.n = 0\n    def __call__(self, x):\n        self.n += 1\n        return x\nf = F()\nf(1)\nt = f.n\n",
    "t",
  ],
  [
    "dunder getattr",
    "log = []\nclass G:\n    def __getattr__(self, n):\n        log.append(n)\n        return 1\ng = G()\ng.foo\nt = len(log)\n",
    "t",
  ],
  [
    "dunder eq in in",
    "log = []\nclass E:\n    def __eq__(self, o):\n        log.append(1)\n        return True\ne = E()\nr = e in [1]\nt = len(log)\n",
    "t",
  ],
  [
    "dunder len bool",
    "log = []\nclass L:\n    def __len__(self):\n        log.append(1)\n        return 0\nl = L()\nif l:\n    pass\nt = len(log)\n",
    "t",
  ],
  [
    "dunder iter",
    "log = []\nclass I:\n    def __iter__(self):\n        log.append(1)\n        return iter([1])\ni = I()\nfor x in i:\n    pass\nt = len(log)\n",
    "t",
  ],
  [
    "dunder str in print",
    "log = []\nclass S:\n    def __str__(self):\n        log.append(1)\n        return 's'\ns = S()\nprint(s)\nt = len(log)\n",
    "t",
  ],
  [
    "dunder repr fstring",
    "log = []\nclass S:\n    def __repr__(self):\n        log.append(1)\n        return 's'\ns = S()\nx = f'{s!r}'\nt = len(log)\n",
    "t",
  ],
  [
    "dunder del attr",
    "log = []\nclass S:\n    def __delattr__(self, n):\n        log.append(n)\ns = S()\ndel s.foo\nt = len(log)\n",
    "t",
  ],
  [
    "setter via setattr",
    "class C:\n    def __setattr__(self, n, v):\n        seen.append(n)\nseen = []\nc = C()\nc.x = 1\nt = len(seen)\n",
    "t",
  ],
  [
    "functools.wraps",
    "import functools\nlog = []\ndef deco(f):\n    @functools.wraps(f)\n    def w(*a, **k):\n        log.append(1)\n        return f(*a, **k)\n    return w\n@deco\ndef g():\n    return 1\ng()\nt = len(log)\n",
    "t",
  ],
  [
    "staticmethod global",
    "n = 0\nclass A:\n    @staticmethod\n    def bump():\n        global n\n        n += 1\nA.bump()\nt = n\n",
    "t",
  ],
  [
    "property side effect",
    "log = []\nclass P:\n    @property\n    def v(self):\n        log.append(1)\n        return 1\np = P()\np.v\nt = len(log)\n",
    "t",
  ],
  [
    "cached_property",
    "import functools\nlog = []\nclass P:\n    @functools.cached_property\n    def v(self):\n        log.append(1)\n        return 1\np = P()\nx = p.v\nt = len(log)\n",
    "t",
  ],
  [
    "super init",
    "class A:\n    def __init__(self):\n        reg.append(self)\nclass B(A):\n    def __init__(self):\n        super().__init__()\nreg = []\nb = B()\nt = len(reg)\n",
    "t",
  ],
  [
    "init_subclass",
    "reg = []\nclass A:\n    def __init_subclass__(cls):\n        reg.append(cls)\nclass B(A):\n    pass\nt = len(reg)\n",
    "t",
  ],
  [
    "match mutate",
    "l = []\ncmd = ['add', 1]\nmatch cmd:\n    case ['add', x]:\n        l.append(x)\nt = len(l)\n",
    "t",
  ],
  ["try finally", "l = []\ntry:\n    x = 1\nfinally:\n    l.append(1)\nt = len(l)\n", "t"],
  [
    "yield from",
    "log = []\ndef inner():\n    log.append(1)\n    yield 1\ndef outer():\n    yield from inner()\nx = list(outer())\nt = len(log)\n",
    "t",
  ],
  [
    "generator send",
    "log = []\ndef co():\n    while True:\n        v = yield\n        log.append(v)\nc = co()\nnext(c)\nc.send(3)\nt = len(log)\n",
    "t",
  ],
  ["dict dispatch", "l = []\nd = {'a': l.append, 'b': l.clear}\nd['a'](1)\nt = len(l)\n", "t"],
  [
    "sorted key method",
    "class K:\n    n = 0\n    def key(self, x):\n        self.n += 1\n        return x\nk = K()\ns = sorted([2, 1], key=k.key)\nt = k.n\n",
    "t",
  ],
  ["del item slice", "l = [1, 2, 3]\ndel l[0:1]\nt = len(l)\n", "t"],
  ["slice assign", "l = [1, 2, 3]\nm = l\nm[0:1] = [9]\nt = l[0]\n", "t"],
  ["swap", "a = [1]\nb = [2]\na, b = b, a\na.append(3)\nt = len(a)\n", "t"],
  ["aug tuple list", "t0 = ([],)\nt0[0].append(1)\nt = t0[0]\n", "t"],
  ["global import alias", "import json as j\ndef f(x):\n    return j.dumps(x)\nt = f(1)\n", "t"],
  ["vars update", "class C: pass\nc = C()\nvars(c)['x'] = 1\nt = c.x\n", "t"],
  ["__dict__ update", "class C: pass\nc = C()\nc.__dict__.update(x=1)\nt = c.x\n", "t"],
  ["walrus in comprehension", "l = []\n[(y := x, l.append(y)) for x in [1]]\nt = l\n", "t"],
  ["exec refused", "x = 1\nexec('x = 2')\nt = x\n", "t"],
  [
    "__class__ swap",
    "class A:\n    def f(self): return 1\nclass B(A):\n    def f(self): return 2\na = A()\na.__class__ = B\nt = a.f()\n",
    "t",
  ],
  ["monkeypatch method", "class A:\n    def f(self): return 1\na = A()\nA.f = lambda self: 2\nt = a.f()\n", "t"],
  [
    "bound method alias",
    "class A:\n    def __init__(self): self.n = 0\n    def inc(self): self.n += 1\na = A()\ninc = a.inc\ninc()\nt = a.n\n",
    "t",
  ],
  ["filter lazily", "log = []\nf = filter(lambda x: log.append(x) or True, [1, 2])\nr = list(f)\nt = len(log)\n", "t"],
  ["zip iterators shared", "it = iter([1, 2, 3, 4])\npairs = list(zip(it, it))\nt = list(it)\n", "t"],
  [
    "enter returns inner",
    "class C:\n    def __init__(self): self.l = []\n    def __enter__(self): return self.l\n    def __exit__(self, *a): pass\nc = C()\nwith c as l:\n    l.append(1)\nt = len(c.l)\n",
    "t",
  ],
];
it.each(cases)("%s", (_w, code, name) => {
  expect(notNeededFor(flowOf(code), name)).toEqual([]);
});
