import { expect, it } from "vitest";
import { flowOf } from "../../compiler-core/kit.ts";
import { notNeededFor } from "../slices.ts";

const head = "import pandas as pd\nimport numpy as np\ndf = pd.read_csv('a.csv')\nother = pd.read_csv('b.csv')\n";
const spare = "df['spare'] = df['a'] * 2\n";

/** First lines of what `y` does not need, without what stands before the case. */
function unused(code: string): readonly string[] {
  return notNeededFor(flowOf(`${head}${code}`), "y").filter(
    (line) => !line.startsWith("import") && !line.startsWith("other ="),
  );
}

/** After `df['spare'] = …`: programs whose `y` does not need it, each with a twin that does. */
const twins: readonly (readonly [what: string, without: string, needing: string])[] = [
  ["one column is read", "y = df['b'].sum()\n", "y = df['spare'].sum()\n"],
  ["by its attribute", "y = df.b.sum()\n", "y = df.spare.sum()\n"],
  ["a list of names", "X = df[['a', 'b']]\ny = X.sum()\n", "X = df[['a', 'spare']]\ny = X.sum()\n"],
  [
    "names in a variable",
    "names = ['a']\ny = df[names].sum()\n",
    "names = ['a']\nnames.append('b')\ny = df[names].sum()\n",
  ],
  ["names put together", "y = df[['a'] + ['b']].sum()\n", "y = df[['a'] + list(other)].sum()\n"],
  ["what is chosen must be there", "X = df[['a', 'b']]\ny = len(X)\n", "X = df[['a', 'spare']]\ny = len(X)\n"],
  ["a column that is dropped", "y = df[['a']].drop('a', axis=1)\n", "y = df.drop('a', axis=1)\n"],
  ["rows by a mask", "Z = df[df.a > 1]\ny = Z['b']\n", "Z = df[df.spare > 1]\ny = Z['b']\n"],
  ["rows by what may be names", "Z = df[df.a > 1]\ny = Z['b']\n", "Z = df[other['names']]\ny = Z['b']\n"],
  ["loc", "y = df.loc[df.a > 1, 'b']\n", "y = df.loc[df.a > 1, 'a':'c']\n"],
  ["loc with a list", "y = df.loc[:, ['a', 'b']].mean()\n", "y = df.loc[:, ['a', 'spare']].mean()\n"],
  ["a single row has one type", "Z = df.loc[df.a > 1]\ny = Z['b']\n", "Z = df.loc[3]\ny = Z['b']\n"],
  ["iloc", "Z = df.iloc[:5]\ny = Z['b']\n", "Z = df.iloc[:5, 1:]\ny = Z['b']\n"],
  ["the number of rows", "y = len(df)\n", "y = df.size\n"],
  ["the shape", "y = df.shape[0]\n", "y = df.shape[1]\n"],
  ["the index", "y = df.index\n", "y = df.columns\n"],
  ["an array", "y = df['a'].values\n", "y = df.values\n"],
  ["rows without missing values", "Z = df.dropna(subset=['a'])\ny = Z.a\n", "Z = df.dropna()\ny = Z.a\n"],
  ["rows that are no duplicates", "Z = df.drop_duplicates('a')\ny = Z.a\n", "Z = df.drop_duplicates()\ny = Z.a\n"],
  ["a query", "Z = df.query('a > 3 and b < 2')\ny = Z.a\n", "Z = df.query('spare > 3')\ny = Z.a\n"],
  [
    "a query that stands elsewhere",
    "Z = df.query('a > 3')\ny = Z.a\n",
    "q = open('q').read()\nZ = df.query(q)\ny = Z.a\n",
  ],
  ["a sort", "Z = df.sort_values('a')\ny = Z.a\n", "Z = df.sort_values(['a', 'spare'])\ny = Z.a\n"],
  ["a filled table", "Z = df.fillna(0)\ny = Z.a\n", "Z = df.fillna(df.mean())\ny = Z.a\n"],
  ["along the other axis", "Z = df.ffill()\ny = Z.a\n", "Z = df.ffill(axis=1)\ny = Z.a\n"],
  ["replaced values", "Z = df.replace('?', 0)\ny = Z.a\n", "Z = df.replace({0: None})\ny = Z.a\n"],
  [
    "a rename",
    "Z = df.rename(columns={'b': 'c'})\ny = Z['c']\n",
    "Z = df.rename(columns={'spare': 'c'})\ny = Z['c']\n",
  ],
  [
    "a rename by a function",
    "Z = df.add_prefix('x_')\ny = Z['x_a']\n",
    "Z = df.rename(columns=str.lower)\ny = Z['a']\n",
  ],
  ["names by position", "Z = df.add_suffix('_x')\ny = Z['a_x']\n", "df.columns = ['p', 'q', 'r']\ny = df['p']\n"],
  [
    "a new column",
    "Z = df.assign(c=lambda d: d.a * 2)\ny = Z['c']\n",
    "Z = df.assign(c=lambda d: d.spare * 2)\ny = Z['c']\n",
  ],
  ["a new index", "Z = df.set_index('a')\ny = Z['b']\n", "Z = df.set_index('spare')\ny = Z['b']\n"],
  [
    "the index as a column",
    "Z = df.reset_index(drop=True)\ny = Z['b']\n",
    "Z = df.reset_index(level=names)\ny = Z['b']\n",
  ],
  ["a join", "Z = df.merge(other, on='k')\ny = Z['b']\n", "Z = df.merge(other, on='k')\ny = Z['spare_y']\n"],
  [
    "a join by whatever both have",
    "Z = pd.merge(other, df, on='k')\ny = Z['b']\n",
    "Z = pd.merge(other, df)\ny = Z['b']\n",
  ],
  ["indicators", "Z = pd.get_dummies(df, columns=['k'])\ny = Z['k_1']\n", "Z = pd.get_dummies(df)\ny = Z['k_1']\n"],
  ["groups", "y = df.groupby('k')['v'].mean()\n", "y = df.groupby('k').mean()\n"],
  ["groups by two keys", "y = df.groupby(['k', 'a']).size()\n", "y = df.groupby(['k', 'spare']).size()\n"],
  ["groups by another column", "y = df.groupby(df['k'])['v'].sum()\n", "y = df.groupby(df['spare'])['v'].sum()\n"],
  ["a function of rows", "y = df['a'].apply(lambda v: v + 1)\n", "y = df.apply(lambda r: r['a'], axis=1)\n"],
  [
    "a function of the notebook",
    "def f(d):\n    return d['a']\ny = f(df)\n",
    "def f(d):\n    return d.mean()\ny = f(df)\n",
  ],
  [
    "parts of a split",
    "from sklearn.model_selection import train_test_split as s\ntr, te = s(df, random_state=1)\ny = tr['a']\n",
    "from sklearn.model_selection import train_test_split as s\ntr, te = s(df, random_state=1, stratify=df['spare'])\ny = tr['a']\n",
  ],
  ["another name", "Z = df\ny = Z['a']\n", "Z = df\ny = Z['spare']\n"],
  ["a container", "d = {'x': df}\ny = d['x']['a']\n", "d = {'x': df}\ny = list(d.values())\n"],
  [
    "a loop over tables",
    "for t in (df, other):\n    t['z'] = t['a']\ny = df['z']\n",
    "for t in (df, other):\n    t['z'] = t['spare']\ny = df['z']\n",
  ],
  [
    "a loop over names",
    "for c in ['a', 'b']:\n    df[c] = df[c].fillna(0)\ny = df['a']\n",
    "for c in df.columns:\n    df[c] = df[c].fillna(0)\ny = df['a']\n",
  ],
  ["a loop over the table", "for c in ('a', 'b'):\n    y = df[c].sum()\n", "for c in df:\n    y = df[c].sum()\n"],
  ["a method that is kept", "y = df['a'].mean()\n", "f = df.mean\ny = f()\n"],
  [
    "columns counted later",
    "e = enumerate(df[['a']])\ny = [c for _, c in e]\n",
    "e = enumerate(df)\ny = [c for _, c in e]\n",
  ],
  [
    "a mapped function",
    "y = list(map(lambda c: df[[c, 'a']], ['b', 'k']))\n",
    "y = list(map(lambda c: df[[c, 'spare']], ['b', 'k']))\n",
  ],
  [
    "a library of which nothing is known",
    "import swifter\ny = df['a'].swifter.apply(str)\n",
    "import swifter\ny = df.swifter.apply(str)\n",
  ],
];

