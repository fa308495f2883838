import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { folderServer } from "../../../../src/engine/remote/folder.ts";
import { nodeHost } from "../../../../src/foundation/host-node.ts";
import { bytes, cacheOn, digest, entry, key } from "./kit.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "cw-cache-"));
  made.push(folder);
  return folder;
}
const on = (folder: string) => cacheOn(folderServer(nodeHost(folder), folder));
const blobAt = (folder: string): string => join(folder, "main", "cas", digest.slice(0, 2), digest);

it("a folder keeps what it is given, and the first entry stands", async () => {
  const folder = temporary();
  const cache = on(folder);
  expect(await cache.getEntry(key)).toEqual({ kind: "miss", reason: "absent" });
  expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "stored" });
  expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "exists" });
  expect(await cache.putEntry(key, entry)).toEqual({ kind: "stored" });
  expect(readFileSync(blobAt(folder))).toEqual(bytes);
  expect(await on(folder).getEntry(key)).toEqual({ kind: "hit", value: entry });
  expect(await on(folder).getBlob(digest)).toEqual({ kind: "hit", value: bytes });
  expect(await on(folder).putEntry(key, { ...entry, facts: "x" })).toEqual({ kind: "differs" });
  expect(cache.diagnostics()).toEqual([]);
});

it("changed bytes are not used, and mended by a writer", async () => {
  const folder = temporary();
  await on(folder).putBlob(digest, bytes);
  writeFileSync(blobAt(folder), "print('hallo')\n");
  const cache = on(folder);
  expect(await cache.getBlob(digest)).toEqual({ kind: "miss", reason: "wrong-bytes" });
  expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "stored" });
  expect(readFileSync(blobAt(folder))).toEqual(bytes);
});

it("a link in the cache is followed neither for reading nor for writing", async () => {
  for (const part of [
    "main",
    "main/cas",
    `main/cas/${digest.slice(0, 2)}`,
    `main/cas/${digest.slice(0, 2)}/${digest}`,
  ]) {
    const folder = temporary();
    const elsewhere = temporary();
    const isFile = part.endsWith(digest);
    const target = isFile ? join(elsewhere, "secret") : elsewhere;
    if (isFile) writeFileSync(target, bytes);
    mkdirSync(join(folder, part, ".."), { recursive: true });
    symlinkSync(target, join(folder, part));
    const cache = on(folder);
    expect(await cache.getBlob(digest)).toEqual({ kind: "miss", reason: "unsafe-path" });
    expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "failed", reason: "unsafe-path" });
    expect(readdirSync(elsewhere)).toEqual(isFile ? ["secret"] : []);
    expect(cache.diagnostics().map((d) => d.code)).toEqual(["CW6103"]);
  }
});

it("a folder that is not there (a share that is not mounted) is not made", async () => {
  const folder = join(temporary(), "share");
  const cache = on(folder);
  expect(await cache.putBlob(digest, bytes)).toEqual({ kind: "failed", reason: "unreachable" });
  expect(cache.diagnostics().map((d) => d.code)).toEqual(["CW6101"]);
});

it("a file that is larger than its entry says is not read", async () => {
  const folder = temporary();
  await on(folder).putBlob(digest, bytes);
  expect(await on(folder).getBlob(digest, 3)).toEqual({ kind: "miss", reason: "too-large" });
});
