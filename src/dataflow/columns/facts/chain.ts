import { sameNames } from "../demand-map.ts";
import { noOrigin } from "./origin.ts";
import type { Source, Version } from "./version.ts";

/** Versions that differ in columns which were written one after the other, with where each column was written. */
interface Chain {
  readonly first: Version;
  readonly versions: Version[];
  readonly writers: Map<string, number[]>;
}

const chains = new WeakMap<Version, { readonly chain: Chain; readonly at: number }>();

/** A version whose columns are those of its source, of other rows: what is asked of it is asked of the source. */
function isSameColumns({ sources, stored, rest, isRaw }: Version, { map, shape }: Source): boolean {
  return (
    sources.length === 1 && !stored && !isRaw && rest === noOrigin && map === sameNames && shape.columns !== undefined
  );
}

/** Adds a version that only writes columns of known names to the chain of the one before it. */
export function chained(version: Version): void {
  const [source] = version.sources;
  const { stored } = version;
  const same = source && isSameColumns(version, source) ? chains.get(source.version) : undefined;
  if (same) {
    chains.set(version, same);
    return;
  }
  const follows = source && stored && !stored.columns.cofinite && version.sources.length === 1 && !version.isRaw;
  const before = follows && source.version.obj === version.obj ? chains.get(source.version) : undefined;
  if (!before || !stored || before.at !== before.chain.versions.length - 1 || source?.shape.columns === undefined) {
    chains.set(version, { chain: { first: version, versions: [version], writers: new Map() }, at: 0 });
    return;
  }
  const { chain } = before;
  const at = chain.versions.push(version) - 1;
  for (const label of stored.columns.labels) {
    const writers = chain.writers.get(label) ?? [];
    writers.push(at);
    chain.writers.set(label, writers);
  }
  chains.set(version, { chain, at });
}

/** The version in which a column became what it is in this one, as far as plain stores tell. */
export function writerOf(version: Version, label: string): Version {
  const found = chains.get(version);
  if (!found) return version;
  const writers = found.chain.writers.get(label) ?? [];
  let [low, high] = [0, writers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((writers[middle] ?? 0) <= found.at) low = middle + 1;
    else high = middle;
  }
  return found.chain.versions[writers[low - 1] ?? 0] ?? version;
}
