import { expect, it } from "vitest";
import { flowOf } from "../compiler-core/kit.ts";
import { notNeededFor } from "./slices.ts";

/**
 * Programs of which every statement is needed, and of which the analysis misses some: a wrong product, said by nobody.
 * Whoever mends one moves its row to nothing-lost.test.ts; until then the row fails as it must.
 */
const cases: readonly (readonly [what: string, code: string, name: string])[] = [
  [
    "query@: a name that only the text of a query mentions",
    "import pandas as pd\ndf = pd.read_csv('a.csv')\nlimit = len('abc')\nout = df.query('a > @limit')\n",
    "out",
  ],
  ["iter consumed: an iterator is used up", "it = iter([1,2,3])\nfirst = list(it)\nsecond = list(it)\n", "second"],
  ["zip consumed: an iterator is used up", "z = zip([1],[2])\nfor a in z: pass\nd = dict(z)\n", "d"],
  ["file for: a file is read on", "f = open('a.txt')\nfor line in f:\n    pass\nrest = f.read()\n", "rest"],
  ["class attr: an attribute of a class", "class C:\n    rate = 1\nC.rate = 3\ny = C.rate * 2\n", "y"],
  [
    "class attr in init: an attribute of a class",
    "class C:\n    n = 0\n    def __init__(self):\n        C.n += 1\na = C()\ny = C.n\n",
    "y",
  ],
  ["class list: a container of a class", "class C:\n    xs = []\nC.xs.append(1)\ny = len(C.xs)\n", "y"],
  ["func attr: an attribute of a function", "def f():\n    return 1\nf.k = 3\ny = f.k\n", "y"],
  [
    "nonlocal: a variable of an enclosing function",
    "def make():\n    n = 0\n    def inc():\n        nonlocal n\n        n += 1\n        return n\n    return inc\nc = make()\na = c()\nb = c()\n",
    "b",
  ],
  [
    "mutable default: a default that lives on",
    "def f(x, acc=[]):\n    acc.append(x)\n    return acc\na = f(1)\nb = f(2)\n",
    "b",
  ],
  [
    "set_config: a setting that estimators feel",
    "import sklearn\nfrom sklearn.preprocessing import StandardScaler\nimport pandas as pd\ndf = pd.read_csv('a.csv')\nsklearn.set_config(transform_output='pandas')\nX = StandardScaler().fit_transform(df)\n",
    "X",
  ],
  [
    "index.name: the name of an index",
    "import pandas as pd\ndf = pd.read_csv('a.csv')\ndf.index.name = 'id'\nx = df.reset_index()\n",
    "x",
  ],
  [
    "columns.names: the names of an index",
    "import pandas as pd\ndf = pd.read_csv('a.csv')\ndf.columns.names = ['k']\nx = df.stack()\n",
    "x",
  ],
  [
    "align: two tables at once",
    "import pandas as pd\nd = pd.read_csv('a.csv')\na, b = d.align(d)\na.dropna(inplace=True)\nx = a.sum()\n",
    "x",
  ],
  [
    "setattr class: an attribute of a class, by setattr",
    "class C:\n    rate = 1\nsetattr(C, 'rate', 3)\ny = C.rate\n",
    "y",
  ],
  ["os.environ: the environment", "import os\nos.environ['A'] = '1'\nx = os.environ['A']\n", "x"],
  [
    "defaultdict append: what a missing key makes",
    "from collections import defaultdict\nd = defaultdict(list)\nd['a'].append(1)\nx = d['a']\n",
    "x",
  ],
  [
    "with as: __enter__ and __exit__",
    "class R:\n    def __enter__(self):\n        self.x = 1\n        return self\n    def __exit__(self, *a):\n        self.x = 2\nr = R()\nwith r:\n    pass\ny = r.x\n",
    "y",
  ],
  [
    "operator overload: an operator of a notebook class",
    "class V:\n    def __init__(self):\n        self.l = []\n    def __add__(self, o):\n        self.l.append(o)\n        return self\n    def __iadd__(self, o):\n        self.l.append(o)\n        return self\nv = V()\nv + 1\nv += 2\ny = len(v.l)\n",
    "y",
  ],
  [
    "getitem overload: a subscript of a notebook class",
    "class V:\n    def __init__(self):\n        self.n = 0\n    def __getitem__(self, k):\n        self.n += 1\n        return k\n    def __len__(self):\n        self.n += 10\n        return 1\nv = V()\nv[0]\nlen(v)\ny = v.n\n",
    "y",
  ],
  [
    "iter class: __iter__ of a notebook class",
    "class V:\n    def __init__(self):\n        self.n = 0\n    def __iter__(self):\n        self.n += 1\n        return iter([1])\nv = V()\nfor q in v:\n    pass\ny = v.n\n",
    "y",
  ],
];

it.fails.each(cases)("not seen yet: %s", (_what, code, name) => {
  expect(notNeededFor(flowOf(code), name)).toEqual([]);
});
