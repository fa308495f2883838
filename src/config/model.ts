import { joinPath } from "../foundation/paths.ts";
import { isAddress } from "./file-laws.ts";
import { overlay, overlayBinding } from "./inherit.ts";
import type { DataBinding, EnvironmentConfig, Json, ModelConfig, TargetChoice } from "./project.ts";
import {
  child,
  entriesOf,
  itemsOf,
  type MapTree,
  placeAt,
  placeOfEntry,
  placeOfTree,
  type Tree,
  textOf,
  toJson,
} from "./yaml-tree.ts";

/** A checked model block, defaults already inherited, as the rest of Crosswalk reads it. */
export function modelOf(settings: MapTree): ModelConfig {
  const { path: file, folder } = settings.file;
  const name = textOf(child(settings, "model")) ?? "";
  const owner = textOf(child(settings, "owner"));
  const risk = textOf(child(settings, "risk"));
  const out = child(settings, "out");
  const start = settings.entries.get("model");
  const startPlace = start ? placeOfEntry(start) : placeOfTree(settings);
  return {
    name,
    file,
    folder,
    ...(owner === undefined ? {} : { owner }),
    ...(risk === undefined ? {} : { risk }),
    notebooks: texts(child(settings, "notebooks")).map((path) => joinPath(folder, path)),
    out: joinPath(out?.file.folder ?? folder, textOf(out) ?? "production", name),
    python: textOf(child(settings, "python"))?.trim() ?? ">=3.11",
    dependencies: texts(child(settings, "dependencies")),
    data: record(child(settings, "data"), bindingOf),
    params: record(child(settings, "params"), toJson),
    targets: targetsOf(child(settings, "targets")),
    checks: record(child(settings, "checks"), (value) => textOf(value) as "off" | "note" | "warning"),
    environments: record(child(settings, "environments"), (value) => environmentOf(settings, value)),
    place: (...path) => placeAt(settings, startPlace, path),
    source: settings,
  };
}

function environmentOf(settings: MapTree, environment: Tree): EnvironmentConfig {
  const over = (key: string, name: string, value: Tree, merge: (base: Tree, over: Tree) => Tree): Tree => {
    const base = child(child(settings, key), name);
    return base ? merge(base, value) : value;
  };
  const named = <T>(key: string, read: (value: Tree, name: string) => T): Readonly<Record<string, T>> =>
    record(child(environment, key), read);
  return {
    data: named("data", (value, name) => bindingOf(over("data", name, value, overlayBinding))),
    params: named("params", (value, name) => toJson(over("params", name, value, overlay))),
    secrets: named("secrets", (value) => ({ env: textOf(child(value, "env")) ?? "" })),
  };
}

function bindingOf(tree: Tree): DataBinding {
  const path = child(tree, "path");
  const written = textOf(path);
  const rest = ["sql", "table", "connection", "format", "role"].flatMap((key): [string, string][] => {
    const text = textOf(child(tree, key));
    return text === undefined ? [] : [[key, text]];
  });
  const options = child(tree, "options");
  return {
    ...(path === undefined || written === undefined
      ? {}
      : { path: isAddress(written) ? written : joinPath(path.file.folder, written) }),
    ...Object.fromEntries(rest),
    ...(options ? { options: record(options, toJson) } : {}),
  };
}

function targetsOf(tree: Tree | undefined): readonly TargetChoice[] {
  if (!tree) return [{ name: "package", options: {} }];
  return itemsOf(tree).map((item) => {
    const options: Record<string, Json> = Object.fromEntries(
      entriesOf(item)
        .filter((entry) => entry.key !== "name")
        .map((entry) => [entry.key, toJson(entry.value)]),
    );
    return { name: textOf(item) ?? textOf(child(item, "name")) ?? "", options };
  });
}

function texts(tree: Tree | undefined): readonly string[] {
  return itemsOf(tree).flatMap((item) => textOf(item) ?? []);
}

function record<T>(tree: Tree | undefined, read: (value: Tree, key: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(entriesOf(tree).map((entry) => [entry.key, read(entry.value, entry.key)]));
}
