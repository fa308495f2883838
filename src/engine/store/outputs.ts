import { sha256 } from "../../foundation/hash.ts";
import type { FileStat, Host } from "../../foundation/host.ts";
import { readIfThere, statIfThere } from "../../foundation/if-there.ts";
import { dirName, joinPath } from "../../foundation/paths.ts";
import { journalPath } from "../journal.ts";
import { prefixes } from "../links.ts";
import { manifestName } from "../names.ts";
import { diskTime, isSettled } from "./clock.ts";
import { none, pushId } from "./columns.ts";
import { asBefore, isSame } from "./memory.ts";
import { endOf, pushStamp, type Tables } from "./tables.ts";

/** What was put into the product folders, and how each file stood then: an untouched product is known by one look at each file. */
export interface OutputRecord {
  /** How many files a product has that was put there under this key and not touched since; undefined where that is not sure. */
  untouched(folder: string, key: string): number | undefined;
  /** Keeps that a product stands on disk as it should. Every file that is not yet known is read and compared. */
  keep(folder: string, key: string, files: readonly { readonly path: string; readonly sha256: string }[]): void;
}

/** How often a file that was written a moment ago is looked at again, until the disk's clock has moved on. */
const patience = 5;

export function outputRecord(host: Host, root: string, tables: () => Tables): OutputRecord {
  /** The last row of each folder; made anew when there are more rows, or other tables. */
  let rows = new Map<string, number>();
  let of: Tables | undefined;
  let counted = 0;
  const rowOf = (t: Tables, folder: string): number | undefined => {
    if (of !== t) {
      rows = new Map();
      counted = 0;
      of = t;
    }
    for (; counted < t.outputs.folder.length; counted++)
      rows.set(t.strings.get(t.outputs.folder.data[counted] ?? 0), counted);
    return rows.get(folder);
  };
  const stands = (path: string): FileStat["kind"] | undefined => statIfThere(host, `${root}/${path}`)?.kind;
  /** A folder in which names came or went counts by what it is alone: others may put files of their own into it. But no product of theirs. */
  const isStillOurs = (path: string): boolean =>
    stands(path) === "folder" && stands(`${path}/${manifestName}`) === undefined;
  /** The stamp of a folder that holds no product of others, where a name that comes or goes would change it. */
  const settledFolder = (path: string, before: number): FileStat | undefined => {
    const stat = statIfThere(host, path);
    // Disks with times of whole seconds are old ones, and some of those do not say when a name came or went.
    if (stat?.kind !== "folder" || !isSettled(stat, before) || (stat.mtime ?? 0) % 1000 === 0) return undefined;
    return statIfThere(host, `${path}/${manifestName}`) === undefined ? stat : undefined;
  };

  return {
    untouched(folder, key) {
      const t = tables();
      const row = rowOf(t, folder);
      if (row === undefined || t.digests.hex(t.outputs.key.data[row] ?? 0) !== key) return undefined;
      if (stands(journalPath(folder)) !== undefined) return undefined;
      const above = prefixes(folder);
      for (const path of above) if (stands(path) !== "folder") return undefined;
      for (const path of above.slice(0, -1)) if (stands(`${path}/${manifestName}`) !== undefined) return undefined;
      const end = endOf(t.outputs.files, row, t.files.path.length);
      let count = 0;
      const base = root === host.cwd ? `${folder}/` : `${root}/${folder}/`;
      const { strings } = t;
      const [paths, digests, inodes] = [t.files.path.data, t.files.digest.data, t.files.inode.data];
      const isAsBefore = asBefore(host, t.files);
      for (let file = t.outputs.files.data[row] ?? 0; file < end; file++) {
        const path = strings.get(paths[file] ?? 0);
        const isFolder = digests[file] === none;
        if (isFolder && inodes[file] === 0) {
          if (!isStillOurs(`${folder}/${path}`)) return undefined;
        } else if (isAsBefore(base + path, file)) {
          if (!isFolder) count++;
        } else if (!isFolder || !isStillOurs(`${folder}/${path}`)) return undefined;
      }
      return count;
    },
    keep(folder, key, files) {
      const t = tables();
      const base = joinPath(root, folder);
      const known = knownFiles(t, rowOf(t, folder));
      const found: { readonly path: string; readonly digest: string; readonly stat: FileStat }[] = [];
      let before = diskTime(host, root);
      for (const { path, sha256: wanted } of files) {
        const at = joinPath(base, path);
        let stat = statIfThere(host, at);
        for (let nth = 0; stat && before !== undefined && !isSettled(stat, before); nth++) {
          if (nth === patience || !host.sleep) return;
          host.sleep(2);
          before = diskTime(host, root);
          stat = statIfThere(host, at);
        }
        if (stat?.kind !== "file" || before === undefined) return;
        const row = known.get(path);
        const digest = row !== undefined && isSame(t.files, row, stat) ? hexAt(t, row) : digestAt(host, at);
        if (digest === undefined || (wanted !== "" && digest !== wanted)) return;
        found.push({ path, digest, stat });
      }
      pushId(t.outputs.folder, t.strings.intern(folder));
      pushId(t.outputs.key, t.digests.intern(key));
      pushId(t.outputs.files, t.files.path.length);
      for (const { path, digest, stat } of found) push(t, path, t.digests.intern(digest), stat);
      const folders = new Set(files.flatMap(({ path }) => prefixes(dirName(path))));
      for (const path of folders) push(t, path, none, settledFolder(joinPath(base, path), before ?? 0));
    },
  };
}

function push(t: Tables, path: string, digest: number, stat: FileStat | undefined): void {
  pushId(t.files.path, t.strings.intern(path));
  pushId(t.files.digest, digest);
  const { mtime = 0, ctime = 0, inode = 0, size = 0 } = stat ?? {};
  pushStamp(t.files, { mtime, ctime, inode, size });
}

function knownFiles(t: Tables, row: number | undefined): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  if (row === undefined) return out;
  const end = endOf(t.outputs.files, row, t.files.path.length);
  for (let file = t.outputs.files.data[row] ?? 0; file < end; file++)
    if (t.files.digest.data[file] !== none) out.set(t.strings.get(t.files.path.data[file] ?? 0), file);
  return out;
}

function hexAt(t: Tables, file: number): string {
  return t.digests.hex(t.files.digest.data[file] ?? 0);
}

function digestAt(host: Host, path: string): string | undefined {
  const bytes = readIfThere(host, path);
  return bytes && sha256(bytes);
}
