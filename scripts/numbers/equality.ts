import { rmSync } from "node:fs";
import { compare, runNotebooks, runProduct, tool, workbench } from "../lib/example.ts";
import { examples } from "../lib/examples.ts";
import type { Group, Row } from "./number.ts";

/** Every result of the examples' products against their notebooks, bare and annotated. */
export const equality: Group = {
  name: "equality",
  title: "Results of the examples' products against the notebooks' variables",
  async measure({ log }) {
    const rows: Row[] = [];
    for (const { name, models } of examples) {
      const bench = workbench(name, log);
      try {
        const built = await tool(bench, "build", "--format", "concise");
        if (built.code !== 0)
          throw new Error(`crosswalk build ended with ${built.code}\n${built.stdout}${built.stderr}`);
        for (const { model, notebooks } of models) {
          const values = await runNotebooks(bench, notebooks);
          const found = await compare(bench, values, await runProduct(bench, model));
          const different = Object.keys(found.different);
          rows.push({
            what: `${model}: results equal to the notebook's at rtol 1e-9`,
            value: `${found.equal.length} of ${found.equal.length + different.length}${different.length > 0 ? ` (not ${different.join(", ")})` : ""}`,
            goal: "all",
            holds: different.length === 0 && found.equal.length > 0,
          });
        }
      } finally {
        rmSync(bench.folder, { recursive: true, force: true });
      }
    }
    return rows;
  },
};
