import { decodeUtf8, type FileStat, type Host, HostError } from "./host.ts";

/** What stands at a path; undefined where nothing does, or where it may not be looked at: the caller does without. */
export function statIfThere(host: Host, path: string): FileStat | undefined {
  try {
    return host.stat(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** A file's bytes; undefined where it is not there or cannot be read. */
export function readIfThere(host: Host, path: string): Uint8Array | undefined {
  try {
    return host.readBytes(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** A file's text; undefined also where its bytes are not UTF-8. */
export function textIfThere(host: Host, path: string): string | undefined {
  const bytes = readIfThere(host, path);
  return bytes && decodeUtf8(bytes);
}

/** Sorted names in a folder; undefined where it cannot be listed. */
export function listIfThere(host: Host, path: string): readonly string[] | undefined {
  try {
    return host.list(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
