import { expect, it } from "vitest";
import { measureWatch, percentile } from "../../scripts/lib/watching.ts";

// The full size is `npm run numbers -- watch`; here the bounds leave room for a machine that does other things too.
it.runIf(process.platform === "linux")(
  "a few edits under `crosswalk watch`: soon on disk, no other model compiled, and the products of a clean build",
  async () => {
    const { latencies, others, isEqual, memory } = await measureWatch(12, 4, 20);
    expect([others, isEqual]).toEqual([0, true]);
    expect(percentile(latencies, 0.5)).toBeLessThan(1500);
    expect(memory[1]).toBeLessThan(250);
  },
);
