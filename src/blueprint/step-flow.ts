import type { Dataflow } from "../dataflow/analyse.ts";
import type { ObjId, Value } from "../dataflow/value.ts";
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

export interface StepFlow {
  readonly groups: readonly GroupFlow[];
  readonly conflicts: readonly Conflict[];
}

export interface FlowInput {
  readonly flow: Dataflow;
  /** Variables (not imports, helpers, parameters or paths) that a unit's code reads, lifted globals of its helpers included. */
  reads(unit: number): ReadonlySet<string>;
  /** Variables whose last version must be an output. */
  readonly wanted: ReadonlyMap<string, number>;
  /** For functions and classes that stand in a module of the product, so that files may name them: the variables that they are given. */
  givenTo(definition: object): ReadonlySet<string> | undefined;
}

/** Works out the inputs and outputs of each step, and which borders cannot be crossed. */
export function stepFlow(input: FlowInput, groups: readonly Group[]): StepFlow {
  const touched = groups.map((g) => touchedNames(input.flow, g));
  const kept = new Set(groups.flatMap((g) => g.units));
  const inputs = groups.map((g) => liveIn(input, g, kept));
  const outputs: Set<string>[] = groups.map(() => new Set());
  const conflicts: Conflict[] = [];
  const live = new Set<string>();
  for (let k = groups.length - 1; k >= 0; k--) {
    const group = groups[k];
    const mine = touched[k];
    const needed = inputs[k];
    if (!group || !mine || !needed) continue;
    const units = new Set(group.units);
    for (const [name, unit] of input.wanted) if (mine.has(name) && units.has(unit)) live.add(name);
    const [sure, scope] = [surelyBound(input.flow, group), mentioned(input, group)];
    for (const name of [...live]) {
      const unit = mine.get(name);
      if (unit === undefined) continue;
      outputs[k]?.add(name);
      live.delete(name);
      if (!needed.has(name) && !sure.has(name)) {
        const existed = input.flow.before[group.units[0] ?? 0]?.has(name) ?? false;
        if (existed && scope.has(name)) needed.add(name);
        else if (existed) conflicts.push({ border: k, name, unit, why: "it is changed here through another name" });
      }
    }
    for (const name of needed) live.add(name);
    if (k > 0) conflicts.push(...borderConflicts(input, groups, k, live), ...environmentConflicts(input, groups, k));
  }
  return {
    groups: groups.map((_, k) => ({ inputs: inputs[k] ?? new Set(), outputs: outputs[k] ?? new Set() })),
    conflicts,
  };
}

/** Names that a step binds or changes → the last unit that does. */
function touchedNames(flow: Dataflow, group: Group): Map<string, number> {
  const out = new Map<string, number>();
  for (const unit of group.units) {
    const facts = flow.facts[unit];
    for (const name of facts?.trace.writes ?? []) out.set(name, unit);
    for (const name of facts?.mutates ?? []) out.set(name, unit);
  }
  return out;
}

/** Names that a step binds on every way through it. */
function surelyBound(flow: Dataflow, group: Group): ReadonlySet<string> {
  const out = new Set<string>();
  for (const unit of group.units)
    for (const name of flow.facts[unit]?.trace.writes ?? []) {
      const after = flow.before[unit + 1]?.get(name) ?? flow.names.get(name);
      if (after === undefined || [...after.defs].every((def) => def === unit)) out.add(name);
    }
  return out;
}

/** Names that the code of a step mentions. */
function mentioned(input: FlowInput, group: Group): ReadonlySet<string> {
  const out = new Set<string>();
  for (const unit of group.units) {
    for (const name of input.reads(unit)) out.add(name);
    for (const name of input.flow.facts[unit]?.trace.writes ?? []) out.add(name);
  }
  return out;
}

/** Names that a step reads before it has surely bound them itself. */
function liveIn(input: FlowInput, group: Group, kept: ReadonlySet<number>): Set<string> {
  const out = new Set<string>();
  const bound = new Set<string>();
  for (const unit of group.units) {
    const facts = input.flow.facts[unit];
    for (const name of input.reads(unit)) {
      if (bound.has(name)) continue;
      const before = input.flow.before[unit]?.get(name);
      // Bound inside this very statement only, or by what nobody needs: nothing comes from outside.
      if (before && [...before.defs].some((unit) => kept.has(unit))) out.add(name);
    }
    for (const name of facts?.trace.writes ?? []) {
      const after = input.flow.before[unit + 1]?.get(name) ?? input.flow.names.get(name);
      if (after && [...after.defs].every((def) => def === unit)) bound.add(name);
    }
  }
  return out;
}

