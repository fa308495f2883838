import type { Dataflow } from "../dataflow/analyse.ts";
import type { ObjId } from "../dataflow/value.ts";
import { type Passing, passing } from "./passing.ts";
import type { Group } from "./sections.ts";

/** What crosses the borders of steps. */
export interface GroupFlow {
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
}

/** Why a border between two steps cannot stand. */
export interface Conflict {
  /** Index of the step after the border. */
  readonly border: number;
  readonly name: string;
  readonly unit: number;
  readonly why: string;
}

export interface FlowInput {
  readonly flow: Dataflow;
  /** Variables (not imports, helpers, parameters or paths) that a unit's code reads, lifted globals of its helpers included. */
  reads(unit: number): ReadonlySet<string>;
  /** Variables whose last version must be an output. */
  readonly wanted: ReadonlyMap<string, number>;
  /** For functions and classes that stand in a module of the product, so that files may name them: the variables that they are given. */
  givenTo(definition: object): ReadonlySet<string> | undefined;
  /** Told of each name that is looked at, at each border: what the work grows with. */
  count?(): void;
}

/** Steps whose borders can be crossed, what crosses them, and what is wrong with borders that must stand. */
export interface Settled {
  readonly groups: readonly Group[];
  readonly flows: readonly GroupFlow[];
  readonly conflicts: readonly Conflict[];
}

/** What a run of units does to names. */
interface Summary {
  /** Its groups, the last one first. */
  readonly groups: Group[];
  /** Names that it binds or changes → the last unit that does. */
  readonly touched: Map<string, number>;
  /** Names that it binds on every way through it. */
  readonly sure: Set<string>;
  /** The same, and that are still there at its end. */
  readonly bound: Set<string>;
  /** Names that its code mentions. */
  readonly mentioned: Set<string>;
  /** Names that it reads before it has surely bound them itself. */
  readonly reads: Set<string>;
  /** Names of which it makes the version that must be an output. */
  readonly wanted: Set<string>;
}

interface Context {
  readonly input: FlowInput;
  readonly kept: ReadonlySet<number>;
  readonly wantedAt: ReadonlyMap<number, readonly string[]>;
  readonly values: ReturnType<typeof passing>;
  /** For each unit the least kept unit whose options or environment variables it, or one after it, reads. */
  readonly setters: readonly number[];
}

type Found = Omit<Conflict, "border">;

/**
 * Works out the inputs and outputs of each step and lets borders that nobody asked for give way where a value cannot cross. What
 * is needed after a border does not depend on the borders before it, so one way from the back to the front does.
 */
export function settle(input: FlowInput, groups: readonly Group[]): Settled {
  const kept = new Set(groups.flatMap((g) => g.units));
  const values = passing({ flow: input.flow, kept, givenTo: input.givenTo });
  const wantedAt = new Map<number, string[]>();
  for (const [name, unit] of input.wanted) wantedAt.set(unit, [...(wantedAt.get(unit) ?? []), name]);
  const context: Context = { input, kept, wantedAt, values, setters: environmentSetters(input.flow, kept) };
  const steps: {
    readonly group: Group;
    readonly inputs: ReadonlySet<string>;
    readonly outputs: ReadonlySet<string>;
  }[] = [];
  const conflicts: (Found & { readonly group: Group })[] = [];
  let after: ReadonlySet<string> = new Set();
  let current: Summary | undefined;
  for (let k = groups.length - 1; k >= 0; k--) {
    const group = groups[k];
    if (!group) continue;
    const summary: Summary = prepend(context, group, current ?? nothing());
    const crossing = cross(context, summary, after);
    const found = [...crossing.conflicts, ...(k > 0 ? borderConflicts(context, summary, crossing.live) : [])];
    if (k > 0 && group.name === undefined && found.length > 0) {
      current = summary;
      continue;
    }
    const whole = { ...group, units: summary.groups.toReversed().flatMap((g) => g.units) };
    steps.push({ group: whole, inputs: crossing.inputs, outputs: crossing.outputs });
    conflicts.push(...found.map((conflict) => ({ ...conflict, group: whole })));
    after = crossing.live;
    current = undefined;
  }
  steps.reverse();
  const at = new Map(steps.map((step, k) => [step.group, k]));
  return {
    groups: steps.map((step) => step.group),
    flows: steps.map(({ inputs, outputs }) => ({ inputs, outputs })),
    conflicts: conflicts.map(({ group, ...conflict }) => ({ ...conflict, border: at.get(group) ?? 0 })),
  };
}

function nothing(): Summary {
  return {
    groups: [],
    touched: new Map(),
    sure: new Set(),
    bound: new Set(),
    mentioned: new Set(),
    reads: new Set(),
    wanted: new Set(),
  };
}

