import type { BuildResult, BuiltModel } from "../compiler/session-contract.ts";
import { counted } from "./summary.ts";

/** How a build ended, as schemas/build-1.schema.json describes it. */
export function summaryText({ models, skipped, actions }: BuildResult): string {
  const all = models.map(({ name, out, status, reason, began, took, written, removed, unchanged, drifted }) => ({
    model: name,
    out,
    status,
    ...(reason === undefined ? {} : { reason }),
    beganMs: round(began),
    tookMs: round(took),
    written,
    removed,
    unchanged,
    drifted,
  }));
  return `${JSON.stringify({ build: 1, models: all, skipped, ...(actions ? { actions } : {}) }, undefined, 2)}\n`;
}

/** The same for chrome://tracing and Perfetto: one complete event for each model, times in microseconds. */
export function traceText({ models }: BuildResult): string {
  const traceEvents = models.map(({ name, status, reason, began, took }) => ({
    name,
    cat: "model",
    ph: "X",
    ts: Math.round(began * 1000),
    dur: Math.round(took * 1000),
    pid: 1,
    tid: 1,
    args: { status, ...(reason === undefined ? {} : { reason }) },
  }));
  return `${JSON.stringify({ displayTimeUnit: "ms", traceEvents }, undefined, 1)}\n`;
}

/** What a build would do, a line for each model. */
export function planText({ models, skipped }: BuildResult): string {
  const lines = models.map((model) => `${model.name}: ${doing(model)}${why(model)}`);
  if (skipped.length > 0) lines.push(`skipped: ${skipped.join(", ")}`);
  return `${lines.join("\n")}\n`;
}

function doing({ status, outcome, written, removed, drifted }: BuiltModel): string {
  if (status === "failed") return "fails";
  if (status === "drift") return `stops at ${counted(drifted.length, "file")} edited by hand`;
  if (outcome === "unchanged") return "nothing to do";
  return `would write ${counted(written.length, "file")}${removed.length > 0 ? ` and remove ${removed.length}` : ""}`;
}

function why({ reason }: BuiltModel): string {
  return reason === undefined || reason === "new" ? "" : ` (${reason} changed)`;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
