import { expect, it } from "vitest";
import { flowOf } from "../compiler-core/kit.ts";
import { notNeededFor } from "./slices.ts";

/** Programs of which every statement is needed for the name. A statement that is left out would be a wrong product. */
const cases: readonly (readonly [what: string, code: string, name: string])[] = [
  ["np.add.at", "import numpy as np\na = np.zeros(3)\nnp.add.at(a, [0], 1)\nb = a.sum()\n", "b"],
  [
    "put_along_axis",
    "import numpy as np\na = np.zeros(3)\nnp.put_along_axis(a, np.array([0]), 1, 0)\nb = a.sum()\n",
    "b",
  ],
  ["nan_to_num", "import numpy as np\na = np.zeros(3)\nnp.nan_to_num(a, copy=False)\nb = a.sum()\n", "b"],
  ["dict alias", "d = {'a': []}\nl = d['a']\nl.append(1)\nx = d['a']\n", "x"],
  ["ma", "import numpy as np\na = np.zeros(3)\nm = np.ma.masked_array(a)\nm[0] = 5\nb = a.sum()\n", "b"],
  ["asmatrix", "import numpy as np\na = np.zeros((2,2))\nm = np.asmatrix(a)\nm[0,0] = 5\nb = a.sum()\n", "b"],
  ["obj from loop", "xs = [[1],[2]]\nfor x in xs:\n    x.append(3)\ny = xs[0]\n", "y"],
  ["enumerate mut", "xs = [[1],[2]]\nfor i, x in enumerate(xs):\n    x.append(3)\ny = xs[0]\n", "y"],
  ["dict values mut", "d = {'a': [1]}\nfor v in d.values():\n    v.append(3)\ny = d['a']\n", "y"],
  [
    "dict items frames",
    "import pandas as pd\nd = {'a': pd.DataFrame()}\nfor k, v in d.items():\n    v['x'] = 1\ny = d['a']\n",
    "y",
  ],
  [
    "list of frames inplace",
    "import pandas as pd\na = pd.read_csv('a.csv')\nb = pd.read_csv('b.csv')\nfor f in [a, b]:\n    f.dropna(inplace=True)\ny = a.sum()\n",
    "y",
  ],
  ["sort stdlib", "x = [3,1]\ny = x\ny.sort()\nz = x[0]\n", "z"],
  [
    "rng shared",
    "import numpy as np\nrng = np.random.default_rng(0)\na = rng.normal(size=3)\nb = rng.normal(size=3)\n",
    "b",
  ],
  [
    "globals via map",
    "log = []\ndef f(x):\n    log.append(x)\n    return x\ny = list(map(f, [1,2]))\nz = len(log)\n",
    "z",
  ],
  [
    "partial",
    "import functools\nlog = []\ndef f(x):\n    log.append(x)\ng = functools.partial(f, 1)\ng()\nz = len(log)\n",
    "z",
  ],
  [
    "partial mut arg",
    "import functools\ndef f(l, x):\n    l.append(x)\nlog = []\ng = functools.partial(f, log)\ng(1)\nz = len(log)\n",
    "z",
  ],
  ["deque", "from collections import deque\nd = deque([1])\nd.appendleft(3)\nx = d[0]\n", "x"],
  [
    "property setter",
    "class C:\n    @property\n    def v(self):\n        return self._v\n    @v.setter\n    def v(self, x):\n        self._v = x\nc = C()\nc.v = 3\ny = c.v\n",
    "y",
  ],
  [
    "np.random.shuffle view",
    "import numpy as np\nimport pandas as pd\ndf = pd.read_csv('a.csv')\nnp.random.seed(0)\nv = df['a'].values\nnp.random.shuffle(v)\nx = df['a'].sum()\n",
    "x",
  ],
  ["random.shuffle", "import random\nx=[1,2,3]\nrandom.seed(1)\nrandom.shuffle(x)\ny = x[0]\n", "y"],
  ["copy shallow", "import copy\na=[[1]]\nb=copy.copy(a)\nb[0].append(2)\nc=a[0]\n", "c"],
  ["list slice alias", "a=[[1]]\nb=a[:]\nb[0].append(2)\nc=a[0]\n", "c"],
  ["dict() alias", "a={'k':[1]}\nb=dict(a)\nb['k'].append(2)\nc=a['k']\n", "c"],
  ["tuple alias", "l=[1]\nt=(l,2)\nt[0].append(3)\nx=len(l)\n", "x"],
  ["star args mut", "def f(*xs):\n    for x in xs:\n        x.append(1)\na=[]\nb=[]\nf(a,b)\ny=len(a)\n", "y"],
  ["kwargs mut", "def f(**k):\n    k['a'].append(1)\na=[]\nf(a=a)\ny=len(a)\n", "y"],
  ["return alias", "def f(x):\n    return x\na=[]\nb=f(a)\nb.append(1)\ny=len(a)\n", "y"],
  ["cond alias", "a=[]\nb=[]\nc = a if len(b) else b\nc.append(1)\ny=len(a)\n", "y"],
  ["or alias", "a=[]\nc = a or [1]\nc.append(1)\ny=len(a)\n", "y"],
  [
    "closure list",
    "def make(l):\n    def add(x):\n        l.append(x)\n    return add\na=[]\nadd=make(a)\nadd(1)\ny=len(a)\n",
    "y",
  ],
  ["lambda", "a=[]\nadd=lambda x: a.append(x)\nadd(1)\ny=len(a)\n", "y"],
  ["method obj", "a=[]\nadd=a.append\nadd(1)\ny=len(a)\n", "y"],
  ["comprehension mut", "a=[]\n[a.append(i) for i in range(3)]\ny=len(a)\n", "y"],
  ["max alias", "a=[1]\nb=[2]\nm=max([a,b])\nm.append(3)\ny=len(b)\n", "y"],
  ["sorted alias", "a=[[1]]\nb=sorted(a)\nb[0].append(3)\ny=a[0]\n", "y"],
  ["reversed/enumerate list", "a=[[1]]\nfor i,x in reversed(list(enumerate(a))):\n    x.append(3)\ny=a[0]\n", "y"],
  ["dict comp", "a=[[1]]\nd={i:x for i,x in enumerate(a)}\nd[0].append(1)\ny=a[0]\n", "y"],
  [
    "pd.DataFrame(arr)",
    "import numpy as np\nimport pandas as pd\na=np.zeros((2,2))\ndf=pd.DataFrame(a)\ndf.iloc[0,0]=5\ny=a.sum()\n",
    "y",
  ],
  ["assert effect", "l=[1]\nassert l.pop()==1\ny=len(l)\n", "y"],
  ["walrus", "x = [n := 3, 4]\ny = n\n", "y"],
  ["del attr", "class C: pass\nc=C()\nc.a=1\nc.b=[1]\ndel c.a\ny=hasattr(c,'a')\n", "y"],
  [
    "itertools.tee / chain",
    "import itertools\na=[[1]]\nfor x in itertools.chain(a,[[2]]):\n    x.append(1)\ny=a[0]\n",
    "y",
  ],
  [
    "json roundtrip file",
    "import json\nwith open('a.json','w') as f:\n    json.dump({'a':1}, f)\nwith open('a.json') as f:\n    d = json.load(f)\n",
    "d",
  ],
  [
    "to_csv then read",
    "import pandas as pd\ndf=pd.read_csv('a.csv')\ndf.to_csv('b.csv')\ne=pd.read_csv('b.csv')\n",
    "e",
  ],
  ["global stmt", "n=0\ndef f():\n    global n\n    n+=1\nf()\ny=n\n", "y"],
  ["__name__", "rate=1\nif __name__=='__main__':\n    rate=2\ny=rate\n", "y"],
  ["setdefault", "d={}\nd.setdefault('a',[]).append(1)\ny=len(d)\n", "y"],
  ["update arg hold", "a=[1]\nd={}\nd.update(k=a)\nd['k'].append(2)\ny=len(a)\n", "y"],
  ["extend nested", "a=[[1]]\nb=[]\nb.extend(a)\nb[0].append(1)\ny=a[0]\n", "y"],
  ["np out", "import numpy as np\na=np.zeros(3)\nnp.add(1,2,out=a)\ny=a.sum()\n", "y"],
  [
    "where pandas",
    "import pandas as pd\ndf=pd.read_csv('a.csv')\ns=df['a']\ns.fillna(0,inplace=True)\ny=df['a'].sum()\n",
    "y",
  ],
  [
    "groupby apply mutate",
    "import pandas as pd\ndf=pd.read_csv('a.csv')\nlog=[]\ndef f(g):\n    log.append(1)\n    return g\ndf.groupby('a').apply(f)\ny=len(log)\n",
    "y",
  ],
  [
    "Series.map lambda",
    "import pandas as pd\ndf=pd.read_csv('a.csv')\nlog=[]\ndf['a'].map(lambda v: log.append(v))\ny=len(log)\n",
    "y",
  ],
  ["sorted key", "log=[]\nsorted([1,2], key=lambda v: log.append(v) or v)\ny=len(log)\n", "y"],
  [
    "fit via function",
    "from sklearn.linear_model import LogisticRegression\nm=LogisticRegression()\ndef train(q):\n    q.fit([[1],[2]],[0,1])\ntrain(m)\np=m.predict([[1]])\n",
    "p",
  ],
  [
    "dict of models",
    "from sklearn.linear_model import LogisticRegression\nms={'a':LogisticRegression()}\nfor k in ms:\n    ms[k].fit([[1],[2]],[0,1])\np=ms['a'].predict([[1]])\n",
    "p",
  ],
  [
    "pipeline shares",
    "from sklearn.pipeline import Pipeline\nfrom sklearn.preprocessing import StandardScaler\ns=StandardScaler()\np=Pipeline([('s',s)])\np.fit([[1],[2]])\nm=s.mean_\n",
    "m",
  ],
  ["plt returns data", "import matplotlib.pyplot as plt\nn, bins, _ = plt.hist([1,2,3])\ny = bins[0]\n", "y"],
  ["ax", "import pandas as pd\ndf=pd.read_csv('a.csv')\nax = df.plot()\nlim = ax.get_ylim()\ny = lim[1]\n", "y"],
  ["__dict__", "class C: pass\nc=C()\nc.__dict__['a']=1\ny=c.a\n", "y"],
  ["vars", "class C: pass\nc=C()\nvars(c)['a']=1\ny=c.a\n", "y"],
  ["df attr col", "import pandas as pd\ndf=pd.read_csv('a.csv')\ndf.a[0]=5\ny=df['a'].sum()\n", "y"],
  ["s.str", "import pandas as pd\ndf=pd.read_csv('a.csv')\ndf.loc[:, 'a'] = 1\ny=df['a'].sum()\n", "y"],
  ["df.at", "import pandas as pd\ndf=pd.read_csv('a.csv')\ndf.at[0,'a']=1\ny=df\n", "y"],
  ["multi target", "a = b = []\na.append(1)\ny = len(b)\n", "y"],
  ["for target attr", "class C: pass\nc=C()\nfor c.x in range(3):\n    pass\ny=c.x\n", "y"],
];

it.each(cases)("nothing is lost: %s", (_what, code, name) => {
  expect(notNeededFor(flowOf(code), name)).toEqual([]);
});
