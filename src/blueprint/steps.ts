import type { Dataflow } from "../dataflow/analyse.ts";
import type { Binding } from "../dataflow/machine.ts";
import type { Unit } from "../dataflow/program.ts";
import type { ObjId, Value } from "../dataflow/value.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import { annotationOf, annotationOfValue, anything } from "./annotations.ts";
import type { Arranged } from "./arrange.ts";
import type {
  Cite,
  Code,
  Dataset,
  Import,
  Parameter,
  Secret,
  Step,
  StepCheck,
  StepInput,
  StepOutput,
} from "./blueprint.ts";
import { cite } from "./cite.ts";
import { unitCode } from "./code.ts";
import { deadStores } from "./dead-stores.ts";
import { type Definitions, globalDeclarations } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";
import type { HelpersPlan } from "./helpers.ts";
import { type ImportNames, importsOf } from "./import-names.ts";
import { uniqueImports } from "./imports.ts";
import type { Intake } from "./intake.ts";
import { makers, type PrintedFigure, type Roots } from "./roots.ts";
import { rowLoopEdits } from "./row-loops.ts";
import type { NamedGroup } from "./step-names.ts";
import { bindsSurely } from "./surely-bound.ts";
import { fits, usesOf } from "./type-fit.ts";

export interface StepsInput {
  readonly flow: Dataflow;
  readonly defs: Definitions;
  readonly intake: Intake;
  readonly roots: Roots;
  readonly helpers: HelpersPlan;
  readonly edits: readonly Edit[];
  /** What changes of a unit's text need beside its own imports. */
  readonly extraImports: ReadonlyMap<number, readonly Import[]>;
  readonly imports: ImportNames;
  readonly arranged: Arranged;
  /** Tables that lack columns which the notebook's have. */
  readonly incomplete: ReadonlySet<ObjId>;
  readonly parameters: ReadonlyMap<string, { readonly unit: Unit; readonly parameter: Parameter }>;
  readonly datasets: readonly Dataset[];
  readonly secrets: readonly Secret[];
  /** Set before the first draw. */
  readonly seed?: number;
  figuresOf(unit: number): readonly PrintedFigure[];
}

/** The steps of the blueprint, from the groups and what crosses their borders. */
export function makeSteps(input: StepsInput): {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const { arranged } = input;
  const producers = new Map<string, string>();
  const firstDraw = arranged.groups.findIndex((g) =>
    g.units.some((unit) => (input.flow.facts[unit]?.trace.draws.size ?? 0) > 0),
  );
  const randomness = randomFlows(input);
  const across = acrossSteps(input);
  const steps = arranged.groups.map((group, k): Step => {
    const flows = arranged.flows[k] ?? { inputs: new Set<string>(), outputs: new Set<string>() };
    const inputs = [...flows.inputs]
      .sort()
      .map((name): StepInput => ({ name, ...variable(input, name, group.units), from: producers.get(name) ?? "" }));
    const figures = group.units.flatMap((unit) => input.figuresOf(unit));
    const outputs = [...outputsOf(input, across, k, flows.outputs), ...figures.map(figureOutput)].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    for (const output of outputs) producers.set(output.name, group.name);
    const imports = importsOfGroup(input, group);
    const bound = new Set(group.units.flatMap((unit) => [...(input.flow.facts[unit]?.trace.writes ?? [])]));
    const rebound = (i: Import): boolean => bound.has(i.local);
    const reads = new Set(group.units.flatMap((unit) => [...arranged.reads(unit)]));
    const random = randomness[k] ?? { into: false, out: false };
    const checked = checksOf(input, group);
    const outer = outerNames(input, group);
    const alsoRead = new Set([...reads, ...outer.keys(), ...checked.map((c) => c.variable ?? c.text)]);
    const units = group.units.map((unit) => unitAt(input.flow, unit));
    const unused = deadStores(units, input.defs, new Set(outputs.map((o) => o.name)), alsoRead, input.edits);
    const open = declaredOpen(input, units, flows.inputs, unused);
    const declared = declarations(input, group, outer, new Set(inputs.map((i) => i.name)));
    return {
      name: group.name,
      title: group.title,
      ...(group.doc === undefined ? {} : { doc: group.doc }),
      cites: citesOf(input.flow, group),
      inputs,
      outputs,
      parameters: [...input.parameters]
        .filter(([local]) => reads.has(local) || group.units.some((unit) => textHas(input, unit, local)))
        .map(([, { parameter }]) => parameter.name)
        .sort(),
      datasets: input.datasets
        .filter((d) => group.units.some((unit) => textHas(input, unit, d.argument)))
        .map((d) => d.name),
      secrets: input.secrets
        .filter((s) => group.units.some((unit) => textHas(input, unit, s.argument)))
        .map((s) => s.name),
      imports: [...imports.filter((i) => !rebound(i)), ...(open.length > 0 ? [openType] : [])],
      localImports: imports.filter(rebound),
      helpers: [...new Set(group.units.flatMap((unit) => helpersOf(input, unit)))].sort(),
      body: [
        ...declared,
        ...units.map((unit) => unitCode(unit, [...input.edits, ...unused, ...open], input.figuresOf(unit.id))),
      ],
      checks: checked.map((check) => ({ ...check, at: check.at + declared.length })),
      randomIn: random.into,
      randomOut: random.out,
      ...(input.seed !== undefined && k === firstDraw ? { seed: input.seed } : {}),
    };
  });
  return { steps, diagnostics: [] };
}

