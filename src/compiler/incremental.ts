import type { Pin } from "../blueprint/requirements.ts";
import type { ModelConfig, Workspace } from "../config/project.ts";
import type { Phase } from "../diagnostics/diagnostic.ts";
import { createEngine } from "../engine/engine.ts";
import type { FoundProduct } from "../engine/products.ts";
import type { Action, ActionRecord, Changed, Known, Looked, Read } from "../engine/query.ts";
import type { RemoteCache } from "../engine/remote/contract.ts";
import { type FileStore, openStore } from "../engine/store/file-store.ts";
import { sourcesOf, type Why, whyLast } from "../engine/why.ts";
import type { Host } from "../foundation/host.ts";
import { lookingOnly } from "../foundation/host-looking.ts";
import { remembered } from "../foundation/remembered.ts";
import type { ReadNotebook } from "../notebook/notebook.ts";
import {
  declareActions,
  type ModelEntry,
  type ModelFacts,
  type ModelParams,
  type ModelProduct,
  type WorkspaceFacts,
} from "./actions/declared.ts";
import { loadBodies } from "./actions/load-bodies.ts";
import { edition } from "./edition.ts";
import type { BuildGraph } from "./graph/build-graph.ts";
import type { Compilation } from "./jobs/messages.ts";
import type { LockNeeds } from "./lock/needs.ts";
import { loading } from "./not-loaded.ts";
import type { OnDisk } from "./on-disk.ts";
import { ownerOf } from "./owner.ts";

/** The compiler as queries: what nothing has changed for is not computed again. */
export interface Incremental {
  /** Absolute folder of the root crosswalk.yaml. */
  readonly root: string;
  /** Everything that the workspace says. */
  workspace(): Promise<Phase<Workspace | undefined>>;
  /** The models it has, without loading what reads YAML where nothing has changed. */
  models(): Promise<WorkspaceFacts>;
  /** What the workspace says of one model. */
  config(model: ModelName): Promise<ModelConfig | undefined>;
  product(model: ModelName): Promise<SettledProduct>;
  /** What its making needs of crosswalk.lock. Costs least while its product is at hand. */
  needs(model: ModelName): Promise<LockNeeds | undefined>;
  /** What is known of a product without compiling anything; undefined where its model would be compiled. */
  known(model: ModelName): Promise<Known | undefined>;
  /** Lets go of files and notebooks that were read, where what was made of them is stored. */
  letGo(): void;
  /** Takes over what another thread compiled, if all that it looked at is the same here. Says whether it did. */
  adopt(model: ModelName, made: Compilation): Promise<boolean>;
  paramsOf(model: ModelName): ModelParams;
  /** Whether crosswalk.lock holds all that these models need. */
  isLocked(models: readonly ModelName[]): Promise<boolean>;
  /** Products that stand below these folders. */
  standing(folders: readonly string[]): Promise<readonly FoundProduct[]>;
  /** Takes over from a shared cache what others compiled of the same sources; gives the names of these models. */
  take(models: readonly ModelEntry[], shared: SharedCache, disk: OnDisk | undefined): Promise<readonly string[]>;
  /** Gives the models that were compiled in this run to a shared cache; gives the names of those that are there now. */
  give(models: readonly ModelEntry[], shared: SharedCache): Promise<readonly string[]>;
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
  /** Whether what an action gave is written down in crosswalk.lock, for all who work on the repository. */
  isPinned(of: Pick<ActionRecord, "kind" | "params">): boolean;
  /** Why models were compiled in this revision, by model: `new`, or the kind of the first thing that differs. Those that were not are missing. */
  compiled(): ReadonlyMap<string, string>;
  /** Files and folders that a product depends on, absolute, but for crosswalk.yaml. It must have been asked for. */
  sources(model: ModelName): readonly Read[];
  /** What the products of these models came of. They must have been asked for. */
  graph(models: readonly ModelEntry[]): Promise<BuildGraph>;
  /** What an action read when it was last run or found fresh. */
  reads(of: Pick<ActionRecord, "kind" | "params">): readonly Read[];
  /** Why a product was made anew the last time; looks at what is stored only. */
  why(model: ModelName): Why | undefined;
  /** The workspace as it was last seen; looks at what is stored only. */
  lastModels(): WorkspaceFacts | undefined;
  /** Where results outlive the process; undefined where they do not. */
  readonly store: FileStore | undefined;
}

