import type { ParsedCell } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";

interface Run {
  readonly cell: ParsedCell;
  readonly count: number;
}

/**
 * The execution counts that the file stores say that cells which production needs were not run from top to bottom (CW4007), or not
 * at all (CW4008). Only such cells count; cells that only import are run again whenever an import is added. Other formats store no counts.
 */
export function* executionOrder({ flow, kept, defs }: Case): Iterable<Diagnostic> {
  const needed = new Set<ParsedCell>();
  for (const unit of flow.program.units)
    if (kept.has(unit.id) && defs.kindOf(unit.id) !== "import") needed.add(unit.cell);
  for (const cells of byNotebook(flow.program.cells)) {
    const isRun = cells.some(({ cell }) => cell.executionCount !== undefined);
    if (!isRun) continue;
    const mine = cells.filter((cell) => needed.has(cell));
    const runs = mine.flatMap((cell): Run[] => {
      const count = cell.cell.executionCount;
      return count === undefined ? [] : [{ cell, count }];
    });
    const inOrder = new Set(longestRise(runs));
    const stale = runs.filter((run) => !inOrder.has(run));
    const [first] = stale;
    const other = first && conflict(runs, inOrder, first);
    if (first && other)
      yield report(
        "CW4007",
        placeOfCell(first.cell),
        {
          cell: first.cell.cell.index,
          count: first.count,
          when: first.count > other.count ? "after" : first.count < other.count ? "before" : "in another session than",
          other: other.cell.cell.index,
          otherCount: other.count,
          more: others(stale.slice(1).map((run) => run.cell)),
        },
        { related: [{ message: "the other cell", place: placeOfCell(other.cell) }] },
      );
    const [missing, ...rest] = mine.filter(({ cell }) => cell.executionCount === undefined);
    if (missing) yield report("CW4008", placeOfCell(missing), { cell: missing.cell.index, more: others(rest) });
  }
}

/** The code cells of each notebook, each once, however often it is run by another. */
function byNotebook(cells: readonly ParsedCell[]): Iterable<readonly ParsedCell[]> {
  const out = new Map<string, Map<number, ParsedCell>>();
  for (const cell of cells) {
    // The code of a module is run by no one but its import.
    if (cell.importer) continue;
    const mine = out.get(cell.notebook.path) ?? new Map<number, ParsedCell>();
    if (!mine.has(cell.cell.index)) mine.set(cell.cell.index, cell);
    out.set(cell.notebook.path, mine);
  }
  return [...out.values()].map((mine) => [...mine.values()]);
}

/** The most runs that follow each other in order: what is left over is out of order. Patience sorting, O(n log n). */
function longestRise(runs: readonly Run[]): readonly Run[] {
  const tails: number[] = [];
  const before: number[] = [];
  runs.forEach((run, i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((runs[tails[mid] ?? 0]?.count ?? 0) < run.count) low = mid + 1;
      else high = mid;
    }
    before[i] = low === 0 ? -1 : (tails[low - 1] ?? -1);
    tails[low] = i;
  });
  const out: Run[] = [];
  for (let i = tails[tails.length - 1] ?? -1; i >= 0; i = before[i] ?? -1) {
    const run = runs[i];
    if (run) out.push(run);
  }
  return out.reverse();
}

/** The nearest run in order that contradicts a stale one: above it and not earlier, or below it and not later. */
function conflict(runs: readonly Run[], inOrder: ReadonlySet<Run>, stale: Run): Run | undefined {
  const at = runs.indexOf(stale);
  const contradicts = (run: Run | undefined, i: number): boolean =>
    run !== undefined && inOrder.has(run) && (i < at ? run.count >= stale.count : run.count <= stale.count);
  for (let by = 1; by < runs.length; by++)
    for (const i of [at - by, at + by]) if (contradicts(runs[i], i)) return runs[i];
  return undefined;
}

function others(cells: readonly ParsedCell[]): string {
  if (cells.length === 0) return "";
  const numbers = cells.map(({ cell }) => cell.index);
  const shown = `${numbers.slice(0, 8).join(", ")}${numbers.length > 8 ? " …" : ""}`;
  return cells.length === 1 ? ` (cell ${shown} too)` : ` (cells ${shown} too)`;
}

function placeOfCell({ cell, module }: ParsedCell): Place {
  const [first] = module.body;
  return first ? cell.pythonPlace(first.span) : cell.place({ start: 0, end: cell.source.length });
}
