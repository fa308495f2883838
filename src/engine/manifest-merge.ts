import { canonicalJson } from "../foundation/hash.ts";
import { mergeMaps, mergeValue, type Sides } from "../foundation/merge.ts";
import { type Manifest, type ManifestEntry, parseManifest, printManifest } from "./manifest.ts";

/**
 * Three manifests as one, for a git merge driver; undefined where only a person can tell, or where a text is not a manifest as this
 * version writes it. What both sides generated anew is recorded as ours, because the driver keeps our file: the next build writes
 * it from the merged notebooks. A decision of a person (adopted, ejected) wins over a generated file.
 */
export function mergeManifests(texts: {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}): string | undefined {
  const ours = exactly(texts.ours);
  const theirs = exactly(texts.theirs);
  // Without a common ancestor git gives an empty file.
  const base = texts.base.trim() === "" ? empty : exactly(texts.base);
  if (!ours || !theirs || !base) return undefined;
  const owner = mergeValue({ base: base.owner, ours: ours.owner, theirs: theirs.owner }, same);
  if (owner.kind === "conflict") return undefined;
  const tool = mergeValue({ base: base.tool, ours: ours.tool, theirs: theirs.tool }, same);
  const files = mergeMaps({ base: entriesOf(base), ours: entriesOf(ours), theirs: entriesOf(theirs) }, same, settle);
  return (
    files &&
    printManifest({
      manifest: 1,
      tool: (tool.kind === "value" ? tool.value : undefined) ?? ours.tool,
      ...(owner.value === undefined ? {} : { owner: owner.value }),
      files: Object.fromEntries(files),
    })
  );
}

const empty: Manifest = { manifest: 1, tool: "", files: {} };
const weight = { generated: 0, adopted: 1, ejected: 2 } as const;

/** A manifest, when printing it again gives the same text: what this version does not know must not get lost. */
function exactly(text: string): Manifest | undefined {
  const parsed = parseManifest(text);
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  return parsed.kind === "ok" && printManifest(parsed.manifest) === plain ? parsed.manifest : undefined;
}

function entriesOf(manifest: Manifest): ReadonlyMap<string, ManifestEntry> {
  return new Map(Object.entries(manifest.files));
}

function settle({ base, ours, theirs }: Sides<ManifestEntry>): ManifestEntry | undefined {
  // One side removed it: it stays known as ours, and the build removes the file when it is not needed any more.
  if (!ours || !theirs) return ours ?? theirs;
  if (ours.state !== theirs.state) return weight[ours.state] > weight[theirs.state] ? ours : theirs;
  // Two people edited the same file, each in their own way.
  if (ours.state === "adopted" && ours.sha256 !== theirs.sha256) return undefined;
  const part = <K extends keyof ManifestEntry>(key: K): ManifestEntry[K] | undefined => {
    const merged = mergeValue<ManifestEntry[K]>({ base: base?.[key], ours: ours[key], theirs: theirs[key] }, same);
    return merged.kind === "value" ? merged.value : ours[key];
  };
  const [sha256, output] = [part("sha256"), part("output")];
  return {
    state: ours.state,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(output === undefined ? {} : { output }),
    origin: part("origin") ?? ours.origin,
  };
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
