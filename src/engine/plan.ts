import { report } from "../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { sha256 } from "../foundation/hash.ts";
import type { Host } from "../foundation/host.ts";
import { by, sorted } from "../foundation/order.ts";
import { baseName, dirName, joinPath } from "../foundation/paths.ts";
import { type Choices, choiceFor } from "./choices.ts";
import { bytesOf, type OutputFile, sameContent } from "./content.ts";
import { attempt, unreadable } from "./failure.ts";
import { readJournal } from "./journal.ts";
import { checkWay, prefixes } from "./links.ts";
import { type Manifest, type ManifestEntry, manifestVersion, printManifest } from "./manifest.ts";
import { type Before, type Known, readManifest } from "./manifest-read.ts";
import { manifestName, stateFolder } from "./names.ts";
import { checkPaths, foldPath, printable, unsafePart } from "./safe-path.ts";
import { type Decision, decideObsolete, decideOutput, type FileStatus } from "./three-way.ts";

/** One product to be put on disk. */
export interface CommitRequest {
  /** Absolute folder of the workspace. */
  readonly root: string;
  /** The product's folder, relative to the root. */
  readonly folder: string;
  readonly files: readonly OutputFile[];
  /** Name and version of the tool, for the manifest. */
  readonly tool: string;
  /** Whose product this is, in the caller's words, for the manifest. */
  readonly owner?: string;
  readonly choices?: Choices;
  /** The product is given up: the manifest goes too. */
  readonly remove?: boolean;
}

export interface Write {
  /** Relative to the product folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Digest of what is there now; null where nothing is. */
  readonly before: string | null;
  readonly executable: boolean;
}

