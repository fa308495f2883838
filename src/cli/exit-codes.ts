import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** The exit codes of every command. */
export const exits = { done: 0, findings: 1, usage: 2, drift: 3, internal: 70, interrupted: 130 } as const;

export type ExitCode = (typeof exits)[keyof typeof exits];

/** Which code wins where several apply: the one that says most about what to do first. */
const gravity: readonly ExitCode[] = [0, 3, 1, 2, 70, 130];

export function worst(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((a, b) => (gravity.indexOf(b) > gravity.indexOf(a) ? b : a), exits.done as ExitCode);
}

/** What one diagnostic means for the exit code. Warnings and notes mean nothing. */
export function exitOf({ severity, code, slug }: Diagnostic): ExitCode {
  if (severity !== "error") return exits.done;
  if (code.startsWith("CW0")) return exits.usage;
  if (code.startsWith("CW9")) return exits.internal;
  return code.startsWith("CW6") && slug.includes("drift") ? exits.drift : exits.findings;
}
