import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { decodeUtf8, type Host, HostError } from "../foundation/host.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import { parseManifest } from "./manifest.ts";
import { manifestName } from "./names.ts";
import { foldPath } from "./safe-path.ts";

/** A product that stands on disk. */
export interface FoundProduct {
  /** Relative to the root. */
  readonly folder: string;
  /** What the manifest says of its owner; undefined where it says nothing or cannot be read. */
  readonly owner: string | undefined;
}

const skipped: ReadonlySet<string> = new Set([".git", ".crosswalk", "node_modules", ".venv", "__pycache__"]);

/**
 * The products below a folder (relative to the root), by their manifests, sorted: so that one whose model was renamed or given
 * up can be removed. Does not follow links and does not look inside a product.
 */
export function findProducts(host: Host, root: string, under: string, depth = 6): readonly FoundProduct[] {
  try {
    const at = joinPath(root, under);
    if (host.stat(at)?.kind !== "folder") return [];
    const manifest = joinPath(at, manifestName);
    if (host.stat(manifest)?.kind === "file") {
      const parsed = parseManifest(decodeUtf8(host.readBytes(manifest)) ?? "");
      return [{ folder: under, owner: parsed.kind === "ok" ? parsed.manifest.owner : undefined }];
    }
    if (depth === 0) return [];
    const names = host.list(at).filter((name) => !skipped.has(name));
    return names.flatMap((name) => findProducts(host, root, joinPath(under, name), depth - 1));
  } catch (error) {
    // A folder that cannot be read holds nothing that could be removed.
    if (error instanceof HostError) return [];
    throw error;
  }
}

/** Says which of the folders that are to be written in one workspace are the same, or one inside another. */
export function checkFolders(
  products: readonly { readonly folder: string; readonly place?: Place }[],
): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  /** The first product in each folder, and the first one below it. */
  const at = new Map<string, number>();
  const below = new Map<string, number>();
  for (const [nth, { folder, place }] of products.entries()) {
    const fold = foldPath(folder);
    const above = foldersAbove(fold);
    const met = [at.get(fold), below.get(fold), ...above.map((one) => at.get(one))].flatMap((one) => one ?? []);
    if (met.length > 0) {
      const other = products[Math.min(...met)]?.folder ?? "";
      out.push(report("CW6011", place, { path: folder, other }));
    }
    if (!at.has(fold)) at.set(fold, nth);
    for (const one of above) if (!below.has(one)) below.set(one, nth);
  }
  return out;
}

function foldersAbove(path: string): readonly string[] {
  const above = dirName(path);
  return above === "." || above === path ? [] : [above, ...foldersAbove(above)];
}