/** What a commit would do. Made without writing anything. */
export interface Plan {
  readonly request: CommitRequest;
  /** drift: a person's edit is in the way. refused: it cannot be done, for a reason given as an error. */
  readonly outcome: "unchanged" | "write" | "drift" | "refused";
  /** How each file stands, by path in the product. */
  readonly files: readonly { readonly path: string; readonly status: FileStatus }[];
  /** Sorted by path, the manifest last. */
  readonly writes: readonly Write[];
  readonly removes: readonly { readonly path: string; readonly before: string }[];
  /** Copies of edited files, by path relative to the root. */
  readonly backups: readonly { readonly path: string; readonly trash: string; readonly bytes: Uint8Array }[];
  /** Edited files that are in the way, relative to the root. */
  readonly drift: readonly string[];
  /** The choices that met a file, as they were given (see `checkChoices`). */
  readonly usedChoices: readonly string[];
  /** The manifest on disk, where it could be read whole. */
  readonly previous: Manifest | undefined;
  /** Digest of the manifest on disk; undefined where an interrupted commit stands beside it, or nothing was compared. */
  readonly madeOn: string | null | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares what a build gives with the disk and with what was written last, and says what is to be done. Writes nothing. */
export function planCommit(host: Host, request: CommitRequest): Plan {
  const planned = attempt(() => plan(host, request), unreadable(request.root));
  return planned.ok ? planned.value : refused(request, [planned.diagnostic]);
}

function plan(host: Host, request: CommitRequest): Plan {
  const { root, folder } = request;
  const files = [...request.files].sort(by((file) => file.path));
  const wrong = checkFolder(folder);
  if (wrong.length > 0) return refused(request, wrong);
  const badPaths = checkPaths(
    folder,
    files.map((file) => file.path),
  );
  if (badPaths.length > 0) return refused(request, badPaths);
  const way = checkWay(host, root, folder, [manifestName]);
  if (way.length > 0) return refused(request, way);

  const before = readManifest(host, root, folder);
  if (hasErrors(before.diagnostics) || (request.remove && before.known.size === 0 && before.bytes && !before.manifest))
    return refused(request, before.diagnostics);
  const journal = readJournal(host, root, folder);
  const known = withJournal(journal, before.known);
  // A file that is or gets ejected is nobody's business here, whatever it has become.
  const watched = files.map((file) => file.path).filter((path) => !isEjected(request, path, known.get(path)));
  const inTheWay = [...checkWay(host, root, folder, watched), ...checkOverlap(host, root, folder, watched)];
  if (inTheWay.length > 0) return refused(request, [...before.diagnostics, ...inTheWay]);
  const madeOn = journal === undefined ? digestOfManifest(before) : undefined;
  return { ...decideAll(host, request, files, known, before), madeOn };
}

function decideAll(
  host: Host,
  request: CommitRequest,
  files: readonly OutputFile[],
  known: ReadonlyMap<string, Known>,
  before: Before,
): Omit<Plan, "madeOn"> {
  const { root, folder, choices = {} } = request;
  const outputs = new Map(files.map((file) => [file.path, file]));
  const folds = foldsOf([...outputs.keys(), ...known.keys()]);
  const entries: [string, ManifestEntry][] = [];
  const statuses: { path: string; status: FileStatus }[] = [];
  const writes: Write[] = [];
  const removes: { path: string; before: string }[] = [];
  const backups: { path: string; trash: string; bytes: Uint8Array }[] = [];
  const diagnostics: Diagnostic[] = [...before.diagnostics];
  const used = new Set<string>();

  for (const path of sorted(new Set([...outputs.keys(), ...known.keys()]))) {
    const at = joinPath(folder, path);
    const twins = folds.get(foldPath(path)) ?? [];
    const choice = choiceFor(choices, at);
    if (choice) used.add(choice.given);
    const mine = knownOf(path, twins, known);
    const file = outputs.get(path);
    const unwatched = isEjected(request, path, mine) || (!file && isOccupied(host, request, path));
    const disk = unwatched ? undefined : readDisk(host, joinPath(root, at), twins.length > 1);
    const sides = { path: at, disk, known: mine, choice };
    const decision: Decision = file
      ? decideOutput(sides, file)
      : mine
        ? decideObsolete({ ...sides, known: mine })
        : { status: "fresh", diagnostics: [] };
    const digest = disk && (decision.write || decision.remove) ? sha256(disk) : null;
    if (decision.write && file) {
      const bytes = bytesOf(file.content);
      writes.push({ path, bytes, sha256: sha256(bytes), before: digest, executable: file.executable ?? false });
    }
    if (decision.remove && digest !== null) removes.push({ path, before: digest });
    if (decision.backup && disk && digest !== null) {
      const trash = `${stateFolder}/trash/${digest}-${baseName(path).slice(-100)}`;
      backups.push({ path: at, trash, bytes: disk });
      const code = decision.backup === "asked" ? "CW6027" : "CW6050";
      diagnostics.push(report(code, undefined, { path: at, trash }));
    }
    if (decision.entry) entries.push([path, decision.entry]);
    statuses.push({ path, status: decision.status });
    diagnostics.push(...decision.diagnostics);
  }

  diagnostics.push(...checkTwins(folder, writes, folds, statuses));
  const manifest = planManifest(request, entries, before);
  if (manifest.write) writes.push(manifest.write);
  if (manifest.remove) removes.push(manifest.remove);
  const drift = statuses.filter(({ status }) => status === "edited" || status === "stranger");
  const outcome =
    drift.length > 0
      ? "drift"
      : hasErrors(diagnostics)
        ? "refused"
        : writes.length + removes.length > 0
          ? "write"
          : "unchanged";
  return {
    request,
    outcome,
    files: statuses,
    writes,
    removes,
    backups,
    drift: drift.map(({ path }) => joinPath(folder, path)),
    usedChoices: [...used],
    previous: before.manifest,
    // Copies are made only when the commit goes through.
    diagnostics:
      outcome === "write" ? diagnostics : diagnostics.filter(({ code }) => code !== "CW6027" && code !== "CW6050"),
  };
}

function planManifest(
  request: CommitRequest,
  entries: readonly [string, ManifestEntry][],
  before: Before,
): { readonly write?: Write; readonly remove?: { readonly path: string; readonly before: string } } {
  const old = digestOfManifest(before);
  if (request.remove) return old === null ? {} : { remove: { path: manifestName, before: old } };
  const { tool, owner } = request;
  const files = Object.fromEntries(entries);
  const bytes = bytesOf(printManifest({ manifest: manifestVersion, tool, ...(owner ? { owner } : {}), files }));
  if (before.bytes && sameContent(before.bytes, bytes)) return {};
  return { write: { path: manifestName, bytes, sha256: sha256(bytes), before: old, executable: false } };
}

function digestOfManifest({ bytes }: Before): string | null {
  return bytes ? sha256(bytes) : null;
}

/** What an interrupted commit may already have put in place is ours as well. */
function withJournal(journal: ReturnType<typeof readJournal>, known: Before["known"]): ReadonlyMap<string, Known> {
  if (journal === undefined || journal === "garbage" || journal.phase === "staging") return known;
  const out = new Map(known);
  for (const { path, sha256: digest } of journal.writes) {
    if (path === manifestName) continue;
    const entry: ManifestEntry = out.get(path)?.entry ?? { state: "generated", sha256: digest, origin: [] };
    out.set(path, { entry, ours: [...(out.get(path)?.ours ?? []), digest] });
  }
  return out;
}

/** The paths that are one where case does not count. */
function foldsOf(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  for (const path of new Set(paths)) out.set(foldPath(path), [...(out.get(foldPath(path)) ?? []), path]);
  return out;
}

/** What is known of a path; a file that changes its case only keeps what was known under the other name. */
function knownOf(path: string, twins: readonly string[], known: Before["known"]): Known | undefined {
  const mine = known.get(path);
  if (mine || twins.length < 2) return mine;
  const ours = twins.flatMap((twin) => known.get(twin)?.ours ?? []);
  return ours.length === 0 ? undefined : { entry: { state: "generated", origin: [] }, ours };
}

/** A file that stays, and a new one that is the same where case does not count. */
function checkTwins(
  folder: string,
  writes: readonly Write[],
  folds: ReadonlyMap<string, readonly string[]>,
  statuses: Plan["files"],
): readonly Diagnostic[] {
  const stays = new Set(
    statuses.filter(({ status }) => status === "left" || status === "ejected").map(({ path }) => path),
  );
  return writes.flatMap(({ path }) =>
    (folds.get(foldPath(path)) ?? [])
      .filter((twin) => twin !== path && stays.has(twin))
      .map((twin) => report("CW6010", undefined, { path: joinPath(folder, path), other: joinPath(folder, twin) })),
  );
}

/** True when the path is a person's own: ejected before and not named now, or ejected now. */
function isEjected({ folder, choices = {} }: CommitRequest, path: string, known: Known | undefined): boolean {
  const choice = choiceFor(choices, joinPath(folder, path));
  return choice?.kind === "eject" || (known?.entry.state === "ejected" && !choice?.exact);
}

/** True when an old file's place has become a folder, a link, or lies behind one: then the file is gone. */
function isOccupied(host: Host, { root, folder }: CommitRequest, path: string): boolean {
  return checkWay(host, root, folder, [path]).length > 0 || checkOverlap(host, root, folder, [path]).length > 0;
}

function readDisk(host: Host, path: string, hasTwin: boolean): Uint8Array | undefined {
  if (host.stat(path) === undefined) return undefined;
  // Where case does not count, the file may stand there under its other name only.
  if (hasTwin && !host.list(dirName(path)).includes(baseName(path))) return undefined;
  return host.readBytes(path);
}

function checkFolder(folder: string): readonly Diagnostic[] {
  const problem = folder === "." ? "it is the workspace itself" : unsafePart(folder);
  return problem === undefined ? [] : [report("CW6008", undefined, { path: printable(folder), problem })];
}

/** Another product's manifest above this folder, or inside it. */
function checkOverlap(host: Host, root: string, folder: string, paths: readonly string[]): readonly Diagnostic[] {
  const above = prefixes(folder).slice(0, -1);
  const inside = new Set(paths.flatMap((path) => prefixes(dirName(path))).map((path) => joinPath(folder, path)));
  const others = [...above, ...inside].filter((path) => host.stat(joinPath(root, path, manifestName)));
  return others.map((other) => report("CW6011", undefined, { path: folder, other }));
}

function refused(request: CommitRequest, diagnostics: readonly Diagnostic[]): Plan {
  return {
    request,
    outcome: "refused",
    files: [],
    writes: [],
    removes: [],
    backups: [],
    drift: [],
    usedChoices: [],
    previous: undefined,
    madeOn: undefined,
    diagnostics,
  };
}
