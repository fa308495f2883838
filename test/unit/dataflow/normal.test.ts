import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import type { NormalContext } from "../../../src/dataflow/normal/context.ts";
import { normalise } from "../../../src/dataflow/normal/index.ts";
import { commonKnowledge } from "../../../src/python/knowledge/index.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { printStmts } from "../../../src/python/print/statements.ts";
import "../python/oracle.ts";

/** df, other: tables; s: a column of its own; twin: another name of df; held: in a list; pd: pandas. */
function contextOf(over: Partial<NormalContext> = {}): NormalContext {
  const types: Record<string, string> = {
    df: "DataFrame",
    other: "DataFrame",
    held: "DataFrame",
    s: "Series",
    pd: "module",
  };
  return {
    knowledge: commonKnowledge(),
    typeOf: (name) => types[name] ?? "unknown",
    memberOf: (name) => (name === "pd" ? "pandas" : undefined),
    aliases: () => [],
    isHeld: (name) => name === "held",
    isShared: () => false,
    hasColumn: (_, column) => (column === "a" || column === "b" ? true : column === "fresh" ? false : undefined),
    copyOnWrite: false,
    ...over,
  };
}

function normal(source: string, over: Partial<NormalContext> = {}): string {
  return printStmts(normalise(parseModule(source).body, contextOf(over)).stmts);
}

const rules: readonly (readonly [rule: string, source: string, normal: string])[] = [
  ["a change in place", "df.dropna(subset=['a'], inplace=True)", "df = df.dropna(subset=['a'])"],
  ["a column changed in place", "df['a'].fillna(0, inplace=True)", "df['a'] = df['a'].fillna(0)"],
  ["a store into a column by its attribute", "df.a = 1", "df['a'] = 1"],
  ["a chained store", "df['a'][df['b'] > 1] = 0", "df.loc[df['b'] > 1, 'a'] = 0"],
  [
    "names given by position",
    "df.columns = ['x', 'y']",
    "_1 = dict(zip(df.columns, ['x', 'y']))\ndf = df.rename(columns=_1)",
  ],
  ["a column deleted", "del df['a'], df['b']", "df = df.drop(columns=['a'])\ndf = df.drop(columns=['b'])"],
  [
    "a column popped inside an expression",
    "x = other.join(pd.get_dummies(df.pop('a')))",
    "_1 = df['a']\ndf = df.drop(columns=['a'])\nx = other.join(pd.get_dummies(_1))",
  ],
  ["a walrus", "x = (n := len(df)) + n", "n = len(df)\nx = n + n"],
  ["what was read before an effect", "x = f(n) + (n := 2) + n", "_1 = f(n)\nn = 2\nx = _1 + n + n"],
  ["a chain of tables", "x = df.dropna().head(3)['a'].sum()", "_1 = df.dropna()\n_2 = _1.head(3)\nx = _2['a'].sum()"],
  ["a tuple of values", "x, y = y, x", "_1 = y\n_2 = x\nx = _1\ny = _2"],
  ["a tuple of free values", "x, y = 1, z", "x = 1\ny = z"],
  ["several targets", "x = y = df.copy()", "_1 = df.copy()\nx = _1\ny = _1"],
  [
    "a loop over tables",
    "for d in (df, other):\n    d.drop(columns='a', inplace=True)",
    "d = df\nd = d.drop(columns='a')\ndf = d\nd = other\nd = d.drop(columns='a')\nother = d",
  ],
  ["a loop over a table", "for c in df:\n    print(c)", "for c in list(df.columns):\n    print(c)"],
  [
    "lambdas that assign gets",
    "x = df.assign(m=lambda d: d.a.median(), k=1)",
    "_1 = df.copy()\n_1['m'] = _1.a.median()\n_1['k'] = 1\nx = _1",
  ],
  ["a lambda in loc", "x = df.loc[lambda t: t.a > 1, 'b']", "x = df.loc[df.a > 1, 'b']"],
  ["pipe", "x = df.pipe(clean, 3).pipe(lambda t: t.head())", "x = clean(df, 3).pipe(lambda t: t.head())"],
  ["a column added to", "df['a'] += 1", "df['a'] = df['a'] + 1"],
  ["in a branch", "if c:\n    df.dropna(inplace=True)", "if c:\n    df = df.dropna()"],
];

it.each(rules)("normal form: %s", (_rule, source, expected) => {
  expect(normal(`${source}\n`)).toBe(`${expected}\n`);
});

const stays: readonly [what: string, source: string, why: string, over?: Partial<NormalContext>][] = [
  ["a table in a list", "held.dropna(inplace=True)", "the table is held elsewhere"],
  ["a column that may not exist", "df.maybe = 1", "the column may not exist"],
  ["a chained store", "df['a'][0] = 1", "the version of pandas decides", { copyOnWrite: undefined }],
  ["an effect behind and", "x = n and (m := 2)", "the effect happens on one way only"],
  ["a table without a name", "df[['a']].dropna(inplace=True)", "the table has no name"],
];

