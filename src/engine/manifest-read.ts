import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import { isDigest, type Manifest, type ManifestEntry, manifestVersion, parseManifest } from "./manifest.ts";
import { manifestName } from "./names.ts";

/** What is known of one path: its entry, and every digest of bytes that Crosswalk wrote there. */
export interface Known {
  readonly entry: ManifestEntry;
  readonly ours: readonly string[];
}

/** What is known of a product folder before a build. */
export interface Before {
  readonly known: ReadonlyMap<string, Known>;
  /** The manifest's bytes on disk; undefined when there is none. */
  readonly bytes: Uint8Array | undefined;
  /** The manifest itself, where it could be read whole. */
  readonly manifest: Manifest | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the manifest of a product folder, as far as it can be trusted. Throws HostError. */
export function readManifest(host: Host, root: string, folder: string): Before {
  const path = joinPath(folder, manifestName);
  const at = joinPath(root, path);
  if (host.stat(at) === undefined) return { known: new Map(), bytes: undefined, manifest: undefined, diagnostics: [] };
  const bytes = host.readBytes(at);
  const text = decodeUtf8(bytes) ?? "";
  const healed = (problem: string, treatment: string): Diagnostic =>
    report("CW6004", undefined, { path, problem, treatment });
  const parsed = parseManifest(text);
  if (parsed.kind === "newer") {
    const params = { path, found: parsed.version, known: manifestVersion };
    return { known: new Map(), bytes, manifest: undefined, diagnostics: [report("CW6005", undefined, params)] };
  }
  if (parsed.kind === "ok") {
    const { manifest, dropped } = parsed;
    const diagnostics =
      dropped === 0 ? [] : [healed(`has ${dropped} entries that make no sense`, "these files count as unknown")];
    return { known: knownOf([manifest]), bytes, manifest: dropped === 0 ? manifest : undefined, diagnostics };
  }
  const sides = conflictSides(text).flatMap((side) => {
    const one = parseManifest(side);
    return one.kind === "ok" ? [one.manifest] : [];
  });
  const diagnostic =
    sides.length > 0
      ? healed("holds merge conflict markers", "both sides were taken as written by Crosswalk")
      : healed("is not a manifest", "every file of the product counts as unknown");
  return { known: knownOf(sides), bytes, manifest: undefined, diagnostics: [diagnostic] };
}

/** Joins manifests: what any of them says was written is ours, and a person's decision in one of them holds. */
function knownOf(manifests: readonly Manifest[]): ReadonlyMap<string, Known> {
  const out = new Map<string, Known>();
  const weight = { generated: 0, adopted: 1, ejected: 2 } as const;
  for (const { files } of manifests) {
    for (const [path, entry] of Object.entries(files)) {
      const other = out.get(path);
      const ours = entry.state === "generated" && isDigest(entry.sha256) ? [entry.sha256] : [];
      const wins = !other || weight[entry.state] > weight[other.entry.state];
      out.set(path, { entry: wins ? entry : other.entry, ours: [...(other?.ours ?? []), ...ours] });
    }
  }
  return out;
}

/** The texts that git merged, taken apart at their conflict markers; none where there are no markers. */
function conflictSides(text: string): readonly string[] {
  if (!/^<{7}/m.test(text) || !/^>{7}/m.test(text)) return [];
  const sides: string[][] = [[], [], []];
  let now: readonly number[] = [0, 1, 2];
  for (const line of text.split(/\r?\n/)) {
    if (/^<{7}(?: |$)/.test(line)) now = [0];
    else if (/^\|{7}(?: |$)/.test(line)) now = [2];
    else if (/^={7}$/.test(line)) now = [1];
    else if (/^>{7}(?: |$)/.test(line)) now = [0, 1, 2];
    else for (const side of now) sides[side]?.push(line);
  }
  return sides.slice(0, 2).map((lines) => lines.join("\n"));
}
