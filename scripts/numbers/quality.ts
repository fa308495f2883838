import { rmSync } from "node:fs";
import { join } from "node:path";
import { tool, workbench } from "../lib/example.ts";
import { examples } from "../lib/examples.ts";
import { judge, pytest } from "../lib/quality.ts";
import type { Group, Row } from "./number.ts";

/** What ruff, vulture, mypy and the shipped tests say about the emitted Python of every example. */
export const quality: Group = {
  name: "quality",
  title: "Emitted Python",
  async measure({ log }) {
    const rows: Row[] = [];
    for (const { name, models } of examples) {
      const bench = workbench(name, log);
      try {
        const built = await tool(bench, "build", "--format", "concise");
        if (built.code !== 0)
          throw new Error(`crosswalk build ended with ${built.code}\n${built.stdout}${built.stderr}`);
        for (const { model } of models) {
          for (const { tool: judged, count } of await judge(bench, model)) {
            rows.push({ what: `${model}: ${judged}`, value: `${count}`, goal: "0", holds: count === 0 });
          }
          const folder = join(bench.folder, "production", model);
          const ran = await pytest(
            { ...bench, env: { ...bench.env, PYTHONPATH: join(folder, "src") } },
            join(folder, "tests"),
          );
          const value = `${ran.passed} passed, ${ran.failed} failed`;
          rows.push({
            what: `${model}: tests that ship`,
            value,
            goal: "0 failed",
            holds: ran.failed === 0 && ran.passed > 0,
          });
        }
      } finally {
        rmSync(bench.folder, { recursive: true, force: true });
      }
    }
    return rows;
  },
};
