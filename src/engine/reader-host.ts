import { type FileStat, type Host, HostError } from "../foundation/host.ts";
import type { Reader } from "./query.ts";

/**
 * The world as an action may see it: a host whose every look goes through the action's reader and is recorded. Whatever code is handed
 * this host depends on just what it looks at. Writing through it is a bug, and throws.
 */
export function readerHost(host: Host, read: Reader): Host {
  const bytes = (path: string): Uint8Array => {
    const found = read.file(path);
    if (found.ok) return found.bytes;
    throw new HostError(found.reason, path, `cannot read ${path}`);
  };
  const never = (): never => {
    throw new Error("an action does not write");
  };
  return {
    cwd: host.cwd,
    env: new Proxy({}, { get: (_, name) => (typeof name === "string" ? read.env(name) : undefined) }),
    stat(path): FileStat | undefined {
      const kind = read.kind(path);
      if (kind === undefined) return undefined;
      return {
        kind,
        // Not recorded: what a file holds is, once it is read. To ask only whether it is large must not read it.
        get size() {
          return host.stat(path)?.size ?? 0;
        },
      };
    },
    readBytes: bytes,
    list(path) {
      const names = read.list(path);
      if (names) return names;
      throw new HostError("missing", path, `cannot list ${path}`);
    },
    realPath: (path) => read.realPath(path),
    writeAtomic: never,
    createExclusive: never,
    appendText: never,
    rename: never,
    remove: never,
    removeEmptyFolder: never,
  };
}
