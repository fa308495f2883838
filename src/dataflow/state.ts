import type { Binding, Machine } from "./machine.ts";
import type { NameSnapshot } from "./names.ts";
import { type Frame, join, type Value } from "./value.ts";

/** The names of every scope at one point, to run branches from and to join afterwards. */
export interface Snapshot {
  readonly names: NameSnapshot<Binding>;
  readonly frames: readonly (readonly [Frame, Map<string, Value>])[];
}

export function snapshot(m: Machine): Snapshot {
  const frames: (readonly [Frame, Map<string, Value>])[] = [];
  for (let f = m.frame; f; f = f.parent) frames.push([f, new Map(f.names)]);
  return { names: m.names.snapshot(), frames };
}

export function restore(m: Machine, from: Snapshot): void {
  m.names.restore(from.names);
  for (const [frame, names] of from.frames) replace(frame.names, names);
}

function replace(target: Map<string, Value>, source: ReadonlyMap<string, Value>): void {
  target.clear();
  for (const [name, value] of source) target.set(name, value);
}

/** After a branch: what holds on either way. A name bound on one way only keeps both its definitions, and may have no value. */
export function merge(m: Machine, other: Snapshot): void {
  for (const [name, ours, theirs] of [...m.names.differences(other.names)])
    if (ours && !theirs) m.names.set(name, { ...ours, maybe: true });
  mergeSure(m, other);
}

/** After a loop: its body is taken to have run, so what only the body binds has a value. */
function mergeSure(m: Machine, before: Snapshot): void {
  for (const [name, ours, theirs] of [...m.names.differences(before.names)]) {
    if (!theirs) continue;
    if (!ours) m.names.set(name, { ...theirs, maybe: true });
    else
      m.names.set(name, {
        value: join(ours.value, theirs.value),
        defs: new Set([...ours.defs, ...theirs.defs]),
        ...(ours.maybe || theirs.maybe ? { maybe: true as const } : {}),
      });
  }
  for (const [frame, names] of before.frames) {
    for (const [name, theirs] of names) {
      const ours = frame.names.get(name);
      frame.names.set(name, ours ? join(ours, theirs) : theirs);
    }
  }
}

/**
 * Runs each branch from the same start and joins their ends. An `undefined` branch means: nothing happens. A branch that `leaves`
 * says ends in a `raise` has no end to join.
 */
export function branches(
  m: Machine,
  ways: readonly ((() => void) | undefined)[],
  leaves: readonly boolean[] = [],
): void {
  const start = snapshot(m);
  const ends: Snapshot[] = [];
  m.depth++;
  m.unsure++;
  ways.forEach((way, i) => {
    restore(m, start);
    way?.();
    if (!leaves[i]) ends.push(snapshot(m));
  });
  m.depth--;
  m.unsure--;
  const [first, ...rest] = ends;
  if (!first) return;
  restore(m, first);
  for (const end of rest) merge(m, end);
}

/** A body that runs any number of times, none included: two rounds reach the fixpoint of our small lattice. */
export function loop(m: Machine, body: () => void): void {
  const start = snapshot(m);
  m.depth++;
  m.unsure++;
  body();
  mergeSure(m, start);
  body();
  mergeSure(m, start);
  m.depth--;
  m.unsure--;
}
