import type { Dataflow } from "../dataflow/analyse.ts";
import { boundNames } from "../dataflow/bound-names.ts";
import type { NameUse } from "../dataflow/free-names.ts";
import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import { blocksOf } from "../python/walk.ts";
import { placeOf } from "./cite.ts";
import { type Definitions, globalDeclarations } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";
import { unique } from "./identifiers.ts";
import { importOf } from "./imports.ts";

/** A definition of the notebook that production uses. */
export interface HelperPlan {
  readonly unit: Unit;
  /** Its name in the product: the notebook's own, unless that stands for other things too. */
  readonly name: string;
  /** Its name in the notebook. */
  readonly original: string;
  /** Globals it takes as keyword arguments, those of the helpers it calls included. */
  readonly lifted: ReadonlySet<string>;
  /** Product names of the helpers it uses. */
  readonly uses: ReadonlySet<string>;
}

export interface HelpersPlan {
  readonly byName: ReadonlyMap<string, HelperPlan>;
  /** Literal constants that classes read: they stand beside them in the module. */
  readonly constants: ReadonlySet<string>;
  readonly misfits: readonly Misfit[];
  /** The helper that a use of a name means. */
  at(unit: number, use: NameUse): HelperPlan | undefined;
}

/** Definitions and imports that cannot stand in a module, away from the statements around them, and what to say where nothing helps. */
export interface Misfit {
  readonly units: readonly number[];
  readonly diagnostic: Diagnostic;
  /** As statements of a step they would be wrong as well. */
  readonly isFinal?: true;
}

interface Draft {
  readonly unit: Unit;
  readonly original: string;
  readonly own: Set<string>;
  readonly uses: Set<Draft>;
  readonly users: { readonly unit: Unit; readonly use: NameUse }[];
}

/** Finds the definitions that kept code uses, directly or through each other, and the globals that each must be given. */
export function planHelpers(
  flow: Dataflow,
  defs: Definitions,
  kept: ReadonlySet<number>,
  edits: readonly Edit[],
  names: ReadonlySet<string>,
): HelpersPlan {
  const misfits: Misfit[] = [];
  const drafts = new Map<string, Draft>();
  const constants = new Set<string>();
  const todo: { readonly unit: number; readonly use: NameUse; readonly by?: Draft }[] = [];
  const loads = (unit: number, by?: Draft): void => {
    const cell = flow.program.units[unit]?.cell;
    for (const use of defs.uses(unit))
      if (use.mode === "load" && !(cell && isReplaced(cell, use.span, edits)))
        todo.push({ unit, use, ...(by ? { by } : {}) });
  };
  for (const id of kept) if (defs.kindOf(id) === "variable") loads(id);
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { unit: id, use, by } = next;
    const user = flow.program.units[id];
    const found = user && definitionAt(flow, defs, kept, user, use, misfits);
    if (!user || !found) continue;
    const key = keyOf(found, use.id);
    const known = drafts.get(key);
    const draft = known ?? { unit: found, original: use.id, own: new Set(), uses: new Set(), users: [] };
    draft.users.push({ unit: user, use });
    if (by && by !== draft) by.uses.add(draft);
    if (known) continue;
    drafts.set(key, draft);
    misfits.push(...examine(flow, defs, draft, constants));
    loads(found.id, draft);
  }
  const productNames = nameDrafts(defs, kept, [...drafts.values()], names, misfits);
  const plans = close([...drafts.values()], productNames);
  const byName = new Map(plans.map((plan) => [plan.name, plan]));
  const byKey = new Map(plans.map((plan) => [keyOf(plan.unit, plan.original), plan]));
  const at = (unit: number, use: NameUse): HelperPlan | undefined => {
    const user = use.mode === "load" ? flow.program.units[unit] : undefined;
    const found = user && definitionAt(flow, defs, kept, user, use, []);
    return found && byKey.get(keyOf(found, use.id));
  };
  return { byName, constants, at, misfits: [...misfits, ...outOfReach(defs, plans, at)] };
}

/** Definitions of one name and one text are one. */
function keyOf(unit: Unit, name: string): string {
  return `${name}\0${text(unit)}`;
}

function text(unit: Unit): string {
  return unit.cell.module.text.slice(unit.stmt.span.start, unit.stmt.span.end);
}

