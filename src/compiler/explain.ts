import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import type { Compiled } from "./compile.ts";
import type { ExplainRequest, Explanation } from "./session-contract.ts";

export function explain(_input: {
  readonly host: Host;
  readonly root: string;
  readonly request: ExplainRequest;
  readonly compiled: readonly Compiled[];
}): { readonly value: Explanation | undefined; readonly diagnostics: readonly Diagnostic[] } {
  return { value: undefined, diagnostics: [] };
}
