import type { Dataflow, UnitFacts } from "../dataflow/analyse.ts";
import { methodNames } from "../dataflow/functions.ts";
import type { Binding } from "../dataflow/machine.ts";
import { type ObjId, tag, type Value } from "../dataflow/value.ts";
import { walkStmtExprs } from "../python/walk.ts";
import { loopNames } from "./surely-bound.ts";

/** What production keeps and why. `names` are variables whose last version is kept; `units` are kept for what they do. */
export interface Roots {
  /** Unit → why it is kept. */
  readonly units: ReadonlyMap<number, string>;
  /** Variable → why its last version is an artifact. */
  readonly names: ReadonlyMap<string, string>;
  /** Figures that are only printed: the unit and the figure's new name. */
  readonly figures: readonly PrintedFigure[];
  /** True when nothing is modelled and every unread value is kept instead. */
  readonly fallback: boolean;
}

export interface PrintedFigure {
  readonly unit: number;
  readonly span: { readonly start: number; readonly end: number };
  readonly name: string;
  readonly type: string;
}

const notData = new Set([
  "module",
  "member",
  "function",
  "class",
  "figure",
  "type",
  "iterator",
  "dict-view",
  "file",
  "connection",
  "context",
  "plotter",
  "GroupBy",
  "indexer",
  "styler",
]);
const scalar = new Set(["int", "float", "bool", "unknown-scalar", "float-or-array", "report"]);

/** The default roots of architecture.md, "The hard part" 4, plus what directives and `declared` ask for. */
export function findRoots(flow: Dataflow, declared: ReadonlyMap<string, string>, skipped: ReadonlySet<number>): Roots {
  const units = new Map<number, string>();
  const names = new Map<string, string>();
  const loopTargets = onlyLoopTargets(flow);
  for (const [name, binding] of flow.names) {
    const why = declared.get(name) ?? (loopTargets.has(name) ? undefined : meaning(flow, name, binding));
    if (why === undefined || isSkipped(flow, binding, skipped)) continue;
    if (isOfModules(flow, makers(flow, binding))) continue;
    names.set(name, why);
  }
  for (const facts of flow.facts) {
    if (skipped.has(facts.unit.id)) continue;
    if (facts.trace.stores || facts.trace.files.some((file) => file.mode === "store" && !file.inFunction))
      units.set(facts.unit.id, "writes a file");
    else if (facts.trace.files.some((file) => file.mode === "store") && facts.unit.stmt.kind !== "function")
      units.set(facts.unit.id, "writes a file");
  }
  const figures = printedFigures(flow, skipped);
  for (const figure of figures) units.set(figure.unit, "computes a figure");
  const fallback = names.size === 0 && units.size === 0;
  if (fallback) {
    const never = unread(flow, leavesNothing);
    // A call that only draws numbers and prints is the end of a notebook, too.
    const all = never.length > 0 ? never : unread(flow, leavesNoValue);
    // A counter is a result only where there is nothing else.
    const results = all.filter((name) => !loopTargets.has(name));
    for (const name of results.length > 0 ? results : all)
      if (!isSkipped(flow, flow.names.get(name), skipped)) names.set(name, "unread value");
  }
  return withNames(flow, { units, names, figures, fallback }, names, skipped);
}

/** The roots with more variables whose last version is kept, each with the reason. */
function withNames(
  flow: Dataflow,
  roots: Roots,
  more: ReadonlyMap<string, string>,
  skipped: ReadonlySet<number>,
): Roots {
  const units = new Map(roots.units);
  for (const [name, why] of more)
    for (const unit of makers(flow, flow.names.get(name)))
      if (!skipped.has(unit)) units.set(unit, units.get(unit) ?? `${why}: ${name}`);
  return { ...roots, units, names: new Map([...roots.names, ...more]) };
}

/** Where unread values are kept for want of a model: tables that have columns which nobody reads are such values too. */
export function withUnreadColumns(
  flow: Dataflow,
  roots: Roots,
  incomplete: ReadonlySet<ObjId>,
  skipped: ReadonlySet<number>,
): Roots {
  if (!roots.fallback || incomplete.size === 0) return roots;
  const more = new Map<string, string>();
  for (const id of incomplete)
    for (const name of flow.heap.get(id).names) {
      const binding = flow.names.get(name);
      if (!binding?.value.objs.has(id) || !isData(name, binding.value) || isSkipped(flow, binding, skipped)) continue;
      more.set(name, "unread columns");
    }
  return withNames(flow, roots, more, skipped);
}

/** Every unit that made the last version of a name: who bound it, and who changed its objects last. */
export function makers(flow: Dataflow, binding: Binding | undefined): ReadonlySet<number> {
  const out = new Set(binding?.defs ?? []);
  if (binding)
    for (const id of flow.heap.reach(binding.value.objs))
      for (const unit of flow.heap.get(id).writers) if (unit >= 0) out.add(unit);
  return out;
}

