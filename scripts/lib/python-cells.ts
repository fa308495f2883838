import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readNotebook } from "../../src/notebook/read-notebook.ts";
import { notebooksOf } from "../corpus/notebooks.ts";
import { inRepository } from "./repository.ts";

/** The Python of every code cell of the examples, and of the notebooks below CROSSWALK_CORPUS where that is set. */
export function cellsAtHand(): readonly string[] {
  const corpus = process.env.CROSSWALK_CORPUS;
  const folders = [inRepository("examples"), ...(corpus === undefined ? [] : [corpus])];
  return folders.flatMap((folder) =>
    notebooksOf(folder, undefined).notebooks.flatMap(({ repository, path }) => {
      const read = readNotebook(path, readFileSync(join(repository, path)));
      return (
        read.value?.cells.flatMap((cell) => (cell.kind === "code" && cell.python.trim() !== "" ? [cell.python] : [])) ??
        []
      );
    }),
  );
}
