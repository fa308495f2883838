import type { ReadNotebook } from "../../notebook/notebook.ts";

/** What is remembered of a notebook: the text of each cell by its id. */
export type CellTexts = ReadonlyMap<string, string>;

export function cellTexts(found: ReadNotebook | undefined): CellTexts | undefined {
  return found?.value && new Map(found.value.cells.map(({ id, source }) => [id, source]));
}

/** The numbers of the cells that are new or have another text, counted from 1. */
export function changedCells(before: CellTexts, now: CellTexts): readonly number[] {
  return [...now].flatMap(([id, source], nth) => (before.get(id) === source ? [] : [nth + 1]));
}
