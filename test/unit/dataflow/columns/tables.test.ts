import { expect, it } from "vitest";
import { makers } from "../../../../src/blueprint/roots.ts";
import type { Dataflow } from "../../../../src/dataflow/analyse.ts";
import {
  areRowsOf,
  columnsText,
  demandOf,
  demandsOf,
  haveSameRows,
  type TableFlow,
  type TableVersion,
  tableFlow,
} from "../../../../src/dataflow/tables.ts";
import { flowOf } from "../../compiler-core/kit.ts";

const head =
  "import pandas as pd\nimport numpy as np\nfrom sklearn.model_selection import train_test_split\ndf = pd.read_csv('a.csv')\nother = pd.read_csv('b.csv')\n";

interface Case {
  readonly flow: Dataflow;
  readonly tables: TableFlow;
  /** The only version that a name denotes at the end. */
  at(name: string): TableVersion;
}

function given(code: string): Case {
  const flow = flowOf(`${head}${code}`);
  const tables = tableFlow(flow);
  return {
    flow,
    tables,
    at(name) {
      const [version, ...others] = tables.named(name, flow.facts.length - 1);
      if (!version || others.length > 0) throw new Error(`${name} is ${others.length + 1} tables`);
      return version;
    },
  };
}

/** `df: 'a'; through df: 'b'`: raw columns, by the name of their table. */
function originText({ flow, tables }: Case, version: TableVersion, label: string): string {
  const { made, learned } = version.originOf(label);
  const nameOf = (obj: number): string => {
    const [first] = tables.versions(obj);
    return [...(flow.facts[first?.unit ?? -1]?.trace.writes ?? ["?"])].join();
  };
  const text = (columns: typeof made, how: string): readonly string[] =>
    [...columns].map(([obj, set]) => `${how}${nameOf(obj)}: ${columnsText(set)}`);
  return [...text(made, ""), ...text(learned, "by way of ")].join("; ");
}

/** Program, then columns that `T` may have, those that are there for sure, whether that depends on the rows. */
const columnRows: readonly (readonly [what: string, code: string, may: string, sure: string, open?: true])[] = [
  ["a file", "T = df\n", "all", ""],
  ["a list of names", "T = df[['a', 'b']]\n", "'a' and 'b'", "'a' and 'b'"],
  ["a list that only the data can tell", "T = df[list(other['names'])]\n", "all", ""],
  ["a new column", "T = df[['a']]\nT['c'] = 1\n", "'a' and 'c'", "'a' and 'c'"],
  ["a column that may be new", "T = df[['a']].copy()\nif len(other) > 3:\n    T['c'] = 1\n", "'a' and 'c'", "'a'"],
  ["a column of some rows", "T = df[['a']].copy()\nT.loc[T.a > 1, 'c'] = 1\n", "'a' and 'c'", "'a'"],
  ["a deleted column", "T = df.copy()\nT['y'] = 1\ndel T['y']\n", "all but 'y'", ""],
  ["a dropped column", "T = df.drop(columns=['y'])\n", "all but 'y'", ""],
  ["dropped in place", "T = df[['a', 'y']].copy()\nT.drop('y', axis=1, inplace=True)\n", "'a'", "'a'"],
  ["popped", "T = df[['a', 'y']].copy()\ny = T.pop('y')\n", "'a'", "'a'"],
  ["a rename", "T = df[['a', 'b']].rename(columns={'b': 'c'})\n", "'a' and 'c'", "'a' and 'c'"],
  ["a rename of all there may be", "T = df.rename(columns={'b': 'c'})\n", "all but 'b'", ""],
  ["names by position", "T = df[['a', 'b']]\nT.columns = ['p', 'q']\n", "'p' and 'q'", "'p' and 'q'"],
  ["prefixes", "T = df[['a']].add_prefix('x_')\n", "'x_a'", "'x_a'"],
  ["made by assign", "T = df[['a']].assign(c=1)\n", "'a' and 'c'", "'a' and 'c'"],
  ["by a function", "T = df[['a']].assign(c=lambda d: d.a.median())\n", "'a' and 'c'", "'c'"],
  ["rows by a mask", "T = df[['a', 'b']][df.a > 1]\n", "'a' and 'b'", "'a' and 'b'"],
  ["loc", "T = df.loc[df.a > 1, ['a', 'b']]\n", "'a' and 'b'", "'a' and 'b'"],
  [
    "a join",
    "T = df[['k', 'v']].merge(other[['k', 'w']], on='k')\n",
    "'k', 'k_x', 'k_y', 'v', 'v_x', 'v_y' and 3 more",
    "",
  ],
  ["dummies of one column", "T = pd.get_dummies(df[['a', 'k']], columns=['k'])\n", "all but 'k'", "'a'", true],
  ["dummies of whatever is text", "T = pd.get_dummies(df[['a', 'k']])\n", "all", "", true],
  ["dummies that are closed", "T = pd.get_dummies(df).reindex(columns=['p', 'q'])\n", "'p' and 'q'", "'p' and 'q'"],
  ["dummies that are chosen from", "T = pd.get_dummies(df)[['p', 'q']]\n", "'p' and 'q'", "'p' and 'q'"],
  ["a pivot", "T = df.pivot_table(values='v', index='a', columns='k')\n", "all", "", true],
  ["a method without a rule", "T = df[['a']].corr()\n", "all", ""],
  ["an index that becomes a column", "T = df[['a']].reset_index()\n", "all", ""],
  ["a column that becomes the index", "T = df[['a', 'k']].set_index('k')\n", "'a'", "'a'"],
  ["written by a function", "T = df[['a']].copy()\ndef f(d):\n    d['c'] = d.a\nf(T)\n", "'a' and 'c'", "'a' and 'c'"],
  ["through another name", "T = df[['a']].copy()\nZ = T\nZ['c'] = 1\n", "'a' and 'c'", "'a' and 'c'"],
];

