import { sha256, sha256Pieces } from "../../foundation/hash.ts";
import { type Host, HostError } from "../../foundation/host.ts";
import { joinPath } from "../../foundation/paths.ts";
import { verifyPython } from "../../verify/python.generated.ts";

/** Of the Python with which verification compares: another one may find something else. */
export const codeDigest = sha256(JSON.stringify(verifyPython));

/** Digest of a file's bytes, read piece by piece; undefined where there is none. */
export function digestOfFile(host: Host, path: string): string | undefined {
  const hash = sha256Pieces();
  try {
    if (host.stat(path)?.kind !== "file") return undefined;
    if (host.readPieces) host.readPieces(path, (piece) => hash.add(piece));
    else hash.add(host.readBytes(path));
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
  return hash.digest();
}

/** Digest of the names and bytes of all files below a folder. */
export function digestOfFolder(host: Host, folder: string, leaves: (path: string) => boolean): string {
  const lines = filesOf(host, folder, leaves).map(
    (path) => `${path}\0${digestOfFile(host, joinPath(folder, path)) ?? ""}`,
  );
  return sha256(lines.join("\n"));
}

/** Paths of all files below a folder, relative to it and sorted; links count as files and are not followed into folders. */
export function filesOf(host: Host, folder: string, leaves: (path: string) => boolean): readonly string[] {
  const out: string[] = [];
  const visit = (below: string): void => {
    for (const name of host.list(joinPath(folder, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      if (leaves(path)) continue;
      const kind = host.stat(joinPath(folder, path))?.kind;
      if (kind === "folder") visit(path);
      else out.push(path);
    }
  };
  visit("");
  return out;
}
