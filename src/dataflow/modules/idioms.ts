import type { Stmt } from "../../python/ir.ts";
import { starNames } from "../../python/knowledge/star-names.ts";
import { walkStmts } from "../../python/walk.ts";
import { freeUses, type NameUse } from "../free-names.ts";
import type { ParsedCell } from "../program.ts";
import { mainGuard, unguarded } from "./main-guard.ts";
import { rewriteCell, type TextEdit } from "./rewrite.ts";

/**
 * Writes out what notebooks leave to the kernel: `from numpy import *` as the names that they use of it, and `__name__` as what it is
 * there. What cannot be told stays as it is. Gives the cells that are another one now, by what they were.
 */
export function settleIdioms(
  cells: readonly ParsedCell[],
  isBefore: (distribution: string, major: number) => boolean | undefined,
): ReadonlyMap<ParsedCell, ParsedCell> {
  const out = new Map<ParsedCell, ParsedCell>();
  if (!cells.some(({ module }) => /\*|__name__/.test(module.text) && module.body.some(isConcerned))) return out;
  const uses = new Map(cells.map((cell) => [cell, freeUses(cell.module.body)]));
  const all = [...uses.values()].flat();
  const loads = new Set(all.flatMap((use) => (use.mode === "load" ? [use.id] : [])));
  const isOwnName = all.some((use) => use.id === "__name__" && use.mode !== "load");
  for (const cell of cells) {
    const edits = [...starEdits(cell, loads, isBefore), ...(isOwnName ? [] : nameEdits(cell, uses.get(cell) ?? []))];
    if (edits.length === 0) continue;
    const { cell: made } = rewriteCell(cell, edits);
    if (made.module.problems.length <= cell.module.problems.length) out.set(cell, made);
  }
  return out;
}

function isConcerned(stmt: Stmt): boolean {
  let found = false;
  walkStmts([stmt], (inner) => {
    found ||= inner.kind === "importfrom" && inner.names.some(({ name }) => name === "*");
  });
  return found || freeUses([stmt]).some((use) => use.id === "__name__");
}

function starEdits(
  { module }: ParsedCell,
  loads: ReadonlySet<string>,
  isBefore: (distribution: string, major: number) => boolean | undefined,
): readonly TextEdit[] {
  const out: TextEdit[] = [];
  walkStmts(module.body, (stmt) => {
    if (stmt.kind !== "importfrom" || stmt.level > 0 || !stmt.names.some(({ name }) => name === "*")) return;
    const listed = starNames(stmt.module);
    if (!listed) return;
    // Whether numpy hides what Python itself calls `max` changed with its version 2.
    const isOld = isBefore(stmt.module, 2);
    if (isOld !== true && [...listed.unsure].some((name) => loads.has(name))) return;
    const lines = [...loads].sort().flatMap((name) => listed.imports.get(name) ?? []);
    out.push({ ...stmt.span, text: lines.length === 0 ? "pass" : together(lines).join("; ") });
  });
  return out;
}

/** One statement for all names of one module. */
function together(imports: readonly string[]): readonly string[] {
  const out = new Map<string, string>();
  for (const line of imports) {
    const [head = line, name] = line.startsWith("from ") ? line.split(" import ") : [line];
    const before = out.get(head);
    out.set(head, name === undefined || before === undefined ? line : `${before}, ${name}`);
  }
  return [...out.values()];
}

/** A kernel runs notebooks as `__main__`. */
function nameEdits(cell: ParsedCell, uses: readonly NameUse[]): readonly TextEdit[] {
  const { text, body } = cell.module;
  const guards = body.filter(mainGuard);
  const edits = guards.flatMap((stmt) => unguarded(text, stmt));
  for (const { id, mode, span } of uses) {
    if (id !== "__name__" || mode !== "load" || text.slice(span.start, span.end) !== id) continue;
    const before = text.slice(text.lastIndexOf("\n", span.start) + 1, span.start);
    // Inside of a text in braces, quotes might end it.
    if (/\{[^}]*$/.test(before) || edits.some((edit) => edit.start <= span.start && span.end <= edit.end)) continue;
    edits.push({ ...span, text: '"__main__"' });
  }
  return edits;
}
