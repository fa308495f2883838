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
  const single = actions?.map(({ began, took, ...action }) => ({
    ...action,
    ...(began === undefined || took === undefined ? {} : { beganMs: round(began), tookMs: round(took) }),
  }));
  return `${JSON.stringify({ build: 1, models: all, skipped, ...(single ? { actions: single } : {}) }, undefined, 2)}\n`;
}

/** The same for chrome://tracing and Perfetto: a complete event for each model, and for each action that ran; times in microseconds. */
export function traceText({ models, actions = [] }: BuildResult): string {
  const ran = actions.flatMap(({ action, of, status, reason, differs, began, took }) =>
    began === undefined || took === undefined
      ? []
      : [event(`${action} ${of}`, "action", { began, took }, { status, reason, differs })],
  );
  const modelEvents = models.map(({ name, status, reason, began, took }) =>
    event(name, "model", { began, took }, { status, reason }),
  );
  return `${JSON.stringify({ displayTimeUnit: "ms", traceEvents: [...modelEvents, ...ran] }, undefined, 1)}\n`;
}

function event(name: string, cat: string, { began, took }: { began: number; took: number }, args: object): object {
  return { name, cat, ph: "X", ts: Math.round(began * 1000), dur: Math.round(took * 1000), pid: 1, tid: 1, args };
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
