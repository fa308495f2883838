import { createHmac } from "node:crypto";
import { sha256 } from "../../foundation/hash.ts";

/** What signs requests to S3. Comes from the environment, never from a file of the repository. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The headers of a request signed with AWS Signature Version 4, for `service` in `region` at a moment.
 * Source: "Create a signed AWS API request" in the AWS IAM user guide. The path of `url` must be encoded as it is sent.
 */
export function signV4(request: {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly keys: S3Keys;
  readonly region: string;
  readonly service: string;
  readonly now: Date;
}): Readonly<Record<string, string>> {
  const { method, keys, region, service } = request;
  const url = new URL(request.url);
  const time = request.now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const payload = sha256(request.body ?? "");
  const added: Record<string, string> = {
    "x-amz-date": time,
    ...(service === "s3" ? { "x-amz-content-sha256": payload } : {}),
    ...(keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken }),
  };
  const signed = Object.entries({ host: url.host, ...request.headers, ...added })
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim().replace(/ +/g, " ")])
    .sort(byName);
  const names = signed.map(([name]) => name).join(";");
  const query = [...url.searchParams].map(([k, v]): [string, string] => [encode(k), encode(v)]).sort(byName);
  const canonical = [
    method,
    url.pathname,
    query.map(([k, v]) => `${k}=${v}`).join("&"),
    ...signed.map(([name, value]) => `${name}:${value}`),
    "",
    names,
    payload,
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = [...scope.split("/")].reduce<Buffer>(hmac, Buffer.from(`AWS4${keys.secretAccessKey}`));
  return {
    ...request.headers,
    ...added,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${hmac(key, text).toString("hex")}`,
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** RFC 3986: what `encodeURIComponent` leaves, AWS wants encoded. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function byName([a, x]: readonly [string, string], [b, y]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0;
}
