import type { Span } from "../foundation/span.ts";
import type { CallExpr } from "../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import type { Maker, Obj } from "./heap.ts";
import { type Machine, siteOf } from "./machine.ts";
import { type ObjId, tag, type Value } from "./value.ts";
import { written } from "./written.ts";

/** Something that no slice needs and that laws ask about, seen while a unit was evaluated. */
export type Sight = DrawSight | ClockSight | ScoreSight | ChangeSight;

/** Random numbers are drawn from a generator that nobody seeded, or a generator of its own is made without a seed. */
export interface DrawSight {
  readonly kind: "draw";
  /** "part": an estimator or splitter draws, from numpy's. "own": a generator that the notebook makes. */
  readonly generator: "numpy" | "python" | "part" | "own";
  /** Where a seed belongs: the drawing call, or the one that made the estimator or splitter that draws. */
  readonly at: Maker;
  readonly span: Span;
}

/** The wall clock is read. */
export interface ClockSight {
  readonly kind: "clock";
  readonly span: Span;
  readonly callee: string;
}

/** A model is measured. */
export interface ScoreSight {
  readonly kind: "score";
  readonly span: Span;
  /** Name of the figure: "accuracy_score", "score". */
  readonly figure: string;
  /** On the rows, labels included, that the model was fitted on; on others; or nobody knows. */
  readonly rows: "fitted" | "others" | "unknown";
}

/** A function changes an object that is older than its call and that the call does not give it. */
export interface ChangeSight {
  readonly kind: "change";
  /** In the cell of `definition`. */
  readonly span: Span;
  readonly obj: ObjId;
  /** The innermost function around the change. */
  readonly definition: object;
}

/** Notes that a call draws from a global generator that nobody seeded: by itself, or by these estimators. */
export function seeDraw(m: Machine, generator: "numpy" | "python", by: readonly Obj[], expr: CallExpr): void {
  if (m.seeded.has(generator) || m.supposing > 0) return;
  const span = siteOf(m, expr.span);
  if (by.length === 0) m.trace.sights.push({ kind: "draw", generator, at: maker(m, expr), span });
  for (const { random } of by) if (random) m.trace.sights.push({ kind: "draw", generator: "part", at: random, span });
}

/** Estimators and splitters among these values, or that they are made of, that are known to draw and that nobody gives a seed. */
export function randomParts(m: Machine, values: readonly Value[]): readonly Obj[] {
  const seen = new Set<ObjId>();
  const todo = values.flatMap((value) => [...value.objs]);
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const obj = m.heap.get(id);
    if (!obj.seedsParts) todo.push(...obj.contents);
  }
  return [...seen]
    .sort((a, b) => a - b)
    .map((id) => m.heap.get(id))
    .filter((obj) => obj.random);
}

/** This call, as one that makes something. */
export function maker(m: Machine, expr: CallExpr): Maker {
  const definition = m.stack[m.stack.length - 1];
  return { unit: m.unit, span: expr.span, callee: written(expr), ...(definition ? { definition } : {}) };
}

/** A call seeds a global generator; without a seed, or with None, it takes one from the outside world. */
export function seeSeed(m: Machine, generator: string, args: Arguments): void {
  const given = args.positional[0] ?? args.named.get("seed") ?? args.named.get("a");
  if (given ? given.type === "None" : !args.open) m.seeded.delete(generator);
  else m.seeded.add(generator);
}

/** `set_seed(42)`, `pl.seed_everything(42)`: what a library calls so seeds the global generators too. */
export function seeUnknownSeed(m: Machine, callee: string, args: Arguments): void {
  if (!/(?:^|[._])(?:set_(?:all_|random_|global_)?seeds?|seed_everything|seed_all|fix_seeds?)$/.test(callee)) return;
  for (const generator of ["numpy", "python"]) seeSeed(m, generator, args);
}

/** Notes that a generator of its own is made; without a seed every run gets another one. */
export function seeGenerator(m: Machine, args: Arguments, expr: CallExpr): void {
  const given = args.positional[0] ?? args.named.get("seed");
  if (given ? given.type !== "None" : args.open) return;
  m.trace.sights.push({ kind: "draw", generator: "own", at: maker(m, expr), span: siteOf(m, expr.span) });
}

/** What tells the moment; a stopwatch only tells how much time has passed. */
const moment = /(?:^|\.)(?:now|today|utcnow|time|time_ns|localtime|gmtime|strftime|ctime|asctime)$/;

/** Notes that a call reads the clock, and gives the mark of a value that depends on it. */
export function seeClock(m: Machine, span: Span, callee: string): number {
  if (!moment.test(callee)) return 0;
  m.trace.sights.push({ kind: "clock", span: siteOf(m, span), callee });
  return tag.clock;
}

/** Notes that a model is measured: by a method of the estimator on rows, or by a function of predictions. */
export function seeScore(m: Machine, span: Span, callee: string, rows: ScoreSight["rows"]): void {
  const figure = callee.slice(callee.lastIndexOf(".") + 1);
  m.trace.sights.push({ kind: "score", span: siteOf(m, span), figure, rows });
}

/** Which rows a model is measured on. `seen` are the estimators that were fitted on `rows`, `tags` what goes into a function. */
export function measuredOn(
  m: Machine,
  callee: string,
  self: Value | undefined,
  seen: readonly ObjId[],
  rows: string | undefined,
  tags: number,
): ScoreSight["rows"] {
  if (/cross_val|(?:learning|validation)_curve$/.test(callee)) return "others";
  if (self && !m.knowledge.isTable(self.type)) {
    if (seen.length > 0) return seen.some((id) => m.heap.get(id).supervised) ? "fitted" : "unknown";
    return rows !== undefined && [...self.objs].some((id) => m.heap.get(id).fittedRows.size > 0) ? "others" : "unknown";
  }
  if ((tags & tag.prediction) !== 0) return "others";
  return (tags & tag.recalled) !== 0 ? "fitted" : "unknown";
}

/** Notes that a function changes a value, if the value is older than the call and not given to it. */
export function seeChange(m: Machine, value: Value, span: Span): void {
  const definition = m.stack[m.stack.length - 1];
  if (!definition) return;
  for (const obj of value.objs) {
    const { history, partOf, type } = m.heap.get(obj);
    const isOlder = history[0] !== undefined && history[0] < m.unit;
    if (!isOlder || usedUp.has(type) || partOf !== undefined || givenToCall(m).has(obj)) continue;
    m.trace.sights.push({ kind: "change", span, obj, definition });
  }
}

/** Made to be used up: whoever draws or reads changes them. */
const usedUp = new Set(["RandomState", "iterator", "file", "connection"]);

/** What the call of the outermost function being evaluated was given. */
function givenToCall(m: Machine): ReadonlySet<ObjId> {
  const { given } = m;
  given.reach ??= m.heap.reach(given.values.flatMap((value) => [...value.objs]));
  return given.reach;
}
