import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { sha256 } from "../foundation/hash.ts";
import { decodeUtf8 } from "../foundation/host.ts";
import type { Choice } from "./choices.ts";
import { bytesOf, digestsOf, firstDifferentLine, type OutputFile, sameContent } from "./content.ts";
import type { ManifestEntry } from "./manifest.ts";
import type { Known } from "./manifest-read.ts";

/**
 * How a file stands: fresh (disk and new output agree), missing, stale (ours, and out of date), obsolete (ours, and no longer
 * part of the product), edited and stranger (drift), left (edited and no longer part), adopted, ejected.
 */
export type FileStatus =
  | "fresh"
  | "missing"
  | "stale"
  | "obsolete"
  | "edited"
  | "stranger"
  | "left"
  | "adopted"
  | "ejected";

/** What is to be done about one file. Without `write` or `remove` the disk stays as it is. */
export interface Decision {
  readonly status: FileStatus;
  /** What the manifest will say; a file without an entry leaves it. */
  readonly entry?: ManifestEntry;
  readonly write?: boolean;
  readonly remove?: boolean;
  /** The bytes on disk go to the trash first, and why. */
  readonly backup?: "asked" | "conflicted";
  readonly diagnostics: readonly Diagnostic[];
}

/** One file from three sides: what the disk has, what is known to have been written, what a build gives now. */
export interface Sides {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly disk: Uint8Array | undefined;
  readonly known: Known | undefined;
  readonly choice: Choice | undefined;
}

/** Decides about a file that the build gives. */
export function decideOutput({ path, disk, known, choice }: Sides, file: OutputFile): Decision {
  const output = bytesOf(file.content);
  const { origin } = file;
  const generated: ManifestEntry = { state: "generated", sha256: sha256(output), origin };
  if (choice?.kind === "eject") return quiet("ejected", { state: "ejected", origin });
  if (known?.entry.state === "ejected" && !choice?.exact) return quiet("ejected", known.entry);
  if (disk === undefined) {
    const written: Decision = { status: "missing", entry: generated, write: true, diagnostics: [] };
    if (choice?.kind !== "adopt" || !choice.exact) return written;
    const params = { option: "--adopt", path, problem: "there is no such file to adopt" };
    return { ...written, diagnostics: [report("CW6012", undefined, params)] };
  }
  if (sameContent(disk, output)) return quiet("fresh", generated);
  if (choice?.kind === "adopt") return adopt(path, disk, generated);
  if (matches(disk, known?.ours)) return { status: "stale", entry: generated, write: true, diagnostics: [] };
  if (choice?.kind === "overwrite")
    return { status: "stale", entry: generated, write: true, backup: "asked", diagnostics: [] };
  if (known?.entry.state === "generated" && isConflicted(disk))
    return { status: "stale", entry: generated, write: true, backup: "conflicted", diagnostics: [] };
  if (known?.entry.state === "adopted" && matches(disk, [known.entry.sha256 ?? ""])) {
    const code = known.entry.output === generated.sha256 ? "CW6006" : "CW6007";
    return { status: "adopted", entry: { ...known.entry, origin }, diagnostics: [report(code, undefined, { path })] };
  }
  const at = placeOf(path, firstDifferentLine(disk, output));
  return known
    ? { status: "edited", entry: known.entry, diagnostics: [report("CW6001", at, { path })] }
    : { status: "stranger", diagnostics: [report("CW6002", at, { path })] };
}

/** Decides about a file that an earlier build gave and this one does not. */
export function decideObsolete({ path, disk, known, choice }: Sides & { readonly known: Known }): Decision {
  const { entry } = known;
  const left = (kept: ManifestEntry | undefined, diagnostics: readonly Diagnostic[]): Decision => ({
    status: "left",
    ...(kept ? { entry: kept } : {}),
    diagnostics,
  });
  if (choice?.kind === "eject") return quiet("ejected", { state: "ejected", origin: entry.origin });
  if (entry.state === "ejected" && !choice?.exact) return quiet("ejected", entry);
  if (disk === undefined) return { status: "fresh", diagnostics: [] };
  if (choice?.kind === "adopt") return left(undefined, []);
  if (matches(disk, known.ours)) return { status: "obsolete", remove: true, diagnostics: [] };
  if (choice?.kind === "overwrite") return { status: "obsolete", remove: true, backup: "asked", diagnostics: [] };
  return left(entry, [report("CW6003", placeOf(path, 1), { path })]);
}

function adopt(path: string, disk: Uint8Array, generated: ManifestEntry): Decision {
  const entry: ManifestEntry = {
    state: "adopted",
    sha256: digestsOf(disk)[0] ?? "",
    ...(generated.sha256 === undefined ? {} : { output: generated.sha256 }),
    origin: generated.origin,
  };
  return { status: "adopted", entry, diagnostics: [report("CW6006", undefined, { path })] };
}

function quiet(status: FileStatus, entry: ManifestEntry): Decision {
  return { status, entry, diagnostics: [] };
}

function matches(disk: Uint8Array, digests: readonly string[] | undefined): boolean {
  return digests !== undefined && digests.length > 0 && digestsOf(disk).some((digest) => digests.includes(digest));
}

/** A generated file that git left with conflict marks is nobody's finished work: it is written anew, and a copy kept. */
function isConflicted(disk: Uint8Array): boolean {
  const text = decodeUtf8(disk) ?? "";
  return /^<{7} /m.test(text) && /^={7}\r?$/m.test(text) && /^>{7} /m.test(text);
}

function placeOf(file: string, line: number): Place {
  return { file, line, column: 1, endLine: line, endColumn: 1, fileLine: line };
}
