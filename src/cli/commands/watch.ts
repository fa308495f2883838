import type { FileChange, Occasion, WatchEvent } from "../../compiler/watch/contract.ts";
import type { CommandContext, CommandSpec } from "../command.ts";
import { option } from "../command.ts";
import { collect } from "../option-values.ts";
import { counted } from "../summary.ts";

/** `crosswalk watch`: builds again whenever a notebook is saved. */
export const watchCommand: CommandSpec = {
  name: "watch",
  group: "Everyday",
  summary: "Build, and build again whenever something changes that the products come from.",
  examples: ["crosswalk watch", "crosswalk watch --model credit-risk", "crosswalk watch --format json"],
  isLasting: true,
  define(command) {
    command.option("--model <name>", "build this model only (may be repeated)", collect);
  },
  async run(context, _args, options) {
    context.io.stayLong?.();
    const { watchWorkspace } = await context.loadSession();
    const { io, version, signal } = context;
    const diagnostics = await watchWorkspace({
      host: io.host,
      folder: io.host.cwd,
      toolVersion: version,
      signal,
      models: option.list(options, "model"),
      tell: (event) => tell(context, event),
    });
    return { diagnostics };
  },
};

/** The lines that begin and end a build never change their first words: programs look for them (docs/watch.md). */
const begins = "crosswalk watch: build begins";
const ends = "crosswalk watch: build ended";

async function tell({ show, say }: CommandContext, event: WatchEvent): Promise<void> {
  switch (event.kind) {
    case "begin":
      return say(`${begins}: ${cause(event.occasion)}\n`);
    case "end": {
      const { root, occasion, diagnostics, models, milliseconds, actions } = event;
      for (const { name, outcome, why, written, removed, drifted } of models) {
        const isQuiet = outcome === "unchanged" && why === undefined;
        if (isQuiet) continue;
        const files = [
          ...(written.length > 0 ? [`${counted(written.length, "file")} written`] : []),
          ...(removed.length > 0 ? [`${counted(removed.length, "file")} removed`] : []),
          ...(drifted.length > 0 ? [`${counted(drifted.length, "file")} edited by hand`] : []),
        ];
        await say(`  ${name}: ${[outcome, ...files].join(", ")}${why === undefined ? "" : ` (${why})`}\n`);
      }
      const result = { event: "build", ...occasion, models, milliseconds: round(milliseconds), actions };
      await show({ root, diagnostics, result });
      const count = (severity: string): number => diagnostics.filter((one) => one.severity === severity).length;
      const files = models.reduce((sum, { written, removed }) => sum + written.length + removed.length, 0);
      const parts = [
        counted(count("error"), "error"),
        counted(count("warning"), "warning"),
        `${counted(files, "file")} changed`,
        `${counted(actions, "action")} run`,
        `${round(milliseconds)} ms`,
      ];
      return say(`${ends}: ${parts.join(", ")}\n`);
    }
    case "idle":
      return say(
        `crosswalk watch: waiting for changes in ${counted(event.folders, "folder")}${event.polling ? ", by looking again and again" : ""} (Ctrl-C ends)\n`,
      );
    case "problem":
      return show({ root: event.root, diagnostics: [event.diagnostic], result: { event: "problem" } });
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

const most = 5;

function cause({ cause: why, changes, waited }: Occasion): string {
  const named = changes.slice(0, most).map(change);
  const more = changes.length > most ? [`${changes.length - most} more`] : [];
  const list = [...named, ...more].join(", ");
  const after = waited.includes("git") ? " (after git had ended)" : "";
  if (why === "start") return "start";
  if (why === "rescan") return `${list || "something changed"}, found by looking at everything again`;
  return `${list || "something changed"}${after}`;
}

function change({ path, how, cells }: FileChange): string {
  if (how === "touched") return `${path} changed by somebody else`;
  if (cells === undefined || how !== "changed") return `${path} ${how}`;
  if (cells.length === 0) return `${path} saved, no cell has another text`;
  return `${path} changed in ${cells.length === 1 ? "cell" : "cells"} ${cells.slice(0, 10).join(", ")}${cells.length > 10 ? " …" : ""}`;
}
