import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { FormatContext } from "../diagnostics/formats/context.ts";
import { HostError } from "../foundation/host.ts";
import { useColor } from "./color.ts";
import type { Outcome } from "./command.ts";
import { type ExitCode, exits } from "./exit-codes.ts";
import type { CliIo } from "./io.ts";
import type { RunRequest } from "./program.ts";
import type { ReportRequest } from "./report-request.ts";
import { diagnosticSummary } from "./summary.ts";

/** Where to print. `answers`: the formats are the command's answer (a graph), so people need the findings as well. */
export interface Channels extends Pick<RunRequest, "reports" | "color" | "quiet"> {
  readonly answers: boolean;
}

const forPeople = new Set(["pretty", "concise"]);
/** Formats whose readers want paths from the top of the repository. */
const forServices = new Set(["github", "gitlab", "sarif"]);

/** The format where `--format` does not say: annotations on GitHub, frames on a terminal, else one line each. */
export function defaultFormat(io: CliIo): "github" | "pretty" | "concise" {
  const actions = io.host.env.GITHUB_ACTIONS;
  if (actions && actions !== "false") return "github";
  return io.stderr.isTty ? "pretty" : "concise";
}

/** True when a document for machines goes to the standard output, so that nothing else may be printed beside it. */
export function machineOnStdout(reports: readonly ReportRequest[]): boolean {
  return reports.some((r) => r.output === undefined && !forPeople.has(r.format));
}

/** Prints an outcome everywhere it was asked for; gives the exit code, which only a failed `--output` changes. */
export async function print(
  outcome: Outcome,
  code: ExitCode,
  channels: Channels,
  io: CliIo,
  version: string,
): Promise<ExitCode> {
  const { inOrder } = await import("../diagnostics/order.ts");
  const diagnostics = inOrder(outcome.diagnostics);
  const reports = withDefault(channels, io);
  const printed = { diagnostics, outcome, code, io, version, channels };
  let final = code;
  for (const request of reports) {
    const text = await render(request, printed);
    if (request.output !== undefined) {
      const failure = await writeReport(request.output, text, io);
      if (failure) {
        final = exits.usage;
        io.stderr.write(await render({ format: defaultFormat(io) }, { ...printed, diagnostics: [failure] }));
      }
    } else if (forPeople.has(request.format)) io.stderr.write(text);
    else io.stdout.write(text);
  }
  const documentOnStdout = reports.some(
    (r) => r.output === undefined && !forPeople.has(r.format) && r.format !== "github",
  );
  if (outcome.text && !documentOnStdout) io.stdout.write(io.stdout.isTty ? await safe(outcome.text) : outcome.text);
  if (!channels.quiet && !documentOnStdout) io.stderr.write(await safe(closing(outcome, diagnostics, reports)));
  return final;
}

/** Answers quote notebooks and name files, and a terminal must not obey what stands in them. */
export async function safe(text: string): Promise<string> {
  const { visible } = await import("../diagnostics/formats/visible.ts");
  return text.split("\n").map(visible).join("\n");
}

/** Where every report goes to a file, or the answer itself is the document, people still want to see what happened. */
function withDefault({ reports, answers }: Channels, io: CliIo): readonly ReportRequest[] {
  const seen = reports.some((r) => r.output === undefined && (forPeople.has(r.format) || !answers));
  if (seen) return reports;
  const format = defaultFormat(io);
  return [...reports, { format: format === "github" && machineOnStdout(reports) ? "concise" : format }];
}

interface Printed {
  readonly diagnostics: readonly Diagnostic[];
  readonly outcome: Outcome;
  readonly code: ExitCode;
  readonly io: CliIo;
  readonly version: string;
  readonly channels: Channels;
}

async function render(request: ReportRequest, printed: Printed): Promise<string> {
  const { diagnostics, outcome, code, io, version, channels } = printed;
  const own = outcome.renderings?.[request.format];
  if (own) return own();
  const people = forPeople.has(request.format);
  const shown = people && channels.quiet ? diagnostics.filter((d) => d.severity === "error") : diagnostics;
  if (people && shown.length === 0) return "";
  const stream = people ? io.stderr : io.stdout;
  const context: FormatContext = {
    version,
    color: useColor(channels.color, io.host.env, stream.isTty && request.output === undefined),
    width: request.output === undefined ? stream.columns : 120,
    path: pathPrinter(outcome.root, request.format, io),
    exitCode: code,
    result: outcome.result ?? {},
  };
  const { formats } = await import("../diagnostics/formats/formats.ts");
  const format = Object.hasOwn(formats, request.format) ? formats[request.format as keyof typeof formats] : undefined;
  const text = format ? format(shown, context) : "";
  return outcome.isOneOfMany && request.format === "json" ? `${JSON.stringify(JSON.parse(text))}\n` : text;
}

/** Paths as their reader needs them: from the current folder, or from the top of the checkout for services. */
function pathPrinter(root: string | undefined, format: string, io: CliIo): (file: string) => string {
  const { cwd, env } = io.host;
  const top = forServices.has(format) ? (env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR) : undefined;
  if (root === undefined) return (file) => file;
  return (file) => {
    const absolute = isAbsolute(file) ? file : resolve(root, file);
    const fromTop = top ? relative(top, absolute) : "..";
    const path = fromTop.startsWith("..") || isAbsolute(fromTop) ? relative(cwd, absolute) : fromTop;
    return path.split(sep).join("/");
  };
}

/** Writes a file that an option named; a diagnostic where that is not possible. */
export async function writeReport(file: string, text: string, io: CliIo): Promise<Diagnostic | undefined> {
  try {
    io.host.writeAtomic(resolve(io.host.cwd, file), text);
    return undefined;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return (await import("./usage.ts")).usage.unwritable(file, reasons[error.kind]);
  }
}

const reasons: Readonly<Record<HostError["kind"], string>> = {
  missing: "its folder is not a folder",
  denied: "the system denies it",
  "read-only": "the disk is read-only",
  full: "the disk is full",
  "not-a-file": "a folder of that name is there",
  exists: "it is there already",
  other: "the system refuses it",
};

function closing(outcome: Outcome, diagnostics: readonly Diagnostic[], reports: readonly ReportRequest[]): string {
  if (!outcome.summary && !outcome.next) return "";
  const counts = diagnosticSummary(diagnostics);
  const block = outcome.summary ? `${[...outcome.summary, ...counts].join("  ")}\n` : "";
  const gap = block && diagnostics.length > 0 && reports.some((r) => r.format === "pretty" && !r.output) ? "\n" : "";
  return `${gap}${block}${outcome.next ? `Next: ${outcome.next}\n` : ""}`;
}
