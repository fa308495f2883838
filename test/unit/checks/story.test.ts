import { expect, it } from "vitest";
import { storyOf } from "../../../src/checks/story/story.ts";
import { lessonsOf } from "../../../src/checks/story/values.ts";
import { compileNotebook } from "../compiler-core/kit.ts";

/** A notebook whose function of a group learns a figure again and again, in as many loops as asked. */
const windows = (count: number): string => `import pandas as pd
from sklearn.linear_model import LogisticRegression
rows = pd.read_csv("rows.csv")
rows["a"] = rows["a"].fillna(rows["a"].mean())
${Array.from({ length: count }, (_, n) => `for n in (3, 7):\n    rows[f"a{n}_${n}"] = rows.groupby("pump")["a"].transform(lambda x: x.rolling(n).mean() / x.mean())\n    rows["a"] = rows.groupby("pump")["a"].transform(lambda x: x - x.median())`).join("\n")}
model = LogisticRegression().fit(rows.drop(columns="y"), rows["y"])
print(model.score(rows.drop(columns="y"), rows["y"]))
`;

async function lessonsOfFit(count: number): Promise<number> {
  const { compiled } = await compileNotebook(windows(count));
  if (!compiled?.flow) throw new Error("the notebook was not analysed");
  const fit = storyOf(compiled.flow, new Map()).events.find(({ kind }) => kind === "fit");
  if (fit?.kind !== "fit") throw new Error("no fit was seen");
  return lessonsOf(fit.x).size;
}

it("what is learned at one place is one lesson, however often values that carry it meet", async () => {
  const counts = [await lessonsOfFit(2), await lessonsOfFit(4), await lessonsOfFit(8)];
  const [two = 0, four = 0, eight = 0] = counts;
  expect(two).toBeGreaterThan(2);
  expect([four <= 3 * two, eight <= 3 * four, counts]).toEqual([true, true, counts]);
});

it("lists and dicts that hold themselves are gone through once", async () => {
  const { said } = await compileNotebook(`import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
rows = pd.read_csv("rows.csv")
held = [rows]
held.append(held)
held.append(held)
known = {"a": held}
known["b"] = known
print(held, known)
model = LogisticRegression().fit(rows.drop(columns="y"), rows["y"], eval_set=held, sample_weight=known)
pipe = Pipeline(held).fit(held[0], known["a"])
print(model.score(rows.drop(columns="y"), rows["y"]))
`);
  expect(said.some((one) => one.startsWith("CW4018"))).toBe(true);
});