const openType: Import = { module: "typing", name: "Any", local: "Any" };

/** Loop variables of a step that stand for rows or groups of tables are declared as open. */
function declaredOpen(
  input: StepsInput,
  units: readonly Unit[],
  inputs: ReadonlySet<string>,
  unused: readonly Edit[],
): readonly Edit[] {
  if (input.defs.binders("Any").length > 0) return [];
  const bound = new Set([...inputs, ...input.parameters.keys()]);
  return units.flatMap((unit) => {
    const before = input.flow.before[unit.id];
    const isGroups = (expr: Expr): boolean => expr.kind === "name" && before?.get(expr.id)?.value.type === "GroupBy";
    return rowLoopEdits(unit.cell, [unit.stmt], { bound, isGroups, edits: [...input.edits, ...unused] });
  });
}

/** The greatest of some units; a step may hold more than an argument list can. */
function lastOf(units: Iterable<number>): number {
  let last = -1;
  for (const unit of units) last = Math.max(last, unit);
  return last;
}

function unitAt(flow: Dataflow, id: number) {
  const unit = flow.program.units[id];
  if (!unit) throw new Error(`no unit ${id}`);
  return unit;
}

/** Type of a variable as it enters the units of a step: after the last unit before them that wrote it. */
function variable(
  input: StepsInput,
  name: string,
  units: readonly number[],
): { readonly type: string; readonly annotation: string } {
  const binding = input.flow.before[units[0] ?? 0]?.get(name) ?? input.flow.names.get(name);
  const type = binding?.value.type ?? "unknown";
  const annotation = annotationOfValue(input.flow.heap, binding?.value);
  const stmts = units.map((unit) => unitAt(input.flow, unit).stmt);
  return { type, annotation: fits(annotation.text, usesOf(stmts, name)) ? annotation.text : anything.text };
}

/** What the outputs of every step depend on. */
interface Across {
  /** Kept units that are statements of a step or parameters. */
  readonly kept: ReadonlySet<number>;
  /** For each name the steps that read it, in order. */
  readonly readers: ReadonlyMap<string, readonly number[]>;
}

function acrossSteps({ arranged, parameters }: StepsInput): Across {
  const readers = new Map<string, number[]>();
  arranged.groups.forEach((group, k) => {
    for (const unit of group.units)
      for (const name of arranged.reads(unit)) {
        const known = readers.get(name);
        if (!known) readers.set(name, [k]);
        else if (known[known.length - 1] !== k) known.push(k);
      }
  });
  const units = arranged.groups.flatMap((g) => g.units);
  return { kept: new Set([...units, ...[...parameters.values()].map((p) => p.unit.id)]), readers };
}

function outputsOf(
  input: StepsInput,
  { kept, readers }: Across,
  k: number,
  names: ReadonlySet<string>,
): readonly StepOutput[] {
  const { flow, roots, arranged } = input;
  const group = arranged.groups[k];
  if (!group) return [];
  const last = lastOf(group.units);
  return [...names].map((name): StepOutput => {
    const now = flow.before[last + 1]?.get(name) ?? flow.names.get(name);
    const end = flow.names.get(name);
    const made = end ? makers(flow, end) : new Set<number>();
    const final =
      end !== undefined &&
      !flow.stale.has(name) &&
      [...made].every((unit) => unit <= last && unit >= 0) &&
      lastKept(input, name, last, kept);
    const type = now?.value.type ?? "unknown";
    const later = arranged.groups[readers.get(name)?.find((reader) => reader > k) ?? -1]?.name;
    const required = later !== undefined || roots.names.get(name) === "declared" || roots.names.get(name) === "metric";
    const why = roots.names.get(name) ?? (later === undefined ? "result" : `needed by ${later}`);
    return {
      name,
      type,
      annotation: annotationOfValue(flow.heap, now?.value).text,
      final,
      required,
      why,
      ...(now?.maybe || (!required && !isSure(input, group, name, now)) ? { maybe: true as const } : {}),
    };
  });
}

