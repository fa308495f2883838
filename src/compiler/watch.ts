import { findRoot } from "../config/find.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import type { Changed, Looked } from "../engine/query.ts";
import type { Batch } from "../engine/watch/coalescer.ts";
import { type Cause, systemClock, watchLoop } from "../engine/watch/loop.ts";
import { type WatchProblem, watchFolders } from "../foundation/host-watch.ts";
import { statIfThere } from "../foundation/if-there.ts";
import { joinPath } from "../foundation/paths.ts";
import { choose } from "./choose.ts";
import { type Incremental, incremental } from "./incremental.ts";
import { lockName } from "./lock-file.ts";
import type { BuildResult, OpenOptions, Session } from "./session-contract.ts";
import { standing } from "./standing.ts";
import { changesOf, touchesOf } from "./watch/changes.ts";
import type { Occasion, WatchEvent, WatchOptions } from "./watch/contract.ts";
import { foldersOf, gitLock, isHalfWritten, realFolders } from "./watch/places.ts";
import { createSeen } from "./watch/seen.ts";
import { whyCompiled } from "./watch/why.ts";

type Open = (options: OpenOptions, compiler: Incremental) => Promise<Phase<Session | undefined>>;

/**
 * Builds, and builds again whenever something changes that the last build looked at, until the signal. Gives what was wrong where there
 * is no workspace to watch. A crosswalk.yaml that breaks, or that is broken at the start, is waited for.
 */
export async function watchWorkspace(options: WatchOptions, open: Open): Promise<readonly Diagnostic[]> {
  const { host, folder, signal, parts = {} } = options;
  const { value: root, diagnostics } = findRoot(host, folder);
  if (root === undefined) return diagnostics;
  // In memory only: what is stored does not say every folder that was looked at.
  const compiler = incremental({ host, root, isStored: false });
  const watch = rounds(options, open, compiler, root);
  const lock = gitLock(host, root);
  await watchLoop({
    open: watchFolders,
    ...parts,
    disk: {
      isHalfWritten: (path) => isHalfWritten(host, path),
      isLocked: () => lock !== undefined && statIfThere(host, lock) !== undefined,
    },
    signal,
    prepare: watch.prepare,
    round: watch.round,
    problem: watch.problem,
    ready: watch.ready,
  });
  return [];
}

interface Rounds {
  prepare(batch: Batch): Promise<void>;
  round(cause: Cause): Promise<ReadonlySet<string>>;
  problem(problem: WatchProblem, isPolling: boolean): Promise<void>;
  ready(folders: number, isPolling: boolean): Promise<void>;
}

/** What there is to be done about one batch of events, or one look at everything. */
interface Task extends Occasion {
  /** Worth a word whatever comes of it. */
  readonly isTold: boolean;
  /** Folders may have come or gone. */
  readonly mayMove: boolean;
}

/** Where compiling a model took no longer than this, in milliseconds, the next one is compiled while it is waited whether more happens. */
const usuallyQuick = 250;

/** Memory is given back after so many rounds: a watch may run for days. */
const roundsToFree = 64;

