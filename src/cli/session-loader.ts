import type { SessionModule } from "../compiler/session-contract.ts";

/** Loads the compiler; only commands that compile call it. */
export async function loadSession(): Promise<SessionModule> {
  return import("../compiler/session.ts");
}
