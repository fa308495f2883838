import type { ModelConfig, Workspace } from "../config/project.ts";
import { report } from "../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors, type Phase } from "../diagnostics/diagnostic.ts";
import { nearest } from "../foundation/nearest.ts";
import { build } from "./build.ts";
import { type Compiled, compileModel } from "./compile.ts";
import { type Incremental, incremental } from "./incremental.ts";
import { knownTargets } from "./known-targets.ts";
import { lock, lockProblems } from "./lock.ts";
import { readPins } from "./pins.ts";
import { checkTargetOptions } from "./schema.ts";
import type { InitOptions, InitResult, ModelRequest, OpenOptions, Session } from "./session-contract.ts";

/** Finds and reads the workspace; undefined, with errors, where that fails. */
export async function openWorkspace(
  options: OpenOptions,
  compiler: Incremental = incremental({
    host: options.host,
    phase: (model, phase) => options.progress({ kind: "phase", model, phase }),
  }),
): Promise<Phase<Session | undefined>> {
  const { host, folder } = options;
  const loaded = compiler.workspace(folder);
  if (!loaded.value) return { value: undefined, diagnostics: loaded.diagnostics };
  const diagnostics = [
    ...loaded.diagnostics,
    ...checkTargetOptions(loaded.value, knownTargets),
    ...lockProblems(host, loaded.value.root),
  ];
  return { value: session(options, compiler, loaded.value, diagnostics), diagnostics: [] };
}

/** Scans a folder without a crosswalk.yaml and writes one. */
export async function initWorkspace(options: InitOptions): Promise<Phase<InitResult | undefined>> {
  const { initWorkspace: init } = await import("./init.ts");
  return init(options);
}

function session(
  options: OpenOptions,
  compiler: Incremental,
  workspace: Workspace,
  opening: readonly Diagnostic[],
): Session {
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
      return build(options, compiler, workspace, request, models, diagnostics);
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
