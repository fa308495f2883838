import type { ModelConfig, Workspace } from "../config/project.ts";
import type { Phase } from "../diagnostics/diagnostic.ts";
import { createEngine } from "../engine/engine.ts";
import type { Action, ActionRecord, Changed, Looked, Read } from "../engine/query.ts";
import type { RemoteCache } from "../engine/remote/contract.ts";
import { type FileStore, openStore } from "../engine/store/file-store.ts";
import { sourcesOf, type Why, whyLast } from "../engine/why.ts";
import type { Host } from "../foundation/host.ts";
import type { ReadNotebook } from "../notebook/notebook.ts";
import {
  type Actions,
  type Bodies,
  declareActions,
  type ModelFacts,
  type ModelParams,
  type ModelProduct,
  type StandingProduct,
  type WorkspaceFacts,
} from "./actions/declared.ts";
import { edition } from "./edition.ts";
import { loading } from "./not-loaded.ts";

/** The compiler as queries: what nothing has changed for is not computed again. */
export interface Incremental {
  /** Absolute folder of the root crosswalk.yaml. */
  readonly root: string;
  /** Everything that the workspace says. */
  workspace(): Promise<Phase<Workspace | undefined>>;
  /** The models it has, without loading what reads YAML where nothing has changed. */
  models(): Promise<WorkspaceFacts>;
  product(model: ModelName): Promise<SettledProduct>;
  /** Whether crosswalk.lock holds all that these models need. */
  isLocked(models: readonly ModelName[]): Promise<boolean>;
  /** Products that stand below these folders. */
  standing(folders: readonly string[]): Promise<readonly StandingProduct[]>;
  /** Takes over from a shared cache what others compiled of the same sources; gives the names of these models. */
  take(models: readonly ModelName[], shared: SharedCache): Promise<readonly string[]>;
  /** Gives the models that were compiled in this run to a shared cache; gives the names of those that are there now. */
  give(models: readonly ModelName[], shared: SharedCache): Promise<readonly string[]>;
  /** Files may have changed since: begins a new revision. */
  refresh(): void;
  /** Looks again at what was looked at, everywhere or at these paths. Gives what differs, as it was seen before. */
  lookAgain(changed?: Changed): readonly Looked[];
  /** The files and folders that were looked at since the last `refresh`; not all of them where results are stored. */
  looked(): readonly Looked[];
  /** A notebook by its path relative to the root, as the compiler read it. */
  notebook(path: string): Promise<ReadNotebook | undefined>;
  /** How every action of this revision ended. */
  records(): readonly ActionRecord[];
  /** Why models were compiled in this revision, by model: `new`, or the kind of the first thing that differs. Those that were not are missing. */
  compiled(): ReadonlyMap<string, string>;
  /** Files and folders that a product depends on, absolute, but for crosswalk.yaml. It must have been asked for. */
  sources(model: ModelName): readonly Read[];
  /** Why a product was made anew the last time; looks at what is stored only. */
  why(model: ModelName): Why | undefined;
  /** The workspace as it was last seen; looks at what is stored only. */
  lastModels(): WorkspaceFacts | undefined;
  /** Where results outlive the process; undefined where they do not. */
  readonly store: FileStore | undefined;
}

export type ModelName = Pick<ModelConfig, "name" | "file">;

/** A shared cache, and the tool whose results it holds. */
export interface SharedCache {
  readonly cache: RemoteCache;
  readonly tool: string;
}

/** A product as a build needs it: its files are loaded when they are asked for. */
export interface SettledProduct extends ModelFacts {
  /** Digest of everything in it. */
  readonly digest: string;
  load(): Promise<ModelProduct>;
}

/** Names a model among those of all files of a workspace. */
export function keyOf({ name, file }: ModelName): string {
  return `${file}#${name}`;
}

export interface IncrementalOptions {
  readonly host: Host;
  readonly root: string;
  /** Keep results under `.crosswalk/`. */
  readonly isStored: boolean;
  /** Called as a model that is compiled goes on. */
  readonly phase?: (model: string, name: string) => void;
}

export function incremental({ host, root, isStored, phase = () => {} }: IncrementalOptions): Incremental {
  const actions = declareActions((kind, all) => loadBodies(kind, host, all, phase));
  const store = isStored ? openStore(host, root, edition) : undefined;
  const engine = createEngine({
    host,
    actions: Object.values(actions) as readonly Action<unknown, unknown>[],
    ...(store ? { store } : {}),
  });
  /** The actions ask for nothing that asks for them: there is no cycle to report. */
  const ask = <P, V>(action: Action<P, V>, params: P): Promise<V> =>
    loading(() => engine.query(action, params).value as V);
  const paramsOf = ({ name, file }: ModelName): ModelParams => ({ root, file, name });

  const share = (models: readonly ModelName[], { cache, tool }: SharedCache, direction: "take" | "give") =>
    import("./share-models.ts").then(({ giveModels, takeModels }) => {
      const work = direction === "take" ? takeModels : giveModels;
      return work({ engine, action: actions.product, cache, tool, root }, models.map(paramsOf));
    });

  return {
    root,
    store,
    take: (models, shared) => share(models, shared, "take"),
    give: (models, shared) => share(models, shared, "give"),
    workspace: () => ask(actions.workspace, root),
    models: () => ask(actions.models, root),
    async product(model) {
      const params = paramsOf(model);
      const settled = await loading(() => engine.settle(actions.product, params).value);
      const facts = await ask(actions.facts, params);
      return { ...facts, digest: settled?.digest ?? "", load: () => ask(actions.product, params) };
    },
    isLocked: (models) => ask(actions.lock, { root, models: models.map(paramsOf) }),
    standing: (folders) => ask(actions.standing, { root, folders }),
    refresh: engine.refresh,
    lookAgain: engine.lookAgain,
    looked: engine.looked,
    notebook: (path) => ask(actions.notebook, { root, path }),
    records: engine.records,
    compiled: () =>
      new Map(
        engine.ran().flatMap(({ kind, params, reason }): [string, string][] => {
          if (kind !== actions.product.kind || !reason) return [];
          return [[keyOf(params as ModelParams), reason.code === "changed" ? reason.read.kind : reason.code]];
        }),
      ),
    sources: (model) => sourcesOf(engine, actions.product.kind, paramsOf(model), new Set([actions.workspace.kind])),
    why: (model) => whyLast(engine, actions.product.kind, paramsOf(model)),
    lastModels: () => engine.traces(actions.models.kind, root)[0]?.value as WorkspaceFacts | undefined,
  };
}

const workspaceKinds: ReadonlySet<keyof Actions> = new Set([
  "workspace",
  "models",
  "configFiles",
  "config",
  "settings",
  "configPlaces",
  "beside",
  "pins",
  "pin",
]);

/** Loads what an action does: reading YAML, reading notebooks, or all of the compiler. */
async function loadBodies(
  kind: keyof Actions,
  host: Host,
  actions: Actions,
  phase: (model: string, name: string) => void,
): Promise<Partial<Bodies>> {
  if (workspaceKinds.has(kind)) return (await import("./actions/workspace.ts")).workspaceBodies(host, actions);
  if (kind === "notebook" || kind === "cells" || kind === "runOrder")
    return (await import("./actions/notebook.ts")).notebookBodies(actions);
  if (kind !== "product") return (await import("./actions/facts.ts")).factBodies(host, actions);
  return (await import("./actions/load-product.ts")).loadProductBodies(host, actions, phase);
}
