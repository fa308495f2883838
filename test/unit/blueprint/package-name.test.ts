import { expect, it } from "vitest";
import { packageName } from "../../../src/blueprint/package-name.ts";
import { commonKnowledge } from "../../../src/python/knowledge/index.ts";

const own = { module: "acme_scores.tables", name: "load", local: "load" };

it.each([
  ["churn", "churn"],
  ["credit-risk", "credit_risk"],
  ["statsmodels", "statsmodels_model"],
  ["statistics", "statistics_model"],
  ["acme-scores", "acme_scores_model"],
  ["acme", "acme"],
  ["scikit-learn", "scikit_learn"],
])("the package of the model %s is %s: it never hides a library that its code needs", (model, name) => {
  expect(packageName(model, commonKnowledge(), [own])).toBe(name);
});
