import { lengthPrefixed } from "../engine/digest.ts";
import type { FileStore } from "../engine/store/file-store.ts";
import { sha256 } from "../foundation/hash.ts";
import type { ModelEntry } from "./actions/declared.ts";
import { ownerOf } from "./owner.ts";

/** What is known of products on disk from earlier builds, for one build: each product is looked at once. */
export interface OnDisk {
  /** How many files a product has that stands there as it was put there; undefined where that is not sure. */
  untouched(model: OnDiskModel, digest: string): number | undefined;
  /** Names everything that is put there for a model: the same key, the same files. */
  key(model: OnDiskModel, digest: string): string;
  /** Notes how many files of a product were just compared, and found right. */
  note(model: OnDiskModel, digest: string, files: number): void;
}

export type OnDiskModel = Pick<ModelEntry, "name" | "file" | "out">;

export function onDisk({ outputs }: FileStore, toolVersion: string): OnDisk {
  const seen = new Map<string, { readonly key: string; readonly files: number | undefined }>();
  const keyOf = (model: OnDiskModel, digest: string): string =>
    sha256(lengthPrefixed([digest, ownerOf(model), model.out, toolVersion]));
  return {
    key: keyOf,
    note: (model, digest, files) => void seen.set(model.out, { key: keyOf(model, digest), files }),
    untouched(model, digest) {
      const key = keyOf(model, digest);
      const known = seen.get(model.out);
      if (known?.key === key) return known.files;
      const files = outputs.untouched(model.out, key);
      seen.set(model.out, { key, files });
      return files;
    },
  };
}