/** Takes the group before into a summary, at the cost of that group alone. */
function prepend({ input, kept, wantedAt }: Context, group: Group, into: Summary): Summary {
  const { flow } = input;
  into.groups.push(group);
  for (const unit of group.units.toReversed()) {
    const facts = flow.facts[unit];
    const writes = facts?.trace.writes ?? [];
    for (const name of [...writes, ...(facts?.mutates ?? [])]) {
      if (!into.touched.has(name)) into.touched.set(name, unit);
    }
    for (const name of writes) {
      into.mentioned.add(name);
      const end = flow.before[unit + 1]?.get(name) ?? flow.names.get(name);
      if (end !== undefined && ![...end.defs].every((def) => def === unit)) continue;
      into.sure.add(name);
      if (end === undefined) continue;
      into.bound.add(name);
      into.reads.delete(name);
    }
    for (const name of input.reads(unit)) {
      into.mentioned.add(name);
      const before = flow.before[unit]?.get(name);
      // Bound inside this very statement only, or by what nobody needs: nothing comes from outside.
      if (before && [...before.defs].some((def) => kept.has(def))) into.reads.add(name);
    }
    for (const name of wantedAt.get(unit) ?? []) into.wanted.add(name);
  }
  return into;
}

/** What a step takes, what it leaves for later ones, and what is live before it. */
function cross({ input }: Context, step: Summary, after: ReadonlySet<string>) {
  const start = firstOf(step);
  const existing = input.flow.before[start];
  const inputs = new Set(step.reads);
  const outputs = new Set<string>();
  const live = new Set<string>();
  const conflicts: Found[] = [];
  for (const name of new Set([...after, ...step.wanted])) {
    input.count?.();
    const unit = step.touched.get(name);
    if (unit === undefined) {
      if (after.has(name)) live.add(name);
      continue;
    }
    outputs.add(name);
    if (inputs.has(name) || step.sure.has(name) || !existing?.has(name)) continue;
    if (step.mentioned.has(name)) inputs.add(name);
    else conflicts.push({ name, unit, why: "it is changed here through another name" });
  }
  for (const name of inputs) live.add(name);
  return { inputs, outputs, live, conflicts };
}

function firstOf(step: Summary): number {
  return step.groups[step.groups.length - 1]?.units[0] ?? 0;
}

/** Why the border before a step cannot stand. One reason will do where the border may give way. */
function borderConflicts(context: Context, step: Summary, live: ReadonlySet<string>): readonly Found[] {
  const { input, values } = context;
  const at = firstOf(step);
  const isAsked = step.groups.some((group) => group.name !== undefined);
  const bindings = input.flow.before[at];
  const out: Found[] = [];
  const add = (name: string, why: string): void => {
    const reader = isAsked ? step.groups.flatMap((g) => g.units).find((unit) => input.reads(unit).has(name)) : at;
    out.push({ name, unit: reader ?? at, why });
  };
  const owners = new Map<ObjId, string>();
  for (const name of live) {
    input.count?.();
    const binding = bindings?.get(name);
    if (!binding) continue;
    const value = values.of(binding.value);
    if (value.sharedInside >= at) add(name, "it holds one object in several places, which a later statement changes");
    const isImport = [...binding.defs].some((unit) => /^import/.test(input.flow.program.units[unit]?.stmt.kind ?? ""));
    const problem = binding.maybe
      ? "it has no value on some way to this step"
      : isImport
        ? "it is an imported name"
        : (value.problem ?? holdsFunction(context, value, at));
    if (problem) add(name, problem);
    for (const { id, first, last } of value.shares) {
      // A view that is made later is no change; a change through it is one of what it looks at.
      if (last < at || (first >= at && context.kept.has(first))) continue;
      const other = owners.get(id);
      if (other !== undefined && other !== name)
        add(name, `it shares data with '${other}', which a later statement changes`);
      owners.set(id, name);
    }
    if (!isAsked && out.length > 0) return out;
  }
  const setter = context.setters[at];
  // Environment and options of a process do not outlive it: who reads what was set stays with who set it.
  if (setter !== undefined && setter < at) {
    const why = "an earlier step sets variables or options of the process that this one reads";
    out.push({ name: "the process", unit: isAsked ? environmentReader(context, at) : at, why });
  }
  return out;
}

/**
 * A file names a function by its module; one inside a step, or without a name, has none. What a function is given is stored with it:
 * as a copy, which a later change does not reach.
 */
function holdsFunction({ input, values }: Context, value: Passing, at: number): string | undefined {
  if (value.holdsLocal) return "it holds a function that only its own step has";
  for (const name of value.given) {
    const given = input.flow.before[at]?.get(name)?.value;
    if (given && values.lastChange(given) >= at)
      return `it holds a function that uses '${name}', which a later statement changes`;
  }
  return undefined;
}

/** The kept units whose options or environment variables a unit reads. */
function settersOf(flow: Dataflow, kept: ReadonlySet<number>, unit: number): readonly number[] {
  return [...(flow.facts[unit]?.trace.why ?? [])].flatMap(([dep, why]) =>
    kept.has(dep) && (why.has("environment") || why.has("display") || why.has("plots")) ? [dep] : [],
  );
}

function environmentSetters(flow: Dataflow, kept: ReadonlySet<number>): readonly number[] {
  const out: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let unit = flow.facts.length - 1; unit >= 0; unit--) {
    if (kept.has(unit)) for (const dep of settersOf(flow, kept, unit)) least = Math.min(least, dep);
    out[unit] = least;
  }
  return out;
}

function environmentReader({ input, kept }: Context, at: number): number {
  for (let unit = at; unit < input.flow.facts.length; unit++)
    if (kept.has(unit) && settersOf(input.flow, kept, unit).some((dep) => dep < at)) return unit;
  return at;
}
