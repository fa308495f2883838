import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { find } from "../../bench/contenders.ts";
import { inRepository } from "../lib/repository.ts";
import { must } from "../lib/run.ts";
import type { Group, Row } from "./number.ts";

interface Report {
  readonly missing: readonly string[];
  readonly graphs: readonly {
    readonly count: number;
    readonly floor: { readonly node: number; readonly least: number; readonly most: number };
    readonly tools: readonly {
      readonly name: string;
      readonly cold: number;
      readonly idle: number;
      readonly one: number;
      readonly idleToNinja?: number;
    }[];
  }[];
}

/** The engine on many copied files beside other build tools, in one run: bench/README.md. */
export const copies: Group = {
  name: "copies",
  title: "The engine on copied files, beside other build tools",
  wants: () => (find("ninja") === undefined ? "ninja is not installed (bench/README.md)" : undefined),
  async measure({ log, count }) {
    const folder = mkdtempSync(join(tmpdir(), "crosswalk-copies-"));
    try {
      const json = join(folder, "report.json");
      const size = String(count ?? 10_000);
      await must(process.execPath, [inRepository("bench", "copy.ts"), "--count", size, "--json", json], {
        cwd: inRepository(),
      });
      const { graphs, missing }: Report = JSON.parse(readFileSync(json, "utf8"));
      if (missing.length > 0) log(`not installed: ${missing.join(", ")}`);
      return graphs.flatMap(({ count: files, floor, tools }, nth) =>
        tools.map(({ name, cold, idle, one, idleToNinja = 0 }): Row => {
          const isJudged = nth === 0 && name === "crosswalk engine";
          return {
            what: `${files} files, ${name}: CPU with nothing to do (\`node -e 0\`: ${floor.node} s, ${floor.least} to ${floor.most})`,
            value: `${idle} s = ${idleToNinja.toFixed(1)} × ninja; one changed ${one} s, cold ${cold} s`,
            goal: isJudged ? "≤ 2 × ninja" : "",
            holds: !isJudged || idleToNinja <= 2,
          };
        }),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
