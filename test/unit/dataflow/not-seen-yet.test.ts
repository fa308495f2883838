import { expect, it } from "vitest";
import { flowOf } from "../compiler-core/kit.ts";
import { notNeededFor } from "./slices.ts";

/**
 * Programs of which every statement is needed, and of which the analysis misses some: a wrong product, said by nobody.
 * Whoever mends one moves its row to nothing-lost.test.ts; until then the row fails as it must.
 */
const cases: readonly (readonly [what: string, code: string, name: string])[] = [
  [
    "set_config: a setting that estimators feel",
    "import sklearn\nfrom sklearn.preprocessing import StandardScaler\nimport pandas as pd\ndf = pd.read_csv('a.csv')\nsklearn.set_config(transform_output='pandas')\nX = StandardScaler().fit_transform(df)\n",
    "X",
  ],
  [
    "align: two tables at once",
    "import pandas as pd\nd = pd.read_csv('a.csv')\na, b = d.align(d)\na.dropna(inplace=True)\nx = a.sum()\n",
    "x",
  ],
  ["os.environ: the environment", "import os\nos.environ['A'] = '1'\nx = os.environ['A']\n", "x"],
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
  [
    "stripplot: a plot that draws random numbers",
    "import numpy as np\nimport seaborn as sns\nnp.random.seed(0)\nsns.stripplot(x=[1])\nt = np.random.rand()\n",
    "t",
  ],
  [
    "Categorical: it can be changed",
    "import pandas as pd\nc = pd.Categorical(['a', 'b'])\nc[0] = 'b'\nt = list(c)\n",
    "t",
  ],
  [
    "decorator: what a notebook decorator makes of a function",
    "log = []\ndef deco(g):\n    def w(*a):\n        log.append(1)\n        return g(*a)\n    return w\n@deco\ndef f(x):\n    return x\nf(1)\nt = len(log)\n",
    "t",
  ],
];

it.fails.each(cases)("not seen yet: %s", (_what, code, name) => {
  expect(notNeededFor(flowOf(code), name)).toEqual([]);
});
