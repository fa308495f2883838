import type { Host } from "../../foundation/host.ts";
import { isAbsolutePath, joinPath, relativePath } from "../../foundation/paths.ts";
import type { Notebook } from "../../notebook/notebook.ts";
import type { Compiled, ProductFile } from "../compile.ts";

/** Paths relative to the root that a path given by a person may mean: below the current folder first, then below the root. */
export function meantPaths(host: Host, root: string, file: string): readonly string[] {
  const slashed = file.replaceAll("\\", "/");
  const fromHere = relativePath(root, isAbsolutePath(slashed) ? slashed : joinPath(host.cwd, slashed));
  return isAbsolutePath(slashed) ? [fromHere] : [...new Set([fromHere, joinPath(slashed)])];
}

/** A generated file and the model it belongs to. */
export interface FoundFile {
  readonly compiled: Compiled;
  readonly file: ProductFile;
}

/** The generated file at a path relative to the root. */
export function findGenerated(compiled: readonly Compiled[], path: string): FoundFile | undefined {
  for (const one of compiled)
    for (const file of one.files) if (joinPath(one.model.out, file.path) === path) return { compiled: one, file };
  return undefined;
}

/** The model in whose product folder a path lies. */
export function ownerOf(compiled: readonly Compiled[], path: string): Compiled | undefined {
  return compiled.find((one) => path.startsWith(`${one.model.out}/`));
}

/** A notebook and every model that runs it. */
export interface FoundNotebook {
  readonly notebook: Notebook;
  readonly users: readonly Compiled[];
}

export function findNotebook(compiled: readonly Compiled[], path: string): FoundNotebook | undefined {
  const users = compiled.filter((one) => one.chain.notebooks.some((n) => n.notebook.path === path));
  const notebook = users[0]?.chain.notebooks.find((n) => n.notebook.path === path)?.notebook;
  return notebook && { notebook, users };
}

/** Everything that `explain` can be asked about, relative to the root. */
export function knownFiles(compiled: readonly Compiled[]): readonly string[] {
  return [
    ...new Set([
      ...compiled.flatMap((one) => one.chain.notebooks.map((n) => n.notebook.path)),
      ...compiled.flatMap((one) => one.files.map((file) => joinPath(one.model.out, file.path))),
    ]),
  ];
}
