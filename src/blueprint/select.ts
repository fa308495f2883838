import type { Dataflow } from "../dataflow/analyse.ts";
import { incompleteTables } from "../dataflow/columns/incomplete.ts";
import { freeReads } from "../dataflow/free-names.ts";
import type { Binding } from "../dataflow/machine.ts";
import { neededParts, partsByUnit } from "../dataflow/needed-parts.ts";
import { type Demands, type Kept, sliceAndDemands, type Wanted } from "../dataflow/slice.ts";
import type { ObjId } from "../dataflow/value.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Expr } from "../python/ir.ts";
import { placeOf } from "./cite.ts";
import type { Edit } from "./edits.ts";
import type { Intake } from "./intake.ts";
import { type LeftOut, reduce } from "./reduce.ts";
import { findRoots, makerParts, makers, type Roots, withUnreadColumns } from "./roots.ts";

/** What production keeps of the program. */
export interface Selection {
  readonly roots: Roots;
  /** The program without what its kept statements do for nobody. */
  readonly flow: Dataflow;
  /** Changes of the text that leave that out, and what it was. */
  readonly edits: readonly Edit[];
  readonly leftOut: readonly LeftOut[];
  readonly kept: ReadonlyMap<number, Kept>;
  /** Tables some columns of which were left out: at the end they are not what they are in the notebook. */
  readonly incomplete: ReadonlySet<ObjId>;
  /** Columns of tables that something kept reads. */
  readonly demands: Demands;
  readonly diagnostics: readonly Diagnostic[];
}

/** Chooses the roots, slices backwards and refuses what cannot be understood on the way. */
export function select(flow: Dataflow, intake: Intake): Selection {
  const diagnostics: Diagnostic[] = [];
  const declared = declaredNames(flow, intake, diagnostics);
  const skipped = new Set(intake.skipped.keys());
  const found = findRoots(flow, declared, skipped);
  let sliced = sliceBack(flow, intake, found);
  const more = withUnreadColumns(sliced.flow, found, sliced.incomplete, skipped);
  if (more !== found) sliced = sliceBack(flow, intake, more);
  const { kept } = sliced;
  diagnostics.push(
    ...skippedNeeds(sliced.flow, intake, kept),
    ...refusals(sliced.flow, kept),
    ...settings(sliced.flow, kept, skipped),
  );
  return { ...sliced, diagnostics };
}

/** What these roots and the directives need. */
function sliceBack(flow: Dataflow, intake: Intake, found: Roots): Omit<Selection, "diagnostics"> {
  const skipped = new Set(intake.skipped.keys());
  const units = new Map(found.units);
  const expected = expectationNeeds(flow, intake);
  for (const unit of intake.kept) units.set(unit, "keep");
  for (const unit of expected) if (!units.has(unit)) units.set(unit, "expectation");
  const roots: Roots = { ...found, units };
  const whole = [...intake.kept, ...expected, ...found.figures.map((figure) => figure.unit)];
  const reduced = reduce(flow, neededParts(flow, rootParts(flow, roots, new Set(whole), skipped)));
  const wanted = [...namesWanted(reduced.flow, found.names), ...expectationTables(reduced.flow, intake)];
  const { kept, demands } = sliceAndDemands(reduced.flow, units, wanted);
  return { roots, ...reduced, kept, demands, incomplete: incompleteTables(reduced.flow, new Set(kept.keys())) };
}

/** The parts for whose sake units are roots: who made the last version of a name, who writes a file, or all of a unit. */
function rootParts(
  flow: Dataflow,
  roots: Roots,
  whole: ReadonlySet<number>,
  skipped: ReadonlySet<number>,
): ReadonlySet<number> {
  const out = new Set<number>();
  for (const name of roots.names.keys())
    for (const id of makerParts(flow, flow.names.get(name))) if (!skipped.has(flow.parts[id]?.unit ?? -1)) out.add(id);
  const units = partsByUnit(flow);
  for (const unit of roots.units.keys()) {
    const parts = units.get(unit) ?? [];
    const trace = flow.facts[unit]?.trace;
    const writes = trace !== undefined && (trace.stores || trace.files.some((file) => file.mode === "store"));
    const storing = parts.filter((part) => part.stores);
    if (whole.has(unit) || (writes && storing.length === 0)) for (const part of parts) out.add(part.id);
    else if (writes) for (const part of storing) out.add(part.id);
  }
  return out;
}

/** Variables that production keeps are wanted whole, as they are at the end. */
function namesWanted(flow: Dataflow, names: ReadonlyMap<string, string>): readonly Wanted[] {
  return [...names].flatMap(([name, why]) => {
    const binding = flow.names.get(name);
    return binding ? tablesOf(flow, binding, flow.facts.length, `${why}: ${name}`) : [];
  });
}

function tablesOf(flow: Dataflow, binding: Binding, before: number, what: string): readonly Wanted[] {
  return [...flow.heap.reach(binding.value.objs)].map((obj) => ({ obj, before, what }));
}

