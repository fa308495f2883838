import { placeOf } from "../blueprint/cite.ts";
import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";

/** The product needs a distribution, and neither a file of the repository nor an install line says which version. */
export function* unpinnedImports({ flow, built }: Case): Iterable<Diagnostic> {
  const open = built?.blueprint.requirements.filter((r) => r.from === "none" && r.imports.length > 0) ?? [];
  if (open.length === 0) return;
  const first = new Map<string, Unit>();
  for (const unit of flow.program.units) for (const top of importedBy(unit)) if (!first.has(top)) first.set(top, unit);
  for (const { distribution, imports } of open) {
    const unit = imports.map((top) => first.get(top)).find((found) => found !== undefined);
    yield report("CW3010", unit && placeOf(unit), { distribution });
  }
}

function importedBy({ stmt }: Unit): readonly string[] {
  const top = (module: string): string => module.split(".")[0] ?? module;
  if (stmt.kind === "import") return stmt.names.map(({ name }) => top(name));
  return stmt.kind === "importfrom" && stmt.level === 0 ? [top(stmt.module)] : [];
}