/** The one definition that a use of a name means; undefined where it means none, or no single one. */
function definitionAt(
  flow: Dataflow,
  defs: Definitions,
  kept: ReadonlySet<number>,
  user: Unit,
  use: NameUse,
  misfits: Misfit[],
): Unit | undefined {
  const sources = keptOf(defs.sourcesAt(user.id, use), kept);
  const found = sources.filter((id) => defs.kindOf(id) === "definition");
  const last = flow.program.units[found[found.length - 1] ?? -1];
  if (!last) return undefined;
  const isOne = found.every((id) => keyOf(flow.program.units[id] ?? last, "") === keyOf(last, ""));
  if (!isOne) misfits.push({ units: found, diagnostic: report("CW2010", placeOf(user, use.span), { name: use.id }) });
  if (sources.some((id) => defs.kindOf(id) !== "definition"))
    misfits.push({
      units: sources.filter((id) => defs.kindOf(id) !== "variable"),
      diagnostic: report("CW2012", placeOf(user, use.span), { name: use.id }),
    });
  if (defs.maySeeBuiltin(user.id, use))
    misfits.push({
      units: found,
      diagnostic: report("CW2012", placeOf(user, use.span), { name: use.id }),
      isFinal: true,
    });
  return isOne ? last : undefined;
}

/** What is not kept is never met by what is kept; where nothing is, the code was not seen to run, and all may be meant. */
function keptOf(units: readonly number[], kept: ReadonlySet<number>): readonly number[] {
  const live = units.filter((id) => kept.has(id));
  return live.length > 0 ? live : units;
}

/** Gives each helper its name. A second meaning of a name gets a new one, where nobody can see what the function is called. */
function nameDrafts(
  defs: Definitions,
  kept: ReadonlySet<number>,
  drafts: readonly Draft[],
  names: ReadonlySet<string>,
  misfits: Misfit[],
): ReadonlyMap<Draft, string> {
  const out = new Map<Draft, string>();
  const taken = new Set(names);
  const byOriginal = new Map<string, Draft[]>();
  for (const draft of [...drafts].sort((a, b) => a.unit.id - b.unit.id))
    byOriginal.set(draft.original, [...(byOriginal.get(draft.original) ?? []), draft]);
  for (const [original, versions] of byOriginal) {
    const others = defs.binders(original).filter((id) => kept.has(id) && defs.kindOf(id) === "variable");
    versions.forEach((draft, i) => {
      const isPlain = i === 0 && others.length === 0;
      out.set(draft, isPlain ? original : unique(`${original}_${i + (others.length === 0 ? 1 : 2)}`, taken));
    });
    const hidden = versions.find((draft) => out.get(draft) !== original && !isNameless(draft));
    if (!hidden) continue;
    const [user] = hidden.users;
    if (user)
      misfits.push({
        units: versions.map((draft) => draft.unit.id),
        diagnostic: report("CW2010", placeOf(user.unit, user.use.span), { name: original }),
      });
  }
  // All kept definitions of a name stand together, or none of them.
  for (const draft of drafts) {
    const statement = defs.binders(draft.original).find((id) => defs.isStatement(id) && kept.has(id));
    if (statement !== undefined)
      misfits.push({
        units: [draft.unit.id],
        diagnostic: report("CW2010", placeOf(draft.unit), { name: draft.original }),
      });
  }
  return out;
}

/** True when a function is only ever called, by its written name: then nobody can tell what it is called. */
function isNameless({ unit, original, users }: Draft): boolean {
  const { stmt } = unit;
  if (stmt.kind === "class" || (stmt.kind === "function" && stmt.decorators.length > 0)) return false;
  return users.every(
    ({ unit: user, use }) =>
      use.call?.func === use.node && user.cell.module.text.slice(use.span.start, use.span.end) === original,
  );
}

/** Helpers that take lifted globals cannot be used where nobody can hand those over: in a class, a default or a decorator. */
function outOfReach(defs: Definitions, plans: readonly HelperPlan[], at: HelpersPlan["at"]): readonly Misfit[] {
  return plans.flatMap((plan) =>
    defs
      .uses(plan.unit.id)
      .filter((use) => use.mode === "load" && (!use.deferred || plan.unit.stmt.kind === "class"))
      .flatMap((use): Misfit[] => {
        const helper = at(plan.unit.id, use);
        const [name] = helper && helper !== plan ? helper.lifted : [];
        if (name === undefined) return [];
        const diagnostic = report("CW2013", placeOf(plan.unit, use.span), { name, helper: plan.original });
        return [{ units: [plan.unit.id], diagnostic }];
      }),
  );
}

/** `@lru_cache` and its kin: arguments of the product's function would be keys of the cache, and tables cannot be. */
function isCache(decorator: Expr): boolean {
  const called = decorator.kind === "call" ? decorator.func : decorator;
  const last = called.kind === "attribute" ? called.attr : called.kind === "name" ? called.id : "";
  return /^(?:lru_cache|cache|memoize|cached)$/.test(last);
}

