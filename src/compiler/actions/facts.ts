import { findProducts } from "../../engine/products.ts";
import { readerHost } from "../../engine/reader-host.ts";
import type { Host } from "../../foundation/host.ts";
import type { ReadNotebook } from "../../notebook/notebook.ts";
import { isLockComplete } from "../lock/plan.ts";
import type { Actions, Bodies, ModelFacts, ModelProduct } from "./declared.ts";
import { placedNow } from "./places.ts";

/** What is told of a product whose files are counted, with the notebooks as they are now. */
export function factsOf(
  { package: name, files, diagnostics }: Pick<ModelProduct, "package" | "diagnostics"> & { readonly files: number },
  notebook: (path: string) => ReadNotebook | undefined,
): ModelFacts {
  return { package: name, files, diagnostics: placedNow(diagnostics, notebook) };
}

/** What a build asks of products that are made already. It needs no compiler. */
export function factBodies(host: Host, actions: Actions): Pick<Bodies, "facts" | "needs" | "lock" | "standing"> {
  return {
    facts: {
      compute(params, read) {
        const { root } = params;
        const { files, ...product } = read.get(actions.product, params);
        return factsOf({ ...product, files: files.length }, (path) => {
          // Where its cells stand in its file is no part of what a notebook is known by.
          read.file(`${root}/${path}`);
          return read.get(actions.notebook, { root, path });
        });
      },
    },
    needs: { compute: (params, read) => read.get(actions.product, params).lock },
    lock: {
      compute({ root, models }, read) {
        const needed = models.flatMap((params) => {
          const model = read.get(actions.config, params);
          return model ? [{ model, needs: read.get(actions.needs, params) }] : [];
        });
        return isLockComplete({ host: readerHost(host, read), root, models: needed });
      },
    },
    standing: {
      compute: ({ root, folders }, read) =>
        folders.flatMap((folder) => findProducts(readerHost(host, read), root, folder)),
    },
  };
}
