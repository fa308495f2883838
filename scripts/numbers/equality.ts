import { rmSync } from "node:fs";
import { compare, runNotebook, runProduct, tool, workbench } from "../lib/example.ts";
import type { Group, Row } from "./number.ts";

/** Every result of the example's products against the notebook, bare and annotated. */
export const equality: Group = {
  name: "equality",
  title: "Results of the example's products against the notebook's variables",
  async measure({ log }) {
    const bench = workbench("credit-risk", log);
    const rows: Row[] = [];
    try {
      const built = await tool(bench, "build", "--format", "concise");
      if (built.code !== 0) throw new Error(`crosswalk build ended with ${built.code}\n${built.stdout}${built.stderr}`);
      for (const [model, notebook] of [
        ["credit-risk-bare", "notebooks/train.ipynb"],
        ["credit-risk", "notebooks/train_annotated.ipynb"],
      ] as const) {
        const values = await runNotebook(bench, notebook);
        const found = await compare(bench, values, await runProduct(bench, model));
        const different = Object.keys(found.different);
        rows.push({
          what: `${model}: results equal to the notebook's at rtol 1e-9`,
          value: `${found.equal.length} of ${found.equal.length + different.length}${different.length > 0 ? ` (not ${different.join(", ")})` : ""}`,
          goal: "all",
          holds: different.length === 0 && found.equal.length > 0,
        });
      }
      return rows;
    } finally {
      rmSync(bench.folder, { recursive: true, force: true });
    }
  },
};
