import { expect, it } from "vitest";
import { choose, type Selectable, shardOf } from "../../../src/compiler/choose.ts";

const model = (name: string, folder: string, more: Partial<Selectable> = {}): Selectable => ({
  name,
  folder,
  notebooks: [`${folder}/train.ipynb`],
  ...more,
});
const models = [
  model("credit-risk", "models/credit", { owner: "risk-team", risk: "high" }),
  model("credit-limits", "models/credit", { owner: "risk-team" }),
  model("claims", "models/claims/frequency", { owner: "actuaries", risk: "high" }),
];
const names = (...selectors: readonly string[]) => choose(models, selectors, []).models.map(({ name }) => name);

it.each<readonly [selectors: readonly string[], chosen: readonly string[]]>([
  [[], ["credit-risk", "credit-limits", "claims"]],
  [["claims"], ["claims"]],
  [["credit-*"], ["credit-risk", "credit-limits"]],
  [["c*i*s"], ["credit-limits", "claims"]],
  [["*risk*"], ["credit-risk"]],
  [["path:models/credit"], ["credit-risk", "credit-limits"]],
  [["path:models/cr"], []],
  [["path:./models/claims/"], ["claims"]],
  [["path:models/*/train.ipynb"], ["credit-risk", "credit-limits", "claims"]],
  [["owner:risk-*"], ["credit-risk", "credit-limits"]],
  [["risk:high"], ["credit-risk", "claims"]],
  [["!credit-*"], ["claims"]],
  [["risk:high", "!claims"], ["credit-risk"]],
  [
    ["claims", "credit-risk", "claims"],
    ["credit-risk", "claims"],
  ],
])("%j chooses %j", (selectors, chosen) => {
  expect(names(...selectors)).toEqual(chosen);
});

it("a selector that names nothing is an error with the nearest name, whatever else is named", () => {
  const { models: found, diagnostics } = choose(models, ["claim", "credit-risk", "!owner:nobody"], []);
  expect(found.map(({ name }) => name)).toEqual(["credit-risk"]);
  expect(diagnostics.map(({ code, fix }) => [code, fix.toLowerCase()])).toEqual([
    ["CW0082", expect.stringContaining("did you mean `claims`")],
    ["CW0082", expect.any(String)],
  ]);
});

it("shares have every model once, do not depend on the order, and differ in size by one at most", () => {
  const all = Array.from({ length: 11 }, (_, i) => model(`m${i}`, "."));
  for (const of of [1, 2, 3, 11, 20]) {
    const shares = Array.from({ length: of }, (_, i) => shardOf(all, { nth: i + 1, of }));
    const other = Array.from({ length: of }, (_, i) => shardOf([...all].reverse(), { nth: i + 1, of }));
    expect(shares.map((share) => share.map(({ name }) => name).sort())).toEqual(
      other.map((share) => share.map(({ name }) => name).sort()),
    );
    expect(shares.flat().length).toBe(11);
    expect(new Set(shares.flat()).size).toBe(11);
    const sizes = shares.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});

it("of hundreds of models some are named", () => {
  const many = Array.from({ length: 300 }, (_, i) => ({ name: `m${i}`, folder: ".", notebooks: [] }));
  const [said] = choose(many, ["zzzzzzzz"], []).diagnostics;
  expect(said?.message).toContain("m0, m1, m2");
  expect(said?.message).toContain("m9 and 290 more");
  expect(choose(many.slice(0, 10), ["zzzzzzzz"], []).diagnostics[0]?.message).not.toContain("more");
});