it.each(columnRows.map((row) => ({ what: row[0], row })))("columns of a version: $what", ({ row }) => {
  const [, code, may, sure, open] = row;
  const version = given(code).at("T");
  expect(columnsText(version.columns)).toBe(may);
  expect(columnsText(version.sure)).toBe(sure);
  expect(version.isOpen).toBe(open ?? false);
});

/** Program, then the raw columns that column `c` of `T` comes from. */
const originRows: readonly (readonly [what: string, code: string, origin: string])[] = [
  ["a raw column", "T = df\n", "df: 'c'"],
  ["computed of others", "T = df\nT['c'] = T['a'] / T['b']\n", "df: 'a' and 'b'"],
  ["computed of a computed one", "T = df\nT['r'] = T['a'] / T['b']\nT['c'] = np.log(T['r'])\n", "df: 'a' and 'b'"],
  ["by way of a column in a variable", "T = df\ns = df['a'] * 2\nT['c'] = s + T['b']\n", "df: 'b' and 'a'"],
  ["by way of a number", "T = df\nm = df['a'].median()\nT['c'] = T['b'].fillna(m)\n", "df: 'b'; by way of df: 'a'"],
  [
    "by way of a dict that grows",
    "T = df\nd = {}\nd['m'] = df['a'].median()\nT['c'] = T['b'].fillna(d['m'])\n",
    "df: 'b'; by way of df: 'a'",
  ],
  ["a filter has no part in values", "T = df[df.y > 1]\n", "df: 'c'"],
  ["nor has a sort", "T = df.sort_values('y').dropna(subset=['z'])\n", "df: 'c'"],
  ["a fill has", "T = df.fillna(df['y'].mean())\n", "df: 'c' and 'y'"],
  ["renamed", "T = df.rename(columns={'a': 'c'})\n", "df: 'a' and 'c'"],
  ["renamed in place", "T = df[['a']].copy()\nT.rename(columns={'a': 'c'}, inplace=True)\n", "df: 'a'"],
  ["overwritten", "T = df\nT['c'] = T['y']\nT['c'] = T['a']\n", "df: 'a'"],
  ["changed in some rows", "T = df\nT['c'] = T['y']\nT.loc[T.b > 1, 'c'] = T['a']\n", "df: 'a', 'b' and 'y'"],
  ["in a split", "X_train, T = train_test_split(df, random_state=1)\n", "df: 'c'"],
  ["of a join", "T = df.merge(other, on='k')\n", "df: 'c'; other: 'c'"],
  ["of dummies", "T = pd.get_dummies(df, columns=['k'])\n", "df: 'c' and 'k'"],
  ["of whatever", "T = df[['a', 'b']].corr()\n", "df: 'a' and 'b'"],
  ["by a function", "T = df\ndef f(d):\n    d['c'] = d['a'] * 2\nf(T)\n", "df: 'a'"],
];

