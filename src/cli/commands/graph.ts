import type { Session } from "../../compiler/session-contract.ts";
import { type CommandSpec, type Outcome, option, withSession } from "../command.ts";
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
    "crosswalk graph --build --around notebooks/train.ipynb",
  ],
  formats: ["json", "dot", "mermaid"],
  define(command) {
    command
      .option("--model <name>", "draw this model only (may be repeated)", collect)
      .option("--build", "draw the actions of a build and what each of them looks at, instead of the notebooks")
      .option("--around <name>", "with --build: only what this model, file or kind of action needs, and what needs it");
  },
  async run(context, _args, options) {
    const isBuild = option.flag(options, "build") || option.text(options, "around") !== undefined;
    const work = async (session: Session): Promise<Outcome> => {
      const models = option.list(options, "model");
      const around = option.text(options, "around");
      const { value, diagnostics } = isBuild
        ? await session.buildGraph({ models, ...(around === undefined ? {} : { around }) })
        : await session.graph({ models });
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
    };
    return withSession(context, work, isBuild);
  },
};
