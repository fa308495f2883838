import { expect, it } from "vitest";
import { type Group, group } from "../../../src/blueprint/sections.ts";
import { settle } from "../../../src/blueprint/step-flow.ts";
import { freeUses } from "../../../src/dataflow/free-names.ts";
import { flowOf } from "../compiler-core/kit.ts";

/** A notebook of many sections; `body` gives the code of each. */
const sections = (n: number, body: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => `# %% [markdown]\n# Part ${i}\n# %%\n${body(i)}\n`).join("");

/** How many names are looked at until all borders of a notebook stand, and how many steps there are then. */
function work(notebook: string): { readonly looks: number; readonly steps: number } {
  const flow = flowOf(notebook);
  let looks = 0;
  const groups: readonly Group[] = group(
    flow,
    flow.program.units.map((unit) => unit.id),
    [],
  );
  const settled = settle(
    {
      flow,
      reads: (id) => {
        looks++;
        const unit = flow.program.units[id];
        return new Set(unit ? freeUses([unit.stmt]).flatMap((use) => (use.mode === "load" ? [use.id] : [])) : []);
      },
      wanted: new Map(),
      givenTo: () => undefined,
      count: () => {
        looks++;
      },
    },
    groups,
  );
  return { looks, steps: settled.groups.length };
}

const kinds: readonly (readonly [what: string, body: (i: number) => string, steps: (n: number) => number])[] = [
  ["every border gives way", (i) => `${i === 0 ? "it = iter([1, 2])\n" : ""}a${i} = next(it)`, () => 1],
  ["every other border gives way", (i) => (i % 2 === 0 ? `it = iter([${i}])` : `a${i} = next(it)`), (n) => n / 2],
  ["every border stands", (i) => `a${i} = ${i === 0 ? "1" : `a${i - 1} + 1`}`, (n) => n],
];

it.each(kinds)("the work for the borders of steps grows with the notebook: %s", (_what, body, steps) => {
  const [small, large] = [work(sections(150, body)), work(sections(600, body))];
  expect([small.steps, large.steps]).toEqual([steps(150), steps(600)]);
  expect(large.looks / small.looks).toBeLessThan(4.5);
});