it.each(originRows)("raw columns that a column comes from: %s", (_what, code, origin) => {
  const one = given(code);
  const sorted = (text: string): string =>
    text.replace(/'\w+'(?:(?:, | and )'\w+')*/g, (list) =>
      list
        .split(/, | and /)
        .sort()
        .join(", "),
    );
  expect(sorted(originText(one, one.at("T"), "c"))).toBe(sorted(origin));
});

/** Programs with tables `A` and `B`: have they the same rows, and in the same order? */
const rowRows: readonly (readonly [what: string, code: string, rows: boolean, order: boolean, part: boolean])[] = [
  ["two names", "A = df\nB = A\n", true, true, true],
  ["other columns", "A = df[['a']]\nB = df.drop(columns='a').rename(columns={'b': 'c'})\n", true, true, true],
  ["a filter", "A = df\nB = df[df.a > 1]\n", false, true, true],
  ["two equal filters are two", "A = df[df.a > 1]\nB = df[df.a > 1]\n", false, true, false],
  ["columns of one filter", "F = df[df.a > 1]\nA = F[['a']]\nB = F[['b']]\n", true, true, true],
  ["a sort", "A = df\nB = df.sort_values('a')\n", true, false, true],
  ["two sides of a split", "A, B = train_test_split(df, random_state=1)\n", false, false, false],
  ["one side of it", "A = df\nF, B = train_test_split(df, random_state=1)\n", false, false, true],
  ["a new column", "A = df.copy()\nB = A.copy()\nA['c'] = A['a'] * 2\n", true, true, true],
  ["a row more", "A = df.copy()\nB = A.copy()\nB.loc[len(B)] = 0\n", false, false, false],
  ["dropped in place", "A = df.copy()\nB = A.copy()\nB.dropna(inplace=True)\n", false, true, true],
  ["another file", "A = df\nB = other\n", false, false, false],
  ["a join", "A = df\nB = df.merge(other, on='k')\n", false, false, false],
  ["in a loop", "A = df.copy()\nB = A\nfor i in range(3):\n    B = B.dropna()\n", false, false, false],
];

it.each(rowRows)("rows of two versions: %s", (_what, code, rows, order, part) => {
  const one = given(code);
  const a = one.at("A");
  const all = one.tables.named("B", one.flow.facts.length - 1);
  const b = all.find((version) => all.length === 1 || version.obj !== a.obj);
  if (!b) throw new Error("no B");
  expect(haveSameRows(a, b)).toBe(rows);
  expect(a.rows.order === b.rows.order).toBe(order);
  expect(areRowsOf(b, a)).toBe(part);
});

it.each([
  ["as they came", "T = df[df.a > 1]\n", "source"],
  ["numbered anew", "T = df[df.a > 1].reset_index(drop=True)\n", "reset"],
  ["in place", "T = df.copy()\nT.reset_index(drop=True, inplace=True)\n", "reset"],
  ["a column", "T = df.set_index('k')\n", "column"],
  ["who knows", "T = df.corr()\n", "source"],
])("labels of rows: %s", (_what, code, labels) => {
  expect(given(code).at("T").rows.labels).toBe(labels);
});

/** Columns of the first file that `y` demands. */
function demanded(code: string, name = "df"): string {
  const { flow, tables } = given(code);
  const binding = flow.names.get("y");
  const demands = demandsOf(flow, new Map([...makers(flow, binding)].map((unit) => [unit, "y"] as const)));
  const [table] = tables.named(name, 4);
  return table ? columnsText(demandOf(demands, table)) : "nothing";
}

