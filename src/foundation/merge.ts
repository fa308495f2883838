/** What became of one key on three sides; `undefined` where the side does not have it. */
export interface Sides<T> {
  readonly base: T | undefined;
  readonly ours: T | undefined;
  readonly theirs: T | undefined;
}

/** The value that a three-way merge gives; a conflict is where both sides changed, each in its own way. */
export type Merged<T> =
  | { readonly kind: "value"; readonly value: T | undefined }
  | { readonly kind: "conflict"; readonly sides: Sides<T> };

/** Takes the side that changed. `same` also has to take undefined. */
export function mergeValue<T>(sides: Sides<T>, same: (a: T | undefined, b: T | undefined) => boolean): Merged<T> {
  const { base, ours, theirs } = sides;
  if (same(ours, theirs) || same(theirs, base)) return { kind: "value", value: ours };
  if (same(ours, base)) return { kind: "value", value: theirs };
  return { kind: "conflict", sides };
}

/**
 * Merges maps key by key. `settle` judges what both sides changed: it gives the value, or undefined where only a person can tell,
 * and then there is no merged map.
 */
export function mergeMaps<T>(
  maps: { readonly [K in keyof Sides<T>]: ReadonlyMap<string, T> },
  same: (a: T | undefined, b: T | undefined) => boolean,
  settle: (sides: Sides<T>) => T | undefined,
): ReadonlyMap<string, T> | undefined {
  const out = new Map<string, T>();
  for (const key of new Set([...maps.ours.keys(), ...maps.theirs.keys()])) {
    const sides = { base: maps.base.get(key), ours: maps.ours.get(key), theirs: maps.theirs.get(key) };
    const merged = mergeValue(sides, same);
    const value = merged.kind === "value" ? merged.value : settle(merged.sides);
    if (value !== undefined) out.set(key, value);
    else if (merged.kind === "conflict") return undefined;
  }
  return out;
}
