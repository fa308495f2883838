import { type CommandSpec, option, withSession } from "../command.ts";
import { exits } from "../exit-codes.ts";
import { nextAfterErrors } from "../summary.ts";

/** `crosswalk fmt`: directives in their one shape. Nothing else of a notebook is touched. */
export const fmtCommand: CommandSpec = {
  name: "fmt",
  group: "Files",
  summary: "Put the directives of the notebooks in their one shape; touch nothing else.",
  examples: ["crosswalk fmt", "crosswalk fmt --check", "crosswalk fmt notebooks/train.ipynb"],
  define(command) {
    command
      .argument("[notebooks...]", "these notebooks only")
      .option("--check", "write nothing; exit 1 when a notebook would change");
  },
  async run(context, files, options) {
    const checkOnly = option.flag(options, "check");
    return withSession(context, async (session) => {
      const { value, diagnostics } = await session.fmt({ files, checkOnly });
      const changed = value.files.filter((file) => file.changed).map((file) => file.path);
      return {
        diagnostics,
        exitCode: checkOnly && changed.length > 0 ? exits.findings : exits.done,
        result: { files: value.files },
        text: changed.map((path) => `${path}\n`).join(""),
        summary: [
          `Notebooks ${changed.length} ${checkOnly ? "to format" : "formatted"}, ${value.files.length - changed.length} unchanged`,
        ],
        next:
          nextAfterErrors(diagnostics, "fmt") ??
          (checkOnly && changed.length > 0 ? "crosswalk fmt" : "crosswalk check"),
      };
    });
  },
};
