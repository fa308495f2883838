import type { ModelConfig } from "../config/project.ts";
import type { Choices } from "../engine/choices.ts";
import type { CommitRequest } from "../engine/plan.ts";
import type { Compiled } from "./compile.ts";

/** What the engine is asked to put on disk for a model. */
export function commitOf(compiled: Compiled, root: string, toolVersion: string, choices: Choices): CommitRequest {
  return {
    root,
    folder: compiled.model.out,
    owner: ownerOf(compiled.model),
    tool: `crosswalk ${toolVersion}`,
    choices,
    files: compiled.files.map((file) => ({ path: file.path, content: file.text, origin: originsOf(compiled, file) })),
  };
}

/** Whose product a folder is: the model and the file that declares it. */
function ownerOf(model: ModelConfig): string {
  return `${model.file}#${model.name}`;
}

function originsOf(compiled: Compiled, file: Compiled["files"][number]) {
  const notebooks = new Map<string, string[]>();
  for (const origin of file.origins) {
    const cells = notebooks.get(origin.notebook) ?? [];
    if (!cells.includes(origin.cellId)) cells.push(origin.cellId);
    notebooks.set(origin.notebook, cells);
  }
  if (notebooks.size === 0) for (const { notebook } of compiled.chain.notebooks) notebooks.set(notebook.path, []);
  return [...notebooks].map(([notebook, cells]) => ({ notebook, cells }));
}
