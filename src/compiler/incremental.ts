import type { ModelConfig, Workspace } from "../config/project.ts";
import type { Phase } from "../diagnostics/diagnostic.ts";
import { createEngine } from "../engine/engine.ts";
import type { Action, ActionRecord } from "../engine/query.ts";
import type { TraceStore } from "../engine/traces.ts";
import type { Host } from "../foundation/host.ts";
import { initPython } from "../python/engine.ts";
import { parseModule } from "../python/parse.ts";
import { type ModelProduct, modelAction } from "./actions/model.ts";
import { notebookAction, runOrderAction } from "./actions/notebook.ts";
import { placedNow } from "./actions/places.ts";
import { configActions } from "./actions/workspace.ts";
import { NotLoaded } from "./compile.ts";
import { layOut, loadFormatter } from "./format.ts";
import { memoised } from "./memo.ts";

/** The compiler as queries: what nothing has changed for is not computed again. */
export interface Incremental {
  /** The workspace that a folder lies in. */
  workspace(folder: string): Phase<Workspace | undefined>;
  product(root: string, model: ModelConfig): Promise<ModelProduct>;
  /** Files may have changed since: begins a new revision. */
  refresh(): void;
  /** How every action of this revision ended. */
  records(): readonly ActionRecord[];
}

export interface IncrementalOptions {
  readonly host: Host;
  readonly store?: TraceStore;
  /** Called as a model that is compiled goes on. */
  readonly phase?: (model: string, name: string) => void;
}

export function incremental({ host, store, phase = () => {} }: IncrementalOptions): Incremental {
  const config = configActions(host);
  const tools = { parse: memoised(parseModule), layOut: memoised(layOut) };
  const model = modelAction(host, config, tools, phase);
  const actions = [...Object.values(config), model, notebookAction, runOrderAction] as readonly Action<
    unknown,
    unknown
  >[];
  const engine = createEngine({ host, actions, ...(store ? { store } : {}) });
  /** The actions ask for nothing that asks for them: there is no cycle to report. */
  const ask = <P, V>(action: Action<P, V>, params: P): V => engine.query(action, params).value as V;

  return {
    workspace: (folder) => ask(config.workspace, folder),
    async product(root, { name, file }) {
      const params = { root, file, name };
      if (!engine.isFresh(model, params)) await Promise.all([initPython(host), loadFormatter()]);
      const made = await loading(() => ask(model, params));
      if (!made) throw new Error(`${file} declares no model ${name}`);
      return { ...made, diagnostics: placedNow(made.diagnostics, (path) => ask(notebookAction, { root, path })) };
    },
    refresh: engine.refresh,
    records: engine.records,
  };
}

/** Asks again after loading what was not loaded. */
async function loading<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      await error.load();
    }
  }
}
