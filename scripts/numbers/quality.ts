import { rmSync } from "node:fs";
import { join } from "node:path";
import { tool, workbench } from "../lib/example.ts";
import { judge, pytest } from "../lib/quality.ts";
import type { Group, Row } from "./number.ts";

/** What ruff, vulture, mypy and the shipped tests say about the emitted Python. */
export const quality: Group = {
  name: "quality",
  title: "Emitted Python",
  async measure({ log }) {
    const bench = workbench("credit-risk", log);
    const rows: Row[] = [];
    try {
      const built = await tool(bench, "build", "--format", "concise");
      if (built.code !== 0) throw new Error(`crosswalk build ended with ${built.code}\n${built.stdout}${built.stderr}`);
      for (const model of ["credit-risk-bare", "credit-risk"]) {
        for (const { tool: name, count } of await judge(bench, model)) {
          rows.push({ what: `${model}: ${name}`, value: `${count}`, goal: "0", holds: count === 0 });
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
      return rows;
    } finally {
      rmSync(bench.folder, { recursive: true, force: true });
    }
  },
};