function borderConflicts(
  input: FlowInput,
  groups: readonly Group[],
  border: number,
  live: ReadonlySet<string>,
): readonly Conflict[] {
  const { flow } = input;
  const group = groups[border];
  const at = group?.units[0] ?? 0;
  const bindings = flow.before[at];
  const out: Conflict[] = [];
  const later = new Set(groups.slice(border).flatMap((g) => g.units));
  const owners = new Map<ObjId, string>();
  for (const name of live) {
    const binding = bindings?.get(name);
    if (!binding) continue;
    const reader = group?.units.find((unit) => input.reads(unit).has(name)) ?? at;
    const twice = heldTwice(flow, binding.value, later);
    if (twice) out.push({ border, name, unit: reader, why: twice });
    const isImport = [...binding.defs].some((unit) => /^import/.test(flow.program.units[unit]?.stmt.kind ?? ""));
    const problem = binding.maybe
      ? "it has no value on some way to this step"
      : isImport
        ? "it is an imported name"
        : (cannotPass(flow, binding.value) ?? holdsFunction(input, binding.value, at, later));
    if (problem) out.push({ border, name, unit: reader, why: problem });
    for (const id of flow.heap.sharing(flow.heap.reach(binding.value.objs))) {
      const other = owners.get(id);
      const { history } = flow.heap.get(id);
      // A view that is made later is no change; a change through it is one of what it looks at.
      const isChanged = history.some((unit) => later.has(unit)) && !later.has(history[0] ?? -1);
      if (other !== undefined && other !== name && isChanged) {
        out.push({
          border,
          name,
          unit: reader,
          why: `it shares data with '${other}', which a later statement changes`,
        });
      }
      owners.set(id, name);
    }
  }
  return out;
}

/** Environment and options of a process do not outlive it: who reads what was set stays with who set it. */
function environmentConflicts(input: FlowInput, groups: readonly Group[], border: number): readonly Conflict[] {
  const before = new Set(groups.slice(0, border).flatMap((g) => g.units));
  const reader = groups
    .slice(border)
    .flatMap((g) => g.units)
    .find((unit) =>
      [...(input.flow.facts[unit]?.trace.why ?? [])].some(
        ([dep, why]) => (why.has("environment") || why.has("display")) && before.has(dep),
      ),
    );
  const why = "an earlier step sets variables or options of the process that this one reads";
  return reader === undefined ? [] : [{ border, name: "the process", unit: reader, why }];
}

/** Stored as a plain file, an object that is held in two places comes back as two: no later statement may change it. */
function heldTwice(flow: Dataflow, value: Value, later: ReadonlySet<number>): string | undefined {
  if (value.type === "estimator" || value.type === "results") return undefined;
  const inside = flow.heap.reach(value.objs);
  const holders = new Map<ObjId, number>();
  for (const id of inside)
    for (const held of flow.heap.get(id).contents) holders.set(held, (holders.get(held) ?? 0) + 1);
  for (const id of inside) {
    const obj = flow.heap.get(id);
    if (value.objs.has(id) || (!obj.repeated && (holders.get(id) ?? 0) < 2)) continue;
    if (obj.history.some((unit) => later.has(unit)))
      return "it holds one object in several places, which a later statement changes";
  }
  return undefined;
}

/**
 * A file names a function by its module; one inside a step, or without a name, has none. What a function is given is stored with it:
 * as a copy, which a later change does not reach.
 */
function holdsFunction(
  { flow, givenTo }: FlowInput,
  value: Value,
  at: number,
  later: ReadonlySet<number>,
): string | undefined {
  const met = new Set<string>();
  for (const id of flow.heap.reach(value.objs))
    for (const { definition } of flow.heap.get(id).callables) {
      const given = givenTo(definition);
      if (!given) return "it holds a function that only its own step has";
      for (const name of given) met.add(name);
    }
  const changed = [...met].find((name) =>
    [...flow.heap.reach(flow.before[at]?.get(name)?.value.objs ?? [])].some((id) =>
      flow.heap.get(id).history.some((unit) => later.has(unit)),
    ),
  );
  return changed === undefined
    ? undefined
    : `it holds a function that uses '${changed}', which a later statement changes`;
}

const opaqueTypes: Readonly<Record<string, string>> = {
  iterator: "an iterator",
  "dict-view": "a view of a dict",
  file: "an open file",
  connection: "a database connection",
  GroupBy: "a pandas group-by object",
  figure: "a figure",
  function: "a function",
  class: "a class",
  context: "a context manager",
  indexer: "an indexer",
  accessor: "an accessor",
  plotter: "a plot accessor",
  RandomState: "a random generator",
  DMatrix: "a native data matrix",
  statsmodel: "an unfitted statsmodels model",
  "unknown-pure": "a library object",
  styler: "a styled table",
  dtype: "a dtype",
};

/** Why a value cannot be stored as a plain file; undefined when it can, or may. */
export function cannotPass(flow: Dataflow, value: Value): string | undefined {
  if ((value.callables?.length ?? 0) > 0) return "it is a function, and functions do not travel through files";
  const types = new Set([
    value.type,
    ...[...flow.heap.reach(value.objs)].filter((id) => !isPart(flow, value, id)).map((id) => flow.heap.get(id).type),
  ]);
  for (const type of types) {
    const named = opaqueTypes[type];
    if (named !== undefined) return `it is or holds ${named}, which cannot be stored as a plain file`;
    if (type === "unknown") return "its type is not known, so it may not survive being stored";
    if (type.startsWith("instance:")) return `it is an instance of the notebook class '${type.slice(9)}'`;
  }
  if (
    flow.knowledge.typeInfo(value.type) === undefined &&
    !value.type.startsWith("instance:") &&
    value.type !== "member"
  )
    return `its type '${value.type}' is not known to be storable`;
  return undefined;
}

/** Tables that an estimator merely saw in `fit` are not stored with it as objects of their own. */
function isPart(flow: Dataflow, value: Value, id: ObjId): boolean {
  return (
    (value.type === "estimator" || value.type === "results") &&
    !value.objs.has(id) &&
    flow.heap.get(id).type !== "function"
  );
}