/** False for what only the rounds of a loop bind: on other data there may be no round, and nothing reads it later. */
function isSure(input: StepsInput, group: NamedGroup, name: string, binding: Binding | undefined): boolean {
  return [...(binding?.defs ?? [])].some((unit) => {
    const stmt = input.flow.program.units[unit]?.stmt;
    return stmt === undefined || !group.units.includes(unit) || bindsSurely(stmt, name);
  });
}

/** True when some of these objects can be got at from a value. */
function touches(flow: Dataflow, value: Value, objs: ReadonlySet<ObjId>): boolean {
  return objs.size > 0 && [...flow.heap.reach(value.objs)].some((id) => objs.has(id));
}

/** True when no dropped statement changes the variable after this step: then the artifact is the notebook's own last version. */
function lastKept(input: StepsInput, name: string, last: number, kept: ReadonlySet<number>): boolean {
  const end = input.flow.names.get(name);
  if (!end) return false;
  const isWhole = input.roots.names.has(name) || !touches(input.flow, end.value, input.incomplete);
  if (!isWhole) return false;
  const isMade = [...makers(input.flow, end)].every((unit) => kept.has(unit) || input.defs.kindOf(unit) !== "variable");
  return isMade && [...end.defs].some((unit) => unit <= last);
}

function figureOutput(figure: PrintedFigure): StepOutput {
  return {
    name: figure.name,
    type: figure.type,
    annotation: annotationOf(figure.type).text,
    // The notebook gives it no name, so it is no artifact: the product records it as a metric.
    final: false,
    required: false,
    why: "printed figure",
  };
}

function importsOfGroup(input: StepsInput, group: NamedGroup): readonly Import[] {
  const out: Import[] = [];
  for (const unit of group.units) {
    out.push(...importsOf(input.flow, input.defs, unit, input.edits, input.imports));
    out.push(...(input.extraImports.get(unit) ?? []));
    for (const use of input.defs.uses(unit))
      if (use.id === "display" && use.mode === "load" && input.defs.sourcesAt(unit, use).length === 0)
        out.push({ module: "IPython.display", name: "display", local: "display" });
  }
  return uniqueImports(out);
}

/** Variables of the step that functions inside it assign, each with the function's unit. */
function outerNames(input: StepsInput, group: NamedGroup): ReadonlyMap<string, number> {
  return new Map(
    group.units.flatMap((unit) =>
      input.defs.isStatement(unit)
        ? globalDeclarations(unitAt(input.flow, unit).stmt).flatMap((d) => d.names.map((name) => [name, unit] as const))
        : [],
    ),
  );
}

/** `nonlocal` needs a variable around the function: one that nothing else in the step binds is declared at its head. */
function declarations(
  input: StepsInput,
  group: NamedGroup,
  outer: ReadonlyMap<string, number>,
  inputs: ReadonlySet<string>,
): readonly Code[] {
  const bound = new Set([...inputs, ...input.parameters.keys()]);
  for (const unit of group.units)
    for (const use of input.defs.uses(unit)) if (use.mode === "store" && !use.deferred) bound.add(use.id);
  return [...outer]
    .filter(([name]) => !bound.has(name))
    .map(([name, unit]): Code => {
      const { text } = annotationOfValue(input.flow.heap, input.flow.names.get(name)?.value);
      return { text: `${name}: ${text}`, rawLines: [], cite: cite(unitAt(input.flow, unit)) };
    });
}

function helpersOf(input: StepsInput, unit: number): readonly string[] {
  const { cell } = unitAt(input.flow, unit);
  return input.defs
    .uses(unit)
    .filter((use) => !isReplaced(cell, use.span, input.edits))
    .flatMap((use) => input.helpers.at(unit, use)?.name ?? []);
}

