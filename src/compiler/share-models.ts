import { generatedManifest } from "../engine/generated-manifest.ts";
import { isDigest, isRecord } from "../engine/manifest.ts";
import type { Engine, Made } from "../engine/query.ts";
import type { RemoteCache } from "../engine/remote/contract.ts";
import { giveShared, type Sharing, takeShared } from "../engine/remote/share.ts";
import { keepListed } from "../engine/store/listed.ts";
import type { OutputRecord } from "../engine/store/outputs.ts";
import { sha256 } from "../foundation/hash.ts";
import type { Host } from "../foundation/host.ts";
import type { Actions, ModelEntry, ModelParams, ModelProduct } from "./actions/declared.ts";
import { commitOf } from "./commit-request.ts";
import { loading } from "./not-loaded.ts";
import type { OnDisk } from "./on-disk.ts";
import { type Outline, takeOutline } from "./outline.ts";
import { ownerOf } from "./owner.ts";

/** Models that are asked for at once. */
const atOnce = 8;

interface Sharer {
  readonly engine: Engine;
  readonly actions: Actions;
  readonly root: string;
  readonly cache: RemoteCache;
  readonly toolVersion: string;
}

/** The products that stand on this disk. */
interface Disk {
  readonly host: Host;
  readonly outputs: OutputRecord;
  readonly disk: OnDisk;
}

/**
 * Takes over the products that are in the cache and not known here; gives the names of their models. Of a product that stands on disk as it
 * should already, as in a clean checkout, nothing is fetched but what is said of it.
 */
export function takeModels(
  sharer: Sharer,
  models: readonly ModelEntry[],
  here: Disk | undefined,
): Promise<readonly string[]> {
  const { engine, actions, root } = sharer;
  return each(models, async (model) => {
    const params: ModelParams = { root, file: model.file, name: model.name };
    const known = await loading(() => engine.known(actions.product, params));
    if (known && (!known.isGone || here?.disk.untouched(model, known.digest) !== undefined)) return false;
    const isEnough = (outline: Outline, digest: string): boolean =>
      here !== undefined && stands(here, root, model, outline, digest);
    const taken = await takeShared(sharingOf(sharer, model, isEnough), params);
    // The form of an outline was looked at when it was found to be enough.
    if (taken?.kind === "outline") await takeOutline(engine, actions, params, taken.outline as Outline);
    return taken !== undefined;
  });
}

/** Gives the products that were made in this run; gives the names of those that are there now. */
export function giveModels(sharer: Sharer, models: readonly ModelEntry[]): Promise<readonly string[]> {
  const { engine, actions, cache, root } = sharer;
  if (!cache.isWriting) return Promise.resolve([]);
  const ran = new Set(
    engine
      .records()
      .filter(({ kind, status }) => kind === actions.product.kind && status === "ran")
      .map(({ params }) => ownerOf(params as ModelParams)),
  );
  return each(
    models.filter((model) => ran.has(ownerOf(model))),
    (model) =>
      giveShared(
        sharingOf(sharer, model, () => false),
        { root, file: model.file, name: model.name },
      ),
  );
}

function sharingOf(
  { engine, actions, root, cache, toolVersion }: Sharer,
  model: ModelEntry,
  isEnough: (outline: Outline, digest: string) => boolean,
): Sharing<ModelParams, ModelProduct> {
  return {
    engine,
    action: actions.product,
    cache,
    root,
    tool: `crosswalk ${toolVersion}`,
    loading,
    isValue: isModelProduct,
    outline: {
      of(_, product): Outline {
        const { files, ...rest } = product;
        const manifest = sha256(generatedManifest(commitOf(model, product, root, toolVersion, {})));
        return { ...rest, files: files.length, manifest };
      },
      isEnough: (_, { outline, digest }) => isOutline(outline) && isEnough(outline, digest),
    },
  };
}

/** Whether a product stands on disk already, file by file. */
function stands(
  { host, outputs, disk }: Disk,
  root: string,
  model: ModelEntry,
  { manifest }: Outline,
  digest: Made<unknown>["digest"],
): boolean {
  const files = keepListed(host, outputs, { root, folder: model.out, key: disk.key(model, digest), manifest });
  if (files === undefined) return false;
  disk.note(model, digest, files);
  return true;
}

async function each(
  models: readonly ModelEntry[],
  work: (model: ModelEntry) => Promise<boolean>,
): Promise<readonly string[]> {
  const done: string[] = [];
  const left = [...models];
  const worker = async (): Promise<void> => {
    for (let model = left.shift(); model; model = left.shift()) if (await work(model)) done.push(model.name);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done.sort();
}

/** Whether something that was kept elsewhere has the form of a compiled model, as far as reading it needs. */
function isModelProduct(value: unknown): value is ModelProduct {
  if (!isTold(value)) return false;
  const { files } = value;
  return (
    Array.isArray(files) &&
    files.every((file) => isRecord(file) && typeof file.path === "string" && typeof file.text === "string")
  );
}

function isOutline(value: unknown): value is Outline {
  return isTold(value) && typeof value.files === "number" && isDigest(value.manifest);
}

/** What a product and its outline have in common. */
function isTold(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value) || typeof value.package !== "string") return false;
  const { diagnostics, notebooks } = value;
  return (
    Array.isArray(diagnostics) &&
    diagnostics.every((one) => isRecord(one) && typeof one.code === "string" && Array.isArray(one.related)) &&
    Array.isArray(notebooks)
  );
}
