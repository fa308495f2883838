import { report } from "../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors, type Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { statIfThere } from "../foundation/if-there.ts";
import { sorted } from "../foundation/order.ts";
import { joinPath } from "../foundation/paths.ts";
import { cacheOf, checkCache } from "./cache.ts";
import { checkShape } from "./check-shape.ts";
import { configName } from "./config-file.ts";
import { checkSettings } from "./file-laws.ts";
import { findRoot, readConfig } from "./find.ts";
import { expandPattern } from "./glob.ts";
import { inherit } from "./inherit.ts";
import { modelOf } from "./model.ts";
import { checkModels } from "./model-laws.ts";
import type { Workspace } from "./project.ts";
import { projectShape } from "./project-shape.ts";
import { child, itemsOf, type MapTree, placeOfKey, placeOfTree, type Tree, textOf } from "./yaml-tree.ts";

/**
 * The workspace that the folder (or file) `from` lies in. undefined when there is no crosswalk.yaml or its text cannot be read;
 * otherwise the models that are sound: one with an error of its own, or in a file with an error, is left out.
 */
export function loadWorkspace(host: Host, from: string): Phase<Workspace | undefined> {
  const found = findRoot(host, from);
  const root = found.value;
  if (root === undefined) return { value: undefined, diagnostics: found.diagnostics };
  const rootFile = readFile(host, root, configName);
  if (!rootFile.value) return { value: undefined, diagnostics: rootFile.diagnostics };
  const workspace = child(rootFile.value, "workspace");
  const members = workspace ? readMembers(host, root, workspace) : { value: [], diagnostics: [] };
  const files = [rootFile.value.file.path, ...members.value.map((member) => member.value.file.path)];
  const diagnostics = beyond(rootFile.diagnostics, members.diagnostics);
  const blocks: readonly MapTree[] = hasErrors(rootFile.diagnostics)
    ? []
    : workspace
      ? members.value.flatMap(({ value, sound }) => (sound ? blocksOf(value, rootFile.value) : []))
      : blocksOf(rootFile.value, undefined);
  const judged = checkModels(host, root, blocks.map(modelOf));
  const cache = hasErrors(rootFile.diagnostics) ? undefined : cacheOf(rootFile.value);
  return {
    value: { root, models: judged.sound, files, ...(cache ? { cache } : {}) },
    diagnostics: once([...diagnostics, ...judged.diagnostics]),
  };
}

/** Judges one file by itself: its form and what can be said without looking at other files. */
function readFile(host: Host, root: string, path: string): Phase<MapTree | undefined> {
  const read = readConfig(host, root, path);
  if (read.value === undefined) return { value: undefined, diagnostics: read.diagnostics };
  const form = [...read.diagnostics, ...checkShape(projectShape, read.value)];
  if (read.value.kind !== "map") return { value: undefined, diagnostics: form };
  const settings = [read.value, ...itemsOf(child(read.value, "models")).filter(isMap)];
  const laws = [...settings.flatMap(checkSettings), ...checkCache(read.value, path === configName)];
  return { value: read.value, diagnostics: beyond(form, laws) };
}

interface Member {
  readonly value: MapTree;
  readonly sound: boolean;
}

function readMembers(host: Host, root: string, workspace: Tree): Phase<readonly Member[]> {
  const diagnostics: Diagnostic[] = [];
  const folders = new Set<string>();
  for (const item of itemsOf(workspace)) {
    const pattern = textOf(item);
    // A pattern of a wrong form is already reported, and could lead out of the workspace.
    if (pattern === undefined || pattern.startsWith("/") || pattern.split("/").includes("..")) continue;
    const named = expandPattern(host, root, pattern);
    const found = named.filter((folder) => statIfThere(host, joinPath(root, folder, configName)) !== undefined);
    if (found.length === 0) {
      const fix = named[0]
        ? `run \`crosswalk init\` in ${named[0]}, or correct the pattern`
        : "correct the pattern; `models/*` is every folder in models, `models/**` every folder below it";
      diagnostics.push(report("CW0037", placeOfTree(item), { pattern, fix }));
    }
    for (const folder of found) folders.add(folder);
  }
  const members = sorted(folders).flatMap((folder): Member[] => {
    const read = readFile(host, root, joinPath(folder, configName));
    diagnostics.push(...read.diagnostics);
    if (!read.value) return [];
    const nested = read.value.entries.get("workspace");
    if (nested) diagnostics.push(report("CW0038", placeOfKey(nested), { root: configName }));
    return [{ value: read.value, sound: !nested && !hasErrors(read.diagnostics) }];
  });
  return { value: members, diagnostics };
}

/** The model blocks of one file, with what the files above say as defaults. */
function blocksOf(file: MapTree, defaults: MapTree | undefined): readonly MapTree[] {
  const models = child(file, "models");
  if (!models) return [inherit(defaults, file)];
  const shared = inherit(defaults, file);
  return itemsOf(models)
    .filter(isMap)
    .map((block) => inherit(shared, block));
}

function isMap(tree: Tree): tree is MapTree {
  return tree.kind === "map";
}

/** What is already wrong by its form is not judged a second time. */
function beyond(form: readonly Diagnostic[], laws: readonly Diagnostic[]): readonly Diagnostic[] {
  const spot = ({ place }: Diagnostic): string => `${place?.file}:${place?.line}:${place?.column}`;
  const spots = new Set(form.map(spot));
  return [...form, ...laws.filter((law) => !spots.has(spot(law)))];
}

/** A default that several models share is reported once. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const { file, line, column } = diagnostic.place ?? { file: "", line: 0, column: 0 };
    const key = `${diagnostic.code}\n${file}\n${line}\n${column}\n${diagnostic.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
