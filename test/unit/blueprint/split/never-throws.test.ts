import fc from "fast-check";
import { expect, it } from "vitest";
import { compileNotebook } from "../../compiler-core/kit.ts";
import { columnCases } from "./columns-cases.ts";
import { learnedCases } from "./learned-cases.ts";
import { modelCases } from "./models-cases.ts";
import { linesOf } from "./notebooks.ts";

const notebooks = [...columnCases, ...learnedCases, ...modelCases].map(linesOf);

it("statements that are left out, put elsewhere or taken from another notebook never make the split throw", async () => {
  const moved = fc.constantFrom(...notebooks).chain((own) =>
    fc.record({
      kept: fc.subarray([...own], { minLength: 3 }),
      more: fc.constantFrom(...notebooks).chain((other) => fc.subarray([...other], { maxLength: 3 })),
      from: fc.nat(20),
      to: fc.nat(20),
    }),
  );
  await fc.assert(
    fc.asyncProperty(moved, async ({ kept, more, from, to }) => {
      const all = [...kept, ...more];
      const [one] = all.splice(from % all.length, 1);
      all.splice(to % (all.length + 1), 0, one ?? "");
      const { diagnostics } = await compileNotebook(`${all.join("\n")}\n# cw: serve predict(loan) -> proba\n`);
      expect(diagnostics.filter((one) => one.code.startsWith("CW9"))).toEqual([]);
    }),
    { seed: 5, numRuns: 60 },
  );
});