/** The parts that made the last version of a name. */
export function makerParts(flow: Dataflow, binding: Binding | undefined): ReadonlySet<number> {
  const out = new Set(binding?.parts ?? []);
  if (binding)
    for (const id of flow.heap.reach(binding.value.objs))
      for (const part of flow.heap.get(id).parts) if (part >= 0) out.add(part);
  return out;
}

/** True for what only the code of modules has made: it is no variable of the notebook. */
export function isOfModules(flow: Dataflow, units: Iterable<number>): boolean {
  const all = [...units];
  return all.length > 0 && all.every((unit) => flow.program.units[unit]?.cell.importer !== undefined);
}

export function allTags(flow: Dataflow, value: Value): number {
  let tags = value.tags;
  for (const id of flow.heap.reach(value.objs)) tags |= flow.heap.get(id).tags;
  return tags;
}

export function isFigure(value: Value): boolean {
  return notData.has(value.type);
}

/** True for a variable that holds data: no figure, function, module or the like, and not private by its name. */
export function isData(name: string, value: Value): boolean {
  return !name.startsWith("_") && !notData.has(value.type) && (value.callables?.length ?? 0) === 0;
}

function meaning(flow: Dataflow, name: string, binding: Binding): string | undefined {
  const { value } = binding;
  if (!isData(name, value)) return undefined;
  const own = ownTags(flow, value);
  const deep = allTags(flow, value);
  if ((own & tag.fitted) !== 0 || isOwnEstimator(flow, value)) return "estimator";
  if ((deep & tag.fitted) !== 0 && (value.type === "dict" || value.type === "list" || value.type === "tuple"))
    return "estimator";
  const derived = value.tags | own;
  if ((derived & (tag.prediction | tag.trainPrediction)) !== 0) return scalar.has(value.type) ? "figure" : "prediction";
  if ([...binding.defs].some((unit) => predictsOwn(flow, unit))) return "prediction";
  if ((derived & tag.score) !== 0) return "figure";
  if ((derived & tag.label) !== 0 && (scalar.has(value.type) || value.type === "dict")) return "figure";
  if (
    (deep & (tag.score | tag.prediction | tag.trainPrediction)) !== 0 &&
    (value.type === "dict" || value.type === "list")
  )
    return "figure";
  return undefined;
}

/** An instance of a notebook class that follows the conventions of scikit-learn without standing on it: it has been changed by its `fit`. */
function isOwnEstimator(flow: Dataflow, value: Value): boolean {
  return [...value.objs].some((id) => {
    const obj = flow.heap.get(id);
    const classes = (obj.fields.get("__class__")?.callables ?? []).flatMap((c) => (c.kind === "class" ? [c] : []));
    const fits = classes.some((c) => {
      const has = methodNames(c);
      return has.has("fit") && (has.has("predict") || has.has("transform"));
    });
    const calls = (unit: number): boolean => {
      const stmt = flow.program.units[unit]?.stmt;
      let found = false;
      if (stmt)
        walkStmtExprs([stmt], (expr) => {
          found ||= expr.kind === "call" && expr.func.kind === "attribute" && /^fit(?:_|$)/.test(expr.func.attr);
        });
      return found;
    };
    return fits && obj.history.some(calls);
  });
}

/** True for `y = m.predict(…)` where `m` is such a model, or one that was saved and is read back. */
function predictsOwn(flow: Dataflow, unit: number): boolean {
  const stmt = flow.program.units[unit]?.stmt;
  if (stmt?.kind !== "assign" || stmt.value.kind !== "call" || stmt.value.func.kind !== "attribute") return false;
  const { attr, value } = stmt.value.func;
  const model = value.kind === "name" ? flow.before[unit]?.get(value.id)?.value : undefined;
  if (value.kind !== "name" || model === undefined || !/^predict(?:_|$)/.test(attr)) return false;
  return isOwnEstimator(flow, model) || isReadBack(flow, unit, value.id);
}

/** True for a name that is given in a statement with `pickle.load(…)` or its kin. */
function isReadBack(flow: Dataflow, unit: number, name: string): boolean {
  let found = false;
  for (const def of flow.before[unit]?.get(name)?.defs ?? []) {
    const stmt = flow.program.units[def]?.stmt;
    if (!stmt) continue;
    walkStmtExprs([stmt], (expr) => {
      if (expr.kind !== "call") return;
      const { func } = expr;
      const base = func.kind === "attribute" ? func.value : func;
      const member = base.kind === "name" ? flow.names.get(base.id)?.value.member : undefined;
      const callee = func.kind === "attribute" ? `${member}.${func.attr}` : member;
      found ||= callee !== undefined && /^(?:pickle|cPickle|joblib|dill|cloudpickle)\.load$/.test(callee);
    });
  }
  return found;
}

function ownTags(flow: Dataflow, value: Value): number {
  let tags = 0;
  for (const id of value.objs) tags |= flow.heap.get(id).tags;
  return tags;
}

