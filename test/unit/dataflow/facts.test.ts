import { expect, it } from "vitest";
import type { UnitFacts } from "../../../src/dataflow/analyse.ts";
import { flowOf } from "../compiler-core/kit.ts";

/** `R a W b M c X d <- 0,1 ?rng`: reads, writes, changes, deletes, needs, draws and hidden state of a statement. */
function said({ trace, mutates }: UnitFacts): string {
  const part = (mark: string, names: Iterable<string | number>): string => {
    const list = [...names].sort();
    return list.length > 0 ? `${mark} ${list.join(",")}` : "";
  };
  return [
    part("R", trace.reads),
    part("W", trace.writes),
    part("M", mutates),
    part("X", trace.deletes),
    part("<-", trace.deps),
    part("draws", trace.draws),
    part("hidden", trace.tokenWrites),
  ]
    .filter(Boolean)
    .join(" ");
}

/** Statements of one line each, with what the last one is. */
const cases: readonly (readonly [code: string, last: string])[] = [
  ["a = 1\nb = a", "R a W b <- 0"],
  ["a = 1\na = 2\nb = a", "R a W b <- 1"],
  ["a = 1\nif a:\n    b = 1\nelse:\n    b = 2\nc = b", "R b W c <- 1"],
  ["a = 1\nif input():\n    a = 2\nb = a", "R a W b <- 0,1"],
  ["a = 1\nfor i in [1]:\n    a = i\nb = a", "R a W b <- 0,1"],
  ["a = 1\nwhile a < 3:\n    a += 1", "R a W a <- 0"],
  ["a = 1\ntry:\n    a = 2\nexcept ValueError:\n    pass\nb = a", "R a W b <- 0,1"],
  ["a, (b, *c) = 1, (2, 3)", "W a,b,c"],
  ["x = [1]\nx.append(2)", "R x M x <- 0"],
  ["x = [1]\ny = x\ny.append(2)", "R y M x,y <- 0,1"],
  // A copy of a list is taken to hold the list: needed more than is, never less.
  ["x = [1]\ny = list(x)\ny.append(2)", "R y M y <- 0,1"],
  ["x = [[1]]\ny = x[0]\ny.append(2)", "R y M x,y <- 0,1"],
  ["x = {}\nx['k'] = 1", "R x M x <- 0"],
  ["x = {'k': 1}\ndel x['k']", "R x M x <- 0"],
  ["x = 1\ndel x", "X x <- 0"],
  ["x = [1]\nx += [2]", "R x W x M x <- 0"],
  ["a = 1\ndef f():\n    return a\nb = f()", "R a,f W b <- 0,1"],
  ["def f(l):\n    l.append(1)\nx = []\nf(x)", "R f,x M x <- 0,1"],
  ["def f(l):\n    l = l + [1]\n    return l\nx = []\ny = f(x)", "R f,x W y <- 0,1"],
  ["class C:\n    pass\nc = C()\nc.a = 1", "R c M c <- 1"],
  ["class C:\n    def put(self, v):\n        self.v = v\nc = C()\nc.put(1)", "R c M c <- 1"],
  ["xs = [1]\nys = [x for x in xs]", "R xs W ys <- 0"],
  ["x = 1\nys = [x for x in [1]]", "W ys"],
  ["ys = [z := x for x in [1]]", "W ys,z"],
  ["f = lambda x: x\ny = f(1)", "R f W y <- 0"],
  ["k = 1\nf = lambda x: x + k\ny = f(1)", "R f,k W y <- 0,1"],
  ["import numpy as np\nnp.random.seed(0)", "R np <- 0 hidden random.numpy"],
  ["import numpy as np\nnp.random.seed(0)\na = np.random.rand()", "R np W a <- 0,1 draws numpy hidden random.numpy"],
  ["import numpy as np\nr = np.random.default_rng(0)\na = r.normal()", "R r W a M r <- 1"],
  ["import random\nrandom.seed(0)\na = random.random()", "R random W a <- 0,1 draws python hidden random.python"],
  ["import pandas as pd\npd.DataFrame().to_csv('a.csv')\nd = pd.read_csv('a.csv')", "R pd W d <- 0,1"],
  ["import pandas as pd\npd.DataFrame().to_csv('a.csv')\nd = pd.read_csv('b.csv')", "R pd W d <- 0"],
  ["import os\nos.makedirs('out')\nopen('out/a', 'w').write('x')", "<- 1 hidden file:out/a"],
  ["import pandas as pd\ndf = pd.DataFrame()\ndf.dropna(inplace=True)", "R df M df <- 1"],
  ["import pandas as pd\ndf = pd.DataFrame()\ndf.dropna()", "R df <- 1"],
  ["import pandas as pd\ndf = pd.DataFrame()\ns = df['a']\ns.fillna(0, inplace=True)", "R s M df,s <- 2"],
  ["import pandas as pd\ndf = pd.DataFrame()\nc = df.copy()\nc['a'] = 1", "R c M c <- 2"],
  ["import pandas as pd\ndf = pd.DataFrame()\ndf.loc[0, 'a'] = 1", "R df M df <- 1"],
  ["import numpy as np\na = np.zeros(3)\nb = a[1:]\nb[0] = 1", "R b M a,b <- 2"],
  ["import numpy as np\na = np.zeros(3)\nb = a + 1\nb[0] = 1", "R b M b <- 2"],
  ["from sklearn.svm import SVC\nm = SVC()\nm.fit([[1]], [0])", "R m M m <- 1 hidden random.numpy"],
  ["from sklearn.svm import LinearSVC, SVC\nm = SVC(random_state=0)\nm.fit([[1]], [0])", "R m M m <- 1"],
  ["from sklearn.linear_model import Lasso\nm = Lasso()\nm.fit([[1]], [0])", "R m M m <- 1 hidden random.numpy"],
  [
    "import numpy as np\nfrom sklearn.ensemble import RandomForestClassifier\nr = np.random.RandomState(0)\nm = RandomForestClassifier(5, random_state=r)\nm.fit([[1]], [0])",
    "R m M m,r <- 2,3",
  ],
  [
    "k = 1\ndef loss(y, p):\n    return k\nfrom sklearn.metrics import make_scorer\nfrom sklearn.linear_model import Ridge\nfrom sklearn.model_selection import cross_val_score\ns = make_scorer(loss)\ncross_val_score(Ridge(), [[1]], [1], scoring=s)",
    "R Ridge,cross_val_score,k,s <- 0,3,4,5",
  ],
  [
    "k = 1\nfrom sklearn.preprocessing import FunctionTransformer\nt = FunctionTransformer(lambda x: x * k)\nt.transform([1])",
    "R k,t <- 0,2",
  ],
  [
    "k = 1\nimport inhouse\nclass Task:\n    def work(self):\n        return k\nt = Task()\ninhouse.start(t)",
    "R inhouse,k,t M t <- 0,1,3 hidden library:inhouse,random.numpy,random.python",
  ],
  ["d = {}\nks = d.keys()\nd['a'] = 1", "R d M d,ks <- 0"],
  ["i = 1\nclass K:\n    i = 5\n    xs = [i for _ in range(2)]", "R i W K <- 0"],
  ["i = 1\nclass K:\n    i = 5\n    xs = [n for n in range(i)]", "W K"],
  ["import pandas as pd\ndef f(df: pd.DataFrame) -> int:\n    x: pd.Series = 1\n    return x", "R pd W f <- 0"],
  ["from __future__ import annotations\nimport pandas as pd\ndef f(df: pd.DataFrame): ...", "W f"],
  ["import pandas as pd\nx: pd.DataFrame = 1", "R pd W x <- 0"],
  ["e = 1\ntry:\n    int(0)\nexcept ValueError as e:\n    pass", "W e X e"],
  ["from sklearn.svm import SVC\nm = SVC(random_state=0)\np = m.predict([[1]])", "R m W p <- 1"],
  ["x = 1\nprint(x)", "R x <- 0"],
  // One of several: what any of them may be is done.
  [
    "import numpy as np\ndef own(x):\n    return 1\na = np.arange(5)\nfor f in [np.random.shuffle, own]:\n    f(a)",
    "R a,np,own W f M a <- 0,1,2 draws numpy hidden random.numpy",
  ],
  [
    "import numpy as np\ndef own(x):\n    return 1\na = np.arange(5)\nfor f in [np.sum, own]:\n    f(a)",
    "R a,np,own W f <- 0,1,2",
  ],
  [
    "class A:\n    def append(self, v): ...\nxs = []\na = A() if input() else xs\na.append(1)",
    "R a M a,xs <- 1,2 hidden library:?,random.numpy,random.python",
  ],
  ["class A:\n    def append(self, v): ...\nxs = []\na = A()\na.append(1)", "R a <- 2"],
  ["import copy\nx = [[1]]\ny = copy.deepcopy(x)\ny[0].append(2)", "R y M y <- 2"],
  ["import copy\nx = [[1]]\ny = copy.deepcopy(x)\ny[0].append(2)\nz = [y]", "R y W z <- 2,3"],
  [
    "import copy\nclass B:\n    def __init__(self, r):\n        self.r = r\nx = []\nb = copy.deepcopy(B(x))\nb.r.append(1)",
    "R b M b <- 3",
  ],
  ["import numpy as np\nb = np.inf\nfor x in [np.ones(3)]:\n    b = x.mean()\nprint(b.round(2))", "R b <- 1,2"],
  ["x = [1]\nm = __import__('math')", "W m hidden library:__import__,random.numpy,random.python"],
  // A search fits copies, a pipeline its own steps.
  [
    "from sklearn.svm import SVC\nfrom sklearn.model_selection import GridSearchCV\nm = SVC(random_state=0)\ns = GridSearchCV(m, {})\ns.fit([[1]], [0])",
    "R s M s <- 2,3",
  ],
  [
    "from sklearn.svm import SVC\nfrom sklearn.pipeline import Pipeline\nm = SVC(random_state=0)\ns = Pipeline([('m', m)])\ns.fit([[1]], [0])",
    "R s M m,s <- 2,3",
  ],
  [
    "import numpy as np\nfrom sklearn.svm import SVC\nfrom sklearn.model_selection import GridSearchCV, KFold\nr = np.random.RandomState(0)\nm = SVC(random_state=0)\ns = GridSearchCV(m, {}, cv=KFold(3, shuffle=True, random_state=r))\ns.fit([[1]], [0])",
    "R s M r,s <- 3,4,5",
  ],
  // Results refer to their model.
  [
    "from statsmodels.tsa.exponential_smoothing.ets import ETSModel\nm = ETSModel([1, 2])\nr = m.fit()\ns = m.fit()",
    "R m W s M m,r,s <- 1,2",
  ],
  [
    "from statsmodels.tsa.exponential_smoothing.ets import ETSModel\nm = ETSModel([1, 2])\nr = m.fit()\ns = m.smooth([1])",
    "R m W s <- 1,2",
  ],
  // What a process is made of runs when it is asked.
  [
    "from statsmodels.tsa.deterministic import DeterministicProcess, DeterministicTerm\nlog = []\nclass T(DeterministicTerm):\n    def in_sample(self, index):\n        log.append(1)\nd = DeterministicProcess([1], additional_terms=[T()])\nx = d.in_sample()",
    "R d,log W x M log <- 1,3",
  ],
  [
    "from statsmodels.tsa.deterministic import DeterministicProcess\nd = DeterministicProcess([1], order=1)\nx = d.out_of_sample(3)",
    "R d W x <- 1",
  ],
  ["from sklearn.metrics import silhouette_score\ns = silhouette_score([[1]], [1])", "R silhouette_score W s <- 0"],
  [
    "from sklearn.metrics import silhouette_score\ns = silhouette_score([[1]], [1], sample_size=3)",
    "R silhouette_score W s <- 0 draws numpy hidden random.numpy",
  ],
];

