import type { Dataflow } from "../dataflow/analyse.ts";
import { freeUses, type NameUse } from "../dataflow/free-names.ts";
import type { Unit } from "../dataflow/program.ts";
import type { Expr, LambdaExpr } from "../python/ir.ts";

/** What a unit makes of a name. */
export type NameKind = "import" | "definition" | "variable";

/** For each unit what it is, and for each name by which units it is bound. */
export interface Definitions {
  kindOf(unit: number): NameKind;
  /** Units that bind a name anywhere in the program. */
  binders(name: string): readonly number[];
  /** The kinds that a name may have when `unit` uses it; deferred uses see every binding there ever is. */
  kindsAt(unit: number, use: NameUse): ReadonlySet<NameKind>;
  /** The units whose binding a use may see. */
  sourcesAt(unit: number, use: NameUse): readonly number[];
  /** Module-level uses of a unit, in source order. */
  uses(unit: number): readonly NameUse[];
}

export function definitions(flow: Dataflow): Definitions {
  const binders = new Map<string, number[]>();
  for (const { unit, trace } of flow.facts)
    for (const name of trace.writes) binders.set(name, [...(binders.get(name) ?? []), unit.id]);
  const cache = new Map<number, readonly NameUse[]>();
  const unitAt = (id: number): Unit => {
    const found = flow.program.units[id];
    if (!found) throw new Error(`no unit ${id}`);
    return found;
  };
  const self: Definitions = {
    kindOf: (id) => kindOf(unitAt(id)),
    binders: (name) => binders.get(name) ?? [],
    uses(id) {
      const known = cache.get(id) ?? freeUses([unitAt(id).stmt]);
      cache.set(id, known);
      return known;
    },
    sourcesAt(id, use) {
      const all = binders.get(use.id) ?? [];
      if (use.deferred) return all;
      return [...(flow.before[id]?.get(use.id)?.defs ?? [])].filter((unit) => unit >= 0);
    },
    kindsAt: (id, use) => new Set(self.sourcesAt(id, use).map((unit) => self.kindOf(unit))),
  };
  return self;
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
