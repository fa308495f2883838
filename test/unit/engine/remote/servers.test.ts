import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import { optionalTool } from "../../../../scripts/lib/optional-tools.ts";
import { bazelServer } from "../../../../src/engine/remote/bazel.ts";
import type { CacheServer } from "../../../../src/engine/remote/contract.ts";
import { nxServer } from "../../../../src/engine/remote/nx.ts";
import { s3Server } from "../../../../src/engine/remote/s3.ts";
import type { S3Keys } from "../../../../src/engine/remote/sigv4.ts";
import { turborepoServer } from "../../../../src/engine/remote/turborepo.ts";
import { nodeHttp } from "../../../../src/foundation/host-http.ts";
import { withTool } from "../../../with-tool.ts";
import { bytes, cacheOn, digest, entry, keeping, key, reach, serve } from "./kit.ts";
import { type RealServer, startMoto, startNginx, startTurborepo } from "./real-servers.ts";

/** What every server must do: keep, give back, let the first entry stand, and be read by another client. */
async function roundTrip(server: CacheServer): Promise<void> {
  const cache = cacheOn(server);
  expect(await cache.getEntry(key)).toEqual({ kind: "miss", reason: "absent" });
  expect(await cache.hasBlob(digest)).toBe(false);
  expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "stored" });
  expect((await cache.putBlob(digest, bytes)).kind).toBe("exists");
  const empty = createHash("sha256").digest("hex");
  expect(await cache.putBlob(empty, new Uint8Array())).toEqual({ kind: "stored" });
  expect(await cache.putEntry(key, entry)).toEqual({ kind: "stored" });
  expect(await cache.putEntry(key, entry)).toEqual({ kind: "exists" });
  expect(cache.diagnostics()).toEqual([]);
  const other = cacheOn(server);
  expect(await other.getEntry(key)).toEqual({ kind: "hit", value: entry });
  expect(await other.getBlob(digest, bytes.length)).toEqual({ kind: "hit", value: bytes });
  expect(await other.getBlob(empty, 0)).toEqual({ kind: "hit", value: Buffer.alloc(0) });
  expect(await other.putEntry(key, { ...entry, facts: "other" })).toEqual({ kind: "differs" });
  expect(await other.getEntry(key)).toEqual({ kind: "hit", value: entry });
  expect(other.diagnostics().map((d) => d.code)).toEqual(["CW6104"]);
}

async function using(start: Promise<RealServer>, work: (server: RealServer) => Promise<void>): Promise<void> {
  const server = await start;
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

withTool("nginx", "nginx with WebDAV keeps a cache in Bazel's form", () =>
  using(startNginx(), async ({ url, folder }) => {
    await roundTrip(bazelServer(reach(url)));
    const file = join(folder, "data", "main", "cas", digest);
    expect(readFileSync(file)).toEqual(bytes);
    // nginx checks no digest: what somebody changed there is found out here, and mended by the next writer.
    writeFileSync(file, "print('hallo')\n");
    const cache = cacheOn(bazelServer(reach(url)));
    expect(await cache.getBlob(digest, bytes.length)).toEqual({ kind: "miss", reason: "wrong-bytes" });
    expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "stored" });
    expect(readFileSync(file)).toEqual(bytes);
  }),
);

withTool("turborepo-remote-cache", "turborepo-remote-cache keeps a cache behind Turborepo's API", () =>
  using(startTurborepo("a-token"), async ({ url }) => {
    await roundTrip(turborepoServer(reach(url, 5000, "Bearer a-token"), "team_risk"));
    const stranger = cacheOn(turborepoServer(reach(url, 5000, "Bearer another"), "team_risk"));
    expect((await stranger.getEntry(key)).kind).toBe("miss");
    expect(stranger.diagnostics().map((d) => d.code)).toEqual(["CW6101"]);
  }),
);

