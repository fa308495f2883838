import { rmSync } from "node:fs";
import { cost as measureCost } from "../lib/cost.ts";
import { workbench } from "../lib/example.ts";
import type { Group } from "./number.ts";

/** CPU of a build from nothing beside one `jupyter nbconvert --to script` process on the same notebook. */
export const cost: Group = {
  name: "cost",
  title: "CPU of a build beside one nbconvert process on the same notebook, in turns",
  async measure({ log, count }) {
    const bench = workbench("credit-risk", log);
    try {
      const rounds = count ?? 7;
      const { build, buildCold, one, again, nbconvert } = await measureCost(bench, rounds);
      const row = (what: string, cpu: number, bound: number | undefined) => ({
        what: `${what} (median of ${rounds})`,
        value: `${cpu.toFixed(2)} s CPU, ×${(cpu / nbconvert).toFixed(2)}`,
        goal: bound === undefined ? "" : `≤ ×${bound}`,
        holds: bound === undefined || cpu <= bound * nbconvert,
      });
      return [
        row("jupyter nbconvert --to script", nbconvert, undefined),
        row("crosswalk build, both models, from nothing", build, 0.5),
        row("the same with an empty cache of compiled code", buildCold, undefined),
        row("crosswalk build, one model, from nothing", one, 0.5),
        row("crosswalk build with nothing to do", again, undefined),
      ];
    } finally {
      rmSync(bench.folder, { recursive: true, force: true });
    }
  },
};
