import { prettyJson } from "../foundation/hash.ts";
import type { FileOrigin } from "./content.ts";
import { unsafePart } from "./safe-path.ts";

export const manifestVersion = 1;

/** What Crosswalk wrote in a product folder. Committed with the product: it is how a fresh clone knows what is generated. */
export interface Manifest {
  readonly manifest: 1;
  /** Name and version of the tool that wrote it. */
  readonly tool: string;
  /** Whose product this is, in the words of whoever asked for the build. */
  readonly owner?: string;
  readonly files: Readonly<Record<string, ManifestEntry>>;
}

export interface ManifestEntry {
  /** generated: ours. adopted: a person's edit that was accepted. ejected: a person's for good, never looked at again. */
  readonly state: "generated" | "adopted" | "ejected";
  /** Digest of the bytes written, or adopted. Not there for an ejected file. */
  readonly sha256?: string;
  /** Of an adopted file: digest of what Crosswalk would have written when it was adopted. */
  readonly output?: string;
  readonly origin: readonly FileOrigin[];
}

export function printManifest(manifest: Manifest): string {
  return prettyJson(manifest);
}

/** What stands in a manifest's text. Entries that cannot be trusted are counted and left out. */
export type ParsedManifest =
  | { readonly kind: "ok"; readonly manifest: Manifest; readonly dropped: number }
  | { readonly kind: "newer"; readonly version: number }
  | { readonly kind: "garbage" };

export function parseManifest(text: string): ParsedManifest {
  const value = parseJson(text.replace(/^\uFEFF/, ""));
  if (!isRecord(value) || typeof value.manifest !== "number") return { kind: "garbage" };
  if (value.manifest > manifestVersion) return { kind: "newer", version: value.manifest };
  if (value.manifest !== manifestVersion || !isRecord(value.files)) return { kind: "garbage" };
  const listed = Object.entries(value.files);
  const files = listed.flatMap(([path, entry]): [string, ManifestEntry][] => {
    const known = readEntry(path, entry);
    return known ? [[path, known]] : [];
  });
  const manifest: Manifest = {
    manifest: manifestVersion,
    tool: typeof value.tool === "string" ? value.tool : "",
    ...(typeof value.owner === "string" ? { owner: value.owner } : {}),
    files: Object.fromEntries(files),
  };
  return { kind: "ok", manifest, dropped: listed.length - files.length };
}

function readEntry(path: string, value: unknown): ManifestEntry | undefined {
  if (unsafePart(path) !== undefined || !isRecord(value)) return undefined;
  const { state, sha256, output } = value;
  const origin = readOrigin(value.origin);
  if (state === "ejected") return { state, origin };
  if ((state !== "generated" && state !== "adopted") || !isDigest(sha256)) return undefined;
  return { state, sha256, ...(isDigest(output) ? { output } : {}), origin };
}

function readOrigin(value: unknown): readonly FileOrigin[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) =>
    isRecord(item) && typeof item.notebook === "string" && Array.isArray(item.cells)
      ? [{ notebook: item.notebook, cells: item.cells.filter((c) => typeof c === "string") }]
      : [],
  );
}

export function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON value of a text; undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
