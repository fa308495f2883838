import type { Dataflow } from "../../dataflow/analyse.ts";
import { has } from "../../dataflow/columns/column-set.ts";
import type { Left } from "../../dataflow/normal/context.ts";
import { normalUnit } from "../../dataflow/normal/of-unit.ts";
import type { Stmt } from "../../python/ir.ts";
import { walkStmtExprs } from "../../python/walk.ts";
import { type Bound, isRow, type Rows } from "./bound.ts";
import { evaluate } from "./expressions.ts";
import { allDefinitions, type Trouble } from "./graph.ts";
import {
  change,
  type LookBack,
  lostRows,
  type Machine,
  nameOf,
  newMachine,
  now,
  trouble,
  versionName,
} from "./machine.ts";
import { type Nameless, noteNameless } from "./nameless.ts";
import { applied, asRuled, learnAll, mayBeOverruled, type Overruled } from "./overrule.ts";
import { type Asked, type Missing, type Served, servedBy, servedOf } from "./served.ts";
import { execute } from "./statements.ts";
import { type Written, writeAll } from "./write.ts";

/** One answer as it will be written down, with what stands between the raw rows and it. */
export interface SplitAnswer {
  readonly served: Served;
  readonly written: Written;
  readonly troubles: readonly Trouble[];
  /** A directive asks for it. */
  readonly isAsked: boolean;
}

/** The split of a program: what production answers, or why it cannot. */
export interface Split {
  readonly machine: Machine;
  readonly answers: readonly SplitAnswer[];
  /** Asked for, and not there. */
  readonly missing: readonly Missing[];
  /** The last prediction on held-out rows, where no variable holds it and nothing can be compared with it. */
  readonly unnamed?: Nameless;
}

/** Divides the kept statements into what training computes and what is computed for each raw row (fit-apply.md). */
export function split(
  flow: Dataflow,
  kept: ReadonlySet<number>,
  asked: readonly Asked[],
  copyOnWrite?: boolean,
  overruled: Overruled = asRuled,
  lookBack?: LookBack,
): Split {
  const m = newMachine(flow, lookBack);
  const results = new Map<number, Nameless>();
  // What training computes of something that it must not keep, must not be kept either.
  let taint: Bound["taint"];
  let isTaken = false;
  // Rows that have a part in what is being evaluated.
  let seen: Set<Rows> = new Set();
  m.evaluate = (expr) => {
    const before = m.predictions.length;
    const outer = taint;
    const around = seen;
    taint = undefined;
    seen = new Set();
    const found = learnedOf(isTaken ? applied(m, expr, (one) => evaluate(m, one)) : evaluate(m, expr), seen);
    const value = taint && found.time !== "row" && !found.taint ? { ...found, taint } : found;
    taint = value.taint ?? outer;
    for (const rows of rowsIn(value)) around.add(rows);
    seen = around;
    const made = m.predictions.at(-1);
    if (m.predictions.length > before && made) noteNameless(m, results, made, expr, value);
    return value;
  };
  m.execute = (stmts) => execute(m, stmts);
  const facts = { copyOnWrite, hasColumn: () => undefined };
  const looks = new Map<Asked, ReadonlyMap<string, Bound>>();
  const look = (at: number): void => {
    for (const one of asked)
      if (!looks.has(one) && one.unit <= at)
        looks.set(one, new Map([...m.scope.names].map(([name, held]) => [name, now(m, held)])));
  };
  for (const unit of flow.program.units) {
    const isImport = unit.stmt.kind === "import" || unit.stmt.kind === "importfrom";
    if (kept.has(unit.id) || isImport) {
      m.unit = unit.id;
      const { stmts, left } = normalUnit(flow, unit.id, facts);
      isTaken = overruled.apply.has(unit.id) && mayBeOverruled(unit.stmt);
      m.execute(stmts);
      isTaken = false;
      if (left.length > 0) spoilLeft(m, unit.stmt, left);
    }
    learnAll(m, overruled.fit.get(unit.id) ?? []);
    look(unit.id);
  }
  look(flow.program.units.length);
  const missing: Missing[] = [];
  const unasked = asked.length > 0 ? undefined : servedOf(m, results);
  const unnamed = unasked && "expr" in unasked ? unasked : undefined;
  const found =
    unasked && "source" in unasked
      ? [unasked]
      : asked.flatMap((one) => servedBy(one, looks.get(one) ?? new Map(), missing) ?? []);
  const made = new Map(m.definitions.map((one) => [one.version, one]));
  const known = {
    definitionOf: (version: string) => made.get(version),
    cuts: m.cuts,
    labels: m.labels,
    isLabelHidden: m.isLabelHidden,
    functionOf: (name: string) => m.scope.names.get(name)?.fn?.definition,
  };
  const write = (all: readonly Served[]): readonly Written[] => writeAll(all, m.definitions, known);
  const chosen = asked.length > 0 ? found : found.map((one) => withoutLabel(m, one, write));
  const written = write(chosen);
  const answers = chosen.flatMap((served, i) => {
    const one = written[i];
    if (!one) return [];
    noteLabels(m, served, one);
    noteLost(m, served, one);
    return [
      {
        served,
        written: one,
        troubles: [...one.troubles].flatMap((id) => m.troubles.get(id) ?? []),
        isAsked: asked.length > 0,
      },
    ];
  });
  return { machine: m, answers, missing, ...(unnamed ? { unnamed } : {}) };
}

