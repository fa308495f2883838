import { isRecord } from "../engine/manifest.ts";
import { giveShared, type Sharing, takeShared } from "../engine/remote/share.ts";
import type { ModelParams, ModelProduct } from "./actions/declared.ts";
import { loading } from "./not-loaded.ts";
import { ownerOf } from "./owner.ts";

/** Models that are asked for at once. */
const atOnce = 8;

type Products = Omit<Sharing<ModelParams, ModelProduct>, "isValue" | "loading">;

/** Takes over the products that are in the cache and not known here; gives the names of their models. */
export function takeModels(products: Products, models: readonly ModelParams[]): Promise<readonly string[]> {
  const { engine, action } = products;
  return each(models, async (params) => {
    if (await loading(() => engine.isFresh(action, params))) return false;
    return takeShared({ ...products, isValue: isModelProduct, loading }, params);
  });
}

/** Gives the products that were made in this run; gives the names of those that are there now. */
export function giveModels(products: Products, models: readonly ModelParams[]): Promise<readonly string[]> {
  const { engine, action, cache } = products;
  if (!cache.isWriting) return Promise.resolve([]);
  const ran = new Set(
    engine
      .records()
      .filter(({ kind, status }) => kind === action.kind && status === "ran")
      .map(({ params }) => ownerOf(params as ModelParams)),
  );
  return each(
    models.filter((params) => ran.has(ownerOf(params))),
    (params) => giveShared({ ...products, isValue: isModelProduct, loading }, params),
  );
}

async function each(
  models: readonly ModelParams[],
  work: (params: ModelParams) => Promise<boolean>,
): Promise<readonly string[]> {
  const done: string[] = [];
  const left = [...models];
  const worker = async (): Promise<void> => {
    for (let params = left.shift(); params; params = left.shift()) if (await work(params)) done.push(params.name);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done.sort();
}

/** Whether something that was kept elsewhere has the form of a compiled model, as far as reading it needs. */
function isModelProduct(value: unknown): value is ModelProduct {
  if (!isRecord(value) || typeof value.package !== "string") return false;
  const { files, diagnostics, notebooks } = value;
  return (
    Array.isArray(files) &&
    files.every((file) => isRecord(file) && typeof file.path === "string" && typeof file.text === "string") &&
    Array.isArray(diagnostics) &&
    diagnostics.every((one) => isRecord(one) && typeof one.code === "string" && Array.isArray(one.related)) &&
    Array.isArray(notebooks)
  );
}
