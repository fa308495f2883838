import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { codeText } from "../python/code-text.ts";
import type { ImportFromStmt, ImportName, ImportStmt, Stmt } from "../python/ir.ts";
import type { Case } from "./case.ts";

/** Modules that are imported for what the import itself does. */
const forItsEffect = /^(?:__future__|sklearn\.experimental|mpl_toolkits)(?:\.|$)/;

/** An import whose name no cell reads. Words of magics and of code that could not be parsed count as uses. */
export function* unusedImports({ flow, asked, defs, kept }: Case): Iterable<Diagnostic> {
  // A notebook that computes nothing uses nothing: that is said already (CW3001).
  if (kept.size === 0) return;
  const used = new Set<string>();
  for (const unit of flow.program.units) {
    for (const use of defs.uses(unit.id)) if (use.mode !== "store") used.add(use.id);
    if (unit.stmt.kind === "opaque") words(codeText(unit.cell.module, unit.stmt.span), used);
  }
  for (const { cell } of flow.program.cells)
    for (const magic of cell.magics) words(cell.source.slice(magic.span.start, magic.span.end), used);
  const said = new Set<string>();
  for (const { id, stmt, cell } of flow.program.units) {
    if (!isImport(stmt) || asked.skipped.has(id)) continue;
    const idle: ImportName[] = [];
    for (const one of stmt.names) {
      const { name, as } = one;
      const local = as ?? (stmt.kind === "import" ? (name.split(".")[0] ?? name) : name);
      const whole = stmt.kind === "import" ? name : `${stmt.module}.${name}`;
      // A part of a package that is imported without an alias is there for its effect on the package.
      const isPart = stmt.kind === "import" && as === undefined && name.includes(".");
      if (name === "*" || local.startsWith("_") || isPart || forItsEffect.test(whole)) continue;
      if (used.has(local) || said.has(local)) continue;
      said.add(local);
      idle.push(one);
    }
    const [first] = idle;
    const names = idle.map(({ name, as }) => `'${as ?? name}'`).join(", ");
    if (first) yield report("CW4010", cell.cell.pythonPlace(first.span), { names });
  }
}

function isImport(stmt: Stmt): stmt is ImportStmt | ImportFromStmt {
  return stmt.kind === "import" || stmt.kind === "importfrom";
}

function words(text: string, into: Set<string>): void {
  for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) into.add(word);
}
