import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import { digestOf } from "../../engine/digest.ts";
import type { Reader } from "../../engine/query.ts";
import type { Cell, Notebook, ReadNotebook } from "../../notebook/notebook.ts";
import { readNotebook } from "../../notebook/read-notebook.ts";
import type { Actions, Bodies, CellText, FileParams } from "./declared.ts";
import { layoutOf, whatCounts, withoutEnd } from "./what-counts.ts";

/**
 * What reads notebooks. Outputs, metadata, how often cells were run, how the file is laid out, comments, blanks and words of Markdown are no
 * part of what others build on: a notebook that is only run again, or explained better, stops here.
 */
export function notebookBodies(actions: Actions): Pick<Bodies, "notebook" | "cells" | "layout" | "runOrder"> {
  return {
    notebook: {
      compute({ root, path }, read) {
        const found = read.file(`${root}/${path}`);
        return found.ok ? readNotebook(path, found.bytes) : undefined;
      },
      canonical: (found) =>
        found && {
          notebook: found.value && {
            format: found.value.format,
            language: found.value.language,
            cells: found.value.cells.flatMap((cell) => whatCounts(cell) ?? []),
          },
          said: found.diagnostics.map(withoutFileLine),
        },
    },
    cells: {
      compute: (params, read) => read.get(actions.notebook, params)?.value?.cells.map(textOf),
      canonical: (cells) => cells?.flatMap(({ counts }) => counts ?? []),
    },
    layout: {
      compute({ cells, ...params }, read) {
        // Comments and blanks are no part of what the notebook is known by: the file itself is looked at.
        read.file(`${params.root}/${params.path}`);
        const all = read.get(actions.notebook, params)?.value?.cells ?? [];
        return cells.map(([index, lines]) => {
          const cell = all[index - 1];
          return { cell: index, texts: cell ? layoutOf(cell, lines) : [] };
        });
      },
    },
    runOrder: {
      // Which cells have no count, and the counts where they do not rise from top to bottom.
      compute(params, read) {
        const cells = read.get(actions.notebook, params)?.value?.cells.filter(({ kind }) => kind === "code") ?? [];
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
    },
  };
}

/** A notebook for an action to work on: whoever asks when a cell was run depends on that as well. */
export function trackedNotebook(actions: Actions, read: Reader, params: FileParams): ReadNotebook | undefined {
  // First what can be shown when it differs.
  read.get(actions.cells, params);
  const found = read.get(actions.notebook, params);
  if (!found?.value) return found;
  let isSeen = false;
  const seen = (): void => {
    if (!isSeen) read.get(actions.runOrder, params);
    isSeen = true;
  };
  const notebook: Notebook = { ...found.value, cells: found.value.cells.map((cell) => trackedCell(cell, seen)) };
  return { value: notebook, diagnostics: found.diagnostics };
}

function trackedCell(cell: Cell, seen: () => void): Cell {
  if (cell.kind !== "code") return cell;
  return Object.defineProperty({ ...cell }, "executionCount", {
    enumerable: true,
    get() {
      seen();
      return cell.executionCount;
    },
  });
}

function textOf(cell: Cell): CellText {
  const { id, kind, source, tags, title } = cell;
  const counts = whatCounts(cell);
  return { id, kind, source: withoutEnd(source), tags, title, ...(counts ? { counts: digestOf(counts) } : {}) };
}

/** What is said but for where in the file it stands: the layout of a file changes with every output. */
function withoutFileLine({ place, related, ...rest }: Diagnostic): unknown {
  const without = ({ fileLine: _, ...kept }: Place): unknown => kept;
  return { ...rest, place: place && without(place), related: related.map((one) => [one.message, without(one.place)]) };
}
