import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** The exit codes of every command. */
export const exits = { done: 0, findings: 1, usage: 2, drift: 3, internal: 70, interrupted: 130 } as const;

export type ExitCode = (typeof exits)[keyof typeof exits];

/** Which code wins where several apply: the one that says most about what to do first. */
const gravity: readonly ExitCode[] = [0, 3, 1, 2, 70, 130];

export function worst(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((a, b) => (gravity.indexOf(b) > gravity.indexOf(a) ? b : a), exits.done as ExitCode);
}

/** Engine codes that mean drift: a generated file was edited, or a stranger's file is in its place. */
const drift: ReadonlySet<string> = new Set(["CW6001", "CW6002"]);
/** Engine codes that mean the disk, the folders or the command line stand in the way, not the notebook. */
const environment: ReadonlySet<string> = new Set([
  "CW6005",
  "CW6008",
  "CW6009",
  "CW6011",
  "CW6012",
  "CW6013",
  "CW6014",
  "CW6015",
  "CW6016",
  "CW6019",
]);

/** What verification lacks: a Python, libraries, somebody's agreement. */
const unready: ReadonlySet<string> = new Set(["CW7003", "CW7004", "CW7005", "CW7012"]);

/** What one diagnostic means for the exit code. Warnings and notes mean nothing. */
export function exitOf({ severity, code }: Pick<Diagnostic, "severity" | "code">): ExitCode {
  if (severity !== "error") return exits.done;
  if (code.startsWith("CW0") || environment.has(code) || unready.has(code)) return exits.usage;
  if (code.startsWith("CW9")) return exits.internal;
  return drift.has(code) ? exits.drift : exits.findings;
}

/** The engine codes above, for the test that holds them to the catalogue. */
export const engineCodes: readonly string[] = [...drift, ...environment];

/** The codes of verification above, for the same test. */
export const verifyCodes: readonly string[] = [...unready];
