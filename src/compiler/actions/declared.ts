import type { Pin } from "../../blueprint/requirements.ts";
import type { CacheConfig, ModelConfig, Workspace } from "../../config/project.ts";
import type { Diagnostic, Phase, Place } from "../../diagnostics/diagnostic.ts";
import type { FoundProduct } from "../../engine/products.ts";
import type { Action, Reader } from "../../engine/query.ts";
import type { ReadNotebook } from "../../notebook/notebook.ts";
import type { LockNeeds } from "../lock/needs.ts";
import { NotLoaded } from "../not-loaded.ts";

/**
 * The compiler's queries by name, version and what they take and give. What they do is loaded when the first of them has to run: a build
 * that finds everything as it was loads no parser, no grammar and no YAML.
 */
export interface Actions {
  /** Everything that every crosswalk.yaml says. Params: the folder of the root one. */
  readonly workspace: Action<string, Phase<Workspace | undefined>>;
  /** The models of the workspace, and what is to be said before they are built. */
  readonly models: Action<string, WorkspaceFacts>;
  /** Paths of all files of the workspace's configuration. */
  readonly configFiles: Action<string, readonly string[]>;
  /** What they say of one model, wherever it is written. */
  readonly config: Action<ModelParams, ModelConfig | undefined>;
  /** The same as plain data, so that what has changed can be shown. */
  readonly settings: Action<ModelParams, unknown>;
  /** Where each of its keys is written: only who shows a place there depends on it. */
  readonly configPlaces: Action<ModelParams, readonly unknown[]>;
  readonly notebook: Action<FileParams, ReadNotebook | undefined>;
  /** Its cells as plain data; equal where the same of them counts. */
  readonly cells: Action<FileParams, readonly CellText[] | undefined>;
  /** Statements as they are laid out, with the comments in them and right above them: what products take over. */
  readonly layout: Action<LayoutParams, readonly CellLayout[]>;
  /** The order in which the cells of a notebook were run, as far as anyone can tell a difference by it. */
  readonly runOrder: Action<FileParams, { readonly missing: readonly number[]; readonly counts: unknown }>;
  /** What the repository says of versions, for a folder of the workspace. */
  readonly pins: Action<FolderParams, ReadonlyMap<string, Pin>>;
  /** What it says of one distribution. */
  readonly pin: Action<FolderParams & { readonly name: string }, Pin | undefined>;
  /** Names that `import` finds in a folder of notebooks, and what is said of one that cannot be followed. */
  readonly beside: Action<FolderParams, ReadonlyMap<string, string>>;
  readonly product: Action<ModelParams, ModelProduct>;
  /** What a build says and needs of a product that it need not write. */
  readonly facts: Action<ModelParams, ModelFacts>;
  /** What a product needs of crosswalk.lock: most edits leave it as it is. */
  readonly needs: Action<ModelParams, LockNeeds | undefined>;
  /** Whether crosswalk.lock holds all that these models need. */
  readonly lock: Action<{ readonly root: string; readonly models: readonly ModelParams[] }, boolean>;
  /** Products that stand below these folders, with their owners. */
  readonly standing: Action<{ readonly root: string; readonly folders: readonly string[] }, readonly FoundProduct[]>;
}

/** A model of a workspace. */
export interface ModelParams {
  /** Absolute folder of the root crosswalk.yaml. */
  readonly root: string;
  /** The crosswalk.yaml that declares the model, relative to the root. */
  readonly file: string;
  readonly name: string;
}

/** A file of a workspace, by its path relative to the root. */
export interface FileParams {
  readonly root: string;
  readonly path: string;
}

export interface LayoutParams extends FileParams {
  /** By the numbers of their cells. */
  readonly cells: readonly (readonly [cell: number, lines: CellLines])[];
}

/** Statements of a cell by their first and last logical lines, counted from 0, some with the comments above; or all that stands in the cell. */
export type CellLines = "all" | readonly StatementLines[];

export type StatementLines = readonly [first: number, last: number, above?: "above"];

export interface FolderParams {
  readonly root: string;
  readonly folder: string;
}

/** A cell as it can be shown. */
export interface CellText {
  readonly id: string;
  readonly kind: string;
  /** Without its blank end. */
  readonly source: string;
  readonly tags: readonly string[];
  readonly title: string | undefined;
  /** Digest of all that products depend on wherever they keep nothing of its layout; missing where that is nothing. */
  readonly counts?: string;
}

