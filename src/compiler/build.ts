import { type Diagnostic, hasErrors, type Phase } from "../diagnostics/diagnostic.ts";
import { type CheckResult, checkProduct } from "../engine/check.ts";
import { type Choices, checkChoices } from "../engine/choices.ts";
import { type CommitResult, commitProduct, removeProduct } from "../engine/commit.ts";
import { commitKnown, type Untouched } from "../engine/commit-known.ts";
import { checkFolders } from "../engine/products.ts";
import { recoverCommits } from "../engine/recover.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import type { ModelEntry, WorkspaceFacts } from "./actions/declared.ts";
import { endedActions } from "./actions/ended.ts";
import { commitOf } from "./commit-request.ts";
import type { Incremental, SettledProduct, SharedCache } from "./incremental.ts";
import { type Ahead, compileAhead } from "./jobs/compile-ahead.ts";
import { type OnDisk, onDisk } from "./on-disk.ts";
import { ownerOf } from "./owner.ts";
import type { BuildRequest, BuildResult, BuiltModel, ModelStatus, OpenOptions } from "./session-contract.ts";
import { turns } from "./turns.ts";

/** What is wrong with single models (config/model-laws.ts), which are left out for it: the others of their file are as they were. */
const ofOneModel: ReadonlySet<string> = new Set(["CW0030", "CW0031", "CW0032", "CW0033", "CW0036", "CW0043"]);

/** True for what may concern every model that is configured in the same file. */
function mayMeanAny({ code }: Diagnostic): boolean {
  return code.startsWith("CW00") && !ofOneModel.has(code);
}

/** What a build compiled is kept after as many milliseconds, so that one that is killed loses no more of it. */
const keepEvery = 5000;

