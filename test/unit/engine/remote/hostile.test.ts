import { gzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { decodeEntry, encodeEntry } from "../../../../src/engine/remote/action-result.ts";
import { artifactName } from "../../../../src/engine/remote/artifact-name.ts";
import type { MissReason } from "../../../../src/engine/remote/contract.ts";
import { createRemoteCache } from "../../../../src/engine/remote/remote-cache.ts";
import { ed25519Signer, judgeOf, newKeyPair } from "../../../../src/engine/remote/signing.ts";
import { sha256 } from "../../../../src/foundation/hash.ts";
import {
  bytes,
  cacheOn,
  cacheOptions,
  clients,
  digest,
  entry,
  type Fixture,
  judge,
  keeping,
  key,
  serve,
  signer,
} from "./kit.ts";

const open: Fixture[] = [];
afterEach(async () => {
  for (const fixture of open.splice(0)) await fixture.close();
});
async function on(...given: Parameters<typeof serve>): Promise<Fixture> {
  const fixture = await serve(...given);
  open.push(fixture);
  return fixture;
}

const kinds = Object.entries(clients);
const good = encodeEntry({ entry, signature: signer({ space: "main", key, entry }) });

it.each(kinds)("%s: what was put is had again, byte for byte", async (_, client) => {
  const { url, asked } = await on(keeping().answer);
  const cache = cacheOn(client(url));
  expect(await cache.getEntry(key)).toEqual({ kind: "miss", reason: "absent" });
  expect(await cache.getBlob(digest)).toEqual({ kind: "miss", reason: "absent" });
  expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "stored" });
  expect(await cache.putEntry(key, entry)).toEqual({ kind: "stored" });
  expect(await cache.getEntry(key)).toEqual({ kind: "hit", value: entry });
  expect(await cache.getBlob(digest, bytes.length)).toEqual({ kind: "hit", value: bytes });
  expect(await cache.putEntry(key, entry)).toEqual({ kind: "exists" });
  expect(cache.diagnostics()).toEqual([]);
  expect(cache.statistics()).toMatchObject({ hits: 3, misses: { absent: expect.any(Number) } });
  expect(asked.join("\n")).not.toMatch(/secret|token/);
});

const bomb = gzipSync(Buffer.alloc(2 ** 24));

/** What a server may do to a GET, and what is said of it. */
const tricks: readonly (readonly [string, Parameters<typeof serve>[0], MissReason])[] = [
  ["other bytes", (_, response) => void response.end("print('hallo')\n"), "wrong-bytes"],
  ["no bytes", (_, response) => void response.end(), "wrong-bytes"],
  [
    "an answer that breaks off",
    (_, response) => {
      response.writeHead(200, { "content-length": bytes.length }).write("print");
      setTimeout(() => response.destroy(), 20);
    },
    "truncated",
  ],
  [
    "a chunked answer that breaks off",
    (_, response) => {
      response.writeHead(200).write("print");
      setTimeout(() => response.destroy(), 20);
    },
    "truncated",
  ],
  [
    "a body without an end",
    (_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(2 ** 16)), 1);
      response.on("close", () => clearInterval(timer));
    },
    "too-large",
  ],
  [
    "a length that is announced too large",
    (_, response) => void response.writeHead(200, { "content-length": 1e12 }).flushHeaders(),
    "too-large",
  ],
  ["no answer at all", () => {}, "timeout"],
  [
    "a byte now and then",
    (_, response) => {
      const timer = setInterval(() => response.write("p"), 60);
      response.on("close", () => clearInterval(timer));
    },
    "timeout",
  ],
  ["a packed bomb", (_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb), "encoded"],
  [
    "a redirect to elsewhere",
    (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:9/cas" }).end(),
    "redirect",
  ],
  [
    "a permanent redirect",
    (_, response) => void response.writeHead(308, { location: "file:///etc/passwd" }).end(),
    "redirect",
  ],
  ["500", (_, response) => void response.writeHead(500).end("a stack trace"), "server-error"],
  ["503", (_, response) => void response.writeHead(503).end(), "server-error"],
  ["401", (_, response) => void response.writeHead(401).end(), "denied"],
  ["403", (_, response) => void response.writeHead(403).end(), "denied"],
  ["206", (_, response) => void response.writeHead(206).end(bytes), "server-error"],
  ["not HTTP", (request) => void request.socket.end("hello, I am a mail server\r\n"), "unreachable"],
];

