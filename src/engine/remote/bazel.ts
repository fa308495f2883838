import { artifactName } from "./artifact-name.ts";
import type { CacheServer, Slot } from "./contract.ts";
import { gotOf, hasOf, putOf, type Reach, send } from "./http-answers.ts";
import { mainSpace } from "./spaces.ts";

/**
 * Bazel's HTTP cache: `URL/SPACE/cas/DIGEST` and `URL/SPACE/ac/KEY`. Any WebDAV server that makes folders as needed, or
 * bazel-remote. See https://bazel.build/remote/caching. bazel-remote looks at the last two parts of a path only, so that an entry of a pull
 * request would lie in the way of main's: spaces beside main have keys of their own.
 */
export function bazelServer(reach: Reach): CacheServer {
  const at = (slot: Slot): string => {
    const { kind, space, name } = slot;
    if (kind === "blob") return `${reach.url}/${space}/cas/${name}`;
    return `${reach.url}/${space}/ac/${space === mainSpace ? name : artifactName(slot)}`;
  };
  return {
    get: async (slot, limit) => gotOf(await send(reach, "GET", at(slot), { limit })),
    has: async (slot) => hasOf(await send(reach, "HEAD", at(slot))),
    async put(slot, body, replace) {
      const headers = { "content-type": "application/octet-stream", ...(replace ? {} : { "if-none-match": "*" }) };
      return putOf(await send(reach, "PUT", at(slot), { body, headers }), [412]);
    },
  };
}
