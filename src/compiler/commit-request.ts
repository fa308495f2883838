import type { ModelConfig } from "../config/project.ts";
import type { Choices } from "../engine/choices.ts";
import type { CommitRequest } from "../engine/plan.ts";
import type { ModelProduct, ProductFile } from "./actions/declared.ts";
import { ownerOf } from "./owner.ts";

/** What is needed of a model to put its product on disk. */
type Owned = Pick<ModelConfig, "name" | "file" | "out">;

/** What the engine is asked to put on disk for a model. */
export function commitOf(
  model: Owned,
  product: ModelProduct,
  root: string,
  toolVersion: string,
  choices: Choices,
): CommitRequest {
  return {
    root,
    folder: model.out,
    owner: ownerOf(model),
    tool: `crosswalk ${toolVersion}`,
    choices,
    files: product.files.map((file) => ({ path: file.path, content: file.text, origin: originsOf(product, file) })),
  };
}

function originsOf(product: ModelProduct, file: ProductFile) {
  const notebooks = new Map<string, string[]>();
  for (const origin of file.origins) {
    const cells = notebooks.get(origin.notebook) ?? [];
    if (!cells.includes(origin.cellId)) cells.push(origin.cellId);
    notebooks.set(origin.notebook, cells);
  }
  if (notebooks.size === 0) for (const path of product.notebooks) notebooks.set(path, []);
  return [...notebooks].map(([notebook, cells]) => ({ notebook, cells }));
}
