import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { extension } from "../foundation/paths.ts";
import { filePlace, textBytes } from "./bytes.ts";
import { isDatabricksSource, readDatabricks } from "./databricks.ts";
import { type CellDraft, finishCells, normalizeNewlines } from "./draft.ts";
import { notebookFacts } from "./facts.ts";
import { readIpynb } from "./ipynb.ts";
import type { NotebookFormat, ReadNotebook } from "./notebook.ts";
import { readPercent } from "./percent.ts";

/** What is read at most. Outputs count for the file only: they are passed over without being kept. */
export interface NotebookLimits {
  /** Bytes of the whole file. */
  readonly file: number;
  /** Characters in all cells together. */
  readonly source: number;
}

export const defaultLimits: NotebookLimits = { file: 256 * 2 ** 20, source: 16 * 2 ** 20 };

interface Drafted {
  readonly format: NotebookFormat;
  readonly language: string;
  readonly drafts: readonly CellDraft[];
  readonly databricks: boolean;
  readonly commentMagics: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one notebook, whatever its format. Never throws; `value` is undefined where nothing can be read. */
export function readNotebook(path: string, bytes: Uint8Array, limits: NotebookLimits = defaultLimits): ReadNotebook {
  const refuse = (...diagnostics: readonly Diagnostic[]): ReadNotebook => ({ value: undefined, diagnostics });
  const kind = extension(path).toLowerCase();
  if (kind !== ".ipynb" && kind !== ".py")
    return refuse(report("CW1016", filePlace(path), { file: path, what: named(kind) }));
  if (bytes.length > limits.file) {
    const size = Math.ceil(bytes.length / 2 ** 20);
    return refuse(report("CW1008", filePlace(path), { file: path, size, limit: limits.file / 2 ** 20 }));
  }
  const text = textBytes(path, bytes);
  if (!text.ok) return refuse(text.diagnostic);
  const drafted = kind === ".ipynb" ? fromIpynb(path, text.bytes, limits) : fromScript(path, text.bytes, limits);
  if (Array.isArray(drafted)) return refuse(...drafted);
  return finish(path, drafted as Drafted);
}

function finish(path: string, drafted: Drafted): ReadNotebook {
  const { format, language, drafts } = drafted;
  const diagnostics = [...drafted.diagnostics];
  if (drafts.length === 0) diagnostics.push(report("CW1010", filePlace(path), { file: path }));
  else if (language !== "python") diagnostics.push(report("CW1012", filePlace(path), { file: path, language }));
  const facts = language === "python" ? notebookFacts(drafts, drafted) : undefined;
  const finished = finishCells(path, drafts, facts);
  diagnostics.push(...finished.diagnostics);
  return { value: { path, format, language, cells: finished.cells }, diagnostics };
}

function fromIpynb(path: string, bytes: Uint8Array, limits: NotebookLimits): Drafted | readonly Diagnostic[] {
  const { value, diagnostics } = readIpynb(path, bytes, limits.source);
  if (!value) return diagnostics;
  const drafts = value.databricks ? value.drafts.map(databricksMarkdown) : value.drafts;
  return { ...value, drafts, format: "ipynb", commentMagics: false, diagnostics };
}

function fromScript(path: string, bytes: Uint8Array, limits: NotebookLimits): Drafted | readonly Diagnostic[] {
  if (bytes.length > limits.source)
    return [report("CW1009", filePlace(path), { file: path, limit: limits.source / 2 ** 20 })];
  const text = normalizeNewlines(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  if (isDatabricksSource(text))
    return {
      format: "databricks",
      language: "python",
      drafts: readDatabricks(text),
      databricks: true,
      commentMagics: false,
      diagnostics: [],
    };
  if (/^(?:import marimo\b|from marimo import)/m.test(text) && /^@app\.cell/m.test(text))
    return [report("CW1016", filePlace(path), { file: path, what: "a marimo notebook" })];
  const { drafts, language, isNotebook, diagnostics } = readPercent(path, text);
  return { format: "percent", language, drafts, databricks: false, commentMagics: isNotebook, diagnostics };
}

/** In .ipynb files from Databricks a code cell that starts with `%md` is a markdown cell. */
function databricksMarkdown(draft: CellDraft): CellDraft {
  const head = draft.kind === "code" ? /^\s*%md(?:-sandbox)?\b[ \t]*\n?/.exec(draft.source)?.[0] : undefined;
  if (head === undefined) return draft;
  return {
    ...draft,
    kind: "markdown",
    source: draft.source.slice(head.length),
    fileLine: (offset, line) => draft.fileLine(offset + head.length, line),
  };
}

function named(kind: string): string {
  if (kind === ".qmd") return "a Quarto document";
  if (kind === ".rmd") return "an R Markdown document";
  return kind === "" ? "a file without an extension" : `a ${kind} file`;
}
