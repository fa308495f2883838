import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { FileStat, Host } from "../foundation/host.ts";
import { dirName, joinPath } from "../foundation/paths.ts";

/**
 * What stands in the way of writing below a folder: links, and things that are no file or no folder. Above and at the folder a
 * link may lead elsewhere within the root; inside the product there are none. Looks at each place once. Throws HostError.
 */
export function checkWay(host: Host, root: string, folder: string, paths: readonly string[]): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  for (const above of [folder, ".crosswalk"]) {
    for (const path of prefixes(above)) {
      const found = host.stat(joinPath(root, path));
      if (!found) break;
      if (found.kind === "link") out.push(...leavesRoot(host, root, path));
      else if (found.kind !== "folder") out.push(misfit(path, found, "a folder"));
    }
  }
  if (out.length > 0) return out;
  const parents = new Set(paths.flatMap((path) => prefixes(dirName(path))));
  for (const parent of parents) {
    const path = joinPath(folder, parent);
    const found = host.stat(joinPath(root, path));
    if (found?.kind === "link") out.push(report("CW6009", undefined, { path, where: "" }));
    else if (found && found.kind !== "folder") out.push(misfit(path, found, "a folder"));
  }
  if (out.length > 0) return out;
  for (const file of paths) {
    const path = joinPath(folder, file);
    const found = host.stat(joinPath(root, path));
    if (found?.kind === "link") out.push(report("CW6009", undefined, { path, where: "" }));
    else if (found && found.kind !== "file") out.push(misfit(path, found, "a file"));
  }
  return out;
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`; "." has none. */
export function prefixes(path: string): readonly string[] {
  if (path === ".") return [];
  const parts = path.split("/");
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

function leavesRoot(host: Host, root: string, path: string): readonly Diagnostic[] {
  const slashed = (real: string | undefined): string | undefined => real?.replaceAll("\\", "/");
  const realRoot = slashed(host.realPath(root)) ?? root;
  const real = slashed(host.realPath(joinPath(root, path)));
  if (real?.startsWith(`${realRoot}/`)) return [];
  const where = real === undefined ? " that leads nowhere" : " that leads out of the workspace";
  return [report("CW6009", undefined, { path, where })];
}

function misfit(path: string, found: FileStat, expected: string): Diagnostic {
  const names = { file: "a file", folder: "a folder", link: "a link", other: "a device or pipe" } as const;
  return report("CW6013", undefined, { path, found: names[found.kind], expected });
}
