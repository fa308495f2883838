import { loadWorkspace } from "../../config/load.ts";
import type { ModelConfig, Workspace } from "../../config/project.ts";
import { placeOfKey, placeOfTree, type Tree } from "../../config/yaml-tree.ts";
import type { Phase } from "../../diagnostics/diagnostic.ts";
import type { Action } from "../../engine/query.ts";
import { readerHost } from "../../engine/reader-host.ts";
import type { Host } from "../../foundation/host.ts";

/** A model of the workspace that a folder lies in. */
export interface ModelParams {
  /** Absolute folder of the root crosswalk.yaml. */
  readonly root: string;
  /** The crosswalk.yaml that declares the model, relative to the root. */
  readonly file: string;
  readonly name: string;
}

export interface ConfigActions {
  /** Everything that every crosswalk.yaml says. Params: the folder where the search begins. */
  readonly workspace: Action<string, Phase<Workspace | undefined>>;
  /** What they say of one model, wherever it is written. */
  readonly model: Action<ModelParams, ModelConfig | undefined>;
  /** Paths of all files of the workspace's configuration. */
  readonly files: Action<string, readonly string[]>;
  /** Where each of its keys is written: only who shows a place there depends on it. */
  readonly places: Action<ModelParams, readonly unknown[]>;
}

/** The actions that read crosswalk.yaml, over one host. */
export function configActions(host: Host): ConfigActions {
  const workspace: ConfigActions["workspace"] = {
    kind: "workspace",
    version: 1,
    kept: "memory",
    compute: (folder, read) => loadWorkspace(readerHost(host, read), folder),
    canonical: ({ value, diagnostics }) => ({
      root: value?.root,
      files: value?.files,
      models: value?.models.map((model) => [plain(model), places(model.source)]),
      diagnostics,
    }),
  };
  const model: ConfigActions["model"] = {
    kind: "model-config",
    version: 1,
    kept: "memory",
    compute: (params, read) => named(read.get(workspace, params.root).value, params),
    canonical: (found) => found && plain(found),
  };
  const files: ConfigActions["files"] = {
    kind: "config-files",
    version: 1,
    compute: (root, read) => read.get(workspace, root).value?.files ?? [],
  };
  const placesOf: ConfigActions["places"] = {
    kind: "model-places",
    version: 1,
    // Not by way of `model`, which is the same wherever it is written.
    compute: (params, read) => places(named(read.get(workspace, params.root).value, params)?.source),
  };
  return { workspace, model, files, places: placesOf };
}

function named(workspace: Workspace | undefined, { file, name }: ModelParams): ModelConfig | undefined {
  return workspace?.models.find((one) => one.name === name && one.file === file);
}

/** What is said, without where. */
function plain({ place: _, source, ...settings }: ModelConfig): unknown {
  return { ...settings, source: written(source) };
}

function written(tree: Tree | undefined): unknown {
  if (!tree) return undefined;
  if (tree.kind === "scalar") return [tree.file.path, tree.value, tree.plain, tree.inexact, textOfScalar(tree)];
  if (tree.kind === "list") return [tree.file.path, tree.items.map(written)];
  return [tree.file.path, [...tree.entries].map(([key, entry]) => [key, entry.file.path, written(entry.value)])];
}

/** `1.0` is not `1`: how a value is written counts. */
function textOfScalar({ file, span }: Tree): string {
  return file.text.slice(span.start, span.end);
}

function places(tree: Tree | undefined): readonly unknown[] {
  if (!tree) return [];
  const own = placeOfTree(tree);
  if (tree.kind === "scalar") return [own];
  if (tree.kind === "list") return [own, ...tree.items.map(places)];
  return [own, ...[...tree.entries.values()].map((entry) => [placeOfKey(entry), places(entry.value)])];
}