/** Part 3 of the design of the split: how a demand goes back through statements. */
it.each([
  ["a column", "y = df['a'].sum()\n", "'a'"],
  ["an attribute", "y = df.a.sum()\n", "'a'"],
  ["a list replaces", "X = df[['a', 'b']]\ny = X.sum()\n", "'a' and 'b'"],
  ["a store takes away, and brings what it reads", "df['c'] = df['a'] * 2\ny = df['c'].sum()\n", "'a'"],
  ["a dead store brings nothing", "df['c'] = df['z'] * 2\ny = df['a'].sum()\n", "'a'"],
  ["a dropped column is not demanded", "df = df.drop(columns=['y0'], errors='ignore')\ny = df.sum()\n", "all but 'y0'"],
  ["one that must be there is", "df['y0'] = 1\nX = df.drop(columns=['y0'])\ny = X['a'].sum()\n", "'a'"],
  ["rows are transparent", "X = df[df.k > 1].copy().reset_index(drop=True)\ny = X['a'].sum()\n", "'a' and 'k'"],
  ["a fill is transparent", "X = df.fillna(0).clip(0, 1)\ny = X[['a']].sum()\n", "'a'"],
  ["a rename is a map", "X = df.rename(columns={'a': 'b'})\ny = X['b'].sum()\n", "'a' and 'b'"],
  ["a rename nobody can read is not", "X = df.rename(columns=str.lower)\ny = X['b'].sum()\n", "all"],
  ["whole tables are demanded whole", "y = df.values\n", "all"],
  [
    "a loop over names feeds itself",
    "for c in ['a', 'b']:\n    df[c] = df[c].fillna(0)\ny = df['a'].sum()\n",
    "'a' and 'b'",
  ],
  ["a label that was cleaned is not demanded", "df['y0'] = (df.y0 == 'x').astype(int)\ny = df['a'].sum()\n", "'a'"],
  ["a join", "X = df.merge(other, on='k')\ny = X['a'].sum()\n", "'a' and 'k'"],
])("columns demanded of a dataset: %s", (_what, code, expected) => {
  const text = demanded(code);
  expect(text.replace(/(?:, | and )?'a_[xy]'/g, "")).toBe(expected);
});

it("versions of a table each have their own demand", () => {
  const { flow, tables } = given("df['c'] = df['a']\nZ = df['c'].sum()\ndf['c'] = df['b']\ny = Z + df['c'].sum()\n");
  const demands = demandsOf(flow, new Map([[8, "y"]]));
  const [obj] = tables.raw;
  const texts = tables.versions(obj ?? -1).map((version) => columnsText(demandOf(demands, version)));
  expect(texts).toEqual(["'a' and 'b'", "'b' and 'c'", "'c'"]);
});

/** A program of `statements` statements on a table of `columns` columns. */
const programs: Readonly<Record<string, (statements: number, columns: number) => string>> = {
  stores: (statements, columns) =>
    Array.from(
      { length: statements },
      (_, i) => `df['c${i % columns}'] = df['c${(i * 7 + 1) % columns}'] * 2 + df['r${i % columns}']\n`,
    ).join(""),
  selections: (statements, columns) =>
    Array.from({ length: statements }, (_, i) =>
      i % 2 === 1
        ? `df = df.rename(columns={'c${i % columns}': 'd${i % columns}'})\n`
        : `df = df[df['c${i % columns}'] > 1]\n`,
    ).join(""),
};

/** Work done for the origins of all columns at the end, and for the demand on each of them. */
function workOf(kind: string, statements: number, columns: number): readonly [forwards: number, backwards: number] {
  const labels = Array.from({ length: columns }, (_, i) => `c${i}`);
  const sums = labels.map((label) => `df['${label}'].sum()`).join(", ");
  const { flow, tables } = given(`${programs[kind]?.(statements, columns) ?? ""}y = [${sums}]\n`);
  const last = flow.facts.length - 1;
  const [version] = tables.named("df", last);
  for (const label of labels) version?.originOf(label);
  expect(version?.columns.cofinite).toBe(true);
  const demands = demandsOf(flow, new Map([[last, "y"]]));
  const [raw] = tables.versions(tables.raw[0] ?? -1);
  expect(raw && demandOf(demands, raw).labels.size).toBeGreaterThan(columns / 3);
  return [tables.visited, demands.steps];
}

it.each([
  ["stores", 2000, 500],
  ["selections", 800, 200],
])(
  "twice the statements, or twice the columns, are twice the work: %s",
  { timeout: 60_000 },
  (kind, statements, columns) => {
    const full = workOf(kind, statements, columns);
    const fewer = workOf(kind, statements / 2, columns);
    const narrower = workOf(kind, statements, columns / 2);
    for (const side of [0, 1] as const) {
      expect(full[side]).toBeLessThan(2.3 * fewer[side]);
      expect(full[side]).toBeLessThan(2.3 * narrower[side]);
      // At most a few looks at each column for each statement.
      expect(full[side]).toBeLessThan(4 * statements * columns);
    }
  },
);
