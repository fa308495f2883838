import type { Compiled } from "./compile.ts";
import type { GraphResult } from "./session-contract.ts";

export function graph(_compiled: readonly Compiled[]): GraphResult {
  return { json: {}, render: () => "" };
}
