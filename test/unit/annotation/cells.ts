import { attachAll } from "../../../src/annotation/attach.ts";
import type { AnnotationTools } from "../../../src/annotation/read-cell.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { lineMap } from "../../../src/foundation/lines.ts";
import type { Span } from "../../../src/foundation/span.ts";
import type { Cell, Notebook } from "../../../src/notebook/notebook.ts";
import { initPython, parseModule } from "../../../src/python/parse.ts";

await initPython(nodeHost());

/** Codes that the examples of the grammar page name, known here whatever the catalogue holds. */
const codes = ["CW4003", "CW4007", "unseeded-draw", "label-leak", "unused-import", "absolute-path"];
export const tools: AnnotationTools = {
  parse: parseModule,
  findCode: (written) =>
    codes.includes(written)
      ? { code: written, severity: "warning" }
      : written === "CW1101"
        ? { code: written, severity: "error" }
        : undefined,
};

export interface CellText {
  readonly source: string;
  readonly kind?: Cell["kind"];
  /** The Python, where it is not the source. */
  readonly python?: string;
}

export function cellOf(text: CellText, index = 1): Cell {
  const { source, kind = "code" } = text;
  const lines = lineMap(source);
  const place: Cell["place"] = (span) => {
    const start = lines.position(span.start);
    const end = lines.position(span.end);
    return { file: "n.ipynb", cell: index, ...start, endLine: end.line, endColumn: end.column, fileLine: start.line };
  };
  const same = (span: Span): Span => span;
  const python = text.python ?? (kind === "code" ? source : "");
  return {
    id: `c${index}`,
    index,
    kind,
    source,
    tags: [],
    python,
    magics: [],
    place,
    sourceSpan: same,
    pythonPlace: place,
  };
}

export function notebookOf(cells: readonly (string | CellText)[], language = "python"): Notebook {
  const made = cells.map((cell, i) => cellOf(typeof cell === "string" ? { source: cell } : cell, i + 1));
  return { path: "n.ipynb", format: "ipynb", language, cells: made };
}

/** Attaches everything in the notebooks. */
export function attach(...notebooks: readonly Notebook[]): ReturnType<typeof attachAll> {
  const parsed = notebooks.map((notebook) => ({
    notebook,
    cells: notebook.cells.map((cell) => ({ cell, module: parseModule(cell.python) })),
  }));
  return attachAll(parsed, tools);
}

/** The same for cells of one Python notebook. */
export function attachCells(...cells: readonly (string | CellText)[]): ReturnType<typeof attachAll> {
  return attach(notebookOf(cells));
}
