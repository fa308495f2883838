import type { Binding, Machine } from "./machine.ts";
import { type Frame, join, type Value } from "./value.ts";

/** The names of every scope at one point, to run branches from and to join afterwards. */
export interface Snapshot {
  readonly names: Map<string, Binding>;
  readonly frames: readonly (readonly [Frame, Map<string, Value>])[];
}

export function snapshot(m: Machine): Snapshot {
  const frames: (readonly [Frame, Map<string, Value>])[] = [];
  for (let f = m.frame; f; f = f.parent) frames.push([f, new Map(f.names)]);
  return { names: new Map(m.names), frames };
}

export function restore(m: Machine, from: Snapshot): void {
  m.names = new Map(from.names);
  for (const [frame, names] of from.frames) replace(frame.names, names);
}

function replace(target: Map<string, Value>, source: ReadonlyMap<string, Value>): void {
  target.clear();
  for (const [name, value] of source) target.set(name, value);
}

/** After a branch: what holds on either way. A name bound on one way only keeps both its definitions. */
export function merge(m: Machine, other: Snapshot): void {
  for (const [name, theirs] of other.names) {
    const ours = m.names.get(name);
    if (!ours) m.names.set(name, theirs);
    else if (ours !== theirs)
      m.names.set(name, { value: join(ours.value, theirs.value), defs: new Set([...ours.defs, ...theirs.defs]) });
  }
  for (const [frame, names] of other.frames) {
    for (const [name, theirs] of names) {
      const ours = frame.names.get(name);
      frame.names.set(name, ours ? join(ours, theirs) : theirs);
    }
  }
}

/** Runs each branch from the same start and joins their ends. An `undefined` branch means: nothing happens. */
export function branches(m: Machine, ways: readonly ((() => void) | undefined)[]): void {
  const start = snapshot(m);
  const ends: Snapshot[] = [];
  m.depth++;
  for (const way of ways) {
    restore(m, start);
    way?.();
    ends.push(snapshot(m));
  }
  m.depth--;
  const [first, ...rest] = ends;
  if (!first) return;
  restore(m, first);
  for (const end of rest) merge(m, end);
}

/** A body that runs any number of times, none included: two rounds reach the fixpoint of our small lattice. */
export function loop(m: Machine, body: () => void): void {
  const start = snapshot(m);
  m.depth++;
  body();
  merge(m, start);
  body();
  merge(m, start);
  m.depth--;
}
