import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type CacheKind, cacheKinds } from "./cache-shape.ts";
import type { CacheConfig } from "./project.ts";
import { child, itemsOf, type MapTree, placeOfKey, placeOfTree, textOf } from "./yaml-tree.ts";

/** How an address of each kind begins. */
const schemes: Readonly<Record<CacheKind, RegExp>> = {
  bazel: /^https?:/,
  turborepo: /^https?:/,
  nx: /^https?:/,
  s3: /^s3:/,
  folder: /^file:/,
};

/** Keys that belong to some kinds only. */
const owners: Readonly<Record<string, readonly CacheKind[]>> = {
  team: ["turborepo"],
  region: ["s3"],
  endpoint: ["s3"],
  token: ["bazel", "turborepo", "nx"],
};

/** What the schema cannot see of `cache`: whether its keys fit its kind, and whether it stands in the root's file. */
export function checkCache(file: MapTree, isRoot: boolean): readonly Diagnostic[] {
  const entry = file.entries.get("cache");
  if (!entry) return [];
  if (!isRoot) return [report("CW0047", placeOfKey(entry), {})];
  const cache = entry.value;
  const kind = kindOf(cache.kind === "map" ? textOf(child(cache, "kind")) : undefined);
  if (cache.kind !== "map" || !kind) return [];
  const found: Diagnostic[] = [];
  const url = child(cache, "url");
  const address = textOf(url);
  if (url && address !== undefined && !schemes[kind].test(address)) {
    const example = kind === "s3" ? "s3://bucket/prefix" : kind === "folder" ? "file:///mnt/cache" : "https://…";
    const problem = `is no address of a cache of kind \`${kind}\``;
    found.push(report("CW0048", placeOfTree(url), { key: "url", problem, fix: `write for example \`${example}\`` }));
  }
  for (const [key, kinds] of Object.entries(owners)) {
    const other = cache.entries.get(key);
    if (!other || kinds.includes(kind)) continue;
    const problem = `says nothing to a cache of kind \`${kind}\``;
    const fix = key === "token" ? "remove it; the keys of S3 come from AWS_ACCESS_KEY_ID and its like" : "remove it";
    found.push(report("CW0048", placeOfKey(other), { key, problem, fix }));
  }
  return found;
}

/** The checked `cache` of a root file; undefined where there is none. */
export function cacheOf(file: MapTree): CacheConfig | undefined {
  const entry = file.entries.get("cache");
  if (entry?.value.kind !== "map") return undefined;
  const cache = entry.value;
  const text = (key: string): string | undefined => textOf(child(cache, key));
  const number = (key: string, standard: number): number => {
    const value = child(cache, key);
    return value?.kind === "scalar" && typeof value.value === "number" ? value.value : standard;
  };
  const kind = kindOf(text("kind"));
  const url = text("url")?.replace(/\/+$/, "");
  if (!kind || url === undefined) return undefined;
  const [token, team, region, endpoint] = [
    textOf(child(child(cache, "token"), "env")),
    text("team"),
    text("region"),
    text("endpoint"),
  ];
  return {
    kind,
    url,
    trust: itemsOf(child(cache, "trust")).flatMap((item) => textOf(item) ?? []),
    ...(token === undefined ? {} : { token }),
    ...(team === undefined ? {} : { team }),
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    space: text("space") ?? "main",
    timeout: number("timeout", 2),
    budget: number("budget", 10),
    place: placeOfKey(entry),
  };
}

function kindOf(text: string | undefined): CacheKind | undefined {
  return cacheKinds.find((kind) => kind === text);
}
