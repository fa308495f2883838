import { decodeUtf8, type Host, HostError } from "./host.ts";
import { byText } from "./order.ts";
import { joinPath, normalizePath } from "./paths.ts";

/** A host in memory, for tests and for dry runs. Keys are paths; folders exist while something is in them. */
export interface MemoryHost extends Host {
  readonly files: Map<string, Uint8Array>;
  /** Every path that was written or removed, in order. */
  readonly touched: string[];
  text(path: string): string | undefined;
}

export function memoryHost(
  start: Readonly<Record<string, string | Uint8Array>> = {},
  env: Host["env"] = {},
  cwd = "/repo",
): MemoryHost {
  const at = (path: string): string => (path.startsWith("/") ? normalizePath(path) : joinPath(cwd, path));
  const bytes = (content: string | Uint8Array): Uint8Array =>
    typeof content === "string" ? new TextEncoder().encode(content) : content;
  const files = new Map(Object.entries(start).map(([path, content]) => [at(path), bytes(content)]));
  const touched: string[] = [];
  const isFolder = (path: string): boolean =>
    [...files.keys()].some((key) => key.startsWith(path === "/" ? "/" : `${path}/`));
  const read = (path: string): Uint8Array => {
    const found = files.get(at(path));
    if (!found) throw new HostError(isFolder(at(path)) ? "not-a-file" : "missing", path, `no such file: ${path}`);
    return found;
  };
  const write = (path: string, content: string | Uint8Array): void => {
    if (isFolder(at(path))) throw new HostError("not-a-file", path, `is a folder: ${path}`);
    files.set(at(path), bytes(content));
    touched.push(at(path));
  };
  return {
    cwd,
    env,
    files,
    touched,
    text: (path) => {
      const found = files.get(at(path));
      return found && decodeUtf8(found);
    },
    stat(path) {
      const found = files.get(at(path));
      if (found) return { kind: "file", size: found.length };
      return isFolder(at(path)) ? { kind: "folder", size: 0 } : undefined;
    },
    readBytes: read,
    list(path) {
      const prefix = at(path) === "/" ? "/" : `${at(path)}/`;
      const names = [...files.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length).split("/")[0] ?? "");
      if (names.length === 0) throw new HostError("missing", path, `no such folder: ${path}`);
      return [...new Set(names)].sort(byText);
    },
    realPath: (path) => (files.has(at(path)) || isFolder(at(path)) ? at(path) : undefined),
    writeAtomic: write,
    createExclusive(path, content) {
      if (files.has(at(path))) throw new HostError("exists", path, `exists: ${path}`);
      write(path, content);
    },
    appendText: (path, text) => write(path, (decodeUtf8(files.get(at(path)) ?? new Uint8Array()) ?? "") + text),
    appendBytes: (path, more) => write(path, Buffer.concat([files.get(at(path)) ?? new Uint8Array(), more])),
    rename(from, to) {
      write(to, read(from));
      files.delete(at(from));
    },
    remove(path) {
      read(path);
      files.delete(at(path));
      touched.push(at(path));
    },
    removeEmptyFolder: (path) => !isFolder(at(path)),
  };
}
