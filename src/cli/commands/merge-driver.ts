import type { CommandSpec } from "../command.ts";
import { option } from "../command.ts";
import { exits } from "../exit-codes.ts";

/** `crosswalk merge-driver`: what git calls to merge products, manifests and the lock; `--install` tells git so. */
export const mergeDriverCommand: CommandSpec = {
  name: "merge-driver",
  group: "Files",
  summary: "Merge products, manifests and crosswalk.lock for git; --install names it to git.",
  examples: ["crosswalk merge-driver --install"],
  define(command) {
    command
      .argument("[base]", "the common ancestor (git's %O)")
      .argument("[ours]", "our version, which receives the result (%A)")
      .argument("[theirs]", "their version (%B)")
      .argument("[path]", "the path that is merged (%P)")
      .option("--install", "write .gitattributes, and the driver into the configuration of this clone");
  },
  async run(context, args, options) {
    if (option.flag(options, "install")) return install(context);
    const [base, ours, theirs, path] = args;
    if (base === undefined || ours === undefined || theirs === undefined || path === undefined) {
      const usage = "crosswalk merge-driver BASE OURS THEIRS PATH";
      const what = "the three files and the path that git names, or --install";
      const { report } = await import("../../diagnostics/catalogue.ts");
      return { diagnostics: [report("CW0086", undefined, { command: "merge-driver", what, usage })] };
    }
    const { mergeFiles } = await import("../../compiler/merge/merge-driver.ts");
    const { kind, said } = mergeFiles(context.io.host, { base, ours, theirs, path });
    if (said !== "") context.io.stderr.write(`crosswalk: ${said}\n`);
    return { diagnostics: [], exitCode: kind === "merged" ? exits.done : exits.findings };
  },
};

async function install(context: Parameters<CommandSpec["run"]>[0]): ReturnType<CommandSpec["run"]> {
  const { io } = context;
  const { loadWorkspace } = await import("../../config/load.ts");
  const { installMergeDriver } = await import("../../compiler/merge/install.ts");
  const { value, diagnostics } = loadWorkspace(io.host, io.host.cwd);
  if (!value) return { diagnostics };
  const done = installMergeDriver(io.host, value);
  if (done === "none" || done === "unwritable") {
    const why = done === "none" ? "this folder is in no git repository" : "a file of git cannot be read or written";
    const { report } = await import("../../diagnostics/catalogue.ts");
    return { diagnostics: [report("CW5115", undefined, { why })], exitCode: exits.usage, root: value.root };
  }
  const text = done === "installed" ? "git uses the merge driver now; commit .gitattributes" : "git used it already";
  return { diagnostics: [], root: value.root, text: `${text}\n`, result: { installed: done } };
}
