import { type CommandSpec, option, withSession } from "../command.ts";
import { collect } from "../option-values.ts";
import { nextAfterErrors } from "../summary.ts";

/** `crosswalk lock`: what was learnt from outside, written down once and never changed by itself. */
export const lockCommand: CommandSpec = {
  name: "lock",
  group: "Files",
  summary: "Write down in crosswalk.lock what the environment and the data say; add what is missing.",
  examples: ["crosswalk lock", "crosswalk lock --update", "crosswalk lock --update applications --uv"],
  define(command) {
    command
      .argument("[names...]", "with --update: the entries to learn anew")
      .option("--model <name>", "lock this model only (may be repeated)", collect)
      .option("--update", "learn entries anew: the named ones, or all")
      .option("--uv", "also print how to make uv.lock of each product (runs nothing)");
  },
  async run(context, names, options) {
    const update = option.flag(options, "update");
    if (!update && names[0] !== undefined) {
      const { UsageProblem } = await import("../usage-problem.ts");
      const word = names[0];
      throw new UsageProblem(async () =>
        (await import("../usage.ts")).usage.excess("lock", word, `crosswalk lock --update ${word}`),
      );
    }
    return withSession(context, async (session) => {
      const { value, diagnostics } = await session.lock({
        models: option.list(options, "model"),
        update: update ? (names.length > 0 ? names : "all") : undefined,
        uv: option.flag(options, "uv"),
      });
      const { added, changed, unchanged } = value;
      return {
        diagnostics,
        result: { added, changed, unchanged },
        summary: [`Entries ${added.length} added, ${changed.length} changed, ${unchanged} unchanged`],
        next: nextAfterErrors(diagnostics, "lock") ?? "commit crosswalk.lock, then `crosswalk build`",
      };
    });
  },
};
