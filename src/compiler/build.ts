import type { ModelConfig, Workspace } from "../config/project.ts";
import { type Diagnostic, hasErrors, type Phase } from "../diagnostics/diagnostic.ts";
import { checkProduct } from "../engine/check.ts";
import { type Choices, checkChoices } from "../engine/choices.ts";
import { commitProduct, removeProduct } from "../engine/commit.ts";
import { checkFolders, findProducts } from "../engine/products.ts";
import { recoverCommits } from "../engine/recover.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import { commitOf } from "./commit-request.ts";
import type { Incremental } from "./incremental.ts";
import type { ModelNeeds } from "./lock/plan.ts";
import { completeLock } from "./lock.ts";
import type { BuildRequest, BuildResult, BuiltModel, OpenOptions } from "./session-contract.ts";

/** Compiles and puts each product on disk, or says how it stands. A model with errors leaves its old product as it is. */
export async function build(
  options: OpenOptions,
  compiler: Incremental,
  workspace: Workspace,
  request: BuildRequest,
  models: readonly ModelConfig[],
  opening: readonly Diagnostic[],
): Promise<Phase<BuildResult>> {
  const { host, signal, progress } = options;
  const { root } = workspace;
  const diagnostics: Diagnostic[] = [
    ...opening,
    ...checkFolders(models.map((m) => ({ folder: m.out, place: m.place("out") }))),
  ];
  const folders = models.map((m) => m.out);
  const choices: Choices = {
    adopt: request.choices.adopt === "all" ? folders : request.choices.adopt,
    overwrite: request.choices.overwrite === "all" ? folders : request.choices.overwrite,
    eject: request.choices.eject,
  };
  if (!request.checkOnly) diagnostics.push(...recoverCommits(host, root));
  const used = new Set<string>();
  const built: BuiltModel[] = [];
  const made: ModelNeeds[] = [];
  progress({ kind: "models", models: models.map((m) => m.name) });
  for (const model of models) {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    const product = await compiler.product(root, model);
    diagnostics.push(...product.diagnostics);
    const base = { name: model.name, out: model.out, package: product.package };
    if (
      hasErrors(product.diagnostics) ||
      product.files.length === 0 ||
      hasErrors(diagnostics.filter((d) => d.place?.file === model.file && d.code.startsWith("CW00")))
    ) {
      built.push({ ...base, outcome: "failed", written: [], removed: [], unchanged: 0, drifted: [] });
      progress({ kind: "done", model: model.name, outcome: "failed" });
      continue;
    }
    const commit = commitOf(model, product, root, options.toolVersion, choices);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    const result = request.checkOnly ? checked(checkProduct(host, commit)) : commitProduct(host, commit);
    diagnostics.push(...result.diagnostics);
    for (const choice of result.plan.usedChoices) used.add(choice);
    const at = (path: string): string => joinPath(model.out, path);
    const outcome =
      result.outcome === "written"
        ? "written"
        : result.outcome === "unchanged"
          ? "unchanged"
          : result.outcome === "stale"
            ? "stale"
            : "failed";
    const wrote = result.outcome === "written" || result.outcome === "stale";
    built.push({
      ...base,
      outcome,
      written: wrote ? result.plan.writes.map((w) => at(w.path)) : [],
      removed: wrote ? result.plan.removes.map((r) => at(r.path)) : [],
      unchanged:
        result.plan.files.length -
        (wrote ? result.plan.writes.filter((w) => result.plan.files.some((f) => f.path === w.path)).length : 0),
      drifted: result.plan.drift,
    });
    if (outcome === "written" || outcome === "unchanged") made.push({ model, needs: product.lock });
    progress({ kind: "done", model: model.name, outcome });
  }
  if (!request.checkOnly && !signal.aborted) diagnostics.push(...completeLock({ host, root, models: made }));
  if (used.size > 0 || request.choices.adopt !== "all")
    diagnostics.push(...checkChoices(explicit(request, choices), used));
  // A model that was left out for an error still owns its product.
  if (!request.checkOnly && request.models.length === 0 && !signal.aborted && !hasErrors(opening))
    diagnostics.push(...removeOld(options, workspace));
  return { value: { models: built }, diagnostics };
}

/** Only what the person named: "all" needs no file to meet. */
function explicit(request: BuildRequest, choices: Choices): Choices {
  return {
    adopt: request.choices.adopt === "all" ? [] : (choices.adopt ?? []),
    overwrite: request.choices.overwrite === "all" ? [] : (choices.overwrite ?? []),
    eject: choices.eject ?? [],
  };
}

function checked(result: ReturnType<typeof checkProduct>): Omit<ReturnType<typeof checkProduct>, "outcome"> & {
  readonly outcome: "unchanged" | "stale" | "drift" | "refused" | "written";
} {
  return { ...result, outcome: result.outcome === "fresh" ? "unchanged" : result.outcome };
}

/** Products of models that the workspace no longer has: removed as far as they are still ours. */
function removeOld(options: OpenOptions, workspace: Workspace): readonly Diagnostic[] {
  const { root } = workspace;
  const wanted = new Set(workspace.models.map((m) => m.out));
  const files = new Set([...(workspace.files ?? []), ...workspace.models.map((m) => m.file)]);
  const places = new Set(workspace.models.map((m) => dirName(m.out)));
  const out: Diagnostic[] = [];
  for (const place of places) {
    for (const product of findProducts(options.host, root, place)) {
      const { owner } = product;
      // Only what a file of this workspace once declared: another workspace may keep its products beside ours.
      if (wanted.has(product.folder) || owner === undefined || !files.has(owner.replace(/#[^#]*$/, ""))) continue;
      out.push(
        ...removeProduct(options.host, { root, folder: product.folder, tool: `crosswalk ${options.toolVersion}` })
          .diagnostics,
      );
    }
  }
  return out;
}
