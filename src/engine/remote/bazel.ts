import type { CacheServer, Slot } from "./contract.ts";
import { gotOf, hasOf, putOf, type Reach, send } from "./http-answers.ts";

/**
 * Bazel's HTTP cache: `URL/SPACE/cas/DIGEST` and `URL/SPACE/ac/KEY`. Any WebDAV server that makes folders as needed, or
 * bazel-remote. See https://bazel.build/remote/caching.
 */
export function bazelServer(reach: Reach): CacheServer {
  const at = ({ kind, space, name }: Slot): string => `${reach.url}/${space}/${kind === "blob" ? "cas" : "ac"}/${name}`;
  return {
    get: async (slot, limit) => gotOf(await send(reach, "GET", at(slot), { limit })),
    has: async (slot) => hasOf(await send(reach, "HEAD", at(slot))),
    async put(slot, body, replace) {
      const headers = { "content-type": "application/octet-stream", ...(replace ? {} : { "if-none-match": "*" }) };
      return putOf(await send(reach, "PUT", at(slot), { body, headers }), [412]);
    },
  };
}
