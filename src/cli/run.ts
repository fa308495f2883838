import type { SessionModule } from "../compiler/session-contract.ts";
import type { CommandContext, Outcome } from "./command.ts";
import { type ExitCode, exitOf, exits, worst } from "./exit-codes.ts";
import type { CliIo } from "./io.ts";
import { packageInfo } from "./package-info.ts";
import { type Channels, machineOnStdout, print, safe } from "./print.ts";
import { type Parsed, parse, type RunRequest } from "./program.ts";
import { progress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";
import { versionText } from "./version.ts";

export interface CliParts {
  readonly io: CliIo;
  readonly signal: AbortSignal;
  loadSession(): Promise<SessionModule>;
}

const plain: Channels = { reports: [], color: "auto", quiet: false, answers: false };

/** The one wrapper around every command: reads the command line, runs, prints, and gives the exit code. */
export async function runCli(argv: readonly string[], parts: CliParts): Promise<ExitCode> {
  const { io } = parts;
  const { version } = packageInfo(io.host);
  let parsed: Parsed;
  try {
    parsed = parse(argv, () => io.stdout.columns);
  } catch (error) {
    return failure(error, "(none)", plain, parts, version);
  }
  if (parsed.kind === "help") {
    (parsed.asked ? io.stdout : io.stderr).write(parsed.text);
    return parsed.asked ? exits.done : exits.usage;
  }
  if (parsed.kind === "version") {
    io.stdout.write(versionText(packageInfo(io.host), io, parsed.verbose));
    return exits.done;
  }
  return runCommand(parsed.request, parts, version);
}

async function runCommand(request: RunRequest, parts: CliParts, version: string): Promise<ExitCode> {
  const { io, signal } = parts;
  const { spec } = request;
  const channels: Channels = { ...request, answers: spec.formats !== undefined };
  const isSilent = request.quiet || machineOnStdout(request.reports);
  const shown = progress(io, isSilent || spec.isLasting === true, spec.name);
  try {
    await refuseTwoDocuments(request);
    const context: CommandContext = {
      io,
      version,
      signal,
      progress(event) {
        // A model that nothing was done for leaves no garbage.
        if (event.kind === "done" && event.outcome !== "unchanged") io.stayLean?.();
        shown.onEvent(event);
      },
      loadSession: parts.loadSession,
      async show(outcome) {
        await print({ ...outcome, isOneOfMany: true }, exitCode(outcome, request.exitZero), channels, io, version);
      },
      async say(line) {
        if (!isSilent) io.stderr.write(await safe(line));
      },
    };
    const outcome = await spec.run(context, request.args, request.options);
    await shown.close();
    if (signal.aborted) return interrupted(io);
    const reports =
      spec.formats && request.reports.length === 0 ? [{ format: spec.formats[0] ?? "json" }] : request.reports;
    return await print(outcome, exitCode(outcome, request.exitZero), { ...channels, reports }, io, version);
  } catch (error) {
    await shown.close();
    if (signal.aborted) return interrupted(io);
    return failure(error, spec.name, channels, parts, version);
  }
}

/** Two documents in one stream can be read by no program. */
async function refuseTwoDocuments({ reports }: RunRequest): Promise<void> {
  const [first, second] = reports.filter((r) => r.output === undefined && machineOnStdout([r]));
  if (first && second)
    throw new UsageProblem(async () => (await import("./usage.ts")).usage.twoOnStdout(first, second));
}

function exitCode(outcome: Outcome, exitZero: boolean): ExitCode {
  const code = worst([outcome.exitCode ?? exits.done, ...outcome.diagnostics.map(exitOf)]);
  return exitZero && (code === exits.findings || code === exits.drift) ? exits.done : code;
}

/** An error that no command could catch, e.g. of a worker thread: told like any other bug of ours. */
export async function runAway(error: unknown, parts: CliParts): Promise<ExitCode> {
  return failure(error, "(in the background)", plain, parts, packageInfo(parts.io.host).version);
}

async function failure(
  error: unknown,
  command: string,
  channels: Channels,
  { io }: CliParts,
  version: string,
): Promise<ExitCode> {
  // Whatever was asked to be printed, a failure must be seen: two documents on one stream are not printed at all.
  const reports = channels.reports.filter((r) => r.output === undefined).length > 1 ? [] : channels.reports;
  if (error instanceof UsageProblem) {
    return print({ diagnostics: [await error.diagnose()] }, exits.usage, { ...channels, reports }, io, version);
  }
  const { internalError } = await import("./internal-error.ts");
  const { outcome, report } = internalError(error, {
    version,
    runtime: io.runtime,
    command,
    debug: Boolean(io.host.env.CROSSWALK_DEBUG),
  });
  io.stderr.write(report);
  return print(outcome, exits.internal, { ...channels, reports }, io, version);
}

function interrupted(io: CliIo): ExitCode {
  io.stderr.write("crosswalk: interrupted\n");
  return exits.interrupted;
}
