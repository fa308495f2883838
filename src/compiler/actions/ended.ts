import type { ActionRecord } from "../../engine/query.ts";
import type { ActionEnd, BuiltModel } from "../session-contract.ts";
import { namedBy } from "./names.ts";

/** What a build knows of how it went. */
export interface Ended {
  readonly records: readonly ActionRecord[];
  /** When the build began, by the clock of the records. */
  readonly start: number;
  /** Absolute folder of the workspace; names are given without it. */
  readonly root: string;
  readonly models: readonly BuiltModel[];
  /** Models that were left out, and those that were asked for: of these, an interrupt left them. */
  readonly skipped: readonly string[];
  readonly asked: ReadonlySet<string>;
  /** Whether what an action gave is written down in crosswalk.lock. */
  readonly isPinned: (record: ActionRecord) => boolean;
  /** Models that came from the shared cache. */
  readonly taken: readonly string[];
}

/** How every action ended: those of the compiler, the writing of each product, and those that were left out. */
export function endedActions({
  records,
  start,
  root,
  models,
  skipped,
  asked,
  isPinned,
  taken,
}: Ended): readonly ActionEnd[] {
  const failed = new Set(models.flatMap(({ name, status }) => (status === "failed" ? [name] : [])));
  const local = new Set(models.flatMap(({ name, status }) => (status === "local" ? [name] : [])));
  const computed = records.map((record): ActionEnd => {
    const { kind, params, status, reason, began, took } = record;
    const of = namedBy(params, root);
    const times = began === undefined || took === undefined ? {} : { began: Math.max(began - start, 0), took };
    const why = { ...(reason && reasonOf(reason, root)), ...times };
    if (kind !== "product") return { action: kind, of, status: isPinned(record) ? "pinned" : status, ...why };
    if (failed.has(of)) return { action: kind, of, status: "failed", reason: "errors", ...times };
    if (status === "fresh" && taken.includes(of)) return { action: kind, of, status: "remote", ...why };
    return { action: kind, of, status: status === "fresh" && local.has(of) ? "local" : status, ...why };
  });
  const left = skipped.map((of): ActionEnd => {
    return { action: "product", of, status: "skipped", reason: asked.has(of) ? "interrupted" : "not-asked" };
  });
  return [...computed, ...models.map(commitOf), ...left];
}

function commitOf({ out, status, outcome }: BuiltModel): ActionEnd {
  const base = { action: "commit", of: out };
  if (status === "drift") return { ...base, status, reason: "edited" };
  if (status === "failed") return { ...base, status: "skipped", reason: "errors" };
  if (outcome === "stale") return { ...base, status: "skipped", reason: "check" };
  return outcome === "written" ? { ...base, status: "ran", reason: "files" } : { ...base, status: "fresh" };
}

function reasonOf(reason: NonNullable<ActionRecord["reason"]>, root: string): Pick<ActionEnd, "reason" | "differs"> {
  if (reason.code !== "changed") return { reason: reason.code };
  return { reason: reason.read.kind, differs: namedBy(reason.read.params, root) };
}
