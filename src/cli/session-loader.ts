import type { SessionModule } from "./session-contract.ts";

/** Loads the compiler; only commands that compile call it. */
export async function loadSession(): Promise<SessionModule> {
  throw new Error("compiler/session.ts is not there yet");
}
