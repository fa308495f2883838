import { type Host, HostError } from "./host.ts";

/** A host that looks and does not touch: each write fails like one to a disk that may only be read. */
export function lookingOnly(host: Host): Host {
  const refuse = (path: string): never => {
    throw new HostError("read-only", path, "nothing is written here");
  };
  return {
    ...host,
    writeAtomic: refuse,
    createExclusive: refuse,
    appendText: refuse,
    appendBytes: refuse,
    rename: refuse,
    remove: refuse,
    removeEmptyFolder: refuse,
  };
}
