import type { Dataflow } from "../dataflow/analyse.ts";
import { freeUses, type NameUse } from "../dataflow/free-names.ts";
import { builtin } from "../dataflow/machine.ts";
import type { Unit } from "../dataflow/program.ts";
import type { Expr, LambdaExpr, Stmt } from "../python/ir.ts";
import { walkStmtExprs, walkStmts } from "../python/walk.ts";

/** What a unit makes of a name. */
export type NameKind = "import" | "definition" | "variable";

/** For each unit what it is, and for each name by which units it is bound. */
export interface Definitions {
  kindOf(unit: number): NameKind;
  /** Units that bind a name anywhere in the program. */
  binders(name: string): readonly number[];
  /** The kinds that a name may have when `unit` uses it. */
  kindsAt(unit: number, use: NameUse): ReadonlySet<NameKind>;
  /**
   * The units whose binding a use may see. A deferred use of a function that is only ever called sees what its calls met, any
   * other deferred use every binding there ever is.
   */
  sourcesAt(unit: number, use: NameUse): readonly number[];
  /** True when a use may see what Python itself gives the name, because nothing has bound it by then. */
  maySeeBuiltin(unit: number, use: NameUse): boolean;
  /** True for imports and definitions that stand as statements in their step. */
  isStatement(unit: number): boolean;
  /** Module-level uses of a unit, in source order. */
  uses(unit: number): readonly NameUse[];
}

/** `statements` are imports and definitions that cannot be taken out of their step: they count as statements of it. */
export function definitions(flow: Dataflow, statements: ReadonlySet<number> = new Set()): Definitions {
  const binders = new Map<string, number[]>();
  for (const { unit, trace } of flow.facts)
    for (const name of trace.writes) binders.set(name, [...(binders.get(name) ?? []), unit.id]);
  const cache = new Map<number, readonly NameUse[]>();
  const unitAt = (id: number): Unit => {
    const found = flow.program.units[id];
    if (!found) throw new Error(`no unit ${id}`);
    return found;
  };
  let usesOfNames: Map<string, NameUse[]> | undefined;
  /** True when every use of a name is a call of it, right where it stands. */
  const isOnlyCalled = (name: string): boolean => {
    if (!usesOfNames) {
      usesOfNames = new Map();
      for (const { id } of flow.program.units)
        for (const use of self.uses(id))
          if (use.mode === "load") usesOfNames.set(use.id, [...(usesOfNames.get(use.id) ?? []), use]);
    }
    return (usesOfNames.get(name) ?? []).every((use) => use.call?.func === use.node && !use.nested);
  };
  /** The bindings that the calls of a function met; undefined where it may be called unseen. */
  const met = (id: number, use: NameUse): ReadonlySet<number> | undefined => {
    const found = use.node && !use.nested ? flow.met.get(use.node) : undefined;
    const name = found && plainFunction(unitAt(id));
    return name !== undefined && isOnlyCalled(name) ? found : undefined;
  };
  const self: Definitions = {
    kindOf: (id) => (statements.has(id) ? "variable" : kindOf(unitAt(id))),
    binders: (name) => binders.get(name) ?? [],
    uses(id) {
      const known = cache.get(id) ?? freeUses([unitAt(id).stmt]);
      cache.set(id, known);
      return known;
    },
    sourcesAt(id, use) {
      const all = binders.get(use.id) ?? [];
      if (use.deferred) return [...(met(id, use) ?? all)].filter((unit) => unit >= 0);
      return [...(flow.before[id]?.get(use.id)?.defs ?? [])].filter((unit) => unit >= 0);
    },
    kindsAt: (id, use) => new Set(self.sourcesAt(id, use).map((unit) => self.kindOf(unit))),
    maySeeBuiltin(id, use) {
      if (!isBuiltin(flow, use.id)) return false;
      const binding = flow.before[id]?.get(use.id);
      if (!use.deferred) return !binding || binding.maybe === true;
      return met(id, use)?.has(builtin) ?? (!binding || binding.maybe === true);
    },
    isStatement: (id) => statements.has(id),
  };
  return self;
}

/** True for a name that Python itself gives a meaning. */
export function isBuiltin(flow: Dataflow, name: string): boolean {
  return !name.includes(".") && flow.knowledge.functionEffect(name) !== undefined;
}

/** The name of a function whose body runs whenever it is called, and at no other time. */
function plainFunction(unit: Unit): string | undefined {
  const { stmt } = unit;
  if (stmt.kind !== "function") return lambdaOf(unit)?.name;
  return stmt.decorators.length === 0 && !stmt.isAsync && !isGenerator(stmt.body) ? stmt.name : undefined;
}

/** True when a `yield` stands in a body: then it runs later, bit by bit. One in a function inside counts too. */
function isGenerator(body: readonly Stmt[]): boolean {
  let found = false;
  walkStmtExprs(body, (expr) => {
    found ||= expr.kind === "yield";
  });
  return found;
}

/** The names that functions of a statement declare `global`, each with the statement that says so. */
export function globalDeclarations(stmt: Stmt): readonly Extract<Stmt, { kind: "global" | "nonlocal" }>[] {
  const out: Extract<Stmt, { kind: "global" | "nonlocal" }>[] = [];
  walkStmts([stmt], (inner) => {
    if (inner.kind === "global") out.push(inner);
  });
  return out;
}

/** What a unit makes of the names it binds. */
export function kindOf(unit: Unit): NameKind {
  const { stmt } = unit;
  if (stmt.kind === "import" || stmt.kind === "importfrom") return "import";
  if (stmt.kind === "function" || stmt.kind === "class" || lambdaOf(unit)) return "definition";
  if (stmt.kind === "try" && stmt.body.every((s) => s.kind === "import" || s.kind === "importfrom")) return "import";
  return "variable";
}

/** The lambda of `name = lambda …: …`. */
export function lambdaOf(unit: Unit): { readonly name: string; readonly lambda: LambdaExpr } | undefined {
  const { stmt } = unit;
  const target: Expr | undefined = stmt.kind === "assign" && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
  if (stmt.kind !== "assign" || target?.kind !== "name" || stmt.value.kind !== "lambda") return undefined;
  return { name: target.id, lambda: stmt.value };
}
