import { expect, it } from "vitest";
import { judge } from "../../../src/verify/judge.ts";
import type { Finding } from "../../../src/verify/record.ts";

const variable = (name: string, outcome: Finding["outcome"], reason?: string): Finding => ({
  kind: "variable",
  name,
  outcome,
  ...(reason === undefined ? {} : { reason }),
});
const answer = (name: string, outcome: Finding["outcome"], how = "batch"): Finding => ({
  kind: "answer",
  name,
  how,
  outcome,
  rows: 400,
});

const cases: readonly (readonly [
  what: string,
  findings: readonly Finding[],
  served: readonly string[],
  verdict: string,
])[] = [
  ["nothing at all", [], [], "not comparable"],
  ["nothing but what was left out", [variable("x", "not comparable", "a lock")], [], "not comparable"],
  ["one equal variable", [variable("x", "equal")], [], "equal"],
  ["one equal, one left out", [variable("x", "equal"), variable("y", "not comparable")], [], "equal"],
  ["one different among equal ones", [variable("x", "equal"), variable("y", "different")], [], "different"],
  ["variables alone of a product that serves", [variable("x", "equal")], ["p"], "not comparable"],
  ["one of two served values", [answer("p", "equal")], ["p", "q"], "not comparable"],
  ["all served values", [answer("p", "equal"), answer("q", "equal")], ["p", "q"], "equal"],
  ["one way of asking differs", [answer("p", "equal"), answer("p", "different", "HTTP")], ["p"], "different"],
];

it.each(cases)("%s is %4$s", (_, findings, served, verdict) => {
  expect(judge(findings, served).verdict).toBe(verdict);
});

it("reasons name what differs with both values, and what was left out with its reason", () => {
  const different: Finding = {
    kind: "answer",
    name: "p",
    how: "HTTP",
    rows: 400,
    unequal: 3,
    outcome: "different",
    at: "raw row 7",
    notebook: "0.25",
    product: "0.5",
  };
  expect(judge([different], ["p"]).reasons).toEqual([
    "answer p (HTTP) differs for 3 of 400 rows, first at raw row 7: 0.25 in the notebook, 0.5 in the product",
  ]);
  const judged = judge([variable("x", "not comparable", "two runs differ")], []);
  expect(judged.reasons).toEqual(["x: two runs differ"]);
  expect(judged.leftOut).toEqual([{ kind: "variable", name: "x", reason: "two runs differ" }]);
});
