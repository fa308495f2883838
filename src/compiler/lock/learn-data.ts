import type { ModelConfig } from "../../config/project.ts";
import { sha256Pieces } from "../../foundation/hash.ts";
import { type Host, HostError } from "../../foundation/host.ts";
import { isAbsolutePath, joinPath } from "../../foundation/paths.ts";
import type { DatasetEntry } from "../lock-file.ts";
import { csvLearner } from "./csv.ts";
import type { DatasetNeed } from "./needs.ts";

/** What could be learnt of a dataset. `odd` says why its columns are not known. */
export type Learnt =
  | { readonly kind: "learnt"; readonly entry: DatasetEntry; readonly odd?: string }
  | { readonly kind: "absent"; readonly path: string; readonly why: string };

/** True where a dataset is a file that is here, and not beyond `limit` bytes. */
export function isDataAtHand(
  host: Host,
  root: string,
  model: ModelConfig,
  { path }: DatasetNeed,
  limit = Number.POSITIVE_INFINITY,
): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return false;
  const at = isAbsolutePath(path) ? path : joinPath(root, model.folder, path);
  try {
    const found = host.stat(host.realPath(at) ?? at);
    return found?.kind === "file" && found.size <= limit;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

/** Reads a dataset's file once, piece by piece. Files beyond `limit` bytes are left for another time. */
export function learnData(
  host: Host,
  root: string,
  model: ModelConfig,
  dataset: DatasetNeed,
  limit = Number.POSITIVE_INFINITY,
): Learnt {
  const { path, name, how } = dataset;
  const absent = (why: string): Learnt => ({ kind: "absent", path, why });
  const at = isAbsolutePath(path) ? path : joinPath(root, model.folder, path);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return absent("is no file");
  const hash = sha256Pieces();
  const csv = "separator" in how ? csvLearner(how.separator) : undefined;
  const take = (piece: Uint8Array): void => {
    hash.add(piece);
    csv?.take(piece);
  };
  try {
    const found = host.stat(host.realPath(at) ?? at);
    if (!found) return absent("is not here");
    if (found.kind !== "file") return absent("is not one file");
    if (found.size > limit) return absent("is large, and only `crosswalk lock` takes the time to read it");
    if (host.readPieces) host.readPieces(at, take);
    else take(host.readBytes(at));
  } catch (error) {
    if (error instanceof HostError) return absent("may not be read");
    throw error;
  }
  const form = csv?.finish();
  const base = { kind: "dataset", model: model.name, name, sha256: hash.digest() } as const;
  if (form === undefined || typeof form === "string")
    return { kind: "learnt", entry: base, odd: "why" in how ? how.why : (form ?? "") };
  return { kind: "learnt", entry: { ...base, rows: form.rows, columns: form.columns } };
}

/** What differs between a locked dataset and the one that is here: its columns first, else its bytes. */
export function differenceOf(locked: DatasetEntry, now: DatasetEntry): string | undefined {
  if (locked.sha256 === now.sha256) return undefined;
  const before = new Map((locked.columns ?? []).map((c) => [c.name, c]));
  const after = new Map((now.columns ?? []).map((c) => [c.name, c]));
  if (!locked.columns || !now.columns) return "its bytes differ";
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const come = [...after.keys()].filter((name) => !before.has(name));
  const changed = [...after.values()].flatMap((c) => {
    const old = before.get(c.name);
    if (!old || (old.type === c.type && old.nullable === c.nullable)) return [];
    return [
      old.type === c.type
        ? `${c.name} ${c.nullable ? "has gaps now" : "has no gaps now"}`
        : `${c.name} was ${old.type} and is ${c.type}`,
    ];
  });
  const parts = [
    ...(gone.length > 0 ? [`without ${gone.join(", ")}`] : []),
    ...(come.length > 0 ? [`with ${come.join(", ")}`] : []),
    ...changed,
    ...(locked.rows === now.rows ? [] : [`${now.rows} rows instead of ${locked.rows}`]),
  ];
  return parts.length === 0 ? "its values differ, its columns do not" : parts.slice(0, 5).join("; ");
}
