import { report } from "../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../foundation/hash.ts";
import { type Host, HostError } from "../foundation/host.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import { attempt, describe, notWritten } from "./failure.ts";
import { type Journal, journalPath, markPlacing, readJournal, temporaryPath, writeJournal } from "./journal.ts";
import { prefixes } from "./links.ts";
import { lockPath, withLock } from "./lock.ts";
import type { Manifest } from "./manifest.ts";
import { readManifest } from "./manifest-read.ts";
import { manifestName } from "./names.ts";
import { digestAt, place, takeBack } from "./place.ts";
import { type CommitRequest, type Plan, planCommit } from "./plan.ts";
import { recoverUnderLock } from "./recover.ts";

/** What came of a commit. `failed`: the disk did not let us; `drift`: a person's edit is in the way (exit code 3). */
export interface CommitResult {
  readonly outcome: "unchanged" | "written" | "drift" | "refused" | "failed";
  /** The plan that was carried out, or that was refused. */
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans and applies in one go: what a build calls for each product. */
export function commitProduct(host: Host, request: CommitRequest): CommitResult {
  return applyPlan(host, planCommit(host, request));
}

/** Gives a product up: removes what is ours and unchanged, keeps what is a person's and says so. */
export function removeProduct(host: Host, request: Omit<CommitRequest, "files" | "remove">): CommitResult {
  return commitProduct(host, { ...request, files: [], remove: true });
}

/**
 * Carries a plan out: all of it or nothing. Under the workspace's lock an interrupted commit is finished first, and the plan is
 * made again where another process did something in the meantime. A plan that changes nothing touches nothing.
 */
export function applyPlan(host: Host, plan: Plan): CommitResult {
  const { root, folder } = plan.request;
  let told: readonly Diagnostic[] = [];
  let recovering = false;
  const done = attempt(
    (): CommitResult => {
      if (standsAlone(host, plan)) return ended(plan);
      const locked = withLock(host, root, () => {
        recovering = true;
        const isInterrupted = readJournal(host, root, folder) !== undefined;
        told = recoverUnderLock(host, root, folder);
        recovering = false;
        const holds = plan.outcome === "write" && !isInterrupted && stillHolds(host, plan);
        const now = holds ? plan : planCommit(host, plan.request);
        return now.outcome === "write" ? execute(host, now) : ended(now);
      });
      return locked.held ? locked.value : { outcome: "failed", plan, diagnostics: [locked.diagnostic] };
    },
    (error) => (recovering ? interrupted(plan, error) : notWritten(root)(error)),
  );
  const result: CommitResult = done.ok ? done.value : { outcome: "failed", plan, diagnostics: [done.diagnostic] };
  return told.length === 0 ? result : { ...result, diagnostics: [...told, ...result.diagnostics] };
}

/** True when a plan ends here: it changes nothing, and no other process is, or was, in the midst of a commit while it was made. */
function standsAlone(host: Host, { outcome, previous, request: { root, folder } }: Plan): boolean {
  const missing = (path: string): boolean => host.stat(joinPath(root, path)) === undefined;
  if (outcome === "write") return false;
  if (outcome === "refused") return true;
  if (!missing(journalPath(folder))) return false;
  // What looks like an edit may be another process at work, or one that has been: then the manifest is another one by now.
  return outcome === "unchanged" || (missing(lockPath) && isSame(readManifest(host, root, folder).manifest, previous));
}

/**
 * True when nothing happened since the plan was made: nobody has committed to the folder (every commit that changes a file changes the
 * manifest), and what the plan is about to change is as the plan saw it.
 */
function stillHolds(host: Host, { madeOn, writes, removes, request: { root, folder } }: Plan): boolean {
  const isAsBefore = (path: string, before: string | null): boolean =>
    digestAt(host, joinPath(root, folder, path)) === before;
  if (madeOn === undefined || !isAsBefore(manifestName, madeOn)) return false;
  return [...writes, ...removes].every(({ path, before }) => path === manifestName || isAsBefore(path, before));
}

function isSame(a: Manifest | undefined, b: Manifest | undefined): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

function interrupted({ request: { root, folder } }: Plan, error: HostError): Diagnostic {
  return report("CW6016", undefined, { ...describe(root, error), folder });
}

function ended(plan: Plan): CommitResult {
  const outcome = plan.outcome === "write" ? "unchanged" : plan.outcome;
  return { outcome, plan, diagnostics: plan.diagnostics };
}

function execute(host: Host, plan: Plan): CommitResult {
  const { root, folder } = plan.request;
  const failed = (diagnostic: Diagnostic): CommitResult => ({ outcome: "failed", plan, diagnostics: [diagnostic] });
  const staged = stage(host, plan);
  if ("failed" in staged) return failed(staged.failed);
  const placed = attempt(
    () => place(host, root, staged.journal, "just staged"),
    (error) => interrupted(plan, error),
  );
  if (!placed.ok) return failed(placed.diagnostic);
  const { notReplaced, notRemoved } = placed.value;
  const edited = notReplaced.map((path) => report("CW6001", undefined, { path: joinPath(folder, path) }));
  const left = notRemoved.map((path) => report("CW6003", undefined, { path: joinPath(folder, path) }));
  const diagnostics = [...plan.diagnostics, ...edited, ...left];
  return { outcome: hasErrors(diagnostics) ? "drift" : "written", plan, diagnostics };
}

/** Writes everything beside its place. Where that fails the product is untouched and what was written is taken back. */
function stage(host: Host, plan: Plan): { readonly journal: Journal } | { readonly failed: Diagnostic } {
  const { root, folder } = plan.request;
  let journal: (Journal & { readonly phase: "staging" }) | undefined;
  try {
    for (const { trash, bytes } of plan.backups) host.writeAtomic(joinPath(root, trash), bytes);
    journal = {
      commit: 1,
      phase: "staging",
      folder,
      writes: plan.writes.map(({ path, sha256, before }) => ({ path, sha256, before })),
      removes: plan.removes,
      made: missingFolders(host, plan),
    };
    writeJournal(host, root, journal);
    for (const write of plan.writes) stageFile(host, joinPath(root, folder, temporaryPath(write.path)), write);
    return { journal: markPlacing(host, root, journal) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const begun = journal;
    // What cannot be taken back now stays in the journal, for the next run.
    if (begun) attempt(() => takeBack(host, root, begun), notWritten(root));
    return { failed: report("CW6015", undefined, nameOutput(describe(root, error))) };
  }
}

/** Written where nothing stands, and not moved there: until the journal says that all files are whole, none of them is used. */
function stageFile(host: Host, path: string, { bytes, executable }: Plan["writes"][number]): void {
  try {
    if (!executable) return host.createExclusive(path, bytes);
  } catch (error) {
    // Left over from a commit that was killed: it is replaced.
    if (!(error instanceof HostError) || error.kind !== "exists") throw error;
  }
  host.writeAtomic(path, bytes, { executable });
}

/** The folders, relative to the root, that writing makes. */
function missingFolders(host: Host, { request: { root, folder }, writes }: Plan): readonly string[] {
  const folders = new Set(writes.flatMap(({ path }) => prefixes(joinPath(folder, dirName(path)))));
  return [...folders].filter((path) => host.stat(joinPath(root, path)) === undefined);
}

/** A temporary name means nothing to people: the folder does. */
function nameOutput<T extends { readonly path: string }>(what: T): T {
  return what.path.endsWith(".cw-tmp") ? { ...what, path: dirName(what.path) } : what;
}