it.each(stays)("stays as it is: %s", (_what, source, why, over) => {
  const module = parseModule(`${source}\n`);
  const { stmts, left } = normalise(module.body, contextOf(over));
  expect(left.map((one) => one.why)).toContain(why);
  expect(printStmts(stmts)).toBe(printStmts(module.body));
});

it("an attribute that is no column stays an attribute, and copy-on-write drops what never reaches the table", () => {
  expect(normal("df.fresh = 1\n")).toBe("df.fresh = 1\n");
  expect(normal("df['a'][0] = 1\ndf['a'].fillna(0, inplace=True)\n", { copyOnWrite: true })).toBe("");
});

it("a table that a call has just made has no other owner", () => {
  expect(normal("x = pd.concat([df]).pop('a')\n")).toBe(
    "_1 = pd.concat([df])\n_2 = _1['a']\n_1 = _1.drop(columns=['a'])\nx = _2\n",
  );
});

it("every name of a table moves on when it is changed in place", () => {
  const over = { aliases: (name: string) => (name === "df" ? ["twin"] : name === "twin" ? ["df"] : []) };
  expect(normal("df.dropna(inplace=True)\n", over)).toBe("df = df.dropna()\ntwin = df\n");
});

/** Programs whose normal form must leave every name with the same value, in real pandas. */
const programs: readonly string[] = [
  ...rules.map(([, source]) => source).filter((source) => !/f\(n\)|clean|if c|x, y = (?:y|1)/.test(source)),
  "x = df.assign(a=df.a * 2, b=lambda d: d.a + 1, c=lambda d: d.b - df.b)",
  "x = df.pipe(lambda t: t[t.a > t.a.mean()]).assign(z=lambda t: [v * 2 for v in t.b])",
  "t = 3\nx = df[lambda t: t.a > 2].assign(q=t)",
  "for i, d in ((0, df), (1, other)):\n    d['i'] = i\n    d.rename(columns={'b': 'r'}, inplace=True)\nlast = d",
  "twin = df\ntwin.drop(columns='b', inplace=True)\nis_same = twin is df",
  "twin = df\nx = [twin.pop('a').sum(), list(df.columns), (n := 5), n + 1]",
  "df.columns = [c.upper() for c in df.columns]\ndf.index = df.index + 10",
  "x = {'a': (k := 1), k: (k := k + 1), 'c': k}",
  "k = 1\nx = [k, (k := 2), k]",
  "for c in df:\n    df[c + '2'] = df[c] * 2\n    df.drop(columns=c, inplace=True)",
  "x = y = df.dropna()\ny['new'] = 1",
  "x, (y, z) = df.copy(), (df.a.sum(), df.b.sum())\nx.fillna(0, inplace=True)",
  "view = df['a']\ndf['a'] += 1",
  "view = df['a']\ndf.fillna(9, inplace=True)",
  "view = df['a']\ndf.dropna(inplace=True)\ndf.fillna(9, inplace=True)\ndf['b'] += 1",
  "view = df[['a']]\nview.fillna(0, inplace=True)",
  "def f(t):\n    t.dropna(inplace=True)\n    return t\nx = f(df.copy())",
];

const script = `
import json, sys
import pandas as pd
def run(source):
    df = pd.DataFrame({"a": [1.0, 2.0, None, 4.0], "b": [4.0, 3.0, 2.0, 1.0]})
    other = pd.DataFrame({"a": [5.0, None], "b": [7.0, 8.0]})
    space = {"df": df, "other": other, "s": df["b"].copy(), "pd": pd}
    exec(source, space)
    names = sorted(k for k in space if not k.startswith("_") and k not in ("pd", "f"))
    def show(v):
        if isinstance(v, (pd.DataFrame, pd.Series)): return v.to_json() + str(list(v.index)) + str(type(v))
        if isinstance(v, (list, tuple)): return [show(x) for x in v]
        if isinstance(v, dict): return [[show(k), show(x)] for k, x in v.items()]
        return repr(v)
    twins = [[a, b] for a in names for b in names if a < b and space[a] is space[b] and isinstance(space[a], (pd.DataFrame, pd.Series))]
    return {"values": {k: show(space[k]) for k in names}, "twins": twins}
print(json.dumps([[run(s) for s in pair] for pair in json.load(sys.stdin)]))
`;

const python = process.env.CROSSWALK_PYTHON ?? "python3";
const hasPandas = spawnSync(python, ["-c", "import pandas"]).status === 0;
if (!hasPandas) console.warn("skipped: no pandas for CROSSWALK_PYTHON");

it.skipIf(!hasPandas)("in real pandas the normal form gives every name the same value, and the same twins", () => {
  const pairs = programs.map((source) => [`${source}\n`, normal(`${source}\n`)]);
  const ran = spawnSync(python, ["-W", "ignore", "-c", script], { input: JSON.stringify(pairs), encoding: "utf8" });
  expect(ran.stderr).toBe("");
  const results = JSON.parse(ran.stdout.trimEnd().split("\n").at(-1) ?? "") as { values: unknown; twins: unknown }[][];
  results.forEach(([before, after], i) => {
    expect(after, pairs[i]?.[1]).toEqual(before);
  });
});
