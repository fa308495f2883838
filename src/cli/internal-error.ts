import { report } from "../diagnostics/catalogue.ts";
import { HostError } from "../foundation/host.ts";
import { baseName } from "../foundation/paths.ts";
import type { Outcome } from "./command.ts";
import { exits } from "./exit-codes.ts";

/** Errors whose messages speak of our code only; the messages of others may quote a file and are left out. */
const plain = new Set(["TypeError", "RangeError", "ReferenceError"]);

/** An unexpected error as an outcome with exit code 70, and a report about it that holds no content of any file. */
export function internalError(
  error: unknown,
  context: InternalContext,
): { readonly outcome: Outcome; readonly report: string } {
  const what = describe(error);
  const lines = [
    `crosswalk ${context.version}, node ${context.runtime}, command ${context.command}`,
    what,
    ...(context.debug && error instanceof Error ? [error.stack ?? ""] : frames(error)),
  ];
  return {
    outcome: { diagnostics: [report("CW9001", undefined, { what })], exitCode: exits.internal },
    report: `${lines.join("\n")}\n`,
  };
}

export interface InternalContext {
  readonly version: string;
  readonly runtime: string;
  /** The command's name, without its arguments. */
  readonly command: string;
  /** Print the whole stack, whatever it may quote: for those who work on Crosswalk. */
  readonly debug: boolean;
}

function describe(error: unknown): string {
  if (error instanceof HostError) return `HostError (${error.kind})`;
  if (!(error instanceof Error)) return "something was thrown that is no error";
  const message = plain.has(error.name) ? `: ${error.message.split("\n")[0]}` : "";
  return `${error.name}${message}`.replace(/\.$/, "");
}

/** The calls that led there, files named from the package on so that no folder of the machine is told. */
function frames(error: unknown): readonly string[] {
  if (!(error instanceof Error) || !error.stack) return [];
  const calls = [...error.stack.matchAll(/^\s+at (?:(.*) \()?([^\s()]+):(\d+):(\d+)\)?$/gm)];
  return calls
    .slice(0, 12)
    .map(([, name, file = "", line, column]) => `  at ${name ?? "top level"} (${inPackage(file)}:${line}:${column})`);
}

function inPackage(file: string): string {
  if (file.startsWith("node:")) return file;
  const slashed = file.replaceAll("\\", "/");
  return /^.*\/((?:src|dist|grammar|node_modules)\/.*)$/.exec(slashed)?.[1] ?? baseName(slashed);
}
