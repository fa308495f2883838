import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { large, largeShapes } from "../lib/large.ts";
import { crosswalk, inRepository } from "../lib/repository.ts";
import { type Used, used } from "../lib/used.ts";
import { exampleEnv } from "../python-env.mjs";
import type { Group, Row } from "./number.ts";

/** CPU of a build as the notebook doubles, twice: linear growth is ×2 at each step, quadratic ×4. */
export const scale: Group = {
  name: "scale",
  title: "Growth: CPU of a cold build as a notebook doubles",
  async measure({ log }) {
    const python = exampleEnv(inRepository(), inRepository("examples", "credit-risk"), log).python;
    const rows: Row[] = [];
    for (const [shape, sizes] of Object.entries(largeShapes)) {
      const grown: (Used & { readonly size: number })[] = [];
      for (const size of sizes) {
        grown.push({ size, ...(await build(python, large(shape, size))) });
        log(`${shape}: ${size} ${JSON.stringify(grown.at(-1))}`);
      }
      const [, before, last] = grown;
      const ratio = (last?.cpu ?? 0) / Math.max(before?.cpu ?? 1, 0.01);
      rows.push({
        what: `${shape}: ${grown.map(({ size }) => size).join(" → ")}`,
        value: `${grown.map(({ cpu }) => `${cpu.toFixed(1)} s`).join(" → ")}, ${Math.round(last?.memory ?? 0)} MB`,
        goal: "the last step at most ×3",
        holds: ratio <= 3,
      });
    }
    return rows;
  },
};

async function build(python: string, notebook: string): Promise<Used> {
  const folder = mkdtempSync(join(tmpdir(), "crosswalk-scale-"));
  try {
    writeFileSync(join(folder, "large.ipynb"), notebook);
    writeFileSync(join(folder, "crosswalk.yaml"), 'model: large\nnotebooks: ["large.ipynb"]\n');
    return await used(python, [process.execPath, crosswalk, "build", "--format", "concise"], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
