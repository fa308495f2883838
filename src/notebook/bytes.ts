import { isUtf8 } from "node:buffer";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";

/** The bytes of a text file behind its BOM, or why it is no text. */
export type TextBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** A place in a file that has no cells yet. */
export function filePlace(file: string, line = 1, column = 1): Place {
  return { file, line, column, endLine: line, endColumn: column + 1, fileLine: line };
}

const signatures: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive"],
  [[0x1f, 0x8b], "a gzip file"],
  [[0x89, 0x50, 0x4e, 0x47], "a PNG picture"],
  [[0xff, 0xd8, 0xff], "a JPEG picture"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file"],
  [[0x89, 0x48, 0x44, 0x46], "an HDF5 file"],
  [[0x80, 0x04, 0x95], "a Python pickle"],
  [[0x7f, 0x45, 0x4c, 0x46], "a program"],
];

/** Checks that bytes are UTF-8 text and takes a BOM off. */
export function textBytes(file: string, bytes: Uint8Array): TextBytes {
  const starts = (bytesOf: readonly number[]): boolean => bytesOf.every((byte, i) => bytes[i] === byte);
  const bad = (diagnostic: Diagnostic): TextBytes => ({ ok: false, diagnostic });
  if (bytes.length === 0) return bad(report("CW1003", filePlace(file), { file }));
  if (starts([0xff, 0xfe]) || starts([0xfe, 0xff]))
    return bad(report("CW1001", filePlace(file), { file, looks: "; it looks like UTF-16" }));
  const kind = signatures.find(([signature]) => starts(signature))?.[1];
  const nul = kind === undefined ? bytes.indexOf(0) : 0;
  if (nul >= 0) {
    const looks = kind === undefined ? "" : ` (it looks like ${kind})`;
    return bad(report("CW1002", kind === undefined ? byteplace(file, bytes, nul) : filePlace(file), { file, looks }));
  }
  if (!isUtf8(bytes)) return bad(report("CW1001", byteplace(file, bytes, firstBadByte(bytes)), { file, looks: "" }));
  const text = starts([0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
  if (isBlank(text)) return bad(report("CW1003", filePlace(file), { file }));
  return { ok: true, bytes: text };
}

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 0x20) return false;
  return true;
}

/** The place of a byte offset; the column counts UTF-16 units of what stands before it on its line. */
export function byteplace(file: string, bytes: Uint8Array, offset: number): Place {
  let line = 1;
  let lineStart = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return filePlace(file, line, columnOf(bytes, lineStart, offset));
}

/** 1-based column of a byte on the line that starts at `lineStart`. */
export function columnOf(bytes: Uint8Array, lineStart: number, offset: number): number {
  // A whole notebook on one line: counting characters of megabytes helps nobody.
  if (offset - lineStart > 1_000_000) return offset - lineStart + 1;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(lineStart, offset)).length + 1;
}

/** Halves the range until the first byte that breaks UTF-8 is found. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, atBoundary(bytes, middle)))) good = middle;
    else bad = middle;
  }
  return Math.max(0, atBoundary(bytes, good));
}

/** Moves back to the start of the character that a cut would split. */
function atBoundary(bytes: Uint8Array, cut: number): number {
  let at = cut;
  while (at > 0 && cut - at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

/** What a text that is no JSON looks like, for the fix of a diagnostic; undefined when nothing is known. */
export function guessFix(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder().decode(bytes.subarray(0, 400)).trimStart();
  if (head.startsWith("version https://git-lfs"))
    return "fetch the real file with `git lfs pull`; this is only its pointer";
  if (/^<(?:!doctype|html|\?xml)/i.test(head)) return "download the raw notebook; this is a web page";
  return undefined;
}
