import { reproduce, secondBuild } from "../lib/reproduce.ts";
import type { Group } from "./number.ts";

/** The second build writes nothing, and a build gives the same bytes wherever it runs. */
export const sameBytes: Group = {
  name: "same-bytes",
  title: "The same bytes",
  async measure() {
    const again = await secondBuild();
    const rows = [...(await reproduce())].map(([name, different]) => ({
      what: `files that differ: ${name}`,
      value: different.length === 0 ? "0" : `${different.length} (${different.slice(0, 3).join(", ")})`,
      goal: "0",
      holds: different.length === 0,
    }));
    return [
      { what: "files written by a second build", value: `${again.length}`, goal: "0", holds: again.length === 0 },
      ...rows,
    ];
  },
};
