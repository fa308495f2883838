import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../foundation/hash.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import { attempt, unreadable } from "./failure.ts";
import { readJournal } from "./journal.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { manifestName } from "./names.ts";
import { type CommitRequest, type Plan, planCommit } from "./plan.ts";

/** How a product on disk compares with what a build would give. */
export interface CheckResult {
  /** Exit codes: fresh 0, stale 1 (also missing), drift 3, refused 1. */
  readonly outcome: "fresh" | "stale" | "drift" | "refused";
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares a product with the disk, file by file. Writes nothing and needs no lock. */
export function checkProduct(host: Host, request: CommitRequest): CheckResult {
  const { root, folder } = request;
  const plan = planCommit(host, request);
  if (plan.outcome === "refused") return { outcome: "refused", plan, diagnostics: plan.diagnostics };
  const pending = attempt(() => readJournal(host, root, folder), unreadable(root));
  if (!pending.ok) return { outcome: "refused", plan, diagnostics: [pending.diagnostic] };
  if (pending.value !== undefined && pending.value !== "garbage" && pending.value.phase === "placing")
    return { outcome: "stale", plan, diagnostics: [report("CW6025", undefined, { folder })] };
  const stale = staleFiles(plan);
  const diagnostics = [...plan.diagnostics, ...(stale.length > 0 ? stale : staleManifest(plan))];
  const outcome =
    plan.outcome === "drift" ? "drift" : diagnostics.some((d) => d.severity === "error") ? "stale" : "fresh";
  return { outcome, plan, diagnostics };
}

const codes = { missing: "CW6020", stale: "CW6021", obsolete: "CW6022" } as const;

function staleFiles({ files, request: { folder, remove }, previous }: Plan): readonly Diagnostic[] {
  // Of a product that was never built it is enough to say so once.
  if (!remove && !previous && files.length > 0 && files.every(({ status }) => status === "missing"))
    return [report("CW6020", undefined, { path: folder })];
  return files.flatMap(({ path, status }) =>
    status === "missing" || status === "stale" || status === "obsolete"
      ? [report(codes[status], undefined, { path: joinPath(folder, path) })]
      : [],
  );
}

function staleManifest({ request: { folder }, writes, previous }: Plan): readonly Diagnostic[] {
  const write = writes.find(({ path }) => path === manifestName);
  if (!write) return [];
  const path = joinPath(folder, manifestName);
  const next = parseManifest(decodeUtf8(write.bytes) ?? "");
  if (previous && next.kind === "ok") {
    const known = next.manifest.tool;
    const withoutTool = (m: Manifest): string => canonicalJson({ ...m, tool: "" });
    if (withoutTool(previous) === withoutTool(next.manifest))
      return [report("CW6024", undefined, { path, found: previous.tool || "an unknown version", known })];
  }
  const problem = write.before === null ? "it is missing" : previous ? "entries differ" : "it cannot be read whole";
  return [report("CW6023", undefined, { path, problem })];
}
