import { sha256 } from "../foundation/hash.ts";
import type { Host } from "../foundation/host.ts";
import { type CheckResult, checkProduct } from "./check.ts";
import { type CommitResult, commitProduct } from "./commit.ts";
import { manifestName } from "./names.ts";
import type { CommitRequest, Plan } from "./plan.ts";
import type { OutputRecord } from "./store/outputs.ts";

/** A product that may stand on disk already. */
export interface KnownRequest {
  readonly root: string;
  readonly folder: string;
  /**
   * Digest of everything that the request says: the same key, the same request. A request with choices has none, because what
   * a person decides is carried out, whatever was known.
   */
  readonly key: string | undefined;
  /** Made only when the product has to be looked at. */
  readonly request: () => CommitRequest;
}

/** The product was put there before under the same key, and none of its files has been touched since. */
export interface Untouched {
  readonly outcome: "untouched";
  /** How many files it has, the manifest among them. */
  readonly files: number;
}

/** `commitProduct`, but a product that nobody touched costs one look at each of its files. */
export function commitKnown(host: Host, outputs: OutputRecord, known: KnownRequest): CommitResult | Untouched {
  const files = known.key === undefined ? undefined : outputs.untouched(known.folder, known.key);
  if (files !== undefined) return { outcome: "untouched", files };
  const result = commitProduct(host, known.request());
  if (result.outcome === "unchanged" || result.outcome === "written") keep(outputs, known, result.plan, result);
  return result;
}

/** `checkProduct`, likewise. */
export function checkKnown(host: Host, outputs: OutputRecord, known: KnownRequest): CheckResult | Untouched {
  const files = known.key === undefined ? undefined : outputs.untouched(known.folder, known.key);
  return files !== undefined ? { outcome: "untouched", files } : checkProduct(host, known.request());
}

const ours: ReadonlySet<string> = new Set(["fresh", "missing", "stale", "obsolete"]);

/** Only a product of which there is nothing to say at each build: an adopted file is named every time. */
function keep(
  outputs: OutputRecord,
  { folder, key }: KnownRequest,
  plan: Plan,
  { diagnostics }: Pick<CommitResult, "diagnostics">,
): void {
  if (key === undefined || diagnostics.length > 0 || plan.files.some(({ status }) => !ours.has(status))) return;
  const files = plan.request.files.map(({ path, content }) => ({ path, sha256: sha256(content) }));
  outputs.keep(folder, key, [...files, { path: manifestName, sha256: "" }]);
}