function rounds(options: WatchOptions, open: Open, compiler: Incremental, root: string): Rounds {
  const { host, signal, tell, parts = {} } = options;
  const { clock = systemClock, quick = usuallyQuick } = parts;
  const { now } = clock;
  const products = standing(host, root);
  const seen = createSeen(compiler);
  let said = "";
  let real = realFolders(host, new Set([root]));
  /** How much was looked at, and which products there were, when the watched folders were found. */
  let places = { looked: -1, products: -1 };
  let hasToldIdle = "";
  /** Records of the compiler's present revision that are those of an earlier round. */
  let told = 0;

  let isQuick = false;
  let rounds = 0;
  /** What differed when a model was compiled ahead, and how long that took. */
  let ahead: { readonly differs: readonly Looked[]; readonly milliseconds: number } = nothingAhead;

  /** Compiles one model of those that an edit is about. The round finds its product known, if nothing has changed since. */
  const prepare = async (batch: Batch): Promise<void> => {
    if (!isQuick || signal.aborted) return;
    const begin = now();
    const { changed } = translated(batch);
    if (changed.paths.some((path) => products.folderOf(path) !== undefined)) return;
    const differs = compiler.lookAgain(changed).filter(isNotOurs);
    if (differs.length === 0) return;
    const facts = await compiler.models();
    for (const model of choose(facts.models, options.models, []).models) {
      if ((await compiler.known(model)) !== undefined) continue;
      await compiler.product(model);
      break;
    }
    ahead = { differs, milliseconds: now() - begin };
  };

  /** What differs since the last round: also what was seen when a model was compiled ahead, unless it is as it was before. */
  const sinceRound = (differs: readonly Looked[]): readonly Looked[] => {
    if (ahead.differs.length === 0) return differs;
    const nameOf = ({ kind, path }: Looked): string => `${kind}\n${path}`;
    const before = new Map([...differs, ...ahead.differs].map((one) => [nameOf(one), one]));
    const current = differs.length === 0 ? [] : compiler.looked();
    for (const one of current) if (before.get(nameOf(one))?.digest === one.digest) before.delete(nameOf(one));
    return [...before.values()];
  };
  /** What a batch changed, as the compiler now sees it; undefined where nothing is another than before. */
  const taskOf = (cause: Cause): Task | undefined => {
    if (cause.kind === "start") return { cause: "start", changes: [], waited: [], isTold: true, mayMove: true };
    if (cause.kind === "rescan") {
      products.forget();
      const differs = compiler.lookAgain().filter(isNotOurs);
      if (differs.length === 0) told = compiler.records().length;
      return { cause: "rescan", changes: changesOf(host, root, differs), waited: [], isTold: false, mayMove: true };
    }
    const { changed, waited } = translated(cause.batch);
    const touched = [...changed.paths, ...changed.folders].filter((path) => products.isTouched(path));
    const differs = sinceRound(compiler.lookAgain(changed).filter(isNotOurs));
    if (differs.length === 0 && touched.length === 0) return undefined;
    if (differs.length === 0) told = compiler.records().length;
    const changes = [...changesOf(host, root, differs), ...touchesOf(host, root, touched)];
    return {
      cause: "change",
      changes,
      waited,
      mayMove: changed.folders.length > 0 || differs.some(({ kind }) => kind !== "file"),
      isTold: differs.some(({ kind }) => kind === "file") || touched.length > 0,
    };
  };
  /** What we put into a product is no news; what somebody else does there is told by the product. */
  const isNotOurs = ({ path }: Looked): boolean => products.folderOf(path) === undefined;
  const translated = ({ paths, folders, waited }: Batch): { changed: Changed; waited: Batch["waited"] } => ({
    changed: { paths: paths.flatMap((path) => real.asked(path)), folders: folders.flatMap((path) => real.asked(path)) },
    waited,
  });

  const work = async (): Promise<Phase<BuildResult>> => {
    const { folder, toolVersion, models } = options;
    const opened = await open({ host, folder, toolVersion, signal, progress: () => {}, standing: products }, compiler);
    if (!opened.value) return { value: { models: [], skipped: [] }, diagnostics: opened.diagnostics };
    return opened.value.build({ models, checkOnly: false, choices: { adopt: [], overwrite: [], eject: [] } });
  };

  const round = async (cause: Cause): Promise<ReadonlySet<string>> => {
    const begin = now();
    told = 0;
    const task = taskOf(cause);
    const { milliseconds: before } = ahead;
    ahead = nothingAhead;
    if (!task) return real.real;
    const changes = await seen.withCells(task.changes);
    const occasion: Occasion = { cause: task.cause, changes, waited: task.waited };
    const begun: WatchEvent = { kind: "begin", root, occasion };
    if (task.isTold) await tell(begun);
    const first = await work();
    const records = [...compiler.records().slice(told)];
    // What a build adds to crosswalk.lock is no news for the next one.
    const hasLocked = compiler.lookAgain({ paths: [joinPath(root, lockName)], folders: [] }).length > 0;
    const { value, diagnostics } = hasLocked && !signal.aborted ? joined(first, await work()) : first;
    if (hasLocked) records.push(...compiler.records());
    const why = whyCompiled(records, root);
    const models = value.models.map((model) => {
      const reason = why.get(model.name);
      return reason === undefined ? model : { ...model, why: reason };
    });
    const milliseconds = before + now() - begin;
    if (why.size > 0) isQuick = milliseconds / why.size < quick;
    const outcome = JSON.stringify([
      diagnostics,
      models.map(({ outcome, drifted }) => [outcome === "failed", drifted]),
    ]);
    const isNews =
      why.size > 0 || outcome !== said || models.some((one) => one.written.length + one.removed.length > 0);
    said = outcome;
    if (isNews || task.isTold) {
      if (!task.isTold) await tell(begun);
      const actions = records.filter(({ status }) => status === "ran").length;
      await tell({ kind: "end", root, occasion, models, diagnostics, milliseconds, actions });
    }
    await seen.remember(records);
    if (++rounds % roundsToFree === 0) host.freeMemory?.();
    // Which folders stand where is looked up again only where one of them may be another.
    const looked = compiler.looked();
    if (task.mayMove || looked.length !== places.looked || products.version() !== places.products) {
      places = { looked: looked.length, products: products.version() };
      real = realFolders(host, foldersOf(host, root, [...looked, ...asLists(products.folders())]));
    }
    return real.real;
  };

  return {
    prepare,
    round,
    async problem(problem, isPolling) {
      await tell({ kind: "problem", root, diagnostic: diagnosticOf(problem, isPolling) });
    },
    async ready(folders, isPolling) {
      // Told once, and again only where it is another way of watching.
      const how = String(isPolling);
      if (hasToldIdle === how) return;
      hasToldIdle = how;
      await tell({ kind: "idle", root, folders, polling: isPolling });
    },
  };
}

const nothingAhead = { differs: [], milliseconds: 0 } as const;

/** Two builds, one after the other, as one. */
function joined(first: Phase<BuildResult>, second: Phase<BuildResult>): Phase<BuildResult> {
  const before = new Map(first.value.models.map((model) => [model.name, model]));
  const models = second.value.models.map((model) => {
    const old = before.get(model.name);
    return old?.outcome === "written" && model.outcome === "unchanged" ? old : model;
  });
  return { value: { models, skipped: second.value.skipped }, diagnostics: second.diagnostics };
}

const asLists = (folders: ReadonlySet<string>): readonly Looked[] =>
  [...folders].map((path) => ({ kind: "list", path, digest: "" }));

function diagnosticOf({ limit, message }: WatchProblem, isPolling: boolean): Diagnostic {
  const then = isPolling
    ? "it now looks at them again and again, which costs more"
    : "changes are found every 30 seconds";
  if (limit === undefined) return report("CW6202", undefined, { problem: message, then });
  const remedy =
    limit === "watches"
      ? "raise the limit with `sudo sysctl fs.inotify.max_user_watches=524288` (and fs.inotify.max_user_instances=1024)"
      : "raise the limit with `ulimit -n 65536`, and `sudo sysctl fs.inotify.max_user_instances=1024` on Linux";
  return report("CW6201", undefined, { what: limit === "watches" ? "watched folders" : "open files", then, remedy });
}