function isSkipped(flow: Dataflow, binding: Binding | undefined, skipped: ReadonlySet<number>): boolean {
  if (skipped.size === 0 || !binding) return false;
  return [...makers(flow, binding)].some((unit) => skipped.has(unit));
}

/** Names that only `for` headers bind: counters and elements, not results. */
export function onlyLoopTargets(flow: Dataflow): ReadonlySet<string> {
  const loops = new Set<string>();
  const others = new Set<string>();
  for (const { unit, trace } of flow.facts) {
    const inside = loopNames(unit.stmt);
    for (const name of trace.writes) (inside.targets.has(name) && !inside.others.has(name) ? loops : others).add(name);
  }
  for (const name of others) loops.delete(name);
  return loops;
}

const shortNames: Readonly<Record<string, string>> = {
  score: "score",
  mean: "mean_value",
  float: "figure",
  round: "figure",
  all: "share_equal",
  any: "any_equal",
  sum: "count",
  min: "lowest",
  max: "highest",
  len: "count",
  abs: "figure",
  int: "figure",
};

function printedFigures(flow: Dataflow, skipped: ReadonlySet<number>): readonly PrintedFigure[] {
  const taken = new Set(flow.names.keys());
  for (const { trace } of flow.facts) for (const name of trace.writes) taken.add(name);
  const out: PrintedFigure[] = [];
  for (const { unit, trace } of flow.facts) {
    if (skipped.has(unit.id) || unit.stmt.kind !== "expr") continue;
    // Changes outside the figures would be lost with what shows them: such a statement stays as it is, or goes.
    const inside = (span: { readonly start: number; readonly end: number }): boolean =>
      trace.figures.some((f) => f.span.start <= span.start && span.end <= f.span.end);
    if (innermost(trace.impure).some((span) => !inside(span))) continue;
    for (const figure of outermost(trace.figures)) {
      const short = Object.hasOwn(shortNames, figure.name) ? shortNames[figure.name] : undefined;
      const base = (short ?? figure.name).replace(/_score$/, "");
      const plain = flow.knowledge.functionEffect(base) ? `${base}_value` : base;
      let name = plain;
      for (let i = 2; taken.has(name); i++) name = `${plain}_${i}`;
      taken.add(name);
      out.push({ unit: unit.id, span: figure.span, name, type: figure.type });
    }
  }
  return out;
}

const wrappers = new Set(["round", "print", "display", "float", "int", "abs"]);

/** Of calls within calls the outer one, unless it only rounds or prints the inner. */
function outermost<
  T extends { readonly span: { readonly start: number; readonly end: number }; readonly name: string },
>(figures: readonly T[]): readonly T[] {
  const real = figures.filter((f) => !wrappers.has(f.name));
  const unique = [...new Map(real.map((f) => [`${f.span.start}-${f.span.end}`, f])).values()];
  return unique.filter((f) => !unique.some((g) => g !== f && g.span.start <= f.span.start && f.span.end <= g.span.end));
}

/** Module-level data values that no later unit reads; who leaves nothing behind counts for none. */
function unread(flow: Dataflow, leaves: (facts: UnitFacts) => boolean): readonly string[] {
  const out: string[] = [];
  const lastRead = new Map<string, number>();
  for (const facts of flow.facts)
    if (!onlyShows(facts) && !leaves(facts)) for (const name of facts.trace.reads) lastRead.set(name, facts.unit.id);
  for (const [name, binding] of flow.names) {
    if (!isData(name, binding.value)) continue;
    if (binding.value.member !== undefined) continue;
    let last = -1;
    for (const unit of makers(flow, binding)) last = Math.max(last, unit);
    if ((lastRead.get(name) ?? -1) <= last) out.push(name);
  }
  return out;
}

/** True when all that a unit does is show something, a figure that it names included. */
export function onlyShows(facts: UnitFacts): boolean {
  return facts.trace.display || (facts.written.size > 0 && facts.trace.mutated.size === 0 && leavesNothing(facts));
}

/** True when no variable is another one after a unit, whatever it did to the generators of random numbers and the like. */
function leavesNoValue({ trace, mutates, written }: UnitFacts): boolean {
  return mutates.size === 0 && trace.deletes.size === 0 && written.size === 0;
}

/** True when nobody can see afterwards that a unit ran, but for figures: what it made and changed for itself is gone. */
function leavesNothing({ trace, mutates, written }: UnitFacts): boolean {
  return (
    mutates.size === 0 &&
    trace.tokenWrites.size === 0 &&
    trace.deletes.size === 0 &&
    [...written.values()].every((value) => value.type === "figure")
  );
}

/** Of spans within spans the inner ones: a print around an impure call is impure for its sake only. */
function innermost<T extends { readonly start: number; readonly end: number }>(spans: readonly T[]): readonly T[] {
  return spans.filter(
    (a) => !spans.some((b) => b !== a && a.start <= b.start && b.end <= a.end && b.end - b.start < a.end - a.start),
  );
}
