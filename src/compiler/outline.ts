import { digestOf } from "../engine/digest.ts";
import type { Action, Engine } from "../engine/query.ts";
import type { Mark } from "../engine/remote/trail.ts";
import type { ReadNotebook } from "../notebook/notebook.ts";
import type { Actions, FileParams, ModelParams, ModelProduct } from "./actions/declared.ts";
import { factsOf } from "./actions/facts.ts";
import { loading } from "./not-loaded.ts";

/** What is said of a product in a shared cache, so that nobody need fetch one that stands on disk already. */
export interface Outline extends Omit<ModelProduct, "files"> {
  /** How many there are. */
  readonly files: number;
  /** Digest of the manifest that is written with them. */
  readonly manifest: string;
}

/** What builds on a product of which no files were fetched: it is computed from the outline, as it would be from the product. */
export async function takeOutline(
  engine: Engine,
  actions: Actions,
  params: ModelParams,
  outline: Outline,
): Promise<void> {
  const take = <V>(action: Action<ModelParams, V>, of: () => { readonly marks: readonly Mark[]; readonly value: V }) =>
    loading(() => {
      const { marks, value } = of();
      const product: Mark = { kind: actions.product.kind, params };
      return engine.adopt(action, params, [product, ...marks], { value, digest: digestOf(value) });
    });
  await take(actions.needs, () => ({ marks: [], value: outline.lock }));
  await take(actions.facts, () => {
    const marks: Mark[] = [];
    const value = factsOf(outline, (path) => {
      const file: Mark = { kind: "file", params: `${params.root}/${path}` };
      const read: FileParams = { root: params.root, path };
      if (!marks.some((one) => one.params === file.params))
        marks.push(file, { kind: actions.notebook.kind, params: read });
      return engine.look(actions.notebook.kind, read)?.value as ReadNotebook | undefined;
    });
    return { marks, value };
  });
}
