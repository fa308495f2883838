import { runFuzz } from "../lib/fuzz-run.ts";
import type { Group, Row } from "./number.ts";

/** Mutated notebooks and directives: nothing thrown, nothing written outside, none over 2 CPU seconds. */
export const fuzz: Group = {
  name: "fuzz",
  title: "Broken input",
  async measure({ log, count }) {
    const rows: Row[] = [];
    for (const kind of ["notebooks", "directives"] as const) {
      const wanted = count ?? 10_000;
      const report = await runFuzz(kind, wanted, (done) => log(`${kind}: ${done} of ${wanted}`));
      for (const { seed, problem } of report.problems.slice(0, 20)) log(`${kind}, seed ${seed}: ${problem}`);
      rows.push({
        what: `mutated ${kind}: thrown, over 2 CPU seconds, written outside, or half a product`,
        value: `${report.problems.length} of ${report.tried} (${report.refused} refused with diagnostics, slowest ${report.slowest.toFixed(2)} s)`,
        goal: `0 of ${wanted}`,
        holds: report.problems.length === 0 && report.tried >= wanted,
      });
    }
    return rows;
  },
};
