import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";

export type NotebookFormat = "ipynb" | "percent" | "databricks";

/** One notebook, whatever file format it came from. Immutable; outputs are never read. */
export interface Notebook {
  /** Relative to the workspace root, with forward slashes. */
  readonly path: string;
  readonly format: NotebookFormat;
  /** Language of the kernel, lower case ("python" where nothing says otherwise). */
  readonly language: string;
  readonly cells: readonly Cell[];
}

export interface Cell {
  /** Stable: nbformat 4.5's own id, else derived from its code (comments and blank lines left out) or text, and its rank among equal ones. */
  readonly id: string;
  /** 1-based, over all cells of the notebook. */
  readonly index: number;
  readonly kind: "code" | "markdown" | "raw";
  /** The text as a person sees it in the cell, line ends normalised to \n. */
  readonly source: string;
  readonly tags: readonly string[];
  /** A title of its own: `# %% Load data`, `# DBTITLE 1,Load data`. */
  readonly title?: string;
  /** The stored execution count, when there is one. */
  readonly executionCount?: number;
  /** The cell's source with the IPython layer resolved: plain Python, "" for cells that hold none. */
  readonly python: string;
  /** Everything of the IPython layer found in this cell. */
  readonly magics: readonly Magic[];
  /** Maps a span of `source` to a place. */
  place(span: Span): Place;
  /** Maps a span of `python` to the span of `source` it came from. */
  sourceSpan(pythonSpan: Span): Span;
  /** Maps a span of `python` to a place: `place(sourceSpan(span))`. */
  pythonPlace(pythonSpan: Span): Place;
}

/** What became of one magic, shell line, help request or Databricks command. */
export interface Magic {
  /** "%matplotlib", "%%time", "!", "?", "%sql" …; for automagic, and behind `# MAGIC` and `# `, as if `%` stood alone. */
  readonly name: string;
  readonly rest: string;
  /** In `source`. */
  readonly span: Span;
  readonly policy: MagicPolicy;
  /** Why it is treated so, a few words for `explain`. */
  readonly why: string;
}

/**
 * drop: means nothing to production. requirement: names distributions (`requirements`: PEP 508, or `-r FILE`, `-c FILE`,
 * `-e PATH`, a URL or a path as pip reads them). unwrap: its body is Python. translate: became Python in `python`.
 * include: runs another notebook or script (`target`, as written; `shares`: a script sees the notebook's names, `-i`). opaque: cannot be understood; a diagnostic says so, and
 * where it defines a name, `python` holds `name = get_ipython()…`: a value nobody knows, so what needs it is refused.
 */
export type MagicPolicy =
  | { readonly kind: "drop" }
  | { readonly kind: "requirement"; readonly requirements: readonly string[] }
  | { readonly kind: "unwrap" }
  | { readonly kind: "translate" }
  | { readonly kind: "include"; readonly target: string; readonly shares?: true }
  | { readonly kind: "opaque" };

export interface ReadNotebook {
  readonly value: Notebook | undefined;
  readonly diagnostics: readonly Diagnostic[];
}
