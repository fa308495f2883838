import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { bazelServer } from "../../../../src/engine/remote/bazel.ts";
import type { CacheServer, Entry, RemoteCache } from "../../../../src/engine/remote/contract.ts";
import type { Reach } from "../../../../src/engine/remote/http-answers.ts";
import { nxServer } from "../../../../src/engine/remote/nx.ts";
import { createRemoteCache, type RemoteCacheOptions } from "../../../../src/engine/remote/remote-cache.ts";
import { s3Server } from "../../../../src/engine/remote/s3.ts";
import { ed25519Signer, judgeOf, newKeyPair } from "../../../../src/engine/remote/signing.ts";
import { turborepoServer } from "../../../../src/engine/remote/turborepo.ts";
import { sha256 } from "../../../../src/foundation/hash.ts";
import { nodeHttp } from "../../../../src/foundation/host-http.ts";

/** The key of main's CI, which every test trusts unless it says otherwise. */
export const mainKeys = newKeyPair();
export const signer = ed25519Signer(mainKeys.privateKey)!;
export const judge = judgeOf([mainKeys.publicKey]);

export const key = sha256("an action");
export const bytes = Buffer.from("print('hello')\n");
export const digest = sha256(bytes);
export const entry: Entry = {
  files: [{ path: "src/a.py", sha256: digest, size: bytes.length }],
  facts: '{"diagnostics":[]}',
};

export function cacheOptions(server: CacheServer): RemoteCacheOptions {
  const name = "the test's server";
  const clock = () => performance.now();
  return { server, name, read: ["main"], write: "main", judge, signer, clock };
}

export function cacheOn(server: CacheServer, options: Partial<RemoteCacheOptions> = {}): RemoteCache {
  return createRemoteCache({ ...cacheOptions(server), ...options });
}

/** Every kind of server that speaks HTTP, at one address. */
export const clients: Readonly<Record<string, (url: string, timeout?: number) => CacheServer>> = {
  bazel: (url, timeout) => bazelServer(reach(url, timeout)),
  turborepo: (url, timeout) => turborepoServer(reach(url, timeout), "team_test"),
  nx: (url, timeout) => nxServer(reach(url, timeout)),
  s3: (url, timeout) =>
    s3Server(
      { http: nodeHttp, timeout: timeout ?? 5000 },
      { bucket: "cache", prefix: "", region: "eu-west-1", endpoint: url },
      { accessKeyId: "id", secretAccessKey: "secret" },
      () => new Date(),
    ),
};

export function reach(url: string, timeout = 5000, authorization = "Bearer token"): Reach {
  return { http: nodeHttp, url, timeout, authorization };
}

export interface Fixture {
  readonly url: string;
  /** Everything that was asked, as "METHOD path". */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** A server on loopback that answers as a test wants it to. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Fixture> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A plain server that keeps what it is given, by path. It knows no condition and checks nothing, as WebDAV servers do. */
export function keeping(kept = new Map<string, Buffer>()) {
  return {
    kept,
    answer(request: IncomingMessage, response: ServerResponse): void {
      const path = request.url ?? "";
      if (request.method === "PUT") {
        const pieces: Buffer[] = [];
        request.on("data", (piece: Buffer) => pieces.push(piece));
        request.on("end", () => {
          kept.set(path, Buffer.concat(pieces));
          response.writeHead(201).end();
        });
        return;
      }
      const found = kept.get(path);
      if (found) response.writeHead(200, { "content-length": found.length }).end(request.method === "GET" ? found : "");
      else response.writeHead(404).end();
    },
  };
}
