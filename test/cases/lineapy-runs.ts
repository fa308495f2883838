import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Verdict } from "./material.ts";
import { lineapyRows, sliceFor, variableOf } from "./runners/lineapy-slices.ts";

/** Runs every program and its slice, and compares the artifact that is left. `slices` may stand in for our own. */
export function runSlices(python: string, sliceOf: typeof sliceFor = sliceFor): readonly Verdict[] {
  const rows = lineapyRows().map((row) => ({
    id: row.id,
    program: row.source,
    slice: sliceOf(row),
    variable: row.artifact.startsWith("lineapy.") ? null : variableOf(row.source, row.artifact),
  }));
  const ran = execFileSync(python, [fileURLToPath(new URL("run_slices.py", import.meta.url))], {
    input: JSON.stringify(rows),
    encoding: "utf8",
  });
  return (JSON.parse(ran) as { id: string; differs: string }[]).map(({ id, differs }) =>
    differs === "" ? { id } : { id, differs },
  );
}
