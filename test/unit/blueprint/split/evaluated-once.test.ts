import { expect, it } from "vitest";
import { evaluate } from "../../../../src/blueprint/split/expressions.ts";
import { newMachine } from "../../../../src/blueprint/split/machine.ts";
import { execute } from "../../../../src/blueprint/split/statements.ts";
import { normalUnit } from "../../../../src/dataflow/normal/of-unit.ts";
import type { Expr } from "../../../../src/python/ir.ts";
import { printExpr } from "../../../../src/python/print/expressions.ts";
import { flowOf } from "../../compiler-core/kit.ts";

/** Expressions that are gone through more than once: each one doubles the time of all that stands in it. */
function twice(code: string): readonly string[] {
  const flow = flowOf(`import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("loans.csv")
other = pd.read_csv("regions.csv")
model = LogisticRegression().fit(df[["a"]], df["y"])
models = [model]
sc = StandardScaler()
${code}`);
  const m = newMachine(flow);
  const times = new Map<Expr, number>();
  m.evaluate = (expr) => {
    // The normal form puts the same name or constant in several places.
    if (expr.kind !== "name" && expr.kind !== "constant") times.set(expr, (times.get(expr) ?? 0) + 1);
    return evaluate(m, expr);
  };
  m.execute = (stmts) => execute(m, stmts);
  for (const unit of flow.program.units) {
    m.unit = unit.id;
    m.execute(normalUnit(flow, unit.id, { copyOnWrite: false, hasColumn: () => undefined }).stmts);
  }
  expect(times.size).toBeGreaterThan(8);
  return [...times].flatMap(([expr, count]) => (count > 1 ? [printExpr(expr)] : []));
}

it.each([
  ["a sum of many columns", `total = ${Array.from({ length: 200 }, (_, i) => `df["c${i}"]`).join(" + ")}`],
  ["signs", `a = ${"-".repeat(50)}df["a"]`],
  ["comparisons", 'a = (df["a"] > 0) == (df["b"] > 0)'],
  ["lists that are joined", 'a = df[["a"] + ["b"] + ["c"]]'],
  ["nested calls of numpy", `a = ${"np.log1p(".repeat(40)}df["a"]${")".repeat(40)}`],
  ["nested methods", `a = df["a"]${'.fillna(df["b"])'.repeat(40)}`],
  ["predictions in each other", 'a = model.predict_proba(np.c_[df["a"], model.predict(df[["a"]])])[:, 1]'],
  ["predictions of several models", "a = np.mean([one.predict_proba(df)[:, 1] for one in models], axis=0)"],
  ["fitted in each other", 'a = sc.fit_transform(sc.fit_transform(df[["a"]]))'],
  ["joins in each other", `a = ${"pd.merge(".repeat(5)}df${', other, on="a", how="left")'.repeat(5)}`],
  ["rows of rows", 'a = df.loc[df.loc[df["a"] > 0, "b"] > 1, ["a"]]'],
  ["columns of arrays", 'a = df[["a", "b"]].values[:, [0, 1]]'],
  ["columns side by side", 'a = pd.concat([df[["a"]], df["b"].rename("c")], axis=1)'],
  ["a dict of columns", 'a = pd.DataFrame({"a": df["a"] + 1, "b": df["b"].fillna(0)})'],
  ["columns that are assigned", 'a = df.assign(z=df["a"].fillna(0), w=df["b"] + 1)'],
  ["a column that is taken out", 'a = df.copy().pop("a")'],
  ["a constant of a library", 'a = df["a"].replace([np.inf, -np.inf], df["a"].median())'],
])("each expression is gone through once: %s", (_what, code) => {
  expect(twice(code)).toEqual([]);
});