/** Rows that a value has, or that it was computed of. */
function rowsIn(value: Bound): readonly Rows[] {
  if (isRow(value)) return value.rows ? [value.rows] : [];
  return value.learned ?? value.fittedOn ?? [];
}

/** What training computes, with the rows that had a part in it. */
function learnedOf(value: Bound, seen: ReadonlySet<Rows>): Bound {
  if (isRow(value) || seen.size === 0 || value.learned || value.fittedOn) return value;
  return { ...value, learned: [...seen] };
}

/** What the normal form could not say: whatever tables the statement names are nobody's from then on. */
function spoilLeft(m: Machine, stmt: Stmt, left: readonly Left[]): void {
  const names = new Set<string>();
  walkStmtExprs([stmt], (expr) => {
    if (expr.kind === "name") names.add(expr.id);
  });
  for (const { span, why } of left)
    for (const name of names) {
      const value = m.scope.names.get(name);
      const is = value && now(m, value);
      // A column that may not exist is looked at where it is stored; what is held elsewhere is followed here by its identity.
      if (!is?.rows || is.time !== "row" || why === "the column may not exist" || why === "the table is held elsewhere")
        continue;
      const code = why === "the version of pandas decides" ? "pandas version" : "container";
      change(m, is, trouble(m, code, nameOf(name, span), is.rows, [is]));
    }
}

/** The values without those that need the label (`y_test - predicted`): nobody asked for them, and they are evaluation. */
function withoutLabel(m: Machine, served: Served, write: (all: readonly Served[]) => readonly Written[]): Served {
  const isLabelled = (values: Served["values"]): boolean => {
    const one = { ...served, values };
    return write([one]).some((written) => labelsNeeded(m, one, written).length > 0);
  };
  if (served.values.length < 2 || !isLabelled(served.values)) return served;
  const values = served.values.filter((value) => !isLabelled([value]));
  return values.length > 0 ? { ...served, values } : served;
}

/** A raw column that the models are fitted to is asked for by name: the features hold the label. */
function noteLabels(m: Machine, served: Served, written: Written): void {
  for (const label of labelsNeeded(m, served, written)) {
    const unit = served.prediction?.unit ?? m.fits.at(-1)?.unit ?? served.source.unit;
    const span = m.flow.program.units[unit]?.stmt.span;
    if (!span) continue;
    m.unit = unit;
    const found = trouble(m, "label", nameOf(label, span), lostRows(served.source));
    if (found.code?.kind === "name") written.troubles.add(found.code.id);
  }
}

/** What the models are fitted to, and this code needs. */
function labelsNeeded(m: Machine, served: Served, written: Written): readonly string[] {
  const demanded = written.demand.columns.get(served.source.version);
  const stored = new Set<string>();
  const live = new Set<string>();
  for (const one of allDefinitions(m.definitions)) {
    if (one.kind !== "store" || one.target.kind !== "constant" || typeof one.target.value !== "string") continue;
    stored.add(one.target.value);
    if (written.demand.live.has(one)) live.add(one.target.value);
  }
  return [...m.labels].filter(
    (label) => (!stored.has(label) && demanded !== undefined && has(demanded, label)) || live.has(label),
  );
}

/** The code reads a version that nothing makes: no other table may stand in for it. */
function noteLost(m: Machine, served: Served, written: Written): void {
  const unit = served.prediction?.unit ?? served.source.unit;
  const span = m.flow.program.units[unit]?.stmt.span;
  if (written.lost.size === 0 || !span) return;
  m.unit = unit;
  const rows = lostRows(served.source);
  for (const version of written.lost) {
    const found = trouble(m, "container", nameOf(versionName(nameOf(version, span)), span), rows);
    if (found.code?.kind === "name") written.troubles.add(found.code.id);
  }
}