/** Compiles and puts each product on disk, or says how it stands. A model with errors leaves its old product as it is. */
export async function build(
  options: OpenOptions,
  compiler: Incremental,
  workspace: WorkspaceFacts,
  request: BuildRequest,
  models: readonly ModelEntry[],
  opening: readonly Diagnostic[],
): Promise<Phase<BuildResult>> {
  const { host, signal, progress } = options;
  const { root } = compiler;
  const now = host.now ?? (() => 0);
  const folders = models.map((m) => m.out);
  const diagnostics: Diagnostic[] = [
    ...opening,
    ...(compiler.store?.diagnostics ?? []),
    ...checkFolders(models.map(({ out, outPlace }) => ({ folder: out, ...(outPlace ? { place: outPlace } : {}) }))),
  ];
  const choices: Choices = {
    adopt: request.choices.adopt === "all" ? folders : request.choices.adopt,
    overwrite: request.choices.overwrite === "all" ? folders : request.choices.overwrite,
    eject: request.choices.eject,
  };
  if (!request.checkOnly) diagnostics.push(...recoverCommits(host, root));
  options.standing?.begin(workspace);
  const used = new Set<string>();
  const built: BuiltModel[] = [];
  const made: ModelEntry[] = [];
  // What a person decides is carried out, whatever was known.
  const isPlain = [choices.adopt, choices.overwrite, choices.eject].every((paths) => (paths ?? []).length === 0);
  const disk = isPlain && compiler.store ? onDisk(compiler.store, options.toolVersion) : undefined;
  const put = putter(options, compiler, request, choices, disk);
  progress({ kind: "models", models: models.map((m) => m.name) });
  const start = now();
  // A judge believes nobody: `--check` compiles what it compares with.
  const shared = request.isAlone || request.checkOnly ? undefined : await sharedCache(options, workspace);
  diagnostics.push(...(shared?.diagnostics ?? []));
  const taken = shared?.value ? await compiler.take(models, shared.value, disk) : [];
  const ahead = inThreads(options, compiler, request, models, disk);
  let kept = now();
  const turn = turns(host.now);
  for (const model of models) {
    // So that an interrupt is seen between models.
    await turn();
    if (signal.aborted) break;
    compiler.letGo();
    const began = now() - start;
    if (ahead) await orAborted(signal, ahead.before(model));
    if (signal.aborted) break;
    const product = await compiler.product(model);
    diagnostics.push(...product.diagnostics);
    const base = { name: model.name, out: model.out, package: product.package, began };
    const ending = (status: ModelStatus) => ({ status, took: now() - start - began });
    if (
      hasErrors(product.diagnostics) ||
      product.files === 0 ||
      hasErrors(diagnostics.filter((d) => d.place?.file === model.file && mayMeanAny(d)))
    ) {
      const none = { written: [], removed: [], unchanged: 0, drifted: [] };
      built.push({ ...base, outcome: "failed", ...none, ...ending("failed") });
      progress({ kind: "done", model: model.name, outcome: "failed" });
      continue;
    }
    const known = options.standing?.known(model, product);
    if (known) {
      const { reason: _, ...still } = known;
      built.push({ ...still, began, ...ending("fresh") });
      made.push(model);
      progress({ kind: "done", model: model.name, outcome: known.outcome });
      continue;
    }
    await turn();
    if (signal.aborted) break;
    const result = await put(model, product);
    if (result.outcome !== "untouched") {
      diagnostics.push(...result.diagnostics);
      for (const choice of result.plan.usedChoices) used.add(choice);
    }
    const changes = changesOf(model, product, result);
    const status = changes.drifted.length > 0 ? "drift" : changes.outcome === "failed" ? "failed" : "fresh";
    const one: BuiltModel = { ...base, ...changes, ...ending(status) };
    built.push(one);
    const isSaid = result.outcome !== "untouched" && result.diagnostics.length > 0;
    options.standing?.keep(model, product, one, isSaid);
    if (one.outcome === "written" || one.outcome === "unchanged") made.push(model);
    if (!request.checkOnly && Math.abs(now() - kept) > keepEvery) {
      // Where it fails there is more to come, and the end says so.
      compiler.store?.save("midway");
      kept = now();
    }
    progress({ kind: "done", model: model.name, outcome: one.outcome });
  }
  ahead?.close();
  if (!request.checkOnly && !signal.aborted && !(await compiler.isLocked(made)))
    diagnostics.push(...(await completeLock(options, compiler, made)));
  if (used.size > 0 || request.choices.adopt !== "all")
    diagnostics.push(...checkChoices(explicit(request, choices), used));
  // A model that was left out for an error still owns its product.
  const isWhole =
    !request.checkOnly && models.length === workspace.models.length && !signal.aborted && !hasErrors(opening);
  if (isWhole && (options.standing?.mayHaveOld() ?? true))
    diagnostics.push(...(await removeOld(options, compiler, workspace)));
  const given = shared?.value && !signal.aborted ? await compiler.give(models, shared.value) : [];
  const compiled = compiler.compiled();
  const records = request.tellActions ? compiler.records() : undefined;
  if (!request.checkOnly && compiler.store) {
    // What was written is looked at now: the next build then finds all as it was, and has nothing to keep.
    if (!signal.aborted && built.some(({ outcome }) => outcome === "written"))
      await lookAtWritten(compiler, workspace, made);
    diagnostics.push(...compiler.store.save());
  }
  const reached = new Set(built.map(({ name }) => name));
  const skipped = workspace.models.flatMap(({ name }) => (reached.has(name) ? [] : [name]));
  const all = built.map((one, i): BuiltModel => {
    const model = models[i];
    const reason = model && compiled.get(ownerOf(model));
    if (one.status !== "fresh") return reason === undefined ? one : { ...one, reason };
    if (reason !== undefined) return { ...one, status: "ran", reason };
    const isTaken = taken.includes(one.name);
    return { ...one, status: isTaken ? "remote" : one.outcome === "unchanged" ? "fresh" : "local" };
  });
  const asked = new Set(models.map(({ name }) => name));
  const actions =
    records && endedActions({ records, start, root, models: all, skipped, asked, taken, isPinned: compiler.isPinned });
  const result: BuildResult = { models: all, skipped, ...(actions ? { actions } : {}) };
  if (!shared?.value) return { value: result, diagnostics };
  diagnostics.push(...shared.value.cache.diagnostics());
  const use = { taken, given, ...shared.value.cache.statistics() };
  return { value: { ...result, sharedCache: use }, diagnostics };
}

/** Asks again for what a build with nothing to do asks for, in the world as it is after this one. */
async function lookAtWritten(
  compiler: Incremental,
  workspace: WorkspaceFacts,
  made: readonly ModelEntry[],
): Promise<void> {
  compiler.refresh();
  await compiler.models();
  for (const model of made) await compiler.product(model);
  await compiler.isLocked(made);
  await compiler.standing(placesOf(workspace));
}

