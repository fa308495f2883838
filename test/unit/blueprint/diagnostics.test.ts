import { type Provocation, provoke } from "../compiler-core/provoke.ts";

const config = (more: string): string => `model: credit-risk\nnotebooks: [notebooks/train.ipynb]\n${more}`;
const model =
  "from sklearn.linear_model import LogisticRegression\nimport pandas as pd\n# %%\nrows = pd.read_csv('rows.csv')\n";
/** A notebook with a table contract of these rules. */
const contract = (...rules: readonly string[]): string =>
  `import pandas as pd\n# cw: contract rows {\n${rules.map((r) => `#   ${r}\n`).join("")}# }\nrows = pd.read_csv('rows.csv')\nx = rows['a'].sum()\n`;

const table: readonly Provocation[] = [
  { says: "CW3001 -:2:13", bad: "print('nothing')\n", good: "x = 1\ny = x + 1\n" },
  {
    says: "CW3002 -:1:1",
    bad: "a = len('abc')\n",
    good: `${model}m = LogisticRegression().fit(rows[['a']], rows['b'])\n`,
  },
  {
    says: "CW3003 2:2:1",
    bad: "# cw: step make\nit = iter([1, 2, 3])\n# %%\n# cw: step take\nfirst = next(it)\n",
    good: "# cw: step make\nit = [1, 2, 3]\n# %%\n# cw: step take\nfirst = it[0]\n",
    message: "'it'",
  },
  {
    says: "CW3004 1:1:1",
    bad: "# cw: step make -> tabel\ntable = len('abc')\n",
    good: "# cw: step make -> table\ntable = len('abc')\n",
    message: "'tabel'",
  },
  {
    says: "CW3005 2:1:1",
    bad: "a = len('abc')\nb = len('ab')\n# %%\n# cw: step use(a, b) -> c\nc = a + 1\n",
    good: "a = len('abc')\nb = len('ab')\n# %%\n# cw: step use(a, b) -> c\nc = a + b\n",
    message: "'b'",
  },
  {
    says: "CW3006 2:1:1",
    bad: "a = len('abc')\n# %%\n# cw: skip\na = a + 1\n# %%\nb = a * 2\n",
    good: "a = len('abc')\n# %%\n# cw: skip\nscratch = a + 1\n# %%\nb = a * 2\n",
  },
  {
    says: "CW3007 1:2:1",
    bad: "auc = len('abc')\n# cw: metric acu >= 0.5\n",
    good: "auc = len('abc')\n# cw: metric auc >= 0.5\n",
    message: "'metric acu'",
  },
  {
    says: "CW3007 1:2:1",
    bad: "best = len('abc')\n# cw: threshold bets >= 0.5 because 'appetite'\n",
    good: "best = len('abc')\n# cw: threshold best >= 0.5 because 'appetite'\n",
    message: "'threshold bets'",
  },
  {
    says: "CW3007 1:3:1",
    bad: 'def f(x):\n    return x\n# cw: test "one" of g { given x = 1; expect result == 1 }\na = f(1)\n',
    good: 'def f(x):\n    return x\n# cw: test "one" of f { given x = 1; expect result == 1 }\na = f(1)\n',
    message: "'test of g'",
  },
  {
    says: "CW3008 2:2:1",
    bad: `${model}# cw: input scores\nx = rows['a'].sum()\n`,
    good: `${model.replace("rows = ", "# cw: input rows\nrows = ")}x = rows['a'].sum()\n`,
    message: "'input scores'",
  },
  {
    says: "CW3009 1:3:8",
    bad: "import pandas as pd\nplace = input()\nrows = pd.read_csv(place + '.csv')\nx = rows['a'].sum()\n",
    good: "import pandas as pd\nplace = 'data'\nrows = pd.read_csv(place + '.csv')\nx = rows['a'].sum()\n",
  },
  {
    says: "CW3010 1:1:1",
    bad: "import numpy as np\nx = np.arange(3).sum()\n",
    good: "import numpy as np\nx = np.arange(3).sum()\n",
    files: { "requirements.txt": "pandas==2.2.3\n" },
    goodFiles: { "requirements.txt": "numpy==1.26.4\n" },
    message: "'numpy'",
  },
  {
    says: "CW3011 1:1:1",
    bad: "import helpers\nx = [helpers][0].make(3)\n",
    good: "import helpers\nx = helpers.make(3)\n",
    files: { "notebooks/helpers.py": "def make(n):\n    return n\n" },
    message: "'helpers'",
  },
  {
    says: "CW3012 1:1:1",
    bad: "# cw: param rate = 2.5\nrate = 1.5\nx = rate * 2\n",
    good: "# cw: param rate = 1.5\nrate = 1.5\nx = rate * 2\n",
    message: "it says 2.5, the code says 1.5",
  },
  {
    says: "CW3012 1:1:1",
    bad: "# cw: param rate\nrate = 1.5\nrate = 2.5\nx = rate * 2\n",
    good: "# cw: param rate\nrate = 1.5\nx = rate * 2\n",
    message: "assigned 2 times",
  },
  {
    says: "CW3013 -:3:11",
    bad: "share = 0.3\ntotal = share * 2\n",
    good: "share = 0.3\ntotal = share * 2\n",
    config: config("params: { shrae: 0.4 }\n"),
    goodConfig: config("params: { share: 0.4 }\n"),
    message: "did you mean 'share'?",
  },
  {
    says: "CW3014 1:3:1",
    bad: "import numpy as np\nnp.random.seed(42)\n# cw: seed 7\nx = np.random.rand(3).sum()\n",
    good: "import numpy as np\nnp.random.seed(42)\n# cw: seed 42\nx = np.random.rand(3).sum()\n",
  },
  {
    says: "CW3016 1:2:1",
    bad: "auc = len('abc') / 4\n# cw: metric auc >= 0.5 by sex\n",
    good: "auc = len('abc') / 4\n# cw: metric auc >= 0.5\n",
  },
  {
    says: "CW3017 1:2:8",
    bad: "import pandas as pd\nrows = pd.read_csv('rows.csv', sep=';')\nx = rows['a'].sum()\n",
    good: "import pandas as pd\nrows = pd.read_csv('rows.csv')\nx = rows['a'].sum()\n",
    config: config("data:\n  rows: { path: data/rows.csv, options: { sep: ',' } }\n"),
    message: "'sep'",
  },
  {
    says: "CW3018 1:3:5",
    bad: "total = 0\nfor price in [120, 80]:\n    # cw: expect price > 0\n    total = total + price\n",
    good: "total = 0\nfor price in [120, 80]:\n    total = total + price\n# cw: expect total > 0\n",
  },
  {
    says: "CW3018 1:2:5",
    bad: "def f(x):\n    # cw: expect x > 0\n    return x\ny = f(2)\n",
    good: "def f(x):\n    return x\ny = f(2)\n# cw: expect y > 0\n",
  },
  {
    says: "CW3019 1:2:1",
    bad: contract("rows >= 100", "rows <= 5000"),
    good: contract("rows in 100..5000"),
    message: "'rows' has more than one 'rows' rule",
  },
  {
    says: "CW3019 1:2:1",
    bad: contract("fresh 24h", "fresh 48h"),
    good: contract("fresh 24h", "rows >= 1"),
    message: "'rows' has more than one 'fresh' rule",
  },
];

provoke("CW30", table);
