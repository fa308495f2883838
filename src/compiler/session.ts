import { configName, upwards } from "../config/config-file.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { statIfThere } from "../foundation/if-there.ts";
import { joinPath } from "../foundation/paths.ts";
import { build } from "./build.ts";
import { choose, shardOf } from "./choose.ts";
import { type Incremental, incremental } from "./incremental.ts";
import type { InitOptions, InitResult, OpenOptions, Session } from "./session-contract.ts";
import type { WatchOptions } from "./watch/contract.ts";

/**
 * Finds and reads the workspace; undefined, with errors, where that fails. Given a compiler that has built this workspace before, it
 * goes on from what that one knows. What reads YAML and compiles is loaded when it is needed.
 */
export async function openWorkspace(options: OpenOptions, given?: Incremental): Promise<Phase<Session | undefined>> {
  const { host, folder, progress } = options;
  const found = given ? { value: given.root, diagnostics: [] } : await findRoot(host, folder);
  if (found.value === undefined) return { value: undefined, diagnostics: found.diagnostics };
  const root = found.value;
  const phase = (model: string, name: string): void => progress({ kind: "phase", model, phase: name });
  const compiler = given ?? incremental({ host, root, isStored: options.isStored ?? false, phase });
  const facts = await compiler.models();
  if (!facts.isReadable) return { value: undefined, diagnostics: facts.diagnostics };
  const analysing = async () => {
    const { value } = await compiler.workspace();
    if (!value) throw new Error("the workspace was readable a moment ago");
    return (await import("./analysing-session.ts")).analysingSession(options, value, facts.diagnostics);
  };
  const session: Session = {
    root,
    async build(request) {
      const { models: chosen, diagnostics } = choose(facts.models, request.models, facts.diagnostics);
      let models = request.shard ? shardOf(chosen, request.shard) : chosen;
      if (request.since !== undefined) {
        const { affectedBy, changedSince } = await import("./since.ts");
        const changed = changedSince(host, root, request.since);
        if (!changed.value)
          return {
            value: { models: [], skipped: facts.models.map(({ name }) => name) },
            diagnostics: [...diagnostics, ...changed.diagnostics],
          };
        models = await affectedBy(compiler, models, changed.value);
      }
      return build(options, compiler, facts, request, models, diagnostics);
    },
    check: async (request) => (await analysing()).check(request),
    graph: async (request) => (await analysing()).graph(request),
    async buildGraph(request) {
      const { models, diagnostics } = choose(facts.models, request.models, facts.diagnostics);
      const said = [...diagnostics];
      for (const model of models) said.push(...(await compiler.product(model)).diagnostics);
      const { graphOfBuild } = await import("./graph/of-build.ts");
      const { value, diagnostics: more } = graphOfBuild(await compiler.graph(models), request.around);
      // What was compiled for it need not be compiled again.
      return { value, diagnostics: [...said, ...more, ...(compiler.store?.save() ?? [])] };
    },
    explain: async (request) => (await analysing()).explain(request),
    async whyRebuilt(file) {
      const { whyRebuilt } = await import("./explain/rebuilt.ts");
      return whyRebuilt({ host, compiler, file });
    },
    lock: async (request) => (await analysing()).lock(request),
    verify: async (request) => (await analysing()).verify(request),
    fmt: async (request) => (await analysing()).fmt(request),
  };
  return { value: session, diagnostics: [] };
}

/** Scans a folder without a crosswalk.yaml and writes one. */
export async function initWorkspace(options: InitOptions): Promise<Phase<InitResult | undefined>> {
  const { initWorkspace: init } = await import("./init.ts");
  return init(options);
}

/** Builds, and builds again whenever something changes, until the signal. */
export async function watchWorkspace(options: WatchOptions): Promise<readonly Diagnostic[]> {
  const { watchWorkspace: watch } = await import("./watch.ts");
  return watch(options, openWorkspace);
}

/** The folder of the root crosswalk.yaml. Where there is but one upwards of the folder, nothing has to be read to know it. */
async function findRoot(host: Host, folder: string): Promise<Phase<string | undefined>> {
  const [only, second] = upwards(folder).filter((at) => statIfThere(host, joinPath(at, configName)) !== undefined);
  if (only !== undefined && second === undefined) return { value: only, diagnostics: [] };
  const { findRoot: find } = await import("../config/find.ts");
  return find(host, folder);
}
