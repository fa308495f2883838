import { decodeUtf8, type Host, HostError } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";

/** The lock beside the root crosswalk.yaml: what was learnt from outside, one sorted JSON entry a line. */
export const lockName = "crosswalk.lock";

export type LockEntry =
  | { readonly kind: "distribution"; readonly name: string; readonly version: string }
  | {
      readonly kind: "dataset";
      readonly model: string;
      readonly name: string;
      readonly sha256: string;
      readonly rows: number;
      readonly columns: readonly LockColumn[];
    };

export interface LockColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** Distribution → version, as locked. */
export function lockedDistributions(host: Host, root: string): ReadonlyMap<string, string> {
  return new Map(
    readLock(host, root).flatMap((e) => (e.kind === "distribution" ? [[e.name, e.version] as const] : [])),
  );
}

/** The entries that can be read; conflict marks and damaged lines are passed over (the union of both sides is kept). */
export function readLock(host: Host, root: string): readonly LockEntry[] {
  let bytes: Uint8Array;
  try {
    bytes = host.readBytes(joinPath(root, lockName));
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
  return (decodeUtf8(bytes) ?? "").split(/\r?\n/).flatMap((line): LockEntry[] => {
    try {
      const entry: unknown = JSON.parse(line);
      return isEntry(entry) ? [entry] : [];
    } catch {
      return [];
    }
  });
}

function isEntry(value: unknown): value is LockEntry {
  if (value === null || typeof value !== "object") return false;
  const entry = value as Record<string, unknown>;
  if (entry.kind === "distribution") return typeof entry.name === "string" && typeof entry.version === "string";
  return (
    entry.kind === "dataset" &&
    typeof entry.model === "string" &&
    typeof entry.name === "string" &&
    typeof entry.sha256 === "string" &&
    Array.isArray(entry.columns)
  );
}
