import { type Host, HostError } from "../../foundation/host.ts";
import type { CacheServer, Got, MissReason, Slot } from "./contract.ts";

/**
 * A folder that several machines or checkouts see: `FOLDER/SPACE/cas/ab/DIGEST`. Nothing below it may be a link, so that nobody
 * who may write there can make a build read or write elsewhere.
 */
export function folderServer(host: Host, folder: string): CacheServer {
  const parts = ({ kind, space, name }: Slot): readonly string[] => [
    space,
    kind === "blob" ? "cas" : "ac",
    name.slice(0, 2),
    name,
  ];
  /** The size of the file of a slot, when the whole way to it is made of folders. */
  const look = (slot: Slot): Got<number> => {
    // A share that is not mounted must not become a folder of this machine.
    if (!host.stat(folder)) return { kind: "miss", reason: "unreachable" };
    let path = folder;
    const way = parts(slot);
    for (const [i, part] of way.entries()) {
      path = `${path}/${part}`;
      const found = host.stat(path);
      if (!found) return { kind: "miss", reason: "absent" };
      if (found.kind !== (i < way.length - 1 ? "folder" : "file")) return { kind: "miss", reason: "unsafe-path" };
      if (i === way.length - 1) return { kind: "hit", value: found.size };
    }
    return { kind: "miss", reason: "absent" };
  };
  const at = (slot: Slot): string => [folder, ...parts(slot)].join("/");
  return {
    get: async (slot, limit) =>
      guarded(() => {
        const found = look(slot);
        if (found.kind === "miss") return found;
        if (found.value > limit) return { kind: "miss", reason: "too-large" };
        return { kind: "hit", value: host.readBytes(at(slot)) };
      }),
    has: async (slot) =>
      guarded(() => {
        const found = look(slot);
        return found.kind === "hit" ? { kind: "hit", value: true } : found;
      }),
    async put(slot, bytes, replace) {
      const done = guarded((): Got<"stored" | "exists"> => {
        const found = look(slot);
        if (found.kind === "hit" && !replace) return { kind: "hit", value: "exists" };
        if (found.kind === "miss" && found.reason !== "absent") return found;
        // Whole or not at all; two writers at the same moment leave one of two entries that are both whole.
        host.writeAtomic(at(slot), bytes);
        return { kind: "hit", value: "stored" };
      });
      return done.kind === "hit" ? { kind: done.value } : { kind: "failed", reason: done.reason };
    },
  };
}

function guarded<T>(work: () => Got<T>): Got<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const reason: MissReason =
      error.kind === "missing"
        ? "absent"
        : error.kind === "denied" || error.kind === "read-only"
          ? "denied"
          : "unreachable";
    return { kind: "miss", reason };
  }
}
