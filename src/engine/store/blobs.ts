import { sha256 } from "../../foundation/hash.ts";
import { type Host, HostError } from "../../foundation/host.ts";
import { readIfThere } from "../../foundation/if-there.ts";
import { joinPath } from "../../foundation/paths.ts";
import { stateFolder } from "../names.ts";

/** Bytes by their SHA-256. What comes out was checked: a blob that is not what its name says is not there. */
export interface Blobs {
  get(digest: string): Uint8Array | undefined;
  /** Keeps bytes and gives their digest; `isPlain`: as they are, not pressed. Throws HostError where the disk does not let us. */
  put(bytes: Uint8Array, isPlain?: boolean): string;
}

/** Relative to the workspace root. */
export const blobFolder = `${stateFolder}/cas`;

/** From here on bytes are pressed, where this Node can. */
const pressedFrom = 4096;
/** More than this is never unpacked: a damaged blob must not fill the memory. */
const largest = 2 ** 30;
const [rawTag, pressedTag] = [0, 1];

/** Where a blob stands, relative to the root. */
export function blobPath(digest: string): string {
  return `${blobFolder}/${digest.slice(0, 2)}/${digest}`;
}

/** Blobs under `.crosswalk/cas` of a workspace. Each file is one byte that says how it is packed, and the bytes. */
export function fileBlobs(host: Host, root: string): Blobs {
  return {
    get(digest) {
      const path = joinPath(root, blobPath(digest));
      const packed = readIfThere(host, path);
      if (packed === undefined) return undefined;
      const bytes = unpack(packed);
      if (bytes !== undefined && sha256(bytes) === digest) return bytes;
      // Out of the way, so that the next `put` writes it anew.
      removeIfThere(host, path);
      return undefined;
    },
    put(bytes, isPlain = false) {
      const digest = sha256(bytes);
      const path = joinPath(root, blobPath(digest));
      if (host.stat(path) === undefined) host.writeAtomic(path, pack(bytes, isPlain));
      return digest;
    },
  };
}

function pack(bytes: Uint8Array, isPlain: boolean): Uint8Array {
  // Loaded when first used: a build with nothing to do needs none of it.
  const zlib = bytes.length >= pressedFrom && !isPlain ? process.getBuiltinModule("node:zlib") : undefined;
  const pressed = zlib?.zstdCompressSync?.(bytes);
  const content = pressed && pressed.length < bytes.length ? pressed : bytes;
  const out = new Uint8Array(content.length + 1);
  out[0] = content === bytes ? rawTag : pressedTag;
  out.set(content, 1);
  return out;
}

function unpack(packed: Uint8Array): Uint8Array | undefined {
  const content = packed.subarray(1);
  if (packed[0] === rawTag) return content;
  if (packed[0] !== pressedTag) return undefined;
  try {
    return process.getBuiltinModule("node:zlib").zstdDecompressSync(content, { maxOutputLength: largest });
  } catch {
    // Damaged, too large, or of a Node that could press where this one cannot.
    return undefined;
  }
}

export function removeIfThere(host: Host, path: string): void {
  try {
    host.remove(path);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}
