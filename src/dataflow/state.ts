import type { Binding, Bound, Machine, Snapshot } from "./machine.ts";
import { type Frame, isSame, join, type Value } from "./value.ts";

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
    else m.names.set(name, joinBindings(ours, theirs));
  }
  for (const [frame, names] of before.frames) {
    for (const [name, theirs] of names) {
      const ours = frame.names.get(name);
      frame.names.set(name, ours ? join(ours, theirs) : theirs);
    }
  }
}

function joinBindings(ours: Binding, theirs: Binding): Binding {
  return {
    value: join(ours.value, theirs.value),
    defs: new Set([...ours.defs, ...theirs.defs]),
    parts: new Set([...ours.parts, ...theirs.parts]),
    ...(ours.maybe || theirs.maybe ? { maybe: true as const } : {}),
  };
}

/** What may have been bound before a handler runs: its `try` body may have stopped after any statement. */
export function mergeBound(m: Machine, bound: readonly Bound[]): void {
  for (const { name, frame, value, binding } of bound) {
    if (frame) {
      const ours = frame.names.get(name);
      frame.names.set(name, ours ? join(ours, value) : value);
    } else if (binding) {
      const ours = m.names.get(name);
      m.names.set(name, ours ? joinBindings(ours, binding) : { ...binding, maybe: true });
    }
  }
}

/** True when nothing is known now that was not known then; what is known now is at least what was. */
function isStill(m: Machine, then: Snapshot): boolean {
  for (const [, now, before] of m.names.differences(then.names)) {
    if (!now || !before || now.maybe !== before.maybe || !isSame(now.value, before.value)) return false;
    if (now.defs.size !== before.defs.size || now.parts.size !== before.parts.size) return false;
  }
  return then.frames.every(([frame, names]) =>
    [...frame.names].every(([name, now]) => {
      const before = names.get(name);
      return before !== undefined && isSame(now, before);
    }),
  );
}

/**
 * Runs each branch from the same start and joins their ends. An `undefined` branch means: nothing happens. A branch of which `leaves`
 * says that it raises or leaves the loop has no end to join.
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

/** Beyond so many rounds the rest of a loop is taken as known; no real program needs half of them. */
const mostRounds = 12;

/** A body that runs any number of times, none included, until a round adds nothing; then what follows a loop that was not broken off. */
export function loop(m: Machine, body: () => void, otherwise: () => void): void {
  const breaks: Snapshot[] = [];
  m.depth++;
  m.looping++;
  m.unsure++;
  for (let round = 1, still = false; !still && round <= mostRounds; round++) {
    const start = snapshot(m);
    const { grown } = m.heap;
    const exits = { breaks, continues: [] };
    breaks.length = 0;
    m.loops.push(exits);
    body();
    m.loops.pop();
    for (const end of exits.continues as readonly Snapshot[]) mergeSure(m, end);
    mergeSure(m, start);
    still = round > 1 && m.heap.grown === grown && isStill(m, start);
  }
  m.looping--;
  m.unsure--;
  m.depth--;
  otherwise();
  for (const end of breaks) mergeSure(m, end);
}

/** Leaves the innermost loop, or begins its next round. */
export function leaveLoop(m: Machine, kind: "break" | "continue"): void {
  const exits = m.loops[m.loops.length - 1];
  exits?.[kind === "break" ? "breaks" : "continues"].push(snapshot(m));
}
