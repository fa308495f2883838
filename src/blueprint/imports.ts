import type { Dataflow } from "../dataflow/analyse.ts";
import type { Stmt } from "../python/ir.ts";
import type { Import } from "./blueprint.ts";

/** The import behind a name that an import unit binds; undefined when the unit binds it in another way. */
export function importOf(flow: Dataflow, unit: number, local: string): Import | undefined {
  const stmt = flow.program.units[unit]?.stmt;
  return stmt && find(stmt, local);
}

function find(stmt: Stmt, local: string): Import | undefined {
  if (stmt.kind === "import") {
    for (const name of stmt.names) {
      if (name.as === local) return { module: name.name, local };
      if (name.as === undefined && (name.name.split(".")[0] ?? name.name) === local)
        return { module: name.name, local };
    }
  }
  if (stmt.kind === "importfrom") {
    const name = stmt.names.find((n) => (n.as ?? n.name) === local);
    if (name) return { module: `${".".repeat(stmt.level)}${stmt.module}`, name: name.name, local };
  }
  if (stmt.kind === "try")
    for (const inner of [...stmt.body, ...stmt.handlers.flatMap((h) => h.body)]) {
      const found = find(inner, local);
      if (found) return found;
    }
  return undefined;
}

/** Every `import a.b` of the program under one local name: `import os` and `import os.path` are both needed. */
export function submodules(flow: Dataflow, local: string): readonly Import[] {
  const out: Import[] = [];
  for (const { stmt } of flow.program.units) {
    if (stmt.kind !== "import") continue;
    for (const name of stmt.names)
      if (name.as === undefined && name.name.startsWith(`${local}.`)) out.push({ module: name.name, local });
  }
  return out;
}

/** Sorted, each once. */
export function uniqueImports(imports: readonly Import[]): readonly Import[] {
  const key = (i: Import): string => `${i.module}\0${i.name ?? ""}\0${i.local}`;
  return [...new Map(imports.map((i) => [key(i), i])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, i]) => i);
}
