import type { Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import type { Compiled } from "./compile.ts";
import type { LockRequest, LockResult } from "./session-contract.ts";

export async function lock(_input: {
  readonly host: Host;
  readonly root: string;
  readonly request: LockRequest;
  readonly compiled: readonly Compiled[];
}): Promise<Phase<LockResult>> {
  return { value: { added: [], changed: [], unchanged: 0 }, diagnostics: [] };
}
