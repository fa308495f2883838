import { resolve } from "node:path";
import type { Proposal } from "../../compiler/session-contract.ts";
import { type CommandSpec, runInit } from "../command.ts";
import { counted, nextAfterErrors } from "../summary.ts";

/** `crosswalk init`: writes crosswalk.yaml and proposes annotations; never touches a notebook. */
export const initCommand: CommandSpec = {
  name: "init",
  group: "Everyday",
  summary: "Write crosswalk.yaml for the notebooks of a folder and propose annotations; never touch a notebook.",
  examples: ["crosswalk init", "crosswalk init models/churn"],
  define(command) {
    command.argument("[folder]", "where to look and to write", ".");
  },
  async run(context, args) {
    const folder = resolve(context.io.host.cwd, args[0] ?? ".");
    const { value, diagnostics } = await runInit(context, folder);
    const next = nextAfterErrors(diagnostics, "init") ?? "crosswalk check";
    if (!value) return { diagnostics, root: folder, next };
    const proposals = value.proposals.map(proposalText);
    const parts = [
      `# ${value.file}\n${value.text.trimEnd()}`,
      ...(proposals.length > 0 ? [`${proposed(proposals.length)}\n${proposals.join("\n")}`] : []),
    ];
    return {
      diagnostics,
      root: folder,
      text: `${parts.join("\n\n")}\n`,
      result: {
        file: value.file,
        written: value.written,
        config: value.text,
        proposals: value.proposals,
        mergeDriver: value.git,
      },
      summary: [
        `Files ${value.written ? `${value.file} written` : "0 written"}`,
        ...(value.git === "installed" ? ["git merges products with crosswalk merge-driver (.gitattributes)"] : []),
      ],
      next,
    };
  },
};

function proposed(count: number): string {
  return `${counted(count, "annotation")} that would make the notebooks clearer (write what you agree with yourself):`;
}

function proposalText({ notebook, cell, line, directive, reason }: Proposal): string {
  return `  ${notebook}:cell ${cell}:${line}\n    ${directive}\n    ${reason}`;
}
