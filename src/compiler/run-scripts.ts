import { freeUses, type NameUse } from "../dataflow/free-names.ts";
import type { ParsedCell, ScriptRun } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Stmt } from "../python/ir.ts";

/**
 * What keeps a script from being read as cells of the notebook that runs it. `%run script.py` gives the script globals of its own
 * and copies them to the notebook afterwards (IPython, `ExecutionMagics.run`); `-i` and notebooks share those of the notebook. As
 * long as no name means different things on the two sides, that is the same. Of each run the first such name is said.
 */
export function scriptProblems(cells: readonly ParsedCell[]): readonly Diagnostic[] {
  const runs = new Map<ScriptRun, ParsedCell[]>();
  for (const cell of cells) if (cell.script) runs.set(cell.script, [...(runs.get(cell.script) ?? []), cell]);
  if (runs.size === 0) return [];
  const meanings = allMeanings(cells);
  return [...runs].flatMap(([run, own]) => {
    const name = firstMisread(own, (id) => {
      const found = meanings.get(id) ?? [];
      const mine = found.filter((m) => m.run === run);
      return { others: found.length > mine.length, differ: new Set(found.map((m) => m.what)).size > 1 };
    });
    return name === undefined ? [] : [report("CW2009", run.place, { target: run.target, name })];
  });
}

interface Meaning {
  readonly run: ScriptRun | undefined;
  /** Equal for what is the same wherever it is bound: an import, a literal, a definition of one place. */
  readonly what: string;
}

function allMeanings(cells: readonly ParsedCell[]): ReadonlyMap<string, readonly Meaning[]> {
  const out = new Map<string, Meaning[]>();
  const runNumbers = new Map<ScriptRun | undefined, number>();
  for (const cell of cells) {
    const number = runNumbers.get(cell.script) ?? runNumbers.size;
    runNumbers.set(cell.script, number);
    for (const stmt of cell.module.body)
      for (const use of freeUses([stmt])) {
        if (use.mode !== "store") continue;
        const what = meaningOf(cell, stmt, use, number);
        const known = out.get(use.id);
        if (known) known.push({ run: cell.script, what });
        else out.set(use.id, [{ run: cell.script, what }]);
      }
  }
  return out;
}

function meaningOf(cell: ParsedCell, stmt: Stmt, use: NameUse, run: number): string {
  const place = `${cell.notebook.path}#${cell.cell.index}:${use.span.start}`;
  if (use.deferred) return `${run}:${place}`;
  if (stmt.kind === "import" || stmt.kind === "importfrom") {
    const found = stmt.names.find(({ name, as }) => (as ?? name.split(".")[0]) === use.id);
    const from = stmt.kind === "import" ? "" : `${".".repeat(stmt.level)}${stmt.module}:`;
    return found ? `import ${from}${found.as === undefined && from === "" ? use.id : found.name}` : place;
  }
  if ((stmt.kind === "function" || stmt.kind === "class") && stmt.name === use.id) return `definition ${place}`;
  if (stmt.kind === "assign" && stmt.targets.length === 1 && stmt.value.kind === "constant")
    return `literal ${cell.module.text.slice(stmt.value.span.start, stmt.value.span.end)}`;
  return `${run}:${place}`;
}

/** The first name of a script that would mean another thing if the script shared the notebook's names. */
function firstMisread(
  cells: readonly ParsedCell[],
  ask: (name: string) => { readonly others: boolean; readonly differ: boolean },
): string | undefined {
  const bound = new Set<string>();
  const later: string[] = [];
  for (const { module } of cells)
    for (const stmt of module.body) {
      const uses = freeUses([stmt]);
      const isSimple = !/^(?:if|for|while|with|try|match)$/.test(stmt.kind);
      const stored = new Map<string, number>();
      for (const use of uses)
        if (use.mode === "store" && !use.deferred && !stored.has(use.id)) stored.set(use.id, use.span.start);
      for (const { id, mode, deferred, span } of uses) {
        if (mode === "delete" && ask(id).others) return id;
        if (deferred) later.push(id);
        else if (mode === "load") {
          const isOwn = bound.has(id) || (!isSimple && (stored.get(id) ?? Number.POSITIVE_INFINITY) < span.start);
          if (!isOwn && ask(id).others) return id;
        }
      }
      for (const id of stored.keys()) bound.add(id);
    }
  return later.find((id) => (bound.has(id) ? ask(id).differ : ask(id).others));
}
