import type { ActionRecord } from "../../engine/query.ts";
import type { FileParams } from "../actions/declared.ts";
import type { Incremental } from "../incremental.ts";
import { type CellTexts, cellTexts, changedCells } from "./cells.ts";
import type { FileChange } from "./contract.ts";

/** Remembers the cells of notebooks, to say which of them a change is about. */
export interface Seen {
  /** The changes with the numbers of cells, where they are of notebooks that are known. */
  withCells(changes: readonly FileChange[]): Promise<readonly FileChange[]>;
  /** After a build: the notebooks are what the compiler read. */
  remember(records: readonly ActionRecord[]): Promise<void>;
}

export function createSeen(compiler: Incremental): Seen {
  const texts = new Map<string, CellTexts>();
  return {
    withCells: (changes) =>
      Promise.all(
        changes.map(async (change) => {
          const before = texts.get(change.path);
          const now = before && cellTexts(await compiler.notebook(change.path));
          return now ? { ...change, cells: changedCells(before, now) } : change;
        }),
      ),
    async remember(records) {
      for (const { kind, status, params } of records) {
        if (kind !== "notebook" || status !== "ran") continue;
        const { path } = params as FileParams;
        const now = cellTexts(await compiler.notebook(path));
        // A notebook that cannot be read for a while keeps what it was.
        if (now) texts.set(path, now);
      }
    },
  };
}