function textHas(input: StepsInput, unit: number, argument: string): boolean {
  const { cell, stmt } = unitAt(input.flow, unit);
  return (
    input.edits.some(
      (e) => e.cell === cell && e.text === argument && stmt.span.start <= e.start && e.end <= stmt.span.end,
    ) || input.arranged.reads(unit).has(argument)
  );
}

function citesOf(flow: Dataflow, group: NamedGroup): readonly Cite[] {
  const byCell = new Map<string, Cite>();
  for (const id of group.units) {
    const at = cite(unitAt(flow, id));
    const key = `${at.notebook}#${at.cell}`;
    const known = byCell.get(key);
    byCell.set(
      key,
      known ? { ...known, line: Math.min(known.line, at.line), endLine: Math.max(known.endLine, at.endLine) } : at,
    );
  }
  return [...byCell.values()];
}

/** Contract and expect checks of the statements of a step. */
function checksOf(input: StepsInput, group: NamedGroup): readonly StepCheck[] {
  const out: StepCheck[] = [];
  for (const expect of input.intake.expects) {
    const at = group.units.findIndex((unit) => unit >= expect.unit);
    const isLast = input.arranged.groups[input.arranged.groups.length - 1] === group;
    const previous = input.arranged.groups[input.arranged.groups.indexOf(group) - 1];
    const mine =
      at > 0 ||
      (at === 0 && (previous === undefined || Math.max(...previous.units) < expect.unit)) ||
      (at === -1 && isLast);
    if (!mine) continue;
    const { expression, reason } = expect.directive;
    out.push({
      at: at === -1 ? group.units.length : at,
      kind: "expect",
      text: expression.text,
      ...(reason ? { why: reason.value } : {}),
      cite: expect.cite,
    });
  }
  for (const contract of input.intake.contracts) {
    const name = contract.directive.name.name;
    const load = input.intake.data.find((d) => d.name === name && d.mode === "input");
    const store = load ? undefined : input.intake.data.find((d) => d.name === name && d.mode === "output");
    const receiver = store && writtenTable(unitAt(input.flow, store.unit).stmt);
    if (store && receiver !== undefined && group.units.includes(store.unit)) {
      out.push({
        at: group.units.indexOf(store.unit),
        kind: "contract",
        text: name,
        variable: receiver,
        cite: contract.cite,
      });
      continue;
    }
    const unit =
      load?.unit ??
      [...group.units].find((id) => id >= contract.unit && (input.flow.facts[id]?.trace.writes.has(name) ?? false)) ??
      [...group.units]
        .reverse()
        .find((id) => id < contract.unit && (input.flow.facts[id]?.trace.writes.has(name) ?? false));
    if (unit === undefined || !group.units.includes(unit) || out.some((c) => c.text === name)) continue;
    const written = load ? [...(input.flow.facts[unit]?.trace.writes ?? [])][0] : name;
    if (written !== undefined)
      out.push({
        at: group.units.indexOf(unit) + 1,
        kind: "contract",
        text: name,
        variable: written,
        cite: contract.cite,
      });
  }
  return out.sort((a, b) => a.at - b.at);
}

/** Whether each step starts from the random state that an earlier one left, and whether a later one starts from its own. */
function randomFlows(input: StepsInput): readonly { readonly into: boolean; readonly out: boolean }[] {
  const isRandom = (tokens: ReadonlySet<string> | undefined): boolean =>
    [...(tokens ?? [])].some((t) => t.startsWith("random."));
  const uses = input.arranged.groups.map((g) => ({
    draws: g.units.some((unit) => isRandom(input.flow.facts[unit]?.trace.tokenReads)),
    writes: g.units.some((unit) => isRandom(input.flow.facts[unit]?.trace.tokenWrites)),
  }));
  const firstWriter = uses.findIndex((u) => u.writes);
  const lastDrawer = uses.findLastIndex((u) => u.draws);
  return uses.map(({ draws, writes }, k) => ({
    into: draws && firstWriter !== -1 && firstWriter < k,
    out: writes && lastDrawer > k,
  }));
}

/** The variable whose method writes a file: `scored` of `scored.to_csv(…)`. */
function writtenTable(stmt: Stmt): string | undefined {
  const call = stmt.kind === "expr" || stmt.kind === "assign" ? stmt.value : undefined;
  if (call?.kind !== "call" || call.func.kind !== "attribute" || call.func.value.kind !== "name") return undefined;
  return call.func.value.id;
}
