import { it } from "vitest";
import { optionalTool, type ToolName } from "../scripts/lib/optional-tools.ts";

/** A test with a real tool of scripts/lib/optional-tools.ts; where that is not installed it is skipped, and its name says so. */
export function withTool(tool: ToolName, title: string, work: () => Promise<void>): void {
  const found = optionalTool(tool);
  const name = found.kind === "here" ? title : `${title} (skipped: ${found.reason})`;
  it.runIf(found.kind === "here")(name, { timeout: 120_000 }, work);
}
