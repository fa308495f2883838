import type { FindModule, SourceModule } from "../../dataflow/modules/source-module.ts";
import type { Host } from "../../foundation/host.ts";
import { listIfThere, readIfThere } from "../../foundation/if-there.ts";
import { joinPath, staysInside } from "../../foundation/paths.ts";
import { readModuleFile } from "../../notebook/module-file.ts";
import { isStandardLibrary } from "../../python/knowledge/distributions.ts";
import { parseModule } from "../../python/parse.ts";

/** How many files of modules are read at most: a library of its own size is better installed. */
const maxFiles = 400;

export interface Search {
  readonly host: Host;
  readonly root: string;
  /** Folders of the notebooks, relative to the root: Python looks there first. */
  readonly own: readonly string[];
  /** Folders that the code adds. */
  readonly added: readonly string[];
  /** Names of installed libraries: they come before what is put last. */
  isInstalled(name: string): boolean;
}

/** Finds the files of the repository that imports mean. Each is read and parsed once; nothing outside the root is ever read. */
export function moduleFinder(search: Search): FindModule {
  const { host, root } = search;
  const known = new Map<string, SourceModule | undefined>();
  const realRoot = host.realPath(root) ?? root;
  let files = 0;

  const isFile = (path: string): boolean => {
    if (!staysInside(path)) return false;
    const at = joinPath(root, path);
    if (host.stat(at)?.kind !== "file") return false;
    const real = host.realPath(at);
    return real !== undefined && (real === at || real.startsWith(`${realRoot}/`));
  };
  const isFolder = (path: string): boolean => staysInside(path) && host.stat(joinPath(root, path))?.kind === "folder";
  const made = (name: string, path: string, isPackage: boolean): SourceModule | undefined => {
    if (files++ > maxFiles) return undefined;
    const bytes = path.endsWith(".py") ? readIfThere(host, joinPath(root, path)) : new Uint8Array();
    const notebook = bytes && readModuleFile(path, bytes).value;
    const [cell] = notebook?.cells ?? [];
    if (!notebook || !cell) return undefined;
    return { name, path, isPackage, parsed: { notebook, cell, module: parseModule(cell.python) } };
  };
  const inFolder = (folder: string, name: string, last: string): SourceModule | undefined => {
    const at = joinPath(folder, last);
    if (isFile(`${at}/__init__.py`)) return made(name, `${at}/__init__.py`, true);
    if (isFile(`${at}.py`)) return made(name, `${at}.py`, false);
    return isFolder(at) && holdsModules(host, joinPath(root, at)) ? made(name, at, true) : undefined;
  };
  const look = (name: string): SourceModule | undefined => {
    const cut = name.lastIndexOf(".");
    if (cut >= 0) {
      const around = find(name.slice(0, cut));
      if (!around?.isPackage) return undefined;
      return inFolder(around.path.replace(/\/?__init__\.py$/, "") || ".", name, name.slice(cut + 1));
    }
    // The kernel has loaded much of the standard library before the notebook runs: which one is meant cannot be told.
    if (isStandardLibrary(name)) return undefined;
    const own = [...new Set(search.own)].flatMap((folder) => inFolder(folder, name, name) ?? []);
    // Notebooks of several folders that mean different files by one name.
    if (own.length > 1) return undefined;
    if (own[0]) return own[0];
    if (search.isInstalled(name)) return undefined;
    for (const folder of search.added) {
      const found = inFolder(folder, name, name);
      if (found) return found;
    }
    return undefined;
  };
  const find = (name: string): SourceModule | undefined => {
    if (!known.has(name)) known.set(name, look(name));
    return known.get(name);
  };
  return find;
}

/** True for a folder that Python imports as a package without `__init__.py`. */
function holdsModules(host: Host, path: string): boolean {
  return listIfThere(host, path)?.some((name) => name.endsWith(".py")) ?? false;
}
