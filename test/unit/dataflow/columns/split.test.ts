import { expect, it } from "vitest";
import {
  columnsText,
  demandOf,
  demandsOf,
  haveSameRows,
  rawColumns,
  tableFlow,
} from "../../../../src/dataflow/tables.ts";
import { flowOf } from "../../compiler-core/kit.ts";

const head =
  "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.preprocessing import StandardScaler\ndf = pd.read_csv('a.csv')\n";

/** What the split into fit and apply asks of a program whose last statement is `s = model.predict(X)`. */
function asked(code: string) {
  const flow = flowOf(`${head}${code}`);
  const tables = tableFlow(flow);
  const last = flow.facts.length - 1;
  const demands = demandsOf(flow, new Map([[last, "s"]]));
  const [raw] = tables.versions(tables.raw[0] ?? -1);
  const [X] = tables.named("X", last);
  if (!raw || !X) throw new Error("no data, or no X");
  const columns = X.columns.cofinite ? [] : [...X.columns.labels];
  const origins = columns.flatMap((label) => rawColumns(X.originOf(label))).map(([, set]) => set);
  return {
    demand: columnsText(demandOf(demands, raw)),
    columns: columnsText(X.columns),
    origin: [...new Set(origins.flatMap((set) => (set.cofinite ? ["all"] : [...set.labels])))].sort().join(" "),
    isOpen: X.isOpen,
    tables,
    last,
  };
}

const fit = "model = LogisticRegression()\n";
const serve = "s = model.predict(X)\n";

/** Cases of the design of the split that concern columns: what the served features are made of, and what they demand of the data. */
it.each([
  ["an alias that is written", "X = df[['a', 'b']]\nZ = X\nZ['a'] = df['c']\n", "'a' and 'b'", "b c"],
  [
    "a helper that changes its table",
    "X = df[['a']].copy()\ndef f(d):\n    d['r'] = d['a'] / 2\nf(X)\n",
    "'a' and 'r'",
    "a",
  ],
  ["an attribute that is assigned", "X = df[['a']].copy()\nX.a = df.b\n", "'a'", "a b"],
  ["a column changed in place", "X = df[['a']].copy()\nX.fillna({'a': 0}, inplace=True)\n", "'a'", "a"],
  ["names as a map", "X = df[['A']].rename(columns={'A': 'a'})\n", "'a'", "A"],
  ["names by position", "X = df[['A', 'B']]\nX.columns = ['a', 'b']\n", "'a' and 'b'", "A B"],
  ["reordered columns", "X = df[['a', 'b']]\nX = X[['b', 'a']]\n", "'a' and 'b'", "a b"],
  [
    "dummies that are closed later",
    "X = pd.get_dummies(df[['a', 'k']]).reindex(columns=['a', 'k_1'])\n",
    "'a' and 'k_1'",
    "a k",
  ],
  ["a label that is dropped in place", "X = df[['a', 'y']].copy()\nX.drop(columns=['y'], inplace=True)\n", "'a'", "a"],
  ["a label among the features", "df['y'] = df['status'] == 'bad'\nX = df[['a', 'y']]\n", "'a' and 'y'", "a status"],
  ["a mean of the label", "m = df['y'].mean()\nX = df[['a']].fillna(m)\n", "'a'", "a y"],
  [
    "a loop over tables",
    "X = df[['a']].copy()\nW = df[['b']].copy()\nfor t in (X, W):\n    t['r'] = t['a']\n",
    "'a' and 'r'",
    "a",
  ],
])("columns of the features and what they come from: %s", (_what, code, columns, origin) => {
  const found = asked(`${code}${fit}${serve}`);
  expect(found.columns).toBe(columns);
  expect(found.origin).toBe(origin);
  expect(found.isOpen).toBe(false);
});

it.each([
  ["a label that nobody serves", "df['y'] = (df['status'] == 'bad').astype(int)\nX = df[['a', 'b']]\n", "'a' and 'b'"],
  ["a bad column that is dropped again", "df['pos'] = df.index\nX = df.drop(columns=['pos'])[['a']]\n", "'a'"],
  ["a label that is dropped from all", "X = df.drop(columns=['y'], errors='ignore')\n", "all but 'y'"],
  ["a list of names that holds the label", "names = [c for c in df.columns]\nX = df[names]\n", "all"],
  ["rows that were chosen by the label", "df = df[df.y.notna()]\nX = df[['a']]\n", "'a' and 'y'"],
  ["a filter after the split of columns", "X = df[['a', 'b']].dropna(subset=['b'])[['a']]\n", "'a' and 'b'"],
])("columns that serving demands of the data: %s", (_what, code, demand) => {
  expect(asked(`${code}${fit}${serve}`).demand).toBe(demand);
});

it("values of other rows, or in another order, are told from those that belong together", () => {
  const { tables, last } = asked(
    `A = df[['a']]\nB = df.sort_values('a')[['b']]\nC = df.dropna()[['c']]\nX = df[['d']]\n${fit}${serve}`,
  );
  const [a, b, c, d] = ["A", "B", "C", "X"].map((name) => tables.named(name, last)[0]);
  if (!a || !b || !c || !d) throw new Error("a table is missing");
  expect([haveSameRows(a, d, true), haveSameRows(a, b), haveSameRows(a, b, true), haveSameRows(a, c)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
