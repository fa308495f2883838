import type { Place } from "../diagnostics/diagnostic.ts";
import { dirName, extension, joinPath } from "../foundation/paths.ts";
import type { Notebook } from "./notebook.ts";

/** One requirement that an install line of the notebook names. */
export interface NotebookRequirement {
  /** PEP 508, or `-r FILE`, `-c FILE`, `-e PATH`, a URL or a path, as pip reads them. */
  readonly requirement: string;
  readonly place: Place;
}

/** Everything the notebook's `%pip`, `!pip`, `%conda` … lines ask for, in the order of the cells. */
export function requirementsOf(notebook: Notebook): readonly NotebookRequirement[] {
  return notebook.cells.flatMap((cell) =>
    cell.magics.flatMap(({ policy, span }) =>
      policy.kind === "requirement"
        ? policy.requirements.map((requirement) => ({ requirement, place: cell.place(span) }))
        : [],
    ),
  );
}

/** One `%run` of the notebook. */
export interface Include {
  /** As written. */
  readonly target: string;
  /** Files it may mean, best first, relative to the workspace root. */
  readonly candidates: readonly string[];
  /** A script sees the names of the notebook and writes them (`-i`). */
  readonly shares: boolean;
  readonly cell: number;
  /** Offset in the cell's source: statements before it run first. */
  readonly offset: number;
  readonly place: Place;
}

/** Every notebook or script that this one runs with `%run`, in order. `running` is the notebook that was started. */
export function includesOf(notebook: Notebook, running = notebook.path): readonly Include[] {
  return notebook.cells.flatMap((cell) =>
    cell.magics.flatMap(({ policy, span }) =>
      policy.kind === "include"
        ? [
            {
              target: policy.target,
              candidates: candidatesOf(notebook, running, policy.target),
              shares: policy.shares ?? false,
              cell: cell.index,
              offset: span.start,
              place: cell.place(span),
            },
          ]
        : [],
    ),
  );
}

/**
 * Files that a `%run` may mean, best first, relative to the workspace root. IPython counts from the working directory, which is the
 * folder of the notebook that was started (`running`), and takes the name as it is before it adds `.py`; Databricks counts from
 * the notebook in which the line stands.
 */
function candidatesOf(notebook: Notebook, running: string, target: string): readonly string[] {
  const isDatabricks = notebook.format === "databricks";
  const folder = dirName(isDatabricks ? notebook.path : running);
  const plain = target.startsWith("/") ? target : joinPath(folder, target);
  if (/^\.(?:py|ipynb)$/i.test(extension(plain))) return [plain];
  return isDatabricks ? [`${plain}.py`, `${plain}.ipynb`, plain] : [plain, `${plain}.py`, `${plain}.ipynb`];
}
