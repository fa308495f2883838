import { sha256 } from "../../foundation/hash.ts";
import { decodeUtf8, type Host } from "../../foundation/host.ts";
import { readIfThere } from "../../foundation/if-there.ts";
import { joinPath } from "../../foundation/paths.ts";
import { parseManifest } from "../manifest.ts";
import { manifestName } from "../names.ts";
import type { OutputRecord } from "./outputs.ts";

/** A product of which only its manifest is known. */
export interface ListedProduct {
  /** Absolute folder of the workspace, and the product's folder in it. */
  readonly root: string;
  readonly folder: string;
  /** See `KnownRequest`. */
  readonly key: string;
  /** Digest of the manifest that belongs to it. */
  readonly manifest: string;
}

/**
 * Keeps that a product stands on disk as the manifest there says, when that is the one which belongs to it (see `generatedManifest`). Every file is read and compared. Gives how many files there are; undefined where the product is another one, or that is not sure.
 */
export function keepListed(
  host: Host,
  outputs: OutputRecord,
  { root, folder, key, manifest: wanted }: ListedProduct,
): number | undefined {
  const bytes = readIfThere(host, joinPath(root, folder, manifestName));
  if (!bytes || sha256(bytes) !== wanted) return undefined;
  const files = generatedFiles(parseManifest(decodeUtf8(bytes) ?? ""));
  if (!files) return undefined;
  outputs.keep(folder, key, [...files, { path: manifestName, sha256: wanted }]);
  // Looked at as it will be by the next build: also the folders on the way, and whatever else may stand there.
  return outputs.untouched(folder, key);
}

/** What was put there, when the manifest can be read whole. One that a commit without choices wrote holds nothing else. */
function generatedFiles(
  parsed: ReturnType<typeof parseManifest>,
): readonly { readonly path: string; readonly sha256: string }[] | undefined {
  if (parsed.kind !== "ok" || parsed.dropped > 0) return undefined;
  const files = Object.entries(parsed.manifest.files);
  return files.flatMap(([path, { sha256: digest }]) => (digest === undefined ? [] : [{ path, sha256: digest }]));
}
