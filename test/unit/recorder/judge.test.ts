import { expect, it } from "vitest";
import { judge, type Observed } from "../../../scripts/recorder/judge.ts";
import { recordable } from "../../../scripts/recorder/program.ts";
import { flowOf } from "../compiler-core/kit.ts";

const code = "a = [1]\nb = a\nb.append(2)\nimport random\nc = random.random()";
const nothing = { reads: [], writes: [], deletes: [], mutates: [], hidden: [] };
const line = (unit: number, seen: Partial<Observed>): Observed => ({ ...nothing, unit, ...seen });

it("finds nothing where the observed is what the analysis says", () => {
  const judged = judge(flowOf(code), [
    line(2, { reads: ["b"], mutates: ["a", "b"] }),
    line(4, { reads: ["random"], writes: ["c"], hidden: ["random.python"] }),
  ]);
  expect(judged).toMatchObject({ ran: 2, observed: 6, missed: [], claims: 2, unseen: [] });
});

it("finds each kind of what nobody had said", () => {
  const { missed } = judge(flowOf(code), [
    line(0, { reads: ["x"], writes: ["y"], deletes: ["a"], mutates: ["z"], hidden: ["random.numpy"] }),
  ]);
  expect(missed.map(({ what, name }) => `${what} ${name}`)).toEqual([
    "read x",
    "write y",
    "delete a",
    "mutation z",
    "hidden random.numpy",
  ]);
});

it("counts claims that were not observed, not those of a statement that did not end", () => {
  expect(judge(flowOf(code), [line(2, { reads: ["b"], mutates: ["b"] })]).unseen).toEqual([
    { unit: 2, what: "mutation", name: "a" },
  ]);
  expect(judge(flowOf(code), [line(2, { problem: "MemoryError" })])).toMatchObject({ claims: 0, unseen: [] });
});

it("a statement that the analysis refuses claims to know nothing", () => {
  const judged = judge(flowOf("exec('a = 1')"), [line(0, { writes: ["a"] })]);
  expect(judged).toMatchObject({ missed: [], refused: 1 });
});

it("gives Python each statement with its line", () => {
  const { cells } = recordable(flowOf("x = 1; y = 2\nprint(\n  x)"));
  expect(cells[0]?.units).toEqual([
    { id: 0, text: "x = 1", line: 1, last: false, binds: true },
    { id: 1, text: "y = 2", line: 1, last: false, binds: true },
    { id: 2, text: "print(\n  x)", line: 2, last: true, binds: false },
  ]);
});
