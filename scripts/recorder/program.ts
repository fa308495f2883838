import type { Dataflow } from "../../src/dataflow/analyse.ts";
import { unitText } from "../../src/dataflow/program.ts";
import { lineMap } from "../../src/foundation/lines.ts";

/** What record.py runs: the cells of a chain as the notebook room resolved them, each with its top-level statements. */
export interface Recordable {
  readonly cells: readonly {
    readonly notebook: string;
    readonly index: number;
    readonly text: string;
    /** The notebook itself says that this cell may raise. */
    readonly mayFail: boolean;
    readonly units: readonly {
      readonly id: number;
      readonly text: string;
      readonly line: number;
      /** Stands last in its cell: a kernel shows its value. */
      readonly last: boolean;
      /** It may bind names: it is no mere expression. */
      readonly binds: boolean;
    }[];
  }[];
}

/** The program of a dataflow, for CPython to run. */
export function recordable({ program, facts }: Dataflow): Recordable {
  return {
    cells: program.cells.map((parsed) => {
      const { cell, module, notebook } = parsed;
      const lines = lineMap(module.text);
      const units = facts.filter(({ unit }) => unit.cell === parsed);
      return {
        notebook: notebook.path,
        index: cell.index,
        text: module.text,
        mayFail: cell.tags.includes("raises-exception"),
        units: units.map(({ unit }, i) => ({
          id: unit.id,
          text: unitText(unit),
          line: lines.position(unit.stmt.span.start).line,
          last: i === units.length - 1,
          binds: unit.stmt.kind !== "expr",
        })),
      };
    }),
  };
}
