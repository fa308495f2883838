import { findRoot } from "../../config/find.ts";
import { isRecord, parseManifest } from "../../engine/manifest.ts";
import { mergeManifests } from "../../engine/manifest-merge.ts";
import { manifestName, stateFolder } from "../../engine/names.ts";
import { sha256 } from "../../foundation/hash.ts";
import { decodeUtf8, type Host, HostError } from "../../foundation/host.ts";
import { baseName, dirName, joinPath } from "../../foundation/paths.ts";
import { lockName } from "../lock-file.ts";
import { mergeLocks } from "./merge-lock.ts";

/** What git hands to a merge driver: three files, and the path that is merged, relative to the current folder. */
export interface MergeRequest {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly path: string;
}

/** `merged`: the file `ours` holds the result. `left`: it is as it was, and git's own text merge is to be used. */
export interface MergeResult {
  readonly kind: "merged" | "left";
  readonly said: string;
}

/**
 * Merges a manifest or a lock entry by entry. Of a generated file that both sides changed ours is kept, because the next build
 * writes it from the merged notebooks; theirs goes to the trash. Anything that a person wrote is left to git.
 */
export function mergeFiles(host: Host, request: MergeRequest): MergeResult {
  const { path } = request;
  try {
    const name = baseName(path);
    if (name !== manifestName && name !== lockName) return keepOurs(host, request);
    const texts = {
      base: textAt(host, request.base),
      ours: textAt(host, request.ours),
      theirs: textAt(host, request.theirs),
    };
    const text = name === lockName ? mergeLocks(texts) : mergeManifests(texts);
    if (text === undefined)
      return { kind: "left", said: `${path}: both sides changed the same entry; git merges the text` };
    host.writeAtomic(request.ours, text);
    return { kind: "merged", said: "" };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { kind: "left", said: `${path}: ${error.message}` };
  }
}

function keepOurs(host: Host, { ours, theirs, path }: MergeRequest): MergeResult {
  const bytes = host.readBytes(ours);
  const product = productOf(host, path);
  const entry = product === undefined ? undefined : entryAt(host, product, path);
  if (product === undefined || entry?.state !== "generated" || !digestsOf(bytes).includes(entry.sha256 ?? ""))
    return { kind: "left", said: `${path}: a person wrote in this file; git merges the text` };
  const other = host.readBytes(theirs);
  const root = findRoot(host, joinPath(host.cwd, product)).value ?? host.cwd;
  const trash = joinPath(stateFolder, "trash", `${sha256(other).slice(0, 16)}-${baseName(path)}`);
  const ignore = joinPath(root, stateFolder, ".gitignore");
  if (host.stat(ignore) === undefined) host.writeAtomic(ignore, "*\n");
  host.writeAtomic(joinPath(root, trash), other);
  return { kind: "merged", said: `${path}: kept ours until the next crosswalk build; theirs is in ${trash}` };
}

/** The nearest folder above a path that has a manifest: the product it belongs to. */
function productOf(host: Host, path: string): string | undefined {
  for (let folder = dirName(path); ; folder = dirName(folder)) {
    if (host.stat(joinPath(host.cwd, folder, manifestName))?.kind === "file") return folder;
    if (folder === "." || folder === "/") return undefined;
  }
}

/** What the manifest on disk, which is ours while git merges, says of a path. */
function entryAt(host: Host, product: string, path: string): { state: string; sha256?: string } | undefined {
  const parsed = parseManifest(textAt(host, joinPath(host.cwd, product, manifestName)));
  const relative = path.slice(product === "." ? 0 : product.length + 1);
  if (parsed.kind !== "ok" || !isRecord(parsed.manifest.files)) return undefined;
  return Object.hasOwn(parsed.manifest.files, relative) ? parsed.manifest.files[relative] : undefined;
}

/** The digests under which a file may stand in a manifest: line ends do not count. */
function digestsOf(bytes: Uint8Array): readonly string[] {
  const text = decodeUtf8(bytes);
  return [sha256(bytes), ...(text === undefined ? [] : [sha256(text.replaceAll("\r\n", "\n"))])];
}

function textAt(host: Host, path: string): string {
  return decodeUtf8(host.readBytes(path)) ?? "\0";
}
