import { sha256 } from "../foundation/hash.ts";
import { bytesOf } from "./content.ts";
import { type ManifestEntry, manifestVersion, printManifest } from "./manifest.ts";
import type { CommitRequest } from "./plan.ts";

/** The manifest of a product in which nothing is a person's own, as a commit of it writes it. */
export function generatedManifest({ tool, owner, files }: Pick<CommitRequest, "tool" | "owner" | "files">): string {
  const entries = files.map(({ path, content, origin }): [string, ManifestEntry] => [
    path,
    { state: "generated", sha256: sha256(bytesOf(content)), origin },
  ]);
  return printManifest({
    manifest: manifestVersion,
    tool,
    ...(owner ? { owner } : {}),
    files: Object.fromEntries(entries),
  });
}
