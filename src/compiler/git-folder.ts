import { upwards } from "../config/config-file.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { isAbsolutePath, joinPath } from "../foundation/paths.ts";

/**
 * Where git keeps what it knows of the working tree that a folder lies in; undefined outside of one. A second working tree, or a
 * submodule, names that folder in a file. Throws HostError where something may not be read.
 */
export function gitFolderOf(host: Host, from: string): string | undefined {
  for (const folder of upwards(from)) {
    const dot = joinPath(folder, ".git");
    const kind = host.stat(dot)?.kind;
    if (kind === "folder") return dot;
    if (kind !== "file") continue;
    const named = /^gitdir: *(.+?)\s*$/m.exec(decodeUtf8(host.readBytes(dot)) ?? "")?.[1];
    return named === undefined || isAbsolutePath(named) ? named : joinPath(folder, named);
  }
  return undefined;
}