for (const [kind, client] of kinds) {
  it.each(tricks)(`${kind}: %s is a miss that is named`, async (_, answer, reason) => {
    const { url } = await on(answer);
    const cache = cacheOn(client(url, 200));
    const began = performance.now();
    expect(await cache.getBlob(digest, bytes.length)).toEqual({ kind: "miss", reason });
    expect(performance.now() - began).toBeLessThan(3000);
    const [said, ...more] = cache.diagnostics();
    expect(more).toEqual([]);
    expect(said?.code).toBe(reason === "wrong-bytes" ? "CW6102" : "CW6101");
  });
}

it("an answer without an end is not kept beyond its limit", async () => {
  let written = 0;
  const { url } = await on((_, response) => {
    const more = (): void => {
      written += 2 ** 16;
      if (response.write(Buffer.alloc(2 ** 16))) setImmediate(more);
      else response.once("drain", more);
    };
    more();
  });
  const before = process.memoryUsage().arrayBuffers;
  const cache = cacheOn(clients.bazel!(url));
  expect(await cache.getBlob(digest, 1000)).toEqual({ kind: "miss", reason: "too-large" });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
  expect(written).toBeGreaterThan(0);
});

/** Entries that must not be used, as bytes that lie on the server under the key. */
const stranger = ed25519Signer(newKeyPair().privateKey)!;
const sign = (wrong: typeof entry, by = signer, space = "main", under = key): Uint8Array =>
  encodeEntry({ entry: wrong, signature: by({ space, key: under, entry: wrong }) });
const withPath = (path: string): Uint8Array => sign({ ...entry, files: [{ ...entry.files[0]!, path }] });

it.each<readonly [string, Uint8Array, MissReason]>([
  ["no signature", encodeEntry({ entry, signature: "" }), "unsigned"],
  [
    "a signature that fits another result",
    encodeEntry({ entry: { ...entry, facts: "x" }, signature: decodeEntry(good)!.signature }),
    "wrong-signature",
  ],
  ["the signature of a stranger", sign(entry, stranger), "unknown-key"],
  ["an entry swapped with that of another key", sign(entry, signer, "main", sha256("another")), "wrong-signature"],
  ["an entry taken from a pull request", sign(entry, signer, "pr-7"), "wrong-signature"],
  ["a page of a login", Buffer.from("<html>Please log in</html>"), "malformed"],
  ["nothing", new Uint8Array(), "unsigned"],
  ["half an entry", good.subarray(0, 40), "malformed"],
  ["a path that leads out", withPath("../../.ssh/authorized_keys"), "unsafe-path"],
  ["an absolute path", withPath("/etc/passwd"), "unsafe-path"],
  ["a path into .git", withPath(".git/hooks/pre-commit"), "unsafe-path"],
  ["a path of Windows", withPath("a\\..\\..\\b"), "unsafe-path"],
  [
    "two paths that are one on some systems",
    sign({ ...entry, files: [entry.files[0]!, { ...entry.files[0]!, path: "SRC/A.py" }] }),
    "unsafe-path",
  ],
  [
    "a file of a size that nobody has",
    sign({ ...entry, files: [{ ...entry.files[0]!, size: 2 ** 40 }] }),
    "unsafe-path",
  ],
])("an entry with %s is not used, and never overwritten", async (_, there, reason) => {
  const kept = new Map([[`/main/ac/${key}`, Buffer.from(there)]]);
  const { url, asked } = await on(keeping(kept).answer);
  const cache = cacheOn(clients.bazel!(url));
  expect(await cache.getEntry(key)).toEqual({ kind: "miss", reason });
  expect(await cache.putEntry(key, entry)).toEqual({ kind: "failed", reason });
  expect(asked.filter((line) => line.startsWith("PUT"))).toEqual([]);
  expect(cache.diagnostics().map((d) => d.code)).toEqual(["CW6103"]);
});

