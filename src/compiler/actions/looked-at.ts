import type { Unit } from "../../dataflow/program.ts";
import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../foundation/span.ts";
import { type BareCode, marksOf } from "../../notebook/bare-code.ts";
import type { Cell, Notebook } from "../../notebook/notebook.ts";
import type { Compiled, CompileTools } from "../compile.ts";
import { outcomesOf } from "../outcomes.ts";
import type { CellLines, KeptDiagnostic, KeptPlace, StatementLines } from "./declared.ts";
import { linesOf, plainCode, spanOfPlace } from "./what-counts.ts";

/** What a compilation depends on beyond what counts of its notebooks, and its diagnostics with marks by which their places are found again. */
export interface LookedAt {
  /** By notebook, the cells whose layout reached the product or a diagnostic, by their numbers. */
  readonly layouts: ReadonlyMap<string, readonly (readonly [cell: number, lines: CellLines])[]>;
  readonly diagnostics: readonly KeptDiagnostic[];
}

/**
 * Comments and blanks reach a product by the statements that it keeps, and a diagnostic by its place. A place that is not told by the code it
 * begins and ends with, and a cell that the parser reads in another way, depend on all that stands in the cell.
 */
export function lookedAt(compiled: Compiled, notebooks: readonly Notebook[], parse: CompileTools["parse"]): LookedAt {
  const known = new Map(notebooks.map((notebook) => [notebook.path, cellsOf(notebook, parse)]));
  const plain = (path: string, cell: number | undefined): Plain | undefined =>
    cell === undefined ? undefined : known.get(path)?.get(cell);
  const diagnostics = compiled.diagnostics.map((one) => markedOf(one, (place) => plain(place.file, place.cell)));
  // Whoever tells a line in words cannot be told where it is now.
  if (compiled.diagnostics.some(({ message, fix }) => /\blines? \d/.test(`${message} ${fix}`)))
    for (const cells of known.values()) for (const cell of cells.values()) cell.isWhole = true;
  for (const { unit, above } of keptStatements(compiled)) {
    const { cell } = unit.cell;
    const found = plain(unit.cell.notebook.path, cell.index);
    const lines = found && linesOf(found.bare, cell.sourceSpan(unit.stmt.span));
    if (lines) found.lines.set(`${lines} ${above}`, above ? [...lines, "above"] : lines);
    else if (found) found.isWhole = true;
  }
  const layouts = [...known].map(([path, cells]) => {
    const used = [...cells].flatMap(([index, { isWhole, lines }]): readonly [number, CellLines][] => {
      if (!isWhole && lines.size === 0) return [];
      return [[index, isWhole ? "all" : [...lines.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1])]];
    });
    return [path, used] as const;
  });
  return { layouts: new Map(layouts.filter(([, cells]) => cells.length > 0)), diagnostics };
}

/** A cell of plain Python, and what of its layout was looked at. */
interface Plain {
  readonly cell: Cell;
  readonly bare: BareCode;
  isWhole: boolean;
  readonly lines: Map<string, StatementLines>;
}

function cellsOf(notebook: Notebook, parse: CompileTools["parse"]): ReadonlyMap<number, Plain> {
  return new Map(
    notebook.cells.flatMap((cell): readonly [number, Plain][] => {
      const bare = plainCode(cell);
      if (!bare) return [];
      const { problems, comments } = parse(cell.python);
      const isAlike =
        comments.length === bare.comments.length &&
        comments.every(({ span }, i) => isEqual(cell.sourceSpan(span), bare.comments[i]));
      return [[cell.index, { cell, bare, isWhole: problems.length > 0 || !isAlike, lines: new Map() }]];
    }),
  );
}

function isEqual(a: Span, b: Span | undefined): boolean {
  return a.start === b?.start && a.end === b.end;
}

function markedOf(one: Diagnostic, plain: (place: Place) => Plain | undefined): KeptDiagnostic {
  const marked = (place: Place): KeptPlace => {
    const found = plain(place);
    if (!found || found.cell.id !== place.cellId) return place;
    const marks = marksOf(found.bare, spanOfPlace(found.cell.source, place));
    if (marks) return { ...place, marks };
    found.isWhole = true;
    return place;
  };
  const related = one.related.map(({ message, place }) => ({ message, place: marked(place) }));
  return one.place ? { ...one, place: marked(one.place), related } : { ...one, related };
}

/** Statements whose text may stand in the product: neither imports nor what it has at most a line of. Steps take the comments above along. */
function* keptStatements({ flow, built, files }: Compiled): Iterable<{ readonly unit: Unit; readonly above: boolean }> {
  if (!flow || !built || files.length === 0) return;
  const outcomes = outcomesOf(flow, built);
  for (const unit of flow.program.units) {
    const outcome = outcomes.of(unit.id);
    if (outcome.kind === "dropped" && outcome.reason !== "folded") continue;
    if (outcome.kind === "import" && unit.stmt.kind !== "try") continue;
    yield { unit, above: outcome.kind === "step" || outcome.kind === "undecided" };
  }
}
