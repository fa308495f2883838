import type { Unit } from "../dataflow/program.ts";
import type { Definitions } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";

/**
 * Edits for names that a step assigns and nobody reads: the statement is kept for what else it does (a draw, a change). A lone
 * target goes; one of several, or one inside a block, gets an underscore, Python's mark for a value that is not used.
 */
export function deadStores(
  units: readonly Unit[],
  defs: Definitions,
  outputs: ReadonlySet<string>,
  alsoRead: ReadonlySet<string>,
  edits: readonly Edit[],
): readonly Edit[] {
  const loaded = new Set<string>([...outputs, ...alsoRead]);
  for (const unit of units) {
    for (const use of defs.uses(unit.id)) {
      if (use.mode === "load" && !isReplaced(unit.cell, use.span, edits)) loaded.add(use.id);
      if (use.mode === "delete") loaded.add(use.id);
    }
  }
  const out: Edit[] = [];
  for (const unit of units) {
    const { stmt, cell } = unit;
    const lone = stmt.kind === "assign" && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
    if (stmt.kind === "assign" && lone?.kind === "name") {
      if (!loaded.has(lone.id))
        out.push({
          cell,
          start: stmt.span.start,
          end: stmt.value.span.start,
          text: parenthesised(unit, stmt.value.span.start),
        });
      continue;
    }
    if (stmt.kind === "augassign" || stmt.kind === "annassign" || stmt.kind === "function" || stmt.kind === "class")
      continue;
    for (const use of defs.uses(unit.id)) {
      if (use.mode !== "store" || loaded.has(use.id) || use.id.startsWith("_") || isReplaced(cell, use.span, edits))
        continue;
      const isName = cell.module.text.slice(use.span.start, use.span.end) === use.id;
      if (isName) out.push({ cell, start: use.span.start, end: use.span.end, text: `_${use.id}` });
    }
  }
  return out;
}

/** What stands between `=` and the value's own span: an opening bracket belongs to the value. */
function parenthesised(unit: Unit, valueStart: number): string {
  const { stmt, cell } = unit;
  const before = cell.module.text.slice(stmt.span.start, valueStart);
  return before.slice(before.indexOf("=") + 1).trimStart();
}