/** Tables that an `expect` looks at, as they are where it stands. */
function expectationTables(flow: Dataflow, intake: Intake): readonly Wanted[] {
  return intake.expects.flatMap(({ unit, directive }) => {
    const names = directive.expression.ast ? [...readsOf(directive.expression.ast)] : [];
    return names.flatMap((name) => {
      const binding = (flow.before[unit] ?? flow.names).get(name);
      return binding ? tablesOf(flow, binding, unit, "expectation") : [];
    });
  });
}

/** Names that directives promise: each must be computed. */
function declaredNames(flow: Dataflow, intake: Intake, diagnostics: Diagnostic[]): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const step of intake.starts)
    for (const name of step.directive.gives ?? []) if (flow.names.has(name.name)) out.set(name.name, "declared");
  for (const { directive } of intake.serves)
    for (const column of directive.gives) if (flow.names.has(column.name)) out.set(column.name, "served");
  for (const { directive, unit, place } of [...intake.metrics, ...intake.thresholds]) {
    const { kind, name } = directive;
    const variable = name.name.split(".")[0] ?? name.name;
    if (isComputed(flow, variable, unit)) out.set(variable, kind);
    else diagnostics.push(report("CW3007", place, { directive: kind, name: name.name }));
  }
  for (const contract of intake.contracts) {
    const name = contract.directive.name.name;
    const isData = intake.data.some((d) => d.name === name);
    if (!isData && isComputed(flow, name, contract.unit)) out.set(name, "contract");
  }
  return out;
}

/** True when some statement binds the name, in the directive's own cell or above it. */
function isComputed(flow: Dataflow, name: string, unit: number): boolean {
  const cell = flow.program.units[unit]?.cell;
  return flow.facts.some(
    (facts) =>
      facts.trace.writes.has(name) && (facts.unit.id < unit || facts.unit.cell === cell || unit >= flow.facts.length),
  );
}

/** Units whose values an `expect` reads. */
function expectationNeeds(flow: Dataflow, intake: Intake): ReadonlySet<number> {
  const out = new Set<number>();
  for (const expect of intake.expects) {
    const { ast } = expect.directive.expression;
    const before = flow.before[expect.unit] ?? flow.names;
    for (const name of ast ? readsOf(ast) : []) {
      const binding = before.get(name);
      for (const unit of binding ? binding.defs : []) out.add(unit);
      if (binding) for (const unit of makers(flow, binding)) if (unit < expect.unit) out.add(unit);
    }
  }
  return out;
}

export function readsOf(expr: Expr): ReadonlySet<string> {
  return freeReads([{ kind: "expr", value: expr, span: expr.span }]);
}

function skippedNeeds(flow: Dataflow, intake: Intake, kept: ReadonlyMap<number, Kept>): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  const said = new Set<unknown>();
  for (const [unit, attached] of intake.skipped) {
    const entry = kept.get(unit);
    if (!entry || said.has(attached)) continue;
    const kind = flow.program.units[unit]?.stmt.kind;
    if (kind === "import" || kind === "importfrom" || kind === "function" || kind === "class") continue;
    said.add(attached);
    const user = entry.by === undefined ? undefined : flow.program.units[entry.by];
    out.push(
      report("CW3006", attached.cell.place(attached.directive.span), {
        name: entry.what,
        cell: user?.cell.cell.index ?? attached.cell.index,
      }),
    );
  }
  return out;
}

/** A setting of the whole process changes what every later step computes, and steps may run each in a process of their own. */
function settings(
  flow: Dataflow,
  kept: ReadonlyMap<number, Kept>,
  skipped: ReadonlySet<number>,
): readonly Diagnostic[] {
  const last = Math.max(-1, ...kept.keys());
  return flow.facts
    .filter(({ unit }) => unit.id < last && !skipped.has(unit.id))
    .flatMap(({ unit, trace }) =>
      trace.settings.map((setting) =>
        report("CW2002", placeOf(unit, setting.span), {
          what: `runs after a setting of the whole process has been changed ('${setting.what}')`,
        }),
      ),
    );
}

function refusals(flow: Dataflow, kept: ReadonlyMap<number, Kept>): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  for (const unit of [...kept.keys()].sort((a, b) => a - b)) {
    const facts = flow.facts[unit];
    if (!facts) continue;
    for (const refusal of new Map(facts.trace.refusals.map((r) => [`${r.span.start}:${r.what}`, r])).values())
      out.push(
        refusal.isCommand
          ? report("CW2004", placeOf(facts.unit, refusal.span), { name: [...facts.trace.writes].join(", ") || "it" })
          : report("CW2002", placeOf(facts.unit, refusal.span), { what: refusal.what }),
      );
    for (const [name, span] of facts.trace.undefined) out.push(report("CW2003", placeOf(facts.unit, span), { name }));
  }
  return out;
}
