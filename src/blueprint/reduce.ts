import { analyseAgain, type Dataflow } from "../dataflow/analyse.ts";
import { freeUses, type NameUse } from "../dataflow/free-names.ts";
import { partsByUnit } from "../dataflow/needed-parts.ts";
import type { Unit } from "../dataflow/program.ts";
import type { Stmt, TryStmt } from "../python/ir.ts";
import type { Edit } from "./edits.ts";
import { clauseRemoval, handlerNameRemoval, statementRemovals } from "./removals.ts";

/** A statement that was left out of one that is kept. */
export interface LeftOut {
  readonly unit: Unit;
  readonly stmt: Stmt;
  /** All that it does is show something. */
  readonly shows: boolean;
}

/** A program without what its kept statements do for nobody. */
export interface Reduced {
  readonly flow: Dataflow;
  /** Changes of the text that leave out the same. */
  readonly edits: readonly Edit[];
  readonly leftOut: readonly LeftOut[];
}

/** Takes out of units of which some parts are needed those that are not, and analyses what is left. */
export function reduce(flow: Dataflow, needed: ReadonlySet<number>): Reduced {
  const partOf = new Map(flow.parts.map((part) => [part.stmt, part]));
  const edits: Edit[] = [];
  const leftOut: LeftOut[] = [];
  const changed = new Map<number, Unit>();
  for (const [id, parts] of partsByUnit(flow)) {
    const unit = flow.program.units[id];
    const kept = parts.filter((part) => needed.has(part.id)).length;
    if (!unit || kept === 0 || kept === parts.length) continue;
    const cutting: Cutting = {
      unit,
      edits,
      isKept: (stmt) => needed.has(partOf.get(stmt)?.id ?? -1),
      bindsAlone: (name) => flow.facts.every((facts) => facts.unit.id === id || !facts.trace.writes.has(name)),
      leave(stmts) {
        for (const stmt of stmts)
          if (stmt.kind !== "pass")
            leftOut.push({ unit, stmt, shows: inside(stmt).every((s) => !partOf.get(s)?.acts) });
      },
    };
    changed.set(id, { ...unit, stmt: cut(cutting, unit.stmt) });
  }
  if (changed.size === 0) return { flow, edits, leftOut };
  const units = flow.program.units.map((unit) => changed.get(unit.id) ?? unit);
  const reduced = analyseAgain(flow, { ...flow.program, units });
  return { flow: { ...reduced, stale: staleNames(flow, reduced, needed, changed) }, edits, leftOut };
}

interface Cutting {
  readonly unit: Unit;
  readonly edits: Edit[];
  isKept(stmt: Stmt): boolean;
  /** No other unit binds this name, so nobody can miss that a handler unbinds it. */
  bindsAlone(name: string): boolean;
  leave(stmts: readonly Stmt[]): void;
}

/** A kept compound statement without what is not kept of its blocks. */
function cut(c: Cutting, stmt: Stmt): Stmt {
  switch (stmt.kind) {
    case "if":
    case "for":
    case "while":
      return { ...stmt, body: block(c, stmt.body), otherwise: clause(c, stmt.body, stmt.otherwise) };
    case "with":
      return { ...stmt, body: block(c, stmt.body) };
    case "match":
      return { ...stmt, cases: stmt.cases.map((one) => ({ ...one, body: block(c, one.body) })) };
    case "try":
      return attempt(c, stmt);
    default:
      return stmt;
  }
}

function attempt(c: Cutting, stmt: TryStmt): Stmt {
  const blocks = [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise];
  const before = blocks.filter((one) => one.length > 0);
  return {
    ...stmt,
    body: block(c, stmt.body),
    handlers: stmt.handlers.map((handler) => {
      const body = block(c, handler.body);
      const { name: bound } = handler;
      const isRead = (use: NameUse): boolean => use.id === bound;
      if (bound === undefined || freeUses(body).some(isRead) || !c.bindsAlone(bound)) return { ...handler, body };
      c.edits.push(...handlerNameRemoval(c.unit, handler));
      const { name: _name, ...rest } = handler;
      return { ...rest, body };
    }),
    otherwise: clause(c, before[before.length - (stmt.otherwise.length > 0 ? 2 : 1)] ?? stmt.body, stmt.otherwise),
    // Without a handler a `try` needs its `finally`.
    finally:
      stmt.handlers.length > 0
        ? clause(c, before[before.length - 1] ?? stmt.body, stmt.finally)
        : block(c, stmt.finally),
  };
}

/** A block that must stay: `pass` takes the place of what it held. */
function block(c: Cutting, stmts: readonly Stmt[]): readonly Stmt[] {
  const kept = stmts.filter(c.isKept);
  const gone = stmts.filter((stmt) => !c.isKept(stmt));
  c.leave(gone);
  if (gone.some((stmt) => stmt.kind !== "pass") || kept.length > 0)
    c.edits.push(...statementRemovals(c.unit, stmts, new Set(gone)));
  return kept.map((stmt) => cut(c, stmt));
}

/** A block behind `else`, `elif` or `finally`, which goes with its keyword. */
function clause(c: Cutting, before: readonly Stmt[], stmts: readonly Stmt[]): readonly Stmt[] {
  if (stmts.length === 0 || stmts.some(c.isKept)) {
    const [only] = stmts;
    // An `elif` is an `if` of its own that has no lines of its own to lose.
    if (only?.kind === "if" && only.isElif) return [cut(c, only)];
    return block(c, stmts);
  }
  c.leave(stmts);
  c.edits.push(clauseRemoval(c.unit, before, stmts));
  return [];
}

function inside(stmt: Stmt): readonly Stmt[] {
  switch (stmt.kind) {
    case "if":
    case "for":
    case "while":
      return [stmt, ...[...stmt.body, ...stmt.otherwise].flatMap(inside)];
    case "with":
      return [stmt, ...stmt.body.flatMap(inside)];
    case "match":
      return [stmt, ...stmt.cases.flatMap((one) => one.body.flatMap(inside))];
    case "try":
      return [
        stmt,
        ...[stmt.body, ...stmt.handlers.map((h) => h.body), stmt.otherwise, stmt.finally].flat().flatMap(inside),
      ];
    default:
      return [stmt];
  }
}

/** Variables whose last version the notebook makes, or deletes, in a part that was taken out. */
function staleNames(
  flow: Dataflow,
  reduced: Dataflow,
  needed: ReadonlySet<number>,
  changed: ReadonlyMap<number, Unit>,
): ReadonlySet<string> {
  const isGone = (part: number): boolean => !needed.has(part) && changed.has(flow.parts[part]?.unit ?? -1);
  const out = new Set<string>();
  for (const [name, binding] of flow.names) {
    const isStale =
      [...binding.parts].some(isGone) ||
      [...flow.heap.reach(binding.value.objs)].some((id) => [...flow.heap.get(id).parts].some(isGone));
    if (isStale) out.add(name);
  }
  for (const [name, { maybe }] of reduced.names) {
    const whole = flow.names.get(name);
    if (!whole || (whole.maybe && !maybe)) out.add(name);
  }
  return out;
}
