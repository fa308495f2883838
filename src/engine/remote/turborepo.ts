import { artifactName } from "./artifact-name.ts";
import type { CacheServer, Slot } from "./contract.ts";
import { gotOf, hasOf, putOf, type Reach, send } from "./http-answers.ts";

/**
 * A server for Turborepo's remote cache: `URL/v8/artifacts/NAME`, with a team where the server asks for one
 * (https://turborepo.dev/docs/core-concepts/remote-caching). The artifacts are Crosswalk's own and no archives.
 * Such servers replace what is there, so the caller looks first.
 */
export function turborepoServer(reach: Reach, team: string | undefined): CacheServer {
  const key = team?.startsWith("team_") ? "teamId" : "slug";
  const query = team === undefined ? "" : `?${key}=${encodeURIComponent(team)}`;
  const at = (slot: Slot): string => `${reach.url}/v8/artifacts/${artifactName(slot)}${query}`;
  return {
    get: async (slot, limit) => gotOf(await send(reach, "GET", at(slot), { limit })),
    has: async (slot) => hasOf(await send(reach, "HEAD", at(slot))),
    async put(slot, body, replace) {
      const headers = {
        "content-type": "application/octet-stream",
        "x-artifact-duration": "0",
        ...(replace ? {} : { "if-none-match": "*" }),
      };
      return putOf(await send(reach, "PUT", at(slot), { body, headers }), [409, 412]);
    },
  };
}
