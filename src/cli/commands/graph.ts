import { type CommandSpec, option, withSession } from "../command.ts";
import { collect } from "../option-values.ts";
import { nextAfterErrors } from "../summary.ts";

/** `crosswalk graph`: what each statement reads, writes and changes, and what was dropped why. */
export const graphCommand: CommandSpec = {
  name: "graph",
  group: "Understanding",
  summary: "Print the data flow of the notebooks: reads, writes, versions, edges, and what was dropped why.",
  examples: [
    "crosswalk graph > graph.json",
    "crosswalk graph --format mermaid",
    "crosswalk graph --format dot | dot -Tsvg",
  ],
  formats: ["json", "dot", "mermaid"],
  define(command) {
    command.option("--model <name>", "draw this model only (may be repeated)", collect);
  },
  async run(context, _args, options) {
    return withSession(context, async (session) => {
      const { value, diagnostics } = await session.graph({ models: option.list(options, "model") });
      const next = nextAfterErrors(diagnostics, "graph");
      return {
        diagnostics,
        ...(value
          ? {
              result: value.json,
              renderings: { dot: () => value.render("dot"), mermaid: () => value.render("mermaid") },
            }
          : {}),
        ...(next ? { next } : {}),
      };
    });
  },
};
