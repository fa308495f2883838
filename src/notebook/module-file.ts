import { textBytes } from "./bytes.ts";
import { finishCells, normalizeNewlines } from "./draft.ts";
import type { Notebook, ReadNotebook } from "./notebook.ts";

/** Characters that are read of one module; larger ones are data, not code. */
const limit = 2 ** 20;

/** Reads a Python module as a notebook of one code cell: plain Python, in which IPython's syntax means nothing. */
export function readModuleFile(path: string, bytes: Uint8Array): ReadNotebook {
  const text = bytes.length === 0 ? { ok: true as const, bytes } : textBytes(path, bytes);
  if (!text.ok) return { value: undefined, diagnostics: [text.diagnostic] };
  if (text.bytes.length > limit) return { value: undefined, diagnostics: [] };
  const source = normalizeNewlines(new TextDecoder("utf-8", { ignoreBOM: true }).decode(text.bytes));
  const draft = { kind: "code" as const, source, tags: [], fileLine: (_offset: number, line: number) => line };
  const { cells, diagnostics } = finishCells(path, [draft], undefined);
  const value: Notebook = {
    path,
    format: "percent",
    language: "python",
    cells: cells.map((cell) => ({ ...cell, python: source, sourceSpan: (span) => span, pythonPlace: cell.place })),
  };
  return { value, diagnostics };
}