export type ModelName = Pick<ModelConfig, "name" | "file">;

/** A shared cache, and the version of the tool whose results it holds. */
export interface SharedCache {
  readonly cache: RemoteCache;
  readonly toolVersion: string;
}

/** A product as a build needs it: its files are loaded when they are asked for. */
export interface SettledProduct extends ModelFacts {
  /** Digest of everything in it. */
  readonly digest: string;
  load(): Promise<ModelProduct>;
}

export interface IncrementalOptions {
  readonly host: Host;
  readonly root: string;
  /** Keep results under `.crosswalk/`; `read`: use what is kept there, and write nothing. */
  readonly isStored: boolean | "read";
  /** Called as a model that is compiled goes on. */
  readonly phase?: (model: string, name: string) => void;
}

export function incremental({ host, root, isStored, phase = () => {} }: IncrementalOptions): Incremental {
  const actions = declareActions((kind, all) => loadBodies(kind, host, all, phase));
  const store = isStored ? openStore(isStored === "read" ? lookingOnly(host) : host, root, edition) : undefined;
  const engine = createEngine({
    host,
    actions: Object.values(actions) as readonly Action<unknown, unknown>[],
    ...(store ? { store } : {}),
  });
  /** The actions ask for nothing that asks for them: there is no cycle to report. */
  const ask = <P, V>(action: Action<P, V>, params: P): Promise<V> =>
    loading(() => engine.query(action, params).value as V);
  const paramsOf = remembered(({ name, file }: ModelName): ModelParams => ({ root, file, name }));

  const sharing = () => import("./share-models.ts");

  return {
    root,
    store,
    take: async (models, shared, disk) => {
      const here = store && disk ? { host, outputs: store.outputs, disk } : undefined;
      return (await sharing()).takeModels({ engine, actions, root, ...shared }, models, here);
    },
    give: async (models, shared) => (await sharing()).giveModels({ engine, actions, root, ...shared }, models),
    workspace: () => ask(actions.workspace, root),
    models: () => ask(actions.models, root),
    config: (model) => ask(actions.config, paramsOf(model)),
    async product(model) {
      const params = paramsOf(model);
      const settled = await loading(() => engine.settle(actions.product, params).value);
      const facts = await ask(actions.facts, params);
      return { ...facts, digest: settled?.digest ?? "", load: () => ask(actions.product, params) };
    },
    needs: (model) => ask(actions.needs, paramsOf(model)),
    known: (model) => loading(() => engine.known(actions.product, paramsOf(model))),
    letGo() {
      if (store) engine.letGo(actions.notebook.kind);
    },
    adopt: (model, { reads, ...made }) =>
      loading(() => {
        const isSame = reads.every(({ kind, params, digest }) => engine.look(kind, params)?.digest === digest);
        return isSame && engine.adopt(actions.product, paramsOf(model), reads, made, "ran");
      }),
    paramsOf,
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
          return [[ownerOf(params as ModelParams), reason.code === "changed" ? reason.read.kind : reason.code]];
        }),
      ),
    sources: (model) => sourcesOf(engine, actions.product.kind, paramsOf(model), new Set([actions.workspace.kind])),
    async graph(models) {
      const { buildGraph } = await import("./graph/build-graph.ts");
      const products = models.map((model) => ({ kind: actions.product.kind, params: paramsOf(model), out: model.out }));
      return buildGraph({ known: engine, root, products });
    },
    isPinned: ({ kind, params }) =>
      kind === actions.pin.kind && (engine.traces(kind, params)[0]?.value as Pin | undefined)?.from === "lock",
    reads: ({ kind, params }) => engine.traces(kind, params)[0]?.reads ?? [],
    why: (model) => whyLast(engine, actions.product.kind, paramsOf(model)),
    lastModels: () => engine.traces(actions.models.kind, root)[0]?.value as WorkspaceFacts | undefined,
  };
}
