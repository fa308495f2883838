import type { Looked } from "../../engine/query.ts";
import type { Host } from "../../foundation/host.ts";
import { statIfThere } from "../../foundation/if-there.ts";
import { sorted } from "../../foundation/order.ts";
import { dirName, isAbsolutePath, relativePath } from "../../foundation/paths.ts";
import type { FileChange } from "./contract.ts";

/** What differs, as files that people know: a file that changed, came or went. A folder is named where nothing in it is. */
export function changesOf(host: Host, root: string, differs: readonly Looked[]): readonly FileChange[] {
  const content = new Set(differs.flatMap(({ kind, path }) => (kind === "file" ? [path] : [])));
  const presence = new Set(differs.flatMap(({ kind, path }) => (kind === "kind" ? [path] : [])));
  const files = sorted(new Set([...content, ...presence]));
  const told = new Set(files.map(dirName));
  const lists = sorted(differs.flatMap(({ kind, path }) => (kind === "list" && !told.has(path) ? [path] : [])));
  return [
    ...files.map((path): FileChange => {
      const isThere = statIfThere(host, path) !== undefined;
      const how = !isThere ? "removed" : presence.has(path) ? "added" : "changed";
      return { path: shown(root, path), how };
    }),
    ...lists.map((path): FileChange => ({ path: `${shown(root, path)}/`, how: "changed" })),
  ];
}

/** Generated files that are not as they were written. */
export function touchesOf(host: Host, root: string, paths: readonly string[]): readonly FileChange[] {
  const files = paths.filter((path) => statIfThere(host, path)?.kind !== "folder");
  return sorted(new Set(files)).map((path) => ({ path: shown(root, path), how: "touched" }));
}

/** As people name it: relative to the root where it lies there. */
function shown(root: string, path: string): string {
  const relative = relativePath(root, path);
  return relative.startsWith("../") || isAbsolutePath(relative) ? path : relative;
}