const s3 = (url: string, keys: S3Keys): CacheServer =>
  s3Server(
    { http: nodeHttp, timeout: 5000 },
    { bucket: "cache", prefix: "models", region: "eu-west-1", endpoint: url },
    keys,
    () => new Date(),
  );

withTool("moto", "S3 (moto) keeps a cache, and takes our signatures", () =>
  using(startMoto(), async ({ url }) => {
    await roundTrip(s3(url, { accessKeyId: "id", secretAccessKey: "secret" }));
    // From here on moto checks signatures as Amazon does.
    const keys = await strictUser(url);
    await fetch(`${url}/moto-api/reset-auth`, { method: "POST", body: "0" });
    const good = cacheOn(s3(url, keys));
    expect(await good.getEntry(key)).toEqual({ kind: "hit", value: entry });
    expect((await good.putBlob(createHash("sha256").update("x").digest("hex"), Buffer.from("x"))).kind).toBe("stored");
    const forged = cacheOn(s3(url, { ...keys, secretAccessKey: "wrong" }));
    expect(await forged.getEntry(key)).toEqual({ kind: "miss", reason: "denied" });
  }),
);

/** A user of moto's that may use every bucket, with an access key. */
async function strictUser(url: string): Promise<S3Keys> {
  const ask = async (parameters: Readonly<Record<string, string>>): Promise<string> => {
    const authorization = `AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0`;
    const body = new URLSearchParams({ Version: "2010-05-08", ...parameters });
    const answer = await fetch(url, { method: "POST", body, headers: { authorization } });
    return answer.text();
  };
  await ask({ Action: "CreateUser", UserName: "ci" });
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
  await ask({ Action: "PutUserPolicy", UserName: "ci", PolicyName: "s3", PolicyDocument: JSON.stringify(policy) });
  const text = await ask({ Action: "CreateAccessKey", UserName: "ci" });
  const part = (name: string): string => new RegExp(`<${name}>([^<]+)`).exec(text)?.[1] ?? "";
  return { accessKeyId: part("AccessKeyId"), secretAccessKey: part("SecretAccessKey") };
}

/** The protocol of Nx's self-hosted cache: a token, 409 for what is there, 403 for a token that only reads. */
function nxFixture() {
  const { kept, answer } = keeping();
  return {
    kept,
    answer(request: IncomingMessage, response: ServerResponse): void {
      const token = request.headers.authorization;
      if (!/^\/v1\/cache\/[0-9a-f]+$/.test(request.url ?? "")) response.writeHead(404).end();
      else if (token !== "Bearer writer" && token !== "Bearer reader") response.writeHead(401).end();
      else if (request.method !== "PUT") answer(request, response);
      else if (token === "Bearer reader") response.writeHead(403).end("Access forbidden");
      else if (kept.has(request.url ?? "")) response.writeHead(409).end("Cannot override an existing record");
      else if (request.headers["content-length"] === undefined) response.writeHead(411).end();
      else answer(request, response);
    },
  };
}

it("a server in the form of Nx's keeps a cache, and a token that only reads writes nothing", async () => {
  const fixture = nxFixture();
  const { url, close } = await serve(fixture.answer);
  try {
    await roundTrip(nxServer(reach(url, 5000, "Bearer writer")));
    const before = fixture.kept.size;
    const reader = cacheOn(nxServer(reach(url, 5000, "Bearer reader")));
    expect(await reader.getEntry(key)).toEqual({ kind: "hit", value: entry });
    const other = createHash("sha256").update("other").digest("hex");
    expect(await reader.putEntry(other, entry)).toEqual({ kind: "failed", reason: "denied" });
    expect(fixture.kept.size).toBe(before);
  } finally {
    await close();
  }
});

it("the tools of these tests are pinned, and a missing one says how to get it", () => {
  const missing = optionalTool("moto");
  expect(missing.kind === "here" ? existsSync(missing.command) : missing.reason.includes("scripts/tools.ts")).toBe(
    true,
  );
});
