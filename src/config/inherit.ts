import { codeOf } from "../diagnostics/catalogue.ts";
import { child, type EntryTree, type MapTree, type Tree, textOf } from "./yaml-tree.ts";

/** What may stand at a root as a default for the models below it. */
const inherited = [
  "owner",
  "risk",
  "out",
  "python",
  "dependencies",
  "data",
  "params",
  "targets",
  "checks",
  "environments",
];

type Merge = (base: Tree, over: Tree) => Tree;

/** A model's settings over the defaults of the file above: maps are merged key by key, lists and single values are replaced. */
export function inherit(defaults: MapTree | undefined, own: MapTree): MapTree {
  const canonical = canonicalChecks(own);
  if (!defaults) return canonical;
  const base = canonicalChecks(defaults);
  const entries = new Map([...base.entries].filter(([key]) => inherited.includes(key)));
  return mergeMaps({ ...base, entries }, canonical, mergeSetting);
}

/** An overlay over a dataset: a new kind of place replaces the old place and how it was read; all else is merged. */
export function overlayBinding(base: Tree, over: Tree): Tree {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const place = placeKind(over);
  if (place === undefined || place === placeKind(base)) return overlay(base, over);
  const sameConnection = place !== "path" && placeKind(base) !== "path";
  const kept = sameConnection ? ["role", "connection"] : ["role"];
  const entries = new Map([...base.entries].filter(([key]) => kept.includes(key)));
  return overlay({ ...base, entries }, over);
}

/** Maps merged key by key at any depth; anything else is replaced. */
export function overlay(base: Tree, over: Tree): Tree {
  return base.kind === "map" && over.kind === "map" ? mergeMaps(base, over, () => overlay) : over;
}

function mergeSetting(key: string): Merge {
  if (key === "data") return mergeData;
  if (key !== "environments") return overlay;
  const environment = (name: string): Merge => (name === "data" ? mergeData : overlay);
  const oneEnvironment: Merge = (base, over) =>
    base.kind === "map" && over.kind === "map" ? mergeMaps(base, over, environment) : over;
  return (base, over) =>
    base.kind === "map" && over.kind === "map" ? mergeMaps(base, over, () => oneEnvironment) : over;
}

const mergeData: Merge = (base, over) =>
  base.kind === "map" && over.kind === "map" ? mergeMaps(base, over, () => overlayBinding) : over;

function mergeMaps(base: MapTree, over: MapTree, merge: (key: string) => Merge): MapTree {
  const entries = new Map<string, EntryTree>(base.entries);
  for (const [key, entry] of over.entries) {
    const before = base.entries.get(key);
    entries.set(key, before ? { ...entry, value: merge(key)(before.value, entry.value) } : entry);
  }
  return { ...over, entries };
}

function placeKind(binding: MapTree): string | undefined {
  return ["path", "sql", "table"].find((key) => textOf(child(binding, key)) !== undefined);
}

/** Checks by their codes, so that a slug in one file and a code in another are the same check. */
function canonicalChecks(settings: MapTree): MapTree {
  const checks = settings.entries.get("checks");
  if (checks?.value.kind !== "map") return settings;
  const entries = new Map<string, EntryTree>();
  for (const entry of checks.value.entries.values()) {
    const key = codeOf(entry.key) ?? entry.key;
    entries.set(key, { ...entry, key });
  }
  const value: MapTree = { ...checks.value, entries };
  return { ...settings, entries: new Map(settings.entries).set("checks", { ...checks, value }) };
}
