import type { Command, CommanderError } from "commander";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { UsageProblem } from "./usage-problem.ts";

/** What commander refuses, as a UsageProblem; undefined for help, which is no error. */
export function usageProblem(error: CommanderError, command: Command, program: Command): UsageProblem | undefined {
  const name = command === program ? "" : command.name();
  const line = `crosswalk ${name ? `${name} ` : ""}${command.usage()}`;
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownOption": {
      const flag = quoted.split("=")[0] ?? quoted;
      if (command !== program) return problem((usage) => usage.unknownFlag(name, flag, flags(command)));
      const elsewhere = program.commands.find((c) => flags(c).includes(flag))?.name();
      return problem((usage) => usage.unknownGlobal(flag, flags(program), elsewhere));
    }
    case "commander.unknownCommand":
      return problem((usage) =>
        usage.unknownCommand(
          quoted,
          program.commands.map((c) => c.name()),
        ),
      );
    case "commander.missingArgument":
      return problem((usage) => usage.missing(name, `an argument \`<${quoted}>\``, line));
    case "commander.optionMissingArgument":
      return problem((usage) => usage.missing(name, `a value after \`${quoted}\``, `crosswalk ${name} ${quoted}`));
    case "commander.excessArguments":
      return problem((usage) => usage.excess(name, excess(command), line));
    default:
      return undefined;
  }
}

function problem(diagnose: (usage: typeof import("./usage.ts")["usage"]) => Diagnostic): UsageProblem {
  return new UsageProblem(async () => diagnose((await import("./usage.ts")).usage));
}

function flags(command: Command): readonly string[] {
  return [...command.options.map((option) => option.long ?? option.short ?? ""), "--help"];
}

/** The first word that the command has no argument for. */
function excess(command: Command): string {
  return command.args[command.registeredArguments.length] ?? command.args.at(-1) ?? "";
}
