import type { Place } from "../diagnostics/diagnostic.ts";
import type { Cell, Notebook } from "../notebook/notebook.ts";
import type { PyModule, Stmt } from "../python/ir.ts";

/** A cell with its Python parsed. */
export interface ParsedCell {
  readonly notebook: Notebook;
  readonly cell: Cell;
  readonly module: PyModule;
  /** The notebook of crosswalk.yaml in whose run it stands: another one than `notebook` where `%run` brought it. */
  readonly run?: string;
  /** For the code of a module: the cell of a notebook whose import brought it. */
  readonly importer?: ParsedCell;
  /** For the code of a script that `%run` gives globals of its own: that run. */
  readonly script?: ScriptRun;
}

/** One `%run` of a Python script. */
export interface ScriptRun {
  /** As written. */
  readonly target: string;
  readonly place: Place;
}

/** One top-level statement of the chain of notebooks: what slicing keeps or drops as a whole. */
export interface Unit {
  /** Its position in the program, from 0. */
  readonly id: number;
  readonly cell: ParsedCell;
  readonly stmt: Stmt;
}

/** The statements of a chain of notebooks in the order in which they run. */
export interface Program {
  readonly cells: readonly ParsedCell[];
  readonly units: readonly Unit[];
}

/** Joins the cells of a chain into one program. */
export function program(cells: readonly ParsedCell[]): Program {
  const units: Unit[] = [];
  for (const cell of cells) for (const stmt of cell.module.body) units.push({ id: units.length, cell, stmt });
  return { cells, units };
}

/** The source text of a unit, as it stands in its cell. */
export function unitText(unit: Unit): string {
  return unit.cell.module.text.slice(unit.stmt.span.start, unit.stmt.span.end);
}
