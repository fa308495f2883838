import { parseManifest } from "../engine/manifest.ts";
import { manifestName } from "../engine/names.ts";
import { sha256 } from "../foundation/hash.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { readIfThere, statIfThere } from "../foundation/if-there.ts";
import { dirName, isWithin, joinPath } from "../foundation/paths.ts";
import type { ModelEntry, WorkspaceFacts } from "./actions/declared.ts";
import type { SettledProduct } from "./incremental.ts";
import { ownerOf } from "./owner.ts";
import type { BuiltModel } from "./session-contract.ts";

/**
 * What is known of the products on disk from one build of a session to the next, as long as somebody watches their folders: a product
 * that is the same as before, and that nobody has touched, is not compared with the disk again.
 */
export interface Standing {
  /** A build of this workspace begins. */
  begin(workspace: WorkspaceFacts): void;
  /** How a product stands that was put there before; undefined where it has to be looked at. */
  known(model: ModelEntry, product: SettledProduct): BuiltModel | undefined;
  /** A product was put there, or is in the way. Where there is something to say about it, it is looked at every time. */
  keep(model: ModelEntry, product: SettledProduct, built: BuiltModel, isSaid: boolean): void;
  /** Whether products of models that are no more may stand on disk: true once for each state of the workspace. */
  mayHaveOld(): boolean;
  /** Which product folder an absolute path lies in. */
  folderOf(path: string): string | undefined;
  /** True for a path in a product folder where something happened that we did not do; the product is then looked at again. */
  isTouched(path: string): boolean;
  /** Nothing is known any more. */
  forget(): void;
  /** Raised whenever `folders` may give others. */
  version(): number;
  /** Absolute folders in which files of the workspace's products stand, or should. */
  folders(): ReadonlySet<string>;
}

/** A product as its manifest says it was written. */
interface Kept {
  /** Undefined where it has to be looked at. */
  readonly known: { readonly built: BuiltModel; readonly digest: string; readonly owner: string } | undefined;
  readonly manifest: string;
  /** Digests of the files by path; undefined for one that is not ours. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

export function standing(host: Host, root: string): Standing {
  const kept = new Map<string, Kept>();
  /** Product folders of the workspace as it was built last. */
  let outs: readonly string[] = [];
  let version = 0;
  let state = "";
  /** The state for which products of old models were looked for. */
  let asked = "";
  const folderOf = (path: string): string | undefined => outs.find((out) => isWithin(`${root}/${out}`, path));

  return {
    version: () => version,
    begin({ models, files }) {
      const now = models.map(({ out }) => out);
      if (now.join("\n") !== outs.join("\n")) version++;
      outs = now;
      state = JSON.stringify([outs, files]);
    },
    known(model, { digest }) {
      const known = kept.get(model.out)?.known;
      return known?.digest === digest && known.owner === ownerOf(model) ? known.built : undefined;
    },
    keep(model, { digest, files }, built, isSaid) {
      const { out } = model;
      const manifest = fileAt(host, joinPath(root, out, manifestName));
      if (!manifest) return;
      const still: BuiltModel = { ...built, outcome: "unchanged", written: [], removed: [], unchanged: files };
      const isSettled = !isSaid && (built.outcome === "written" || built.outcome === "unchanged");
      const written = filesOf(manifest);
      const before = kept.get(out)?.files;
      if (before?.size !== written.size || [...written.keys()].some((path) => !before.has(path))) version++;
      kept.set(out, {
        known: isSettled ? { built: still, digest, owner: ownerOf(model) } : undefined,
        manifest: sha256(manifest),
        files: written,
      });
    },
    mayHaveOld() {
      const isNew = asked !== state;
      asked = state;
      return isNew;
    },
    folderOf,
    isTouched(path) {
      const out = folderOf(path);
      if (out === undefined) return false;
      const one = kept.get(out);
      if (one?.known && stands(host, joinPath(root, out), path, one)) return false;
      if (one) kept.set(out, { ...one, known: undefined });
      return true;
    },
    forget() {
      for (const [out, one] of kept) kept.set(out, { ...one, known: undefined });
      asked = "";
    },
    folders() {
      const out = new Set<string>();
      for (const folder of outs) {
        out.add(joinPath(root, folder));
        for (const path of kept.get(folder)?.files.keys() ?? []) out.add(dirName(joinPath(root, folder, path)));
      }
      return out;
    },
  };
}

/** True where what stands at a path, or below it, is what was put there; what was not put there does not count. */
function stands(host: Host, folder: string, path: string, { files, manifest }: Kept): boolean {
  const inside = path.slice(folder.length + 1);
  if (inside === manifestName) return digestAt(host, path) === manifest;
  const digest = files.get(inside);
  if (digest !== undefined) return digestAt(host, path) === digest;
  const below = [...files.keys()].filter((one) => inside === "" || one.startsWith(`${inside}/`));
  return below.every((one) => fileAt(host, `${folder}/${one}`) !== undefined);
}

function filesOf(manifest: Uint8Array): ReadonlyMap<string, string | undefined> {
  const parsed = parseManifest(decodeUtf8(manifest) ?? "");
  if (parsed.kind !== "ok") return new Map();
  return new Map(Object.entries(parsed.manifest.files).map(([path, { sha256: digest }]) => [path, digest]));
}

function digestAt(host: Host, path: string): string | undefined {
  const bytes = fileAt(host, path);
  return bytes && sha256(bytes);
}

function fileAt(host: Host, path: string): Uint8Array | undefined {
  return statIfThere(host, path)?.kind === "file" ? readIfThere(host, path) : undefined;
}
