import { Command, CommanderError, Option } from "commander";
import type { ColorChoice } from "./color.ts";
import type { CommandOptions, CommandSpec } from "./command.ts";
import { buildCommand } from "./commands/build.ts";
import { checkCommand } from "./commands/check.ts";
import { explainCommand } from "./commands/explain.ts";
import { fmtCommand } from "./commands/fmt.ts";
import { graphCommand } from "./commands/graph.ts";
import { initCommand } from "./commands/init.ts";
import { lockCommand } from "./commands/lock.ts";
import { mergeDriverCommand } from "./commands/merge-driver.ts";
import { schemaCommand } from "./commands/schema.ts";
import { verifyCommand } from "./commands/verify.ts";
import { watchCommand } from "./commands/watch.ts";
import { oneOf } from "./option-values.ts";
import { pairReports, type ReportRequest, type ReportWord } from "./report-request.ts";
import { usageProblem } from "./usage-errors.ts";
import { UsageProblem } from "./usage-problem.ts";

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  initCommand,
  buildCommand,
  watchCommand,
  checkCommand,
  verifyCommand,
  graphCommand,
  explainCommand,
  lockCommand,
  fmtCommand,
  schemaCommand,
  mergeDriverCommand,
];

/** The names of `--format`; kept here as words so that the formats themselves are loaded only to print. */
const diagnosticFormats = ["pretty", "concise", "json", "github", "gitlab", "sarif", "junit"] as const;

export type Parsed =
  | { readonly kind: "help"; readonly text: string; readonly asked: boolean }
  | { readonly kind: "version"; readonly verbose: boolean }
  | { readonly kind: "run"; readonly request: RunRequest };

export interface RunRequest {
  readonly spec: CommandSpec;
  readonly args: readonly string[];
  readonly options: CommandOptions;
  readonly reports: readonly ReportRequest[];
  readonly color: ColorChoice;
  readonly quiet: boolean;
  readonly exitZero: boolean;
}

/** Reads a command line; throws a UsageProblem where it cannot be understood. */
export function parse(argv: readonly string[], columns: () => number): Parsed {
  const first = argv.findIndex((word) => !word.startsWith("-"));
  const leading = first === -1 ? argv : argv.slice(0, first);
  if (leading.includes("--version") || leading.includes("-V"))
    return { kind: "version", verbose: leading.includes("--verbose") };
  const named = commands.find(({ name }) => name === argv[0]);
  try {
    // To define one command is quick; help, and what is wrong with a line, may speak of all.
    const parsed = named && parseWith([named], argv, columns);
    if (parsed?.kind === "run") return parsed;
  } catch (error) {
    if (!(error instanceof UsageProblem) && !(error instanceof CommanderError)) throw error;
  }
  return parseWith(commands, argv, columns);
}

function parseWith(specs: readonly CommandSpec[], argv: readonly string[], columns: () => number): Parsed {
  let help = "";
  let parsed: RunRequest | undefined;
  const output = {
    writeOut: (text: string) => {
      help += text;
    },
    writeErr: (text: string) => {
      help += text;
    },
    outputError: () => {},
    getOutHelpWidth: () => Math.min(columns(), 110),
    getErrHelpWidth: () => Math.min(columns(), 110),
  };
  const program = new Command("crosswalk")
    .description("Compiles data scientists' notebooks into production code and keeps it current.")
    .usage("<command> [options]")
    .option("-V, --version", "print the version")
    .option("--verbose", "with --version: say what a bug report needs to say")
    .commandsGroup("Everyday:")
    .configureOutput(output)
    .exitOverride((error) => {
      throw usageProblem(error, program, program) ?? error;
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 findings or stale output, 2 usage or configuration, 3 drift, 70 our bug, 130 interrupted",
    );
  for (const spec of specs) {
    program.addCommand(
      define(spec, program, (request) => {
        parsed = request;
      }).configureOutput(output),
    );
  }
  try {
    program.parse([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && /^commander\.help/.test(error.code))
      return { kind: "help", text: help, asked: error.exitCode === 0 };
    throw error;
  }
  return parsed ? { kind: "run", request: parsed } : { kind: "help", text: help, asked: false };
}

function define(spec: CommandSpec, program: Command, found: (request: RunRequest) => void): Command {
  const words: ReportWord[] = [];
  const names: readonly string[] = spec.formats ?? diagnosticFormats;
  const note = (option: ReportWord["option"], read: (value: string) => string) => (value: string) => {
    words.push({ option, value: read(value) });
    return value;
  };
  const command = new Command(spec.name).summary(spec.summary).description(spec.summary).helpGroup(`${spec.group}:`);
  spec.define(command);
  command
    .optionsGroup("Output:")
    .addOption(
      new Option("--format <name>", `${names.join(", ")} (may be repeated)`).argParser(
        note("format", oneOf("--format", names)),
      ),
    )
    .addOption(
      new Option("--output <file>", "write the --format before it to this file").argParser(
        note("output", (value) => value),
      ),
    )
    .addOption(
      new Option("--color <when>", "auto, always or never [env: NO_COLOR, FORCE_COLOR]")
        .argParser(oneOf<ColorChoice>("--color", ["auto", "always", "never"]))
        .default("auto"),
    )
    .option("--quiet", "print errors only, no progress and no summary")
    .option("--exit-zero", "exit 0 even when there are findings")
    .exitOverride((error) => {
      throw usageProblem(error, command, program) ?? error;
    })
    .addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join("\n")}`)
    .action(() => {
      const { color, quiet, exitZero, json, ...options } = command.opts<Record<string, unknown>>();
      found({
        spec,
        args: command.args,
        options,
        reports: [...(json === true ? [{ format: "json" }] : []), ...pairReports(words)],
        color: color as ColorChoice,
        quiet: quiet === true,
        exitZero: exitZero === true,
      });
    });
  return command;
}
