import { loadavg } from "node:os";
import { type Affected, affectedBy } from "../lib/affected.ts";
import { editedText, measureWatch, percentile, type WatchFigures } from "../lib/watching.ts";
import type { Group, Row } from "./number.ts";

/** From a saved notebook to files on disk under `crosswalk watch`, and what a long session costs. */
export const watch: Group = {
  name: "watch",
  title: "crosswalk watch: one cell edited, 50 models of 60 cells",
  wants: () => (process.platform === "linux" ? undefined : "it reads /proc"),
  async measure({ log, count }) {
    const edits = count ?? 500;
    const before = loadavg()[0] ?? 0;
    const short = await measureWatch(edits, 50, 60);
    log(`load ${before.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`);
    const long = await measureWatch(edits * 2, 1, 60);
    return rows(short, long, await affectedBy(editedText(60, 0), editedText(60, 1)), before);
  },
};

function rows(short: WatchFigures, long: WatchFigures, edit: Affected, load: number): readonly Row[] {
  const both = (values: readonly number[]): string =>
    `p50 ${percentile(values, 0.5).toFixed(0)} ms, p95 ${percentile(values, 0.95).toFixed(0)} ms`;
  const { latencies, events, builds, cpu, memory, others, isEqual } = short;
  const [half, end] = long.memory;
  const fact = (what: string, value: string): Row => ({ what, value, goal: "", holds: true });
  return [
    {
      what: `a cell edited → files on disk, ${latencies.length} edits`,
      value: both(latencies),
      goal: "p50 ≤ 60 ms, p95 ≤ 200 ms on an idle machine",
      holds: percentile(latencies, 0.5) <= 60 && percentile(latencies, 0.95) <= 200,
    },
    fact("the machine's own file events", both(events)),
    fact("load of the machine when it began (1 is one busy core)", load.toFixed(1)),
    fact("the build itself, as the watch says", both(builds)),
    fact("CPU of the watching process for each edit", `${(cpu * 1000).toFixed(0)} ms`),
    {
      what: "actions that an edit runs, and those that read something else than before it",
      value: `${spread([...short.actions, ...long.actions])}, and ${edit.affected.length}`,
      goal: "the same ones, after every edit",
      holds:
        edit.ran.join("\n") === edit.affected.join("\n") &&
        [...short.actions, ...long.actions].every((count) => count === edit.affected.length),
    },
    { what: "edits that compiled another model too", value: String(others), goal: "0", holds: others === 0 },
    {
      what: "products as a build from nothing makes them",
      value: String(isEqual && long.isEqual),
      goal: "true",
      holds: isEqual && long.isEqual,
    },
    fact("memory, 50 models", `${memory[0].toFixed(0)} MB, at the end ${memory[1].toFixed(0)} MB`),
    {
      what: `memory of one session of ${long.latencies.length} edits, one model`,
      value: `${half.toFixed(0)} MB after half of them, ${end.toFixed(0)} MB at the end`,
      goal: "< 150 MB, flat",
      holds: end < 150 && end < half * 1.1,
    },
  ];
}

/** `7`, or `6 to 8` where they differ. */
function spread(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
}
