import { sha256 } from "../../foundation/hash.ts";
import { type Column, digests, strings } from "./columns.ts";
import { columnsOf, emptyTables, type Tables } from "./tables.ts";

/*
 * One checked piece of state: the whole of `state.bin`, or one record of `journal.log`.
 *
 *   u32 magic · u32 schema · f64 length of the whole · u32 number of sections · u32 zero · u32 bytes of each section …
 *   sections, each at a multiple of 8: edition, encoding, text, ends of texts, digests, and the columns of `columnsOf` in their order
 *   32 bytes: SHA-256 of all before
 */

/** Reads as "CWST" on a machine with the small end first; another machine's state is not understood. */
const magic = 0x54535743;
/** Raised whenever the columns or what they mean change. */
export const stateSchema = 3;
const head = 24;
const sumWidth = 32;
/** How the text is written: one byte for each character where that does, else two. */
const [narrow, wide] = [1, 2];

/** Why a piece of state was not taken. */
export type Unusable = "unreadable" | "other-version" | "truncated" | "corrupt";

/** `edition` names the code that the traces are of. */
export function encodeSegment(tables: Tables, edition: string): Uint8Array {
  const { text, ends } = tables.strings.dump();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether every character is one byte.
  const encoding = /^[\u0000-\u00ff]*$/.test(text) ? narrow : wide;
  const sections: Uint8Array[] = [
    Buffer.from(edition),
    Uint8Array.of(encoding),
    Buffer.from(text, encoding === narrow ? "latin1" : "utf16le"),
    bytesOf(ends),
    tables.digests.dump(),
    ...columnsOf(tables).map((column) => bytesOf(column.data.subarray(0, column.length))),
  ];
  const table = padded(head + sections.length * 4);
  const total = sections.reduce((sum, section) => sum + padded(section.length), table) + sumWidth;
  const out = Buffer.alloc(total);
  out.writeUInt32LE(magic, 0);
  out.writeUInt32LE(stateSchema, 4);
  out.writeDoubleLE(total, 8);
  out.writeUInt32LE(sections.length, 16);
  let at = table;
  for (const [i, section] of sections.entries()) {
    out.writeUInt32LE(section.length, head + i * 4);
    out.set(section, at);
    at += padded(section.length);
  }
  out.write(sha256(out.subarray(0, at)), at, "hex");
  return out;
}

/** The piece that begins at an offset, and where it ends; or why there is none. */
export function decodeSegment(
  bytes: Uint8Array,
  offset = 0,
): { readonly tables: Tables; readonly edition: string; readonly end: number } | { readonly unusable: Unusable } {
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
  if (rest.length < head + sumWidth) return { unusable: "truncated" };
  if (rest.readUInt32LE(0) !== magic) return { unusable: "corrupt" };
  if (rest.readUInt32LE(4) !== stateSchema) return { unusable: "other-version" };
  const total = rest.readDoubleLE(8);
  if (!(total >= head + sumWidth) || total > rest.length) return { unusable: "truncated" };
  const end = total - sumWidth;
  if (rest.toString("hex", end, total) !== sha256(rest.subarray(0, end))) return { unusable: "corrupt" };
  const parts = sectionsOf(rest, end);
  const tables = parts && tablesOf(parts.slice(1));
  if (!tables) return { unusable: "corrupt" };
  return { tables, edition: Buffer.from(parts[0] ?? []).toString(), end: offset + total };
}

function sectionsOf(rest: Buffer, end: number): readonly Uint8Array[] | undefined {
  const count = rest.readUInt32LE(16);
  let at = padded(head + count * 4);
  if (at > end) return undefined;
  const parts: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const length = rest.readUInt32LE(head + i * 4);
    if (at + length > end) return undefined;
    parts.push(rest.subarray(at, at + length));
    at += padded(length);
  }
  return parts;
}

function tablesOf(parts: readonly Uint8Array[]): Tables | undefined {
  const [encoding, text, ends, sums, ...columns] = parts;
  if (!encoding || !text || !ends || !sums) return undefined;
  const all = Buffer.from(text.buffer, text.byteOffset, text.length);
  const texts = strings(all.toString(encoding[0] === narrow ? "latin1" : "utf16le"), wordsOf(ends));
  const tables = emptyTables(texts, digests(sums));
  const empty = columnsOf(tables);
  if (empty.length !== columns.length) return undefined;
  for (const [i, column] of empty.entries()) {
    const bytes = columns[i];
    if (!bytes) return undefined;
    fill(column, bytes);
  }
  return tables;
}

function fill(column: Column<Uint32Array | Float64Array>, bytes: Uint8Array): void {
  column.data = column.data instanceof Uint32Array ? wordsOf(bytes) : doublesOf(bytes);
  column.length = column.data.length;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, length } = aligned(bytes, 4);
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function doublesOf(bytes: Uint8Array): Float64Array {
  const { buffer, byteOffset, length } = aligned(bytes, 8);
  return new Float64Array(buffer, byteOffset, length / 8);
}

/** The bytes where a typed array may begin: as they are, or a copy. */
function aligned(bytes: Uint8Array, to: number): Uint8Array {
  return bytes.byteOffset % to === 0 ? bytes : new Uint8Array(bytes);
}

function bytesOf(array: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function padded(length: number): number {
  return (length + 7) & ~7;
}
