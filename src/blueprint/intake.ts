import type { Directive, DirectiveOf } from "../annotation/directive.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import type { ParsedCell, Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Cell, Notebook } from "../notebook/notebook.ts";
import type { Stmt } from "../python/ir.ts";
import type { Cite } from "./blueprint.ts";
import type { DataDirective } from "./lift.ts";
import type { StepStart } from "./sections.ts";

/** A directive with what it is attached to; made by the annotation room. */
export interface AttachedDirective {
  readonly directive: Directive;
  readonly notebook: Notebook;
  readonly cell: Cell;
  /** How it is attached; "after": the moment just after `statement`. */
  readonly target?: string;
  /** The statement it is attached to, top-level or nested; undefined for position and model directives. */
  readonly statement?: Stmt;
  /** Offset in the cell's Python where "the statement below" begins; the cell's end when there is none. */
  readonly anchorOffset: number;
}

/** Directives sorted by what they mean for the blueprint. */
export interface Intake {
  readonly starts: readonly (StepStart & { readonly directive: DirectiveOf<"step">; readonly place: Place })[];
  readonly skipped: ReadonlyMap<number, AttachedDirective>;
  readonly kept: ReadonlySet<number>;
  readonly data: readonly (DataDirective & { readonly attached: AttachedDirective })[];
  readonly params: readonly Located<"param">[];
  readonly secrets: readonly Located<"secret">[];
  readonly seeds: readonly Located<"seed">[];
  readonly expects: readonly Located<"expect">[];
  readonly contracts: readonly Located<"contract">[];
  readonly metrics: readonly Located<"metric">[];
  readonly tests: readonly Located<"test">[];
  readonly serves: readonly Located<"serve">[];
  readonly fits: readonly Located<"fit">[];
  readonly applies: readonly Located<"apply">[];
  readonly thresholds: readonly Located<"threshold">[];
  readonly intent: readonly Located<Directive["kind"]>[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Located<K extends Directive["kind"]> {
  readonly directive: DirectiveOf<K>;
  readonly attached: AttachedDirective;
  /** The unit it is attached to, or the first one at or after it; the number of units when there is none. */
  readonly unit: number;
  readonly place: Place;
  readonly cite: Cite;
}

export function intake(flow: Dataflow, attached: readonly AttachedDirective[]): Intake {
  const diagnostics: Diagnostic[] = [];
  const of = <K extends Directive["kind"]>(kind: K): Located<K>[] =>
    attached.filter((a) => a.directive.kind === kind).map((a) => locate<K>(flow, a));
  const skipped = new Map<number, AttachedDirective>();
  for (const s of of("skip")) for (const unit of covered(flow, s.attached)) skipped.set(unit, s.attached);
  const kept = new Set(of("keep").flatMap((k) => covered(flow, k.attached)));
  const data: (DataDirective & { attached: AttachedDirective })[] = [];
  for (const mode of ["input", "output"] as const) {
    const found: readonly (Located<"input"> | Located<"output">)[] = mode === "input" ? of("input") : of("output");
    for (const d of found) {
      const unit = dataUnit(flow, d, mode, data);
      const { outside, format, doc, name } = d.directive;
      if (unit === undefined) {
        diagnostics.push(
          report("CW3008", d.place, { directive: mode, name: name.name, verb: mode === "input" ? "loads" : "writes" }),
        );
        continue;
      }
      data.push({
        unit,
        name: name.name,
        mode,
        ...(outside ? { world: outside.value } : {}),
        ...(format ? { format: format.name } : {}),
        ...(doc ? { doc: doc.value } : {}),
        attached: d.attached,
      });
    }
  }
  const model = new Set([
    "entity",
    "feature",
    "monotone",
    "drift",
    "use",
    "misuse",
    "assume",
    "limit",
    "risk",
    "decide",
    "source",
    "protect",
    "label",
    "monitor",
    "review",
    "section",
    "serve",
    "fit",
    "apply",
    "threshold",
    "waive",
  ]);
  return {
    starts: of("step").map((s) => ({
      unit: s.unit,
      name: s.directive.name.name,
      ...(s.directive.doc ? { doc: s.directive.doc.value } : {}),
      directive: s.directive,
      place: s.place,
    })),
    skipped,
    kept,
    data,
    params: of("param"),
    secrets: of("secret"),
    seeds: of("seed"),
    expects: of("expect"),
    contracts: of("contract"),
    metrics: of("metric"),
    tests: of("test"),
    serves: of("serve"),
    fits: of("fit"),
    applies: of("apply"),
    thresholds: of("threshold"),
    intent: attached.filter((a) => model.has(a.directive.kind)).map((a) => locate(flow, a)),
    diagnostics,
  };
}

function locate<K extends Directive["kind"]>(flow: Dataflow, a: AttachedDirective): Located<K> {
  const place = a.cell.place(a.directive.span);
  const cite = {
    notebook: a.notebook.path,
    cell: a.cell.index,
    cellId: a.cell.id,
    line: place.line,
    endLine: place.endLine,
  };
  const isAfter = a.directive.kind === "expect" && a.target === "after" && a.statement !== undefined;
  const unit = unitOf(flow, a) + (isAfter ? 1 : 0);
  return { directive: a.directive as DirectiveOf<K>, attached: a, unit, place, cite };
}

function sameCell(unit: Unit, a: AttachedDirective): boolean {
  return unit.cell.cell === a.cell;
}

function unitOf(flow: Dataflow, a: AttachedDirective): number {
  const { statement } = a;
  const { units } = flow.program;
  if (statement) {
    const holder = units.find(
      (u) => sameCell(u, a) && u.stmt.span.start <= statement.span.start && statement.span.end <= u.stmt.span.end,
    );
    if (holder) return holder.id;
  }
  const order = cellOrder(flow, a);
  const next = units.find((u) => (sameCell(u, a) ? u.stmt.span.start >= a.anchorOffset : order(u) > 0));
  return next?.id ?? units.length;
}

/** Compares the position of a unit's cell with the directive's: negative above, 0 the same, positive below. */
function cellOrder(flow: Dataflow, a: AttachedDirective): (unit: Unit) => number {
  // The code of a module stands where it is imported.
  const home = (cell: ParsedCell): ParsedCell => cell.importer ?? cell;
  const notebooks = [...new Set(flow.program.cells.map((c) => home(c).notebook.path))];
  const mine = notebooks.indexOf(a.notebook.path);
  return ({ cell }) => notebooks.indexOf(home(cell).notebook.path) - mine || home(cell).cell.index - a.cell.index;
}

/** Units that a `skip` or `keep` covers: the whole cell when it stands before the first statement, else its statement. */
function covered(flow: Dataflow, a: AttachedDirective): number[] {
  const mine = flow.program.units.filter((u) => sameCell(u, a));
  const [first] = mine;
  const at = a.directive.span.start;
  if (first && at < first.cell.cell.sourceSpan(first.stmt.span).start) return mine.map((u) => u.id);
  const unit = unitOf(flow, a);
  return unit < flow.program.units.length ? [unit] : [];
}

/** The first statement from the directive on, in its cell, that loads (or writes) data; one that binds the name is preferred. */
function dataUnit(
  flow: Dataflow,
  d: Located<"input"> | Located<"output">,
  mode: "input" | "output",
  taken: readonly DataDirective[],
): number | undefined {
  const candidates = flow.facts.filter(
    ({ unit, trace }) =>
      unit.id >= d.unit &&
      sameCell(unit, d.attached) &&
      !taken.some((t) => t.unit === unit.id && t.mode === mode) &&
      trace.files.some((f) => (f.mode === "load") === (mode === "input")),
  );
  const named = candidates.find((c) => c.trace.writes.has(d.directive.name.name));
  return (named ?? candidates[0])?.unit.id;
}