it.each(cases)("%j", (code, last) => {
  const { facts } = flowOf(code);
  const fact = facts[facts.length - 1];
  expect(fact && said(fact)).toBe(last);
});

const refused: readonly (readonly [code: string, what: string])[] = [
  ["exec('a = 1')", "calls exec(), whose effect on names cannot be seen"],
  ["b = eval('a')", "calls eval(), whose effect on names cannot be seen"],
  ["from os import *", "imports every name of 'os'"],
  ["globals()['a'] = 1", "calls globals(), whose effect on names cannot be seen"],
  ["a = 1 +", "could not be parsed"],
];

it.each(refused)("refused: %j", (code, what) => {
  expect(flowOf(code).facts.flatMap((f) => f.trace.refusals.map((r) => r.what))).toContain(what);
});

it("after a hidden change of names every later read depends on it", () => {
  const { facts } = flowOf("a = 1\nexec('a = 2')\nb = a\n");
  expect([...(facts[2]?.trace.deps ?? [])].sort()).toEqual([0, 1]);
});

it("each definition and each change is a version of its name", () => {
  const { facts } = flowOf("x = [1]\nx.append(2)\ny = x\ny.append(3)\nx = 1\n");
  expect(facts.map((f) => Object.fromEntries(f.versions))).toEqual([
    { x: 1 },
    { x: 2 },
    { y: 1 },
    { x: 3, y: 2 },
    { x: 4 },
  ]);
});

it("names that nothing binds are known where they are read", () => {
  const { facts } = flowOf("a = nobody + len('x')\ndef f():\n    return later\nlater = 1\nb = f()\n");
  expect(facts.map((f) => [...f.trace.undefined.keys()])).toEqual([["nobody"], [], [], []]);
});
