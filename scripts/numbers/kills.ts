import { runKills, runPairs } from "../lib/kills.ts";
import type { Group } from "./number.ts";

/** Processes ended with SIGKILL in their work: the old or the new product, no lost edit, and then a clean build's. */
export const kills: Group = {
  name: "kills",
  title: "Builds that are killed",
  async measure({ log, count }) {
    const wanted = count ?? 200;
    const { killed, told, problems } = await runKills(wanted, 20, log);
    for (const problem of problems) log(problem);
    const said = Object.entries(told).map(([code, times]) => `${code} ${times} times`);
    return [
      {
        what: "builds killed at random points, after which a file was torn, an edit lost, or the tree not that of a clean build",
        value: `${problems.length} of ${wanted} (${killed} ended by SIGKILL; the next run told ${said.join(", ") || "nothing"})`,
        goal: `0 of ${wanted}`,
        holds: problems.length === 0 && killed >= wanted / 2,
      },
    ];
  },
};

/** Two builds of one workspace at once. */
export const pairs: Group = {
  name: "pairs",
  title: "Two builds at once",
  async measure({ log, count }) {
    const wanted = count ?? 100;
    const { problems } = await runPairs(wanted, 30, log);
    for (const problem of problems) log(problem);
    return [
      {
        what: "pairs of builds at once, half of them with sources that change meanwhile: one failed, or the tree not that of a clean build",
        value: `${problems.length} of ${wanted}`,
        goal: `0 of ${wanted}`,
        holds: problems.length === 0,
      },
    ];
  },
};