it("another result under the same key is left there, and said", async () => {
  const { url } = await on(keeping().answer);
  const cache = cacheOn(clients.bazel!(url));
  await cache.putEntry(key, entry);
  expect(await cache.putEntry(key, { ...entry, facts: "something else" })).toEqual({ kind: "differs" });
  expect(await cache.getEntry(key)).toEqual({ kind: "hit", value: entry });
  expect(cache.diagnostics().map((d) => d.code)).toEqual(["CW6104"]);
});

it("of two writers at the same moment the first wins, and the second looks at what is there", async () => {
  const { kept, answer } = keeping();
  const { url } = await on((request, response) => {
    // Somebody else's entry arrives between the look and the put.
    if (request.method !== "PUT") return answer(request, response);
    kept.set(request.url ?? "", Buffer.from(sign({ ...entry, facts: "theirs" })));
    expect(request.headers["if-none-match"]).toBe("*");
    response.writeHead(412).end();
  });
  const cache = cacheOn(clients.bazel!(url));
  expect(await cache.putEntry(key, entry)).toEqual({ kind: "differs" });
  expect(cache.diagnostics().map((d) => d.code)).toEqual(["CW6104"]);
});

it("a blob that the server spoilt is put anew by the next run that writes", async () => {
  const kept = new Map([[`/main/cas/${digest}`, Buffer.from("spoilt")]]);
  const { url } = await on(keeping(kept).answer);
  const cache = cacheOn(clients.bazel!(url));
  expect(await cache.getBlob(digest)).toEqual({ kind: "miss", reason: "wrong-bytes" });
  expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "stored" });
  expect(await cache.getBlob(digest)).toEqual({ kind: "hit", value: bytes });
});

it("a cache that only reads sends no PUT", async () => {
  const { url, asked } = await on(keeping().answer);
  const { write, ...reading } = { ...cacheOptions(clients.bazel!(url)) };
  expect(write).toBe("main");
  const { putBlob, putEntry } = createRemoteCache(reading);
  expect(await putBlob(digest, bytes)).toEqual({ kind: "not-writing" });
  expect(await putEntry(key, entry)).toEqual({ kind: "not-writing" });
  expect(asked).toEqual([]);
});

it("a pull request reads its own space and then main's, and main never reads a pull request's", async () => {
  const { kept, answer } = keeping();
  const { url } = await on(answer);
  const server = clients.bazel!(url);
  const request = cacheOn(server, { read: ["pr-7", "main"], write: "pr-7" });
  await request.putBlob(digest, bytes);
  await request.putEntry(key, entry);
  const own = artifactName({ kind: "entry", space: "pr-7", name: key });
  expect([...kept.keys()].sort()).toEqual([`/pr-7/ac/${own}`, `/pr-7/cas/${digest}`]);
  expect(await request.getEntry(key)).toEqual({ kind: "hit", value: entry });
  expect(await cacheOn(server).getEntry(key)).toEqual({ kind: "miss", reason: "absent" });
  expect(await cacheOn(server).getBlob(digest)).toEqual({ kind: "miss", reason: "absent" });
  // Copied over by whoever runs the server, it still does not count.
  kept.set(`/main/ac/${key}`, kept.get(`/pr-7/ac/${own}`)!);
  expect(await cacheOn(server).getEntry(key)).toEqual({ kind: "miss", reason: "wrong-signature" });
});

