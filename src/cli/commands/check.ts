import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { type CommandSpec, option, withSession } from "../command.ts";
import { exits } from "../exit-codes.ts";
import { collect, wholeNumber } from "../option-values.ts";
import { counted, nextAfterErrors } from "../summary.ts";

/** `crosswalk check`: everything that build would say, and nothing written. */
export const checkCommand: CommandSpec = {
  name: "check",
  group: "Everyday",
  summary: "Say everything there is to say about the notebooks; never write.",
  examples: [
    "crosswalk check",
    "crosswalk check --max-warnings 0",
    "crosswalk check --format sarif --output check.sarif",
  ],
  define(command) {
    command
      .option("--model <name>", "check this model only (may be repeated)", collect)
      .option("--max-warnings <n>", "exit 1 when there are more warnings than this", wholeNumber("--max-warnings"));
  },
  async run(context, _args, options) {
    const limit = option.number(options, "maxWarnings");
    return withSession(context, async (session) => {
      const { value, diagnostics } = await session.check({ models: option.list(options, "model") });
      const count = diagnostics.filter((d) => d.severity === "warning").length;
      const over = limit !== undefined && count > limit;
      const { report } = await import("../../diagnostics/catalogue.ts");
      return {
        diagnostics: over ? [...diagnostics, report("CW0105", undefined, { count, limit })] : diagnostics,
        exitCode: over && !hasErrors(diagnostics) ? exits.findings : exits.done,
        result: { models: value.models },
        summary: [
          `Models ${value.models.length}`,
          `Notebooks ${new Set(value.models.flatMap((m) => m.notebooks)).size}`,
        ],
        next:
          nextAfterErrors(diagnostics, "check") ??
          (over ? `mend ${counted(count - limit, "warning")} or raise --max-warnings` : "crosswalk build"),
      };
    });
  },
};
