import { lineMap } from "../../foundation/lines.ts";
import type { Cell, Notebook } from "../../notebook/notebook.ts";
import type { Compiled } from "../compile.ts";
import { type StatementStory, statementsOn, storyteller } from "./statement.ts";

/** What came of one cell, in each model that runs it. */
export interface CellStory {
  readonly notebook: string;
  readonly cell: number;
  readonly cellId: string;
  readonly kind: Cell["kind"];
  readonly title?: string;
  readonly magics: readonly MagicStory[];
  readonly models: readonly ModelStory[];
}

export interface MagicStory {
  readonly line: number;
  readonly text: string;
  readonly policy: string;
  readonly why: string;
}

export interface ModelStory {
  readonly model: string;
  readonly built: boolean;
  readonly directives: readonly DirectiveStory[];
  readonly statements: readonly StatementStory[];
}

export interface DirectiveStory {
  readonly line: number;
  readonly kind: string;
  readonly text: string;
}

/** The story of a cell, or of one line of it. */
export function storyOfCell(
  notebook: Notebook,
  users: readonly Compiled[],
  cell: Cell,
  line: number | undefined,
): CellStory {
  const last = lineMap(cell.source).count;
  const [from, to] = line === undefined ? [1, last] : [line, line];
  const inside = (at: { readonly line: number; readonly endLine: number }): boolean =>
    at.line <= to && from <= at.endLine;
  return {
    notebook: notebook.path,
    cell: cell.index,
    cellId: cell.id,
    kind: cell.kind,
    ...(cell.title === undefined ? {} : { title: cell.title }),
    magics: cell.magics
      .filter((magic) => inside(cell.place(magic.span)))
      .map((magic) => ({
        line: cell.place(magic.span).line,
        text: cell.source.slice(magic.span.start, magic.span.end).split("\n")[0] ?? "",
        policy: magic.policy.kind,
        why: magic.why,
      })),
    models: users.map((compiled): ModelStory => {
      const teller = storyteller(compiled);
      return {
        model: compiled.model.name,
        built: compiled.built !== undefined,
        directives: compiled.directives
          .filter((d) => d.notebook.path === notebook.path && d.cell.id === cell.id)
          .filter((d) => inside(cell.place(d.directive.span)))
          .map((d) => ({
            line: cell.place(d.directive.span).line,
            kind: d.directive.kind,
            text: cell.source.slice(d.directive.span.start, d.directive.span.end),
          })),
        statements: statementsOn(compiled, notebook.path, cell.id, from, to).map((unit) => teller.of(unit)),
      };
    }),
  };
}

/** The cell and line within it that stand on a line of the notebook's file; undefined for lines between cells. */
export function cellAtFileLine(
  notebook: Notebook,
  fileLine: number,
): { readonly cell: Cell; readonly line: number } | undefined {
  for (const cell of notebook.cells) {
    const lines = lineMap(cell.source);
    for (let line = 1; line <= lines.count; line++) {
      const start = lines.lineStart(line);
      if (cell.place({ start, end: start }).fileLine === fileLine) return { cell, line };
    }
  }
  return undefined;
}