it.each(twins)("a column that nothing reads is not needed: %s", (_what, without, needing) => {
  expect(unused(`${spare}${without}`)).toContain("df['spare'] = df['a'] * 2");
  expect(unused(`${spare}${needing}`)).not.toContain("df['spare'] = df['a'] * 2");
});

/** Programs with exactly the statements that `y` does not need. */
const cases: readonly (readonly [what: string, code: string, unneeded: readonly string[]])[] = [
  ["what it was made of goes too", "df['p'] = df.a\ndf['q'] = df.p\ny = df.b\n", ["df['p'] = df.a", "df['q'] = df.p"]],
  ["a column that is overwritten", "df['p'] = 1\ndf['p'] = 2\ny = df['p']\n", ["df['p'] = 1"]],
  ["one that is changed", "df['p'] = 1\ndf['p'] = df['p'] + 2\ny = df['p']\n", []],
  ["one that may be overwritten", "df['p'] = 1\nif len(other) > 3:\n    df['p'] = 2\ny = df['p']\n", []],
  ["its place counts where all are read", "df['p'] = 1\ndf['q'] = 2\ndf['p'] = 3\ny = df.values\n", []],
  ["its place counts in a copy", "df['p'] = 1\ndf['q'] = 2\nZ = df.assign(p=3)\ny = Z.values\n", []],
  ["some of its rows", "df.loc[df.a > 1, 'p'] = 0\ny = df.b\n", ["df.loc[df.a > 1, 'p'] = 0"]],
  ["a row that may be new", "df.loc['total', 'p'] = 0\ny = df.b\n", []],
  ["a deleted column", "df['p'] = 1\ndel df['p']\ny = df.b\n", ["df['p'] = 1", "del df['p']"]],
  ["a deletion that is looked at", "df['p'] = 1\ndel df['p']\ny = df.columns\n", []],
  ["dropped in place", "df.drop(columns=['p'], inplace=True)\ny = df.b\n", ["df.drop(columns=['p'], inplace=True)"]],
  ["what is dropped must be there", "df['p'] = 1\ndf.drop(columns=['p'], inplace=True)\ny = df.values\n", []],
  ["renamed in place", "df['p'] = 1\ndf.rename(columns={'p': 'q'}, inplace=True)\ny = df['q']\n", []],
  ["names in a loop", "for c in ['a', 'b']:\n    df[c + '_l'] = np.log(df[c])\ny = df.b\n", ["for c in ['a', 'b']:"]],
  ["names in a text", "for c in ['a', 'b']:\n    df[f'{c}_l'] = 1\ny = df.a_l\n", []],
  ["an attribute that is no column", "df.p = 1\ndf['p'] = 2\ny = df.p\n", []],
  ["the first column of an empty table", "e = pd.DataFrame()\ne['a'] = [1, 2]\ne['b'] = df['b']\ny = e['b']\n", []],
  ["a number in a table that may be empty", "e = df[df.a > 3]\ne['p'] = 1\ny = e.b\n", ["e['p'] = 1"]],
  ["its own rows in one", "e = df[df.a > 3]\ne['p'] = e['a'] * 2\ny = e.b\n", ["e['p'] = e['a'] * 2"]],
  ["other rows in one", "e = df[df.a > 3]\ne['p'] = other['a']\ny = e.b\n", []],
  ["written through a view", "v = df['a']\nv[0] = 5\ny = df['a'].sum()\n", []],
  ["written through a view of another", "v = df['c']\nv[0] = 5\ny = df['a'].sum()\n", ["v = df['c']", "v[0] = 5"]],
  [
    "a view that is written over",
    "v = df['c']\ndf.loc[df.a > 1, 'b'] = 0\ny = v.sum()\n",
    ["df.loc[df.a > 1, 'b'] = 0"],
  ],
  ["a function that changes its table", "def f(d):\n    d['p'] = 1\nf(df)\ny = df['p']\n", []],
  ["a function that changes a column", "def f(d):\n    d['p'] = 1\nf(df)\ny = df['a']\n", ["def f(d):", "f(df)"]],
  ["a generator used later", "g = (d[['a']] for d in [df])\ndf['a'] = other['k']\ny = list(g)\n", []],
  ["draws go on", "np.random.seed(0)\ndf['p'] = np.random.rand(len(df))\ny = np.random.rand()\n", []],
];

it.each(cases)("exactly what is not needed: %s", (_what, code, unneeded) => {
  expect(unused(code).filter((line) => !line.startsWith("df ="))).toEqual(unneeded);
});