/** Sorts the names a definition uses into imports, other helpers, constants and globals to be lifted. */
function examine(flow: Dataflow, defs: Definitions, draft: Draft, constants: Set<string>): readonly Misfit[] {
  const { unit, original: helper } = draft;
  const { stmt } = unit;
  const out: Misfit[] = [];
  const misfit = (units: readonly number[], diagnostic: Diagnostic): void => {
    out.push({ units, diagnostic });
  };
  for (const declaration of globalDeclarations(stmt))
    for (const name of declaration.names)
      misfit([unit.id], report("CW2011", placeOf(unit, declaration.span), { name: helper, global: name }));
  for (const use of defs.uses(unit.id)) {
    if (use.mode !== "load") continue;
    const place = placeOf(unit, use.span);
    const sources = defs.sourcesAt(unit.id, use);
    const kinds = new Set(sources.map((id) => defs.kindOf(id)));
    if (kinds.size === 0) continue;
    const ambiguous = report("CW2012", place, { name: use.id });
    if (defs.maySeeBuiltin(unit.id, use)) out.push({ units: [unit.id], diagnostic: ambiguous, isFinal: true });
    const movable = sources.filter((id) => defs.kindOf(id) !== "variable");
    if (kinds.size > 1) misfit([unit.id, ...movable], ambiguous);
    else if (kinds.has("import")) {
      if (new Set(sources.map((id) => JSON.stringify(importOf(flow, id, use.id)))).size > 1)
        misfit([unit.id, ...movable], ambiguous);
    } else if (sources.some((id) => defs.isStatement(id)))
      misfit([unit.id], report("CW2013", place, { name: use.id, helper }));
    else if (kinds.has("variable")) {
      const isCached = stmt.kind === "function" && stmt.decorators.some(isCache);
      if (isCached && use.deferred) {
        const what = `keeps results of '${helper}' in a cache, though they depend on '${use.id}' too`;
        misfit([unit.id], report("CW2002", place, { what }));
      } else if (stmt.kind !== "class" && use.deferred) draft.own.add(use.id);
      else if (literalBinder(flow, defs, use.id) !== undefined) constants.add(use.id);
      else misfit([unit.id], report("CW2013", place, { name: use.id, helper }));
    }
  }
  return out;
}

/** The one unit that binds a name to a literal which nothing ever changes. */
export function literalBinder(flow: Dataflow, defs: Definitions, name: string): Unit | undefined {
  const binders = defs.binders(name);
  const unit = binders.length === 1 ? flow.program.units[binders[0] ?? -1] : undefined;
  if (unit?.stmt.kind !== "assign" || unit.stmt.targets.length !== 1 || unit.stmt.targets[0]?.kind !== "name")
    return undefined;
  if (!isLiteral(unit.stmt.value)) return undefined;
  return flow.facts.some((facts) => facts.unit !== unit && (facts.mutates.has(name) || facts.trace.deletes.has(name)))
    ? undefined
    : unit;
}

export function isLiteral(expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
      return expr.type !== "ellipsis";
    case "unary":
      return (expr.op === "-" || expr.op === "+") && expr.operand.kind === "constant";
    case "tuple":
    case "list":
    case "set":
      return expr.items.every(isLiteral);
    case "dict":
      return expr.items.every((item) => item.key !== undefined && isLiteral(item.key) && isLiteral(item.value));
    default:
      return false;
  }
}

/** A helper needs what the helpers it calls need. */
function close(drafts: readonly Draft[], names: ReadonlyMap<Draft, string>): readonly HelperPlan[] {
  const lifted = new Map(drafts.map((draft) => [draft, new Set(draft.own)]));
  for (let grew = true; grew; ) {
    grew = false;
    for (const draft of drafts) {
      const mine = lifted.get(draft);
      if (!mine) continue;
      for (const used of draft.uses)
        for (const global of lifted.get(used) ?? []) {
          if (!mine.has(global)) {
            mine.add(global);
            grew = true;
          }
        }
    }
  }
  const nameOf = (draft: Draft): string => names.get(draft) ?? draft.original;
  return drafts.map((draft) => ({
    unit: draft.unit,
    name: nameOf(draft),
    original: draft.original,
    lifted: lifted.get(draft) ?? new Set(),
    uses: new Set([...draft.uses].map(nameOf)),
  }));
}

/**
 * True when a `global` of a definition would mean another variable once it is `nonlocal` in the function of a step: some
 * function in between has a variable of that name. A class that reads a name before it binds it cannot see the step's either.
 */
export function isCaptured(stmt: Stmt): boolean {
  const visit = (inner: Stmt, around: ReadonlySet<string>): boolean => {
    if (inner.kind === "global") return inner.names.some((name) => around.has(name));
    let seen = around;
    if (inner.kind === "function") {
      const scope = boundNames(inner.body);
      const own = [...scope.bound, ...inner.params.map((p) => p.name)].filter(
        (name) => !scope.globals.has(name) && !scope.nonlocals.has(name),
      );
      seen = new Set([...around, ...own]);
    }
    return blocksOf(inner).some((block) => block.some((child) => visit(child, seen)));
  };
  return visit(stmt, new Set());
}
