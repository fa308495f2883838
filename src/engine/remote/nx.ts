import { artifactName } from "./artifact-name.ts";
import type { CacheServer, Slot } from "./contract.ts";
import { gotOf, putOf, type Reach, send } from "./http-answers.ts";

/**
 * A server for Nx's self-hosted remote cache: `URL/v1/cache/NAME` (OpenAPI in https://nx.dev/docs/guides/tasks--caching/self-hosted-caching).
 * It has GET and PUT only; 409 says that something is there, 403 that the token may read and not write.
 */
export function nxServer(reach: Reach): CacheServer {
  const at = (slot: Slot): string => `${reach.url}/v1/cache/${artifactName(slot)}`;
  return {
    get: async (slot, limit) => gotOf(await send(reach, "GET", at(slot), { limit })),
    // Without HEAD in the protocol the PUT itself tells.
    has: async () => ({ kind: "miss", reason: "absent" }),
    async put(slot, body) {
      const headers = { "content-type": "application/octet-stream" };
      return putOf(await send(reach, "PUT", at(slot), { body, headers }), [409]);
    },
  };
}
