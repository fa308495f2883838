import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import type { Action, Reader } from "../../engine/query.ts";
import type { Cell, Notebook, ReadNotebook } from "../../notebook/notebook.ts";
import { readNotebook } from "../../notebook/read-notebook.ts";

/** A notebook by its path relative to the root. */
export interface NotebookParams {
  /** Absolute folder of the workspace. */
  readonly root: string;
  readonly path: string;
}

/**
 * A notebook as it is read; undefined where there is no such file. Its outputs, its metadata, how often its cells were run and how its
 * file is laid out are no part of what others build on: a notebook that is only run again stops here.
 */
export const notebookAction: Action<NotebookParams, ReadNotebook | undefined> = {
  kind: "notebook",
  version: 1,
  kept: "memory",
  compute({ root, path }, read) {
    const found = read.file(`${root}/${path}`);
    return found.ok ? readNotebook(path, found.bytes) : undefined;
  },
  canonical: (found) =>
    found && {
      notebook: found.value && {
        format: found.value.format,
        language: found.value.language,
        cells: found.value.cells.map(({ id, kind, source, tags, title }) => [
          id,
          kind,
          withoutEnd(source),
          tags,
          title ?? null,
        ]),
      },
      said: found.diagnostics.map(withoutFileLine),
    },
};

/**
 * The order in which the cells were run, as far as anyone can tell a difference by it: which have no count, and the counts where they do
 * not rise from top to bottom.
 */
export const runOrderAction: Action<NotebookParams, { readonly missing: readonly number[]; readonly counts: unknown }> =
  {
    kind: "run-order",
    version: 1,
    compute(params, read) {
      const cells = read.get(notebookAction, params)?.value?.cells.filter(({ kind }) => kind === "code") ?? [];
      // The counts are no part of what the notebook is known by: the file itself is looked at.
      read.file(`${params.root}/${params.path}`);
      const counts = cells.map(({ executionCount }) => executionCount ?? null);
      const run = counts.filter((count) => count !== null);
      const rises = run.every((count, i) => i === 0 || count > (run[i - 1] ?? 0));
      return {
        missing: cells.flatMap(({ index, executionCount }) => (executionCount === undefined ? [index] : [])),
        counts: rises ? "rising" : counts,
      };
    },
  };

/** A notebook for an action to work on: whoever asks when a cell was run depends on that as well. */
export function trackedNotebook(read: Reader, params: NotebookParams): ReadNotebook | undefined {
  const found = read.get(notebookAction, params);
  if (!found?.value) return found;
  const notebook: Notebook = {
    ...found.value,
    cells: found.value.cells.map((cell) => trackedCell(read, params, cell)),
  };
  return { value: notebook, diagnostics: found.diagnostics };
}

function trackedCell(read: Reader, params: NotebookParams, cell: Cell): Cell {
  if (cell.kind !== "code") return cell;
  return Object.defineProperty({ ...cell }, "executionCount", {
    enumerable: true,
    get() {
      read.get(runOrderAction, params);
      return cell.executionCount;
    },
  });
}

/** A cell's text but for blank ends, which nothing can come of. A backslash there would join what follows. */
function withoutEnd(source: string): string {
  const text = source.trimEnd();
  return text.endsWith("\\") ? source : text;
}

/** What is said but for where in the file it stands: the layout of a file changes with every output. */
function withoutFileLine({ place, related, ...rest }: Diagnostic): unknown {
  const without = ({ fileLine: _, ...kept }: Place): unknown => kept;
  return { ...rest, place: place && without(place), related: related.map((one) => [one.message, without(one.place)]) };
}