/** Ends when the work does, or with an interrupt. A signal that outlives a build, as that of a watch, keeps nothing of it. */
async function orAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener("abort", stop);
  });
  try {
    await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Other threads to compile in; undefined where there are none. */
function inThreads(
  { threads, progress }: OpenOptions,
  compiler: Incremental,
  { jobs }: BuildRequest,
  models: readonly ModelEntry[],
  disk: OnDisk | undefined,
): Ahead<ModelEntry> | undefined {
  if (!threads || jobs === 1) return undefined;
  const phase = (model: string, name: string): void => progress({ kind: "phase", model, phase: name });
  const isReady = async (model: ModelEntry): Promise<boolean> => {
    const known = await compiler.known(model);
    // A product of which only the digest is known is compiled where it does not stand on disk.
    return known !== undefined && (!known.isGone || disk?.untouched(model, known.digest) !== undefined);
  };
  return compileAhead({ compiler, isReady, models, jobs, threads, phase });
}

/** Folders below which products stand. */
function placesOf({ models }: WorkspaceFacts): readonly string[] {
  return [...new Set(models.map(({ out }) => dirName(out)))];
}

/** The cache that the workspace names; nothing of it is loaded where it names none. */
async function sharedCache(options: OpenOptions, { cache }: WorkspaceFacts): Promise<Phase<SharedCache | undefined>> {
  if (!cache) return { value: undefined, diagnostics: [] };
  const { openSharedCache } = await import("./shared-cache.ts");
  const { value, diagnostics } = openSharedCache(options.host, cache);
  return { value: value && { cache: value, toolVersion: options.toolVersion }, diagnostics };
}

type Put = CommitResult | CheckResult | Untouched;

/** Puts a product on disk, or compares it. One that stands there untouched is not even loaded. */
function putter(
  options: OpenOptions,
  compiler: Incremental,
  request: BuildRequest,
  choices: Choices,
  disk: OnDisk | undefined,
) {
  const { host, toolVersion } = options;
  const { root, store } = compiler;
  return async (model: ModelEntry, product: SettledProduct): Promise<Put> => {
    const files = disk?.untouched(model, product.digest);
    if (files !== undefined) return { outcome: "untouched", files };
    const commit = commitOf(model, await product.load(), root, toolVersion, choices);
    if (request.checkOnly) return checkProduct(host, commit);
    await compiler.needs(model);
    if (!store) return commitProduct(host, commit);
    const key = disk?.key(model, product.digest);
    return commitKnown(host, store.outputs, { root, folder: model.out, key, request: () => commit });
  };
}

function changesOf(
  model: ModelEntry,
  product: SettledProduct,
  result: Put,
): Pick<BuiltModel, "outcome" | "written" | "removed" | "unchanged" | "drifted"> {
  if (result.outcome === "untouched")
    return { outcome: "unchanged", written: [], removed: [], unchanged: product.files, drifted: [] };
  const { outcome, plan } = result;
  const at = (path: string): string => joinPath(model.out, path);
  const wrote = outcome === "written" || outcome === "stale";
  return {
    outcome:
      outcome === "fresh" || outcome === "unchanged"
        ? "unchanged"
        : outcome === "written" || outcome === "stale"
          ? outcome
          : "failed",
    written: wrote ? plan.writes.map((w) => at(w.path)) : [],
    removed: wrote ? plan.removes.map((r) => at(r.path)) : [],
    unchanged:
      plan.files.length - (wrote ? plan.writes.filter((w) => plan.files.some((f) => f.path === w.path)).length : 0),
    drifted: plan.drift,
  };
}

/** Adds to crosswalk.lock what the making of these products used and it did not hold yet. */
async function completeLock(
  { host }: OpenOptions,
  compiler: Incremental,
  made: readonly ModelEntry[],
): Promise<readonly Diagnostic[]> {
  const { completeLock: complete } = await import("./lock.ts");
  const models = [];
  for (const entry of made) {
    const model = await compiler.config(entry);
    if (model) models.push({ model, needs: await compiler.needs(entry) });
  }
  return complete({ host, root: compiler.root, models });
}

/** Only what the person named: "all" needs no file to meet. */
function explicit(request: BuildRequest, choices: Choices): Choices {
  return {
    adopt: request.choices.adopt === "all" ? [] : (choices.adopt ?? []),
    overwrite: request.choices.overwrite === "all" ? [] : (choices.overwrite ?? []),
    eject: choices.eject ?? [],
  };
}

/** Products of models that the workspace no longer has: removed as far as they are still ours. */
async function removeOld(
  options: OpenOptions,
  compiler: Incremental,
  workspace: WorkspaceFacts,
): Promise<readonly Diagnostic[]> {
  const { root } = compiler;
  const wanted = new Set(workspace.models.map((m) => m.out));
  const files = new Set([...workspace.files, ...workspace.models.map((m) => m.file)]);
  const out: Diagnostic[] = [];
  for (const product of await compiler.standing(placesOf(workspace))) {
    const { owner } = product;
    // Only what a file of this workspace once declared: another workspace may keep its products beside ours.
    if (wanted.has(product.folder) || owner === undefined || !files.has(owner.replace(/#[^#]*$/, ""))) continue;
    out.push(
      ...removeProduct(options.host, { root, folder: product.folder, tool: `crosswalk ${options.toolVersion}` })
        .diagnostics,
    );
  }
  return out;
}
