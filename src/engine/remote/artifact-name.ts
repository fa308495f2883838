import { sha256 } from "../../foundation/hash.ts";
import { lengthPrefixed } from "../digest.ts";
import type { Slot } from "./contract.ts";

/**
 * The one name of a slot on a server that has a single list of names, which another tool may use as well: a digest of what it
 * is, so that entries, blobs and spaces never meet.
 */
export function artifactName({ kind, space, name }: Slot): string {
  return sha256(lengthPrefixed(["crosswalk-artifact", kind, space, name]));
}
