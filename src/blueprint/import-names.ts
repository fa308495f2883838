import type { Dataflow } from "../dataflow/analyse.ts";
import type { NameUse } from "../dataflow/free-names.ts";
import type { Unit } from "../dataflow/program.ts";
import type { Import } from "./blueprint.ts";
import { type Definitions, isBuiltin } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";
import { unique } from "./identifiers.ts";
import { importOf, submodules } from "./imports.ts";

/** What each use of an imported or built-in name means, where the notebook uses one name for several things. */
export interface ImportNames {
  /** Edits that give the other meanings names of their own. */
  readonly edits: readonly Edit[];
  /** The import behind a use; undefined where it needs none. */
  of(unit: number, use: NameUse): Import | undefined;
}

interface Meaning {
  readonly found: Import;
  readonly first: number;
  readonly uses: { readonly unit: Unit; readonly use: NameUse }[];
}

/**
 * Tells the meanings of imported names apart. Imports stand at the head of a module, so a name that is imported twice, or that
 * is a variable or a function elsewhere, needs another name there. What Python itself gives a name is reached by `builtins`.
 */
export function importNames(
  flow: Dataflow,
  defs: Definitions,
  users: readonly Unit[],
  edits: readonly Edit[],
  names: Set<string>,
): ImportNames {
  const own = new Set(users.flatMap((unit) => [...(flow.facts[unit.id]?.trace.writes ?? [])]));
  const byName = new Map<string, Map<string, Meaning>>();
  for (const unit of users)
    for (const use of defs.uses(unit.id)) {
      if (use.mode !== "load" || isReplaced(unit.cell, use.span, edits)) continue;
      const found = meaningOf(flow, defs, unit.id, use);
      if (!found) continue;
      const meanings = byName.get(use.id) ?? new Map<string, Meaning>();
      const key = keyOf(found.found);
      const known = meanings.get(key) ?? { ...found, uses: [] };
      known.uses.push({ unit, use });
      meanings.set(key, known);
      byName.set(use.id, meanings);
    }
  const out: Edit[] = [];
  const renamed = new Map<string, Import>();
  for (const [name, meanings] of byName) {
    const ordered = [...meanings.values()].sort((a, b) => a.first - b.first);
    // `import a.b` binds the name `a`, and only that.
    const whole = ordered.find((m) => m.found.name === undefined && submodules(flow, name).length > 0);
    const plain = own.has(name) ? undefined : (whole ?? ordered[0]);
    for (const meaning of ordered) {
      if (meaning === plain || (meaning === whole && meaning.found.module !== "builtins")) continue;
      if (meaning.found.module === "builtins" && !own.has(name) && ordered.length === 1) continue;
      const local = meaning.found.module === "builtins" ? "builtins" : unique(aliasOf(meaning.found), names);
      renamed.set(`${name}\0${keyOf(meaning.found)}`, { ...meaning.found, local });
      for (const { unit, use } of meaning.uses)
        out.push({
          cell: unit.cell,
          start: use.span.start,
          end: use.span.end,
          text: meaning.found.module === "builtins" ? `builtins.${name}` : local,
          wraps: true,
        });
    }
  }
  return {
    edits: out,
    of(unit, use) {
      const found = meaningOf(flow, defs, unit, use)?.found;
      if (!found) return undefined;
      const other = renamed.get(`${use.id}\0${keyOf(found)}`);
      if (found.module === "builtins") return other && { module: "builtins", local: "builtins" };
      return other ?? found;
    },
  };
}

function keyOf({ module, name }: Import): string {
  return `${module}\0${name ?? ""}`;
}

/** What a use means: the import that it sees, or the builtin. */
function meaningOf(
  flow: Dataflow,
  defs: Definitions,
  unit: number,
  use: NameUse,
): { readonly found: Import; readonly first: number } | undefined {
  const sources = defs.sourcesAt(unit, use);
  const imports = sources.filter((id) => defs.kindOf(id) === "import");
  const last = imports[imports.length - 1];
  if (last === undefined)
    return sources.length === 0 && isBuiltin(flow, use.id)
      ? { found: { module: "builtins", name: use.id, local: use.id }, first: -1 }
      : undefined;
  const found = importOf(flow, last, use.id);
  return found && { found, first: Math.min(...imports) };
}

/** `numpy` for `import numpy as np`, `accuracy_score` for `… import accuracy_score as acc`, else `math_floor` or `time_module`. */
function aliasOf({ module, name, local }: Import): string {
  const last = module.replace(/^\.+/, "").split(".").pop() ?? "imported";
  if (name === undefined) return last === local ? `${last}_module` : last;
  return name === local ? `${last}_${name}` : name;
}

/** Imports that the names of a unit need. */
export function importsOf(
  flow: Dataflow,
  defs: Definitions,
  unit: number,
  edits: readonly Edit[],
  names: ImportNames,
): readonly Import[] {
  const out: Import[] = [];
  const cell = flow.program.units[unit]?.cell;
  for (const use of defs.uses(unit)) {
    if (use.mode !== "load" || (cell && isReplaced(cell, use.span, edits))) continue;
    const found = names.of(unit, use);
    if (found)
      out.push(
        found,
        ...(found.name === undefined && found.module.split(".")[0] === found.local
          ? submodules(flow, found.local)
          : []),
      );
  }
  return out;
}
