import type { Dataflow } from "../dataflow/analyse.ts";
import type { ObjId } from "../dataflow/value.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { placeOf } from "./cite.ts";
import { type Definitions, lambdaOf } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";
import type { HelpersPlan } from "./helpers.ts";
import type { Intake } from "./intake.ts";
import { withResults } from "./results.ts";
import { makers, type Roots } from "./roots.ts";
import { group } from "./sections.ts";
import { readsOf } from "./select.ts";
import { type GroupFlow, settle } from "./step-flow.ts";
import { type NamedGroup, nameGroups } from "./step-names.ts";

export interface ArrangeInput {
  readonly flow: Dataflow;
  readonly defs: Definitions;
  readonly intake: Intake;
  readonly roots: Roots;
  /** Kept units that are statements of a step, in order. */
  readonly variables: readonly number[];
  readonly helpers: HelpersPlan;
  /** Tables that lack columns which the notebook's have. */
  readonly incomplete: ReadonlySet<ObjId>;
  readonly edits: readonly Edit[];
  readonly parameters: ReadonlySet<string>;
  readonly pathArguments: ReadonlyMap<number, readonly string[]>;
  readonly secretArguments: ReadonlyMap<number, readonly string[]>;
  /** For each definition that stands in its step, why it does. */
  readonly reasons: ReadonlyMap<number, Diagnostic>;
}

export interface Arranged {
  readonly groups: readonly NamedGroup[];
  readonly flows: readonly GroupFlow[];
  /** Every name that a unit's code reads at run time: variables, parameters, and globals handed to helpers. */
  reads(unit: number): ReadonlySet<string>;
  /** Variable → unit that makes the version which is an artifact. */
  readonly wanted: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Divides the kept statements into steps whose borders can be crossed; borders that nobody asked for give way. */
export function arrange(input: ArrangeInput): Arranged {
  const { flow, roots } = input;
  const reads = allReads(input);
  const isVariable = (name: string): boolean => !input.parameters.has(name);
  const ofVariables = new Map<number, ReadonlySet<string>>();
  const variableReads = (unit: number): ReadonlySet<string> => {
    const found = ofVariables.get(unit) ?? new Set([...reads(unit)].filter(isVariable));
    ofVariables.set(unit, found);
    return found;
  };
  const wanted = new Map<string, number>();
  const available = new Set(input.variables);
  for (const name of roots.names.keys()) {
    const made = [...makers(flow, flow.names.get(name))].filter((unit) => available.has(unit));
    if (made.length > 0 && isVariable(name)) wanted.set(name, Math.max(...made));
  }
  const listed = new Set(input.intake.starts.filter((s) => s.directive.gives !== undefined).map((s) => s.name));
  const given = new Map<object, ReadonlySet<string>>(
    [...input.helpers.byName.values()].map((h) => [lambdaOf(h.unit)?.lambda ?? h.unit.stmt, h.lifted]),
  );
  const settled = settle(
    { flow, reads: variableReads, wanted, givenTo: (definition: object) => given.get(definition) },
    group(flow, input.variables, input.intake.starts),
  );
  const groups = nameGroups(flow, settled.groups);
  const diagnostics: Diagnostic[] = [];
  const said = new Set<string>();
  for (const { name, unit: id, border, why } of settled.conflicts) {
    const unit = flow.program.units[id];
    const step = groups[border]?.name ?? "";
    if (!unit || said.has(`${name}:${step}`) || isSoft(why)) continue;
    said.add(`${name}:${step}`);
    diagnostics.push(reasonOf(input, name, id) ?? report("CW3003", placeOf(unit), { name, step, why }));
  }
  diagnostics.push(...signatureProblems(input, groups, variableReads));
  const flows = withResults(
    { flow, units: available, incomplete: input.incomplete, listed, isVariable },
    groups,
    settled.flows,
  );
  return { groups, flows, reads, wanted, diagnostics };
}

/** Why the definition behind a name, or behind what it holds, has to stand in its step. */
function reasonOf({ flow, reasons }: ArrangeInput, name: string, unit: number): Diagnostic | undefined {
  const value = flow.before[unit]?.get(name)?.value;
  const held = new Set<object>([...(value?.callables ?? [])].map((c) => c.definition));
  for (const id of value ? flow.heap.reach(value.objs) : [])
    for (const c of flow.heap.get(id).callables) held.add(c.definition);
  for (const [id, reason] of reasons) {
    const definition = flow.program.units[id]?.stmt;
    if (flow.facts[id]?.trace.writes.has(name) || (definition && held.has(definition))) return reason;
  }
  return undefined;
}

/** A border that the team asked for stands when the value may well be storable: the product checks it when it stores it. */
function isSoft(why: string): boolean {
  return why.includes("not known");
}

function allReads(input: ArrangeInput): (unit: number) => ReadonlySet<string> {
  const cache = new Map<number, ReadonlySet<string>>();
  const extra = new Map<number, Set<string>>();
  for (const expect of input.intake.expects) {
    const { ast } = expect.directive.expression;
    const unit = input.variables.find((id) => id >= expect.unit) ?? input.variables[input.variables.length - 1];
    if (unit === undefined || !ast) continue;
    const set = extra.get(unit) ?? new Set();
    for (const name of readsOf(ast))
      if (input.defs.binders(name).some((id) => input.defs.kindOf(id) === "variable")) set.add(name);
    extra.set(unit, set);
  }
  return (unit) => {
    const known = cache.get(unit);
    if (known) return known;
    const out = new Set<string>(extra.get(unit));
    const cell = input.flow.program.units[unit]?.cell;
    for (const use of input.defs.uses(unit)) {
      if (use.mode !== "load" || !cell || isReplaced(cell, use.span, input.edits)) continue;
      const kinds = input.defs.kindsAt(unit, use);
      // Read straight away: the analysis knows whether the value comes from outside the statement. Read later: it may.
      const outside = use.deferred || (input.flow.facts[unit]?.trace.reads.has(use.id) ?? true);
      if (kinds.has("variable") && outside) out.add(use.id);
      for (const name of input.helpers.at(unit, use)?.lifted ?? []) out.add(name);
    }
    cache.set(unit, out);
    return out;
  };
}

/** A written signature is a promise: its names must be read, or assigned, by the step. */
function signatureProblems(
  input: ArrangeInput,
  groups: readonly NamedGroup[],
  reads: (unit: number) => ReadonlySet<string>,
): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  const byName = new Map(groups.map((g) => [g.name, g.units]));
  for (const start of input.intake.starts) {
    const units = byName.get(start.name) ?? [];
    const end = Math.min(
      ...input.intake.starts.filter((s) => s.unit > start.unit).map((s) => s.unit),
      input.flow.facts.length,
    );
    if (!start.directive.gives && !start.directive.reads) continue;
    const all = input.flow.facts.slice(start.unit, end);
    for (const name of start.directive.gives ?? []) {
      if (all.some((f) => f.trace.writes.has(name.name) || f.mutates.has(name.name))) continue;
      out.push(report("CW3004", start.place, { step: start.name, name: name.name }));
    }
    for (const name of start.directive.reads ?? []) {
      if (units.some((u) => reads(u).has(name.name)) || all.some((f) => f.trace.reads.has(name.name))) continue;
      out.push(report("CW3005", start.place, { step: start.name, name: name.name }));
    }
  }
  return out;
}
