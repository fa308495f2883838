import { loadWorkspace } from "../../config/load.ts";
import type { ModelConfig, Workspace } from "../../config/project.ts";
import { placeOfKey, placeOfTree, type Tree } from "../../config/yaml-tree.ts";
import { readerHost } from "../../engine/reader-host.ts";
import type { Host } from "../../foundation/host.ts";
import { knownTargets } from "../known-targets.ts";
import { localModulesIn } from "../local-modules.ts";
import { lockProblems } from "../lock.ts";
import { readPins } from "../pins.ts";
import { checkTargetOptions } from "../schema.ts";
import type { Actions, Bodies, ModelEntry, ModelParams } from "./declared.ts";

type WorkspaceBodies = Pick<
  Bodies,
  "workspace" | "models" | "configFiles" | "config" | "settings" | "configPlaces" | "beside" | "pins" | "pin"
>;

/** What reads crosswalk.yaml and the versions that a repository states. */
export function workspaceBodies(host: Host, actions: Actions): WorkspaceBodies {
  return {
    workspace: {
      compute: (folder, read) => loadWorkspace(readerHost(host, read), folder),
      canonical: ({ value, diagnostics }) => ({
        root: value?.root,
        files: value?.files,
        models: value?.models.map((model) => [plain(model), places(model.source)]),
        cache: value?.cache,
        diagnostics,
      }),
    },
    models: {
      compute(root, read) {
        const { value, diagnostics } = read.get(actions.workspace, root);
        if (!value) return { isReadable: false, diagnostics, files: [], models: [], cache: undefined };
        const more = [...checkTargetOptions(value, knownTargets), ...lockProblems(readerHost(host, read), root)];
        const { files = [], models, cache } = value;
        return { isReadable: true, diagnostics: [...diagnostics, ...more], files, models: models.map(entryOf), cache };
      },
    },
    configFiles: { compute: (root, read) => read.get(actions.workspace, root).value?.files ?? [] },
    config: {
      compute: (params, read) => named(read.get(actions.workspace, params.root).value, params),
      canonical: plain,
    },
    settings: { compute: (params, read) => plain(named(read.get(actions.workspace, params.root).value, params)) },
    configPlaces: {
      // Not by way of `config`, which is the same wherever it is written.
      compute: (params, read) => places(named(read.get(actions.workspace, params.root).value, params)?.source),
    },
    beside: { compute: ({ root, folder }, read) => localModulesIn(readerHost(host, read), root, folder) },
    pins: { compute: ({ root, folder }, read) => readPins(readerHost(host, read), root, { folder }) },
    pin: {
      compute: ({ root, folder, name }, read) => read.get(actions.pins, { root, folder }).get(name),
      // Where a version is written says nothing more: a build that writes it into crosswalk.lock leaves all as it was.
      canonical: (pin) => pin?.specifier,
    },
  };
}

function entryOf(model: ModelConfig): ModelEntry {
  const { name, file, folder, owner, risk, notebooks, out } = model;
  return { name, file, folder, owner, risk, notebooks, out, outPlace: model.place("out") };
}

function named(workspace: Workspace | undefined, { file, name }: ModelParams): ModelConfig | undefined {
  return workspace?.models.find((one) => one.name === name && one.file === file);
}

/** What is said, without where. */
function plain(model: ModelConfig | undefined): unknown {
  if (!model) return undefined;
  const { place: _, source, ...settings } = model;
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
