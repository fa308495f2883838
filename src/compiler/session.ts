import { identifier } from "../blueprint/identifiers.ts";
import { loadWorkspace } from "../config/load.ts";
import type { ModelConfig, Workspace } from "../config/project.ts";
import { report } from "../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors, type Phase } from "../diagnostics/diagnostic.ts";
import { checkProduct } from "../engine/check.ts";
import { type Choices, checkChoices } from "../engine/choices.ts";
import { commitProduct, removeProduct } from "../engine/commit.ts";
import type { CommitRequest } from "../engine/plan.ts";
import { checkFolders, findProducts } from "../engine/products.ts";
import { recoverCommits } from "../engine/recover.ts";
import { nearest } from "../foundation/nearest.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import { commitOf } from "./commit-request.ts";
import { type Compiled, compileModel } from "./compile.ts";
import { knownTargets } from "./known-targets.ts";
import { completeLock, lock, lockProblems } from "./lock.ts";
import { readPins } from "./pins.ts";
import { checkTargetOptions } from "./schema.ts";
import type {
  BuildRequest,
  BuildResult,
  BuiltModel,
  InitOptions,
  InitResult,
  ModelRequest,
  OpenOptions,
  Session,
} from "./session-contract.ts";

/** Finds and reads the workspace; undefined, with errors, where that fails. */
export async function openWorkspace(options: OpenOptions): Promise<Phase<Session | undefined>> {
  const { host, folder } = options;
  const loaded = loadWorkspace(host, folder);
  if (!loaded.value) return { value: undefined, diagnostics: loaded.diagnostics };
  const diagnostics = [
    ...loaded.diagnostics,
    ...checkTargetOptions(loaded.value, knownTargets),
    ...lockProblems(host, loaded.value.root),
  ];
  return { value: session(options, loaded.value, diagnostics), diagnostics: [] };
}

/** Scans a folder without a crosswalk.yaml and writes one. */
export async function initWorkspace(options: InitOptions): Promise<Phase<InitResult | undefined>> {
  const { initWorkspace: init } = await import("./init.ts");
  return init(options);
}

function session(options: OpenOptions, workspace: Workspace, opening: readonly Diagnostic[]): Session {
  const { root } = workspace;
  const compile = async (models: readonly ModelConfig[]): Promise<readonly Compiled[]> => {
    options.progress({ kind: "models", models: models.map((m) => m.name) });
    const out: Compiled[] = [];
    for (const model of models) {
      // A turn of the event loop, so that an interrupt is seen between models.
      await new Promise((resolve) => setImmediate(resolve));
      if (options.signal.aborted) break;
      out.push(
        await compileModel({ host: options.host, root, model, pins: readPins(options.host, root, model) }, (phase) =>
          options.progress({ kind: "phase", model: model.name, phase }),
        ),
      );
    }
    return out;
  };
  const chosen = (request: ModelRequest) => choose(workspace, request.models, opening);
  const found = async (request: ModelRequest): Promise<Phase<readonly Compiled[]>> => {
    const { models, diagnostics } = chosen(request);
    const value = await compile(models);
    return { value, diagnostics: [...diagnostics, ...value.flatMap((c) => c.diagnostics)] };
  };
  return {
    root,
    async build(request) {
      const { models, diagnostics } = chosen(request);
      return put(options, workspace, request, models, diagnostics);
    },
    async check(request) {
      const { value, diagnostics } = await found(request);
      for (const c of value)
        options.progress({
          kind: "done",
          model: c.model.name,
          outcome: hasErrors(c.diagnostics) ? "failed" : "unchanged",
        });
      return {
        value: {
          models: value.map((c) => ({ name: c.model.name, notebooks: c.chain.notebooks.map((n) => n.notebook.path) })),
        },
        diagnostics,
      };
    },
    async graph(request) {
      const { value, diagnostics } = await found(request);
      const { graph } = await import("./graph.ts");
      return { value: graph(value), diagnostics };
    },
    async explain(request) {
      const { value, diagnostics } = await found({ models: [] });
      const { explain } = await import("./explain.ts");
      const explained = explain({ host: options.host, root, request, compiled: value });
      return {
        value: explained.value,
        diagnostics: [
          ...(explained.value ? [] : diagnostics.filter((d) => d.severity === "error")),
          ...explained.diagnostics,
        ],
      };
    },
    lock: async (request) => lock({ host: options.host, root, request, compiled: (await found(request)).value }),
    async verify(request) {
      const { value, diagnostics } = await found(request);
      const { verifyModels } = await import("./verify.ts");
      const verified = await verifyModels({ options, root, request, compiled: value, isClear: !hasErrors(opening) });
      return { value: verified.value, diagnostics: [...diagnostics, ...verified.diagnostics] };
    },
    fmt: async (request) => (await import("./fmt.ts")).fmt({ host: options.host, root, workspace, request }),
  };
}

/** The models that a request names; an unknown name is an error with the nearest known one. */
function choose(
  workspace: Workspace,
  names: readonly string[],
  opening: readonly Diagnostic[],
): { readonly models: readonly ModelConfig[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = [...opening];
  if (names.length === 0) return { models: workspace.models, diagnostics };
  const known = workspace.models.map((m) => m.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    diagnostics.push(
      report("CW0082", undefined, {
        model: name,
        known: known.join(", ") || "none",
        fix: near === undefined ? "name one of them, or none for all" : `did you mean \`${near}\``,
      }),
    );
  }
  return { models: workspace.models.filter((m) => names.includes(m.name)), diagnostics };
}

/** Compiles and puts each product on disk, or says how it stands. A model with errors leaves its old product as it is. */
async function put(
  options: OpenOptions,
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
  const made: Compiled[] = [];
  progress({ kind: "models", models: models.map((m) => m.name) });
  for (const model of models) {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    const compiled = await compileModel({ host, root, model, pins: readPins(host, root, model) }, (phase) =>
      progress({ kind: "phase", model: model.name, phase }),
    );
    diagnostics.push(...compiled.diagnostics);
    const base = {
      name: model.name,
      out: model.out,
      package: compiled.built?.blueprint.package ?? identifier(model.name, "model"),
    };
    if (
      hasErrors(compiled.diagnostics) ||
      compiled.files.length === 0 ||
      hasErrors(diagnostics.filter((d) => d.place?.file === model.file && d.code.startsWith("CW00")))
    ) {
      built.push({ ...base, outcome: "failed", written: [], removed: [], unchanged: 0, drifted: [] });
      progress({ kind: "done", model: model.name, outcome: "failed" });
      continue;
    }
    const commit: CommitRequest = commitOf(compiled, root, options.toolVersion, choices);
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
    if (outcome === "written" || outcome === "unchanged") made.push(compiled);
    progress({ kind: "done", model: model.name, outcome });
  }
  if (!request.checkOnly && !signal.aborted) diagnostics.push(...completeLock({ host, root, compiled: made }));
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
