import type { Command } from "commander";
import type { InitResult, ProgressEvent, Session, SessionModule } from "../compiler/session-contract.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { CliIo } from "./io.ts";

/** One command: how it is written, and what it does. It never prints and never exits. */
export interface CommandSpec {
  readonly name: string;
  readonly group: "Everyday" | "Understanding" | "Files";
  readonly summary: string;
  /** Shown at the end of its help. */
  readonly examples: readonly string[];
  /** Names for `--format` beyond (or instead of) those of diagnostics. */
  readonly formats?: readonly string[];
  /** It tells what happens as it happens, until it is interrupted: there is no progress to be shown beside that. */
  readonly isLasting?: true;
  /** The command's own arguments and options; the shared ones are added to all. */
  define(command: Command): void;
  run(context: CommandContext, args: readonly string[], options: CommandOptions): Promise<Outcome>;
}

export type CommandOptions = Readonly<Record<string, unknown>>;

export interface CommandContext {
  readonly io: CliIo;
  readonly version: string;
  readonly signal: AbortSignal;
  progress(event: ProgressEvent): void;
  loadSession(): Promise<SessionModule>;
  /** Prints an outcome while the command goes on: the same as at its end. For lasting commands. */
  show(outcome: Outcome): Promise<void>;
  /** One line for people, unless they asked for quiet or a program reads the output. */
  say(line: string): Promise<void>;
}

/** What a command gives to the one wrapper that prints and exits. */
export interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
  /** Beyond what the diagnostics mean by themselves. */
  readonly exitCode?: ExitCode;
  /** Members of the JSON document. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** The command's answer, for the standard output. */
  readonly text?: string;
  /** What `--format` values beyond those of diagnostics print; by name. */
  readonly renderings?: Readonly<Record<string, () => string>>;
  /** The block at the end, e.g. ["Models 1", "Files 3 written, 20 unchanged"]. */
  readonly summary?: readonly string[];
  /** What to do next, one line. */
  readonly next?: string;
  /** Absolute folder that places are relative to. */
  readonly root?: string;
  /** One of many: a JSON document is one line, so that a program can read them as they come. */
  readonly isOneOfMany?: boolean;
}

/** Opens the workspace of the current folder and works on it; where it cannot be opened, says why. `isStored`: results are kept for the next time, or (`read`) used only. */
export async function withSession(
  context: CommandContext,
  work: (session: Session) => Promise<Outcome>,
  isStored: boolean | "read" = false,
): Promise<Outcome> {
  const { openWorkspace } = await context.loadSession();
  const { io, version, progress, signal } = context;
  const folder = io.host.cwd;
  const opened = await openWorkspace({
    host: io.host,
    folder,
    toolVersion: version,
    progress,
    signal,
    isStored,
    ...(io.threads ? { threads: io.threads } : {}),
  });
  if (!opened.value) return { diagnostics: opened.diagnostics };
  const outcome = await work(opened.value);
  return {
    root: opened.value.root,
    ...outcome,
    diagnostics: [...opened.diagnostics, ...outcome.diagnostics],
  };
}

/** Runs `init`, the one command that needs no crosswalk.yaml. */
export async function runInit(context: CommandContext, folder: string): Promise<Phase<InitResult | undefined>> {
  const { initWorkspace } = await context.loadSession();
  return initWorkspace({ host: context.io.host, folder, toolVersion: context.version });
}

/** Reads an option that commander has already checked. */
export const option = {
  flag: (options: CommandOptions, name: string): boolean => options[name] === true,
  text: (options: CommandOptions, name: string): string | undefined =>
    typeof options[name] === "string" ? options[name] : undefined,
  list: (options: CommandOptions, name: string): readonly string[] =>
    Array.isArray(options[name]) ? (options[name] as readonly string[]) : [],
  /** For an option with an optional value: "all" where it was given without one. */
  allOrList: (options: CommandOptions, name: string): "all" | readonly string[] =>
    options[name] === true ? "all" : option.list(options, name),
  number: (options: CommandOptions, name: string): number | undefined =>
    typeof options[name] === "number" ? options[name] : undefined,
} as const;