it("on a server that leaves the space out of its keys, as bazel-remote does, a pull request is in nobody's way", async () => {
  const { kept, answer } = keeping();
  const { url } = await on((request, response) => {
    request.url = (request.url ?? "").replace(/^.*(\/(?:ac|cas)\/[0-9a-f]{64})$/, "$1");
    answer(request, response);
  });
  const server = clients.bazel!(url);
  const request = cacheOn(server, { read: ["pr-7", "main"], write: "pr-7" });
  expect(await request.putEntry(key, { ...entry, facts: "theirs" })).toEqual({ kind: "stored" });
  const main = cacheOn(server);
  expect(await main.getEntry(key)).toEqual({ kind: "miss", reason: "absent" });
  expect(await main.putEntry(key, entry)).toEqual({ kind: "stored" });
  expect(kept.size).toBe(2);
  expect([...main.diagnostics(), ...request.diagnostics()]).toEqual([]);
  const other = cacheOn(server, { read: ["pr-8", "main"], write: "pr-8" });
  expect(await other.getEntry(key)).toEqual({ kind: "hit", value: entry });
});

it("a dead server is asked three times and no more", async () => {
  const { url, close } = await serve(() => {});
  await close();
  const cache = cacheOn(clients.bazel!(url));
  for (let i = 0; i < 50; i++) await cache.getEntry(sha256(String(i)));
  expect(cache.statistics().misses).toEqual({ unreachable: 3, "switched-off": 47 });
  expect(cache.diagnostics().map((d) => d.message)).toEqual([
    "The shared cache the test's server could not be reached (3 times); it was not asked any more in this run.",
  ]);
});

it("a server that never answers costs one timeout, however many ask at once", async () => {
  const { url, asked } = await on(() => {});
  const cache = cacheOn(clients.bazel!(url, 150));
  const began = performance.now();
  await Promise.all(Array.from({ length: 40 }, (_, i) => cache.getEntry(sha256(String(i)))));
  for (let i = 0; i < 40; i++) await cache.getBlob(sha256(String(i)));
  expect(performance.now() - began).toBeLessThan(1500);
  expect(asked.length).toBeLessThanOrEqual(40);
});

it("a slow server is left when the time of the run is spent", async () => {
  const { url } = await on((_, response) => void setTimeout(() => response.writeHead(404).end(), 30));
  const cache = cacheOn(clients.bazel!(url), { limits: { failures: 3, budget: 100 } });
  for (let i = 0; i < 20; i++) await cache.getEntry(sha256(String(i)));
  const { misses, waited } = cache.statistics();
  expect(misses["switched-off"]).toBeGreaterThan(10);
  expect(waited).toBeLessThan(400);
  expect(cache.diagnostics().map((d) => d.code)).toEqual(["CW6101"]);
});

it("a server that lies every time is left like a dead one", async () => {
  const { url } = await on((_, response) => void response.end("lies"));
  const cache = cacheOn(clients.bazel!(url), { judge });
  for (let i = 0; i < 10; i++) await cache.getBlob(sha256(String(i)));
  expect(cache.statistics().misses).toEqual({ "wrong-bytes": 3, "switched-off": 7 });
});

it("no key at all means that nothing is used", async () => {
  const kept = new Map([[`/main/ac/${key}`, Buffer.from(good)]]);
  const { url } = await on(keeping(kept).answer);
  const cache = cacheOn(clients.bazel!(url), { judge: judgeOf([]) });
  expect(await cache.getEntry(key)).toEqual({ kind: "miss", reason: "unknown-key" });
});

it("an honest miss ends a row of failures", async () => {
  let nth = 0;
  const { url } = await on((_, response) => void response.writeHead(nth++ % 3 === 2 ? 404 : 500).end());
  const cache = cacheOn(clients.bazel!(url));
  for (let i = 0; i < 9; i++) await cache.getEntry(sha256(String(i)));
  expect(cache.statistics().misses).toEqual({ "server-error": 6, absent: 3 });
});
