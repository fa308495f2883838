import { cite } from "../../blueprint/cite.ts";
import { lineMap } from "../../foundation/lines.ts";
import type { Stmt } from "../../python/ir.ts";
import { parseModule } from "../../python/parse.ts";
import type { Origin } from "../../targets/contract/target.ts";
import type { Compiled, ProductFile } from "../compile.ts";
import { outcomesOf } from "../outcomes.ts";

/** Where a line without an origin of its own comes from all the same: a comment above a statement, or a gathered import. */
export function unmappedOrigins(compiled: Compiled, file: ProductFile, line: number): readonly Origin[] {
  const lines = file.text.split("\n");
  const text = lines[line - 1] ?? "";
  if (text.trim().startsWith("#")) return ofComment(compiled, file, lines, line);
  return file.path.endsWith(".py") ? ofImport(compiled, file, line) : [];
}

/** A comment belongs to the statement below it, where the same comment stands in that statement's cell. */
function ofComment(compiled: Compiled, file: ProductFile, lines: readonly string[], line: number): readonly Origin[] {
  let below = line + 1;
  while (/^\s*(?:#.*)?$/.test(lines[below - 1] ?? "x")) below++;
  const origin = file.origins.find((one) => one.line <= below && below <= one.endLine);
  const cell = compiled.chain.notebooks
    .find((n) => n.notebook.path === origin?.notebook)
    ?.notebook.cells.find((c) => c.id === origin?.cellId);
  if (!origin || !cell) return [];
  const comment = (lines[line - 1] ?? "").trim();
  const at = cell.source.split("\n").flatMap((own, i) => (own.trim() === comment ? [i + 1] : []));
  const nearest = at.findLast((one) => one <= origin.span.start) ?? at[0];
  return nearest === undefined ? [] : [{ ...origin, span: { start: nearest, end: nearest } }];
}

/** An import of a generated module stands for the kept imports of the notebook that bind its names. */
function ofImport(compiled: Compiled, file: ProductFile, line: number): readonly Origin[] {
  const { flow, built } = compiled;
  if (!flow || !built) return [];
  const map = lineMap(file.text);
  const names = parseModule(file.text)
    .body.filter(
      ({ span }) => map.position(span.start).line <= line && line <= map.position(Math.max(span.end - 1, 0)).line,
    )
    .flatMap(importedNames);
  if (names.length === 0) return [];
  const outcomes = outcomesOf(flow, built);
  return flow.facts
    .filter(({ unit, trace }) => outcomes.of(unit.id).kind === "import" && names.some((name) => trace.writes.has(name)))
    .map(({ unit }) => {
      const at = cite(unit);
      const span = { start: at.line, end: at.endLine };
      return { line, endLine: line, notebook: at.notebook, cellId: at.cellId, cell: at.cell, span };
    });
}

function importedNames(stmt: Stmt): readonly string[] {
  if (stmt.kind === "import") return stmt.names.map((n) => n.as ?? n.name.split(".")[0] ?? n.name);
  return stmt.kind === "importfrom" && stmt.level === 0 ? stmt.names.map((n) => n.as ?? n.name) : [];
}
