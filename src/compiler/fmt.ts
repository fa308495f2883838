import type { Workspace } from "../config/project.ts";
import type { Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import type { FmtRequest, FmtResult } from "./session-contract.ts";

export async function fmt(_input: {
  readonly host: Host;
  readonly root: string;
  readonly workspace: Workspace;
  readonly request: FmtRequest;
}): Promise<Phase<FmtResult>> {
  return { value: { files: [] }, diagnostics: [] };
}
