import type { Definition } from "./graph.ts";

/**
 * Which variable of the predictor holds which version. A variable may hold several versions with the same content; it is changed
 * in place only when none of them is needed afterwards.
 */
export interface Variables {
  readonly of: Map<string, string>;
  /** Variable → versions that it holds, or is going to hold. */
  readonly versions: Map<string, Set<string>>;
  /** Versions that have been computed. */
  readonly made: Set<string>;
  /** Version → positions of its uses, ascending. */
  readonly uses: Map<string, number[]>;
  /** From and to which position nothing runs in the way of a branch that is being written: the other way. */
  readonly skipped: (readonly [number, number])[];
  /** Loop or branch → position of the last definition in it; of a branch of each way. */
  readonly ends: Map<Definition, readonly number[]>;
}

/** Nothing is held but the raw rows. */
export function newVariables(source: string): Variables {
  const out: Variables = {
    of: new Map(),
    versions: new Map(),
    made: new Set(),
    uses: new Map(),
    skipped: [],
    ends: new Map(),
  };
  hold(out, source, "frame");
  return out;
}

/** A version is used at a position. */
export function use(v: Variables, version: string, position: number): void {
  const all = v.uses.get(version);
  if (!all) v.uses.set(version, [position]);
  else if (all.at(-1) !== position) all.push(position);
}

/** What a loop uses from outside of it, it uses to its end: the next turn needs it again. */
export function useToEnd(v: Variables, versions: Iterable<string>, own: ReadonlySet<string>, end: number): void {
  for (const version of versions) if (!own.has(version)) use(v, version, end);
}

/** True when something after the position reads the version. */
export function isNeeded(v: Variables, version: string, position: number): boolean {
  const all = v.uses.get(version) ?? [];
  for (let i = all.length - 1; i >= 0; i--) {
    const at = all[i] ?? 0;
    if (at <= position) return false;
    if (!v.skipped.some(([from, to]) => from < at && at <= to)) return true;
  }
  return false;
}

/** The variable will hold the version once it is computed: what goes round in a loop or through a branch. */
export function promise(v: Variables, version: string, variable: string): void {
  const before = v.of.get(version);
  if (before !== undefined) v.versions.get(before)?.delete(version);
  v.of.set(version, variable);
  const held = v.versions.get(variable);
  if (held) held.add(version);
  else v.versions.set(variable, new Set([version]));
}

/** The variable holds the version from now on. */
export function hold(v: Variables, version: string, variable: string): void {
  promise(v, version, variable);
  v.made.add(version);
}

/** Versions in a variable, this one apart, that are computed and still needed after the position. */
export function neededIn(v: Variables, variable: string, position: number, but?: string): readonly string[] {
  const out: string[] = [];
  for (const version of v.versions.get(variable) ?? []) {
    if (version === but || !v.made.has(version)) continue;
    if (isNeeded(v, version, position)) out.push(version);
    else if ((v.uses.get(version)?.at(-1) ?? 0) <= position) v.versions.get(variable)?.delete(version);
  }
  return out;
}

/** True when a version that is still needed has this name, or will have it. */
export function isTaken(v: Variables, name: string, position: number): boolean {
  for (const version of v.versions.get(name) ?? []) if (isNeeded(v, version, position)) return true;
  return false;
}
