import type { Phase } from "../diagnostics/diagnostic.ts";
import type { InitOptions, InitResult } from "./session-contract.ts";

export async function initWorkspace(_options: InitOptions): Promise<Phase<InitResult | undefined>> {
  return { value: undefined, diagnostics: [] };
}
