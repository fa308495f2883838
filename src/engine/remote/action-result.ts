import { decodeUtf8 } from "../../foundation/host.ts";
import type { Entry, EntryFile } from "./contract.ts";

/** An entry as it lies on a server, with the signature that came with it. */
export interface SignedEntry {
  readonly entry: Entry;
  /** "ALGORITHM KEY-ID SIGNATURE"; empty where there is none. */
  readonly signature: string;
}

/**
 * The bytes of an entry: an `ActionResult` of Bazel's Remote Execution API v2 (remote_execution.proto), so that a server that
 * validates what it keeps accepts it. Files are its `output_files`, the facts its `stdout_raw`, the signature its `stderr_raw`.
 * The worker is named, because bazel-remote would otherwise put the client's address there.
 */
export function encodeEntry({ entry, signature }: SignedEntry): Uint8Array {
  return message([
    ...entry.files.map((file) => bytesField(2, encodeFile(file))),
    ...(entry.facts === "" ? [] : [bytesField(5, Buffer.from(entry.facts))]),
    ...(signature === "" ? [] : [bytesField(7, Buffer.from(signature))]),
    bytesField(9, bytesField(1, Buffer.from("crosswalk"))),
  ]);
}

/** The entry in these bytes; undefined where they are none, or one that only another tool could have made. */
export function decodeEntry(bytes: Uint8Array): SignedEntry | undefined {
  const fields = readMessage(bytes);
  if (!fields) return undefined;
  const files: EntryFile[] = [];
  let facts = "";
  let signature = "";
  for (const { number, value } of fields) {
    if (number === 9) continue;
    // A failed action, folders and links: nothing that Crosswalk writes.
    if (typeof value === "number") {
      if (number === 4 && value === 0) continue;
      return undefined;
    }
    const text = number === 5 || number === 7 ? decodeUtf8(value) : undefined;
    if (number === 2) {
      const file = decodeFile(value);
      if (!file) return undefined;
      files.push(file);
    } else if (number === 5 && text !== undefined) facts = text;
    else if (number === 7 && text !== undefined) signature = text;
    else return undefined;
  }
  return { entry: { files, facts }, signature };
}

function encodeFile({ path, sha256, size, executable }: EntryFile): Uint8Array {
  const digest = message([
    bytesField(1, Buffer.from(sha256)),
    ...(size > 0 ? [Buffer.concat([varint(2 << 3), varint(size)])] : []),
  ]);
  return message([
    bytesField(1, Buffer.from(path)),
    bytesField(2, digest),
    ...(executable ? [Uint8Array.of(4 << 3, 1)] : []),
  ]);
}

function decodeFile(bytes: Uint8Array): EntryFile | undefined {
  const fields = readMessage(bytes);
  if (!fields) return undefined;
  let path: string | undefined;
  let sha256: string | undefined;
  let size = 0;
  let executable = false;
  for (const { number, value } of fields) {
    if (number === 1 && typeof value !== "number") path = decodeUtf8(value);
    else if (number === 2 && typeof value !== "number") {
      for (const inner of readMessage(value) ?? []) {
        if (inner.number === 1 && typeof inner.value !== "number") sha256 = decodeUtf8(inner.value);
        else if (inner.number === 2 && typeof inner.value === "number") size = inner.value;
        else return undefined;
      }
    } else if (number === 4 && typeof value === "number") executable = value !== 0;
    else return undefined;
  }
  if (path === undefined || sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return { path, sha256, size, ...(executable ? { executable } : {}) };
}

interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a protobuf message, of the two wire types used here; undefined where it is broken or has others. */
function readMessage(bytes: Uint8Array): readonly Field[] | undefined {
  const out: Field[] = [];
  let at = 0;
  const read = (): number | undefined => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (!Number.isSafeInteger(value)) return undefined;
      if (byte < 128) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = read();
    const value = read();
    if (tag === undefined || value === undefined) return undefined;
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) out.push({ number, value });
    else if (tag % 8 === 2 && at + value <= bytes.length) {
      out.push({ number, value: bytes.subarray(at, at + value) });
      at += value;
    } else return undefined;
  }
  return out;
}

function message(fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function bytesField(number: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([varint(number * 8 + 2), varint(value.length), value]);
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  out.push(rest);
  return Uint8Array.from(out);
}
