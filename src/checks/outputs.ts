import { allTags, makers } from "../blueprint/roots.ts";
import type { Sight } from "../dataflow/sights.ts";
import type { Case } from "./case.ts";

/** Something that production hands out, and the statements that make it. */
export interface Output {
  /** As a person would call it: "'model'", "the file 'scores.csv'". */
  readonly wording: string;
  readonly units: readonly number[];
  /** What is known of its meaning. */
  readonly tags: number;
  /** It is a point in time, or its text, and was meant to be one. */
  readonly isMoment?: true;
}

/** Types of a reading of the clock. */
const moments = new Set(["datetime", "Timestamp", "float", "str", "unknown-scalar"]);

/** What production hands out: the kept names, the figures that are only printed, and the files that are written. */
export function outputsOf({ flow, selection }: Case): readonly Output[] {
  const { roots } = selection;
  const out: Output[] = [];
  for (const name of roots.names.keys()) {
    const binding = flow.names.get(name);
    if (!binding) continue;
    const isMoment = roots.fallback && moments.has(binding.value.type) ? { isMoment: true as const } : {};
    out.push({
      wording: `'${name}'`,
      units: [...makers(flow, binding)],
      tags: allTags(flow, binding.value),
      ...isMoment,
    });
  }
  for (const { unit, name, span } of roots.figures) {
    const use = flow.facts[unit]?.trace.figures.find((f) => f.span.start === span.start && f.span.end === span.end);
    out.push({ wording: `'${name}'`, units: [unit], tags: use?.tags ?? 0 });
  }
  for (const unit of roots.units.keys())
    for (const file of flow.facts[unit]?.trace.files ?? [])
      if (file.mode === "store")
        out.push({
          wording: file.path === undefined ? "a file that is written" : `the file '${file.path}'`,
          units: [unit],
          tags: file.tags,
        });
  return out;
}

/** Unit → the first output that its values reach. The order in which a generator is used is no value. */
export function reaching({ flow }: Case, outputs: readonly Output[]): ReadonlyMap<number, Output> {
  const out = new Map<number, Output>();
  const todo = outputs.flatMap((output) => output.units.map((unit) => ({ unit, output })));
  for (let i = 0; i < todo.length; i++) {
    const next = todo[i];
    if (!next || out.has(next.unit)) continue;
    out.set(next.unit, next.output);
    const trace = flow.facts[next.unit]?.trace;
    for (const dep of trace?.deps ?? [])
      if (!out.has(dep) && [...(trace?.why.get(dep) ?? [])].some((what) => !/^(?:random\.|library:)/.test(what)))
        todo.push({ unit: dep, output: next.output });
  }
  return out;
}

/** True when something that a statement does outlives it: it binds a name, changes an older object for sure, or is an output itself. */
export function leavesSomething({ flow, selection }: Case, id: number): boolean {
  const facts = flow.facts[id];
  if (!facts) return false;
  const { trace } = facts;
  if (trace.writes.size > 0 || selection.roots.units.has(id)) return true;
  return [...trace.mutated].some((obj) => !trace.supposed.has(obj) && (flow.heap.get(obj).history[0] ?? id) < id);
}

/** The first sight of a kind at each place of a unit. Loops and functions are looked at more than once. */
export function sightsOf<K extends Sight["kind"]>(
  sights: readonly Sight[],
  kind: K,
): readonly Extract<Sight, { readonly kind: K }>[] {
  const out = new Map<string, Extract<Sight, { readonly kind: K }>>();
  for (const sight of sights) {
    if (sight.kind !== kind) continue;
    const key = `${sight.span.start}-${sight.span.end}`;
    if (!out.has(key)) out.set(key, sight as Extract<Sight, { readonly kind: K }>);
  }
  return [...out.values()];
}