export interface CellLayout {
  /** Its number. */
  readonly cell: number;
  readonly texts: readonly string[];
}

/** A place that is found again in a notebook whose comments and blanks are others. */
export interface KeptPlace extends Place {
  /** How many characters that count stand in its cell before its first one, and up to behind its last one. */
  readonly marks?: readonly [number, number];
}

export interface KeptDiagnostic extends Diagnostic {
  readonly place?: KeptPlace;
  readonly related: readonly { readonly message: string; readonly place: KeptPlace }[];
}

/** What is known of a workspace before any model is compiled. Plain data. */
export interface WorkspaceFacts {
  /** False where crosswalk.yaml cannot be read at all. */
  readonly isReadable: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Every crosswalk.yaml that was read. */
  readonly files: readonly string[];
  readonly models: readonly ModelEntry[];
  /** Where compiled models are shared. */
  readonly cache: CacheConfig | undefined;
}

/** A model as the workspace declares it. */
export interface ModelEntry {
  readonly name: string;
  readonly file: string;
  /** Folder of its crosswalk.yaml. */
  readonly folder: string;
  readonly owner: string | undefined;
  readonly risk: string | undefined;
  readonly notebooks: readonly string[];
  readonly out: string;
  readonly outPlace: Diagnostic["place"];
}

/** One file of a product, ready to be written. */
export interface ProductFile {
  /** Relative to the product folder. */
  readonly path: string;
  readonly text: string;
  readonly origins: readonly { readonly notebook: string; readonly cellId: string }[];
}

/** What a build needs to know of a compiled model. Plain data. */
export interface ModelProduct {
  /** Name of the Python package. */
  readonly package: string;
  /** None where there are errors. */
  readonly files: readonly ProductFile[];
  /** With their places as they were when it was compiled. */
  readonly diagnostics: readonly KeptDiagnostic[];
  /** Paths of the notebooks, in the order in which they run. */
  readonly notebooks: readonly string[];
  readonly lock: LockNeeds | undefined;
}

/** A product without its files. */
export interface ModelFacts {
  readonly package: string;
  /** How many files it has. */
  readonly files: number;
  /** At their places in the notebooks as they are now. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What an action does. */
export interface Body<P, V> {
  compute(params: P, read: Reader): V;
  canonical?(value: V): unknown;
}

export type Bodies = {
  readonly [K in keyof Actions]: Actions[K] extends Action<infer P, infer V> ? Body<P, V> : never;
};

/** The version of each kind is raised by hand whenever it gives something else for the same reads. */
const versions: { readonly [K in keyof Actions]: number } = {
  workspace: 2,
  models: 2,
  configFiles: 1,
  config: 1,
  settings: 1,
  configPlaces: 1,
  notebook: 7,
  cells: 6,
  layout: 2,
  runOrder: 1,
  pins: 1,
  pin: 1,
  beside: 1,
  product: 12,
  facts: 6,
  needs: 1,
  lock: 1,
  standing: 1,
};

/** Those whose values are no plain data, and those that a build asks for which has nothing to do. */
const kept: { readonly [K in keyof Actions]?: "memory" | "near" } = {
  workspace: "memory",
  config: "memory",
  notebook: "memory",
  models: "near",
  facts: "near",
  lock: "near",
  standing: "near",
};

/** The actions; `load` gives what those of a kind do, and maybe of others. */
export function declareActions(load: (kind: keyof Actions, actions: Actions) => Promise<Partial<Bodies>>): Actions {
  let bodies: Partial<Bodies> = {};
  const body = (kind: keyof Actions): Body<unknown, unknown> => {
    const found = bodies[kind];
    if (found) return found as Body<unknown, unknown>;
    throw new NotLoaded(`what "${kind}" does`, async () => {
      bodies = { ...bodies, ...(await load(kind, actions)) };
      if (!bodies[kind]) throw new Error(`nothing says what "${kind}" does`);
    });
  };
  const declared = Object.entries(versions).map(([name, version]): [string, Action<unknown, unknown>] => {
    const kind = name as keyof Actions;
    const canonical = (value: unknown): unknown => {
      const of = body(kind);
      return of.canonical ? of.canonical(value) : value;
    };
    const compute = (params: unknown, read: Reader): unknown => body(kind).compute(params, read);
    return [kind, { kind, version, compute, canonical, ...(kept[kind] ? { kept: kept[kind] } : {}) }];
  });
  const actions = Object.fromEntries(declared) as unknown as Actions;
  return actions;
}
