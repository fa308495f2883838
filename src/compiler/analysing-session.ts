import type { ModelConfig, Workspace } from "../config/project.ts";
import { type Diagnostic, hasErrors, type Phase } from "../diagnostics/diagnostic.ts";
import { choose } from "./choose.ts";
import { type Compiled, compileModel } from "./compile.ts";
import { lock } from "./lock.ts";
import { readPins } from "./pins.ts";
import type { ModelRequest, OpenOptions, Session } from "./session-contract.ts";

/** Everything but `build`: what needs each model as it is analysed. */
export function analysingSession(
  options: OpenOptions,
  workspace: Workspace,
  opening: readonly Diagnostic[],
): Omit<Session, "build" | "root" | "buildGraph" | "whyRebuilt"> {
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
  const chosen = (request: ModelRequest) => choose(workspace.models, request.models, opening);
  const found = async (request: ModelRequest): Promise<Phase<readonly Compiled[]>> => {
    const { models, diagnostics } = chosen(request);
    const value = await compile(models);
    return { value, diagnostics: [...diagnostics, ...value.flatMap((c) => c.diagnostics)] };
  };
  return {
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
