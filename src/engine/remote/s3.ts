import type { CacheServer, Slot } from "./contract.ts";
import { gotOf, hasOf, putOf, type Reach, type SendOptions, send } from "./http-answers.ts";
import { type S3Keys, signV4 } from "./sigv4.ts";

/** A bucket, or a prefix in one: `URL/PREFIX/SPACE/cas/DIGEST`. */
export interface S3Place {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly region: string;
  /** Of a server that is not Amazon's: the bucket is then the first part of the path. */
  readonly endpoint?: string;
}

/**
 * S3, or a server that speaks its protocol. Without keys the requests are not signed (a bucket that everybody may read).
 * `If-None-Match: *` makes the first writer win; a server that does not know it (501) is asked without.
 */
export function s3Server(
  reach: Omit<Reach, "url" | "authorization">,
  place: S3Place,
  keys: S3Keys | undefined,
  now: () => Date,
): CacheServer {
  const base = bucketUrl(place);
  const at = ({ kind, space, name }: Slot): string =>
    [base, place.prefix, space, kind === "blob" ? "cas" : "ac", name].filter((part) => part !== "").join("/");
  const call = (method: "GET" | "HEAD" | "PUT", url: string, options: SendOptions) => {
    const headers = keys
      ? signV4({ method, url, ...options, keys, region: place.region, service: "s3", now: now() })
      : (options.headers ?? {});
    return send(reach, method, url, { ...options, headers });
  };
  return {
    get: async (slot, limit) => gotOf(await call("GET", at(slot), { limit })),
    has: async (slot) => hasOf(await call("HEAD", at(slot), {})),
    async put(slot, body, replace) {
      const headers = { "content-type": "application/octet-stream" };
      if (replace) return putOf(await call("PUT", at(slot), { body, headers }), []);
      const first = await call("PUT", at(slot), { body, headers: { ...headers, "if-none-match": "*" } });
      // 409: another writer is putting the same name at this moment.
      if (!first.ok || first.status !== 501) return putOf(first, [409, 412]);
      return putOf(await call("PUT", at(slot), { body, headers }), []);
    },
  };
}

function bucketUrl({ bucket, region, endpoint }: S3Place): string {
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, "")}/${bucket}`;
  // A dot in the name does not fit Amazon's certificate as a host, so such a bucket goes into the path.
  return bucket.includes(".")
    ? `https://s3.${region}.amazonaws.com/${bucket}`
    : `https://${bucket}.s3.${region}.amazonaws.com`;
}
