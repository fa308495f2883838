import { sha256 } from "../foundation/hash.ts";
import { decodeUtf8 } from "../foundation/host.ts";

/** A file of a product, as a build gives it. */
export interface OutputFile {
  /** Relative to the product folder, with forward slashes. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly origin: readonly FileOrigin[];
  readonly executable?: boolean;
}

/** What a file was made from. */
export interface FileOrigin {
  readonly notebook: string;
  /** Cell ids, in the notebook's order. */
  readonly cells: readonly string[];
}

export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? Buffer.from(content) : content;
}

/** The digests under which bytes may be known: their own, and for text also that of the text with `\n` line ends. */
export function digestsOf(bytes: Uint8Array): readonly string[] {
  const plain = withoutCarriageReturns(bytes);
  return plain === undefined ? [sha256(bytes)] : [sha256(plain), sha256(bytes)];
}

/** Equal, or equal but for line ends: git's autocrlf rewrites those in every checkout on Windows. */
export function sameContent(a: Uint8Array, b: Uint8Array): boolean {
  if (Buffer.compare(a, b) === 0) return true;
  const [plainA, plainB] = [withoutCarriageReturns(a), withoutCarriageReturns(b)];
  return (plainA !== undefined || plainB !== undefined) && Buffer.compare(plainA ?? a, plainB ?? b) === 0;
}

/** The text with `\r\n` as `\n`; undefined where there is none, or where the bytes are not text. */
function withoutCarriageReturns(bytes: Uint8Array): Uint8Array | undefined {
  if (!bytes.includes(13) || bytes.includes(0)) return undefined;
  const text = decodeUtf8(bytes);
  return text?.includes("\r\n") ? Buffer.from(text.replaceAll("\r\n", "\n")) : undefined;
}

/** 1-based number of the first line in which two texts differ. */
export function firstDifferentLine(a: Uint8Array, b: Uint8Array): number {
  let line = 1;
  const end = Math.min(a.length, b.length);
  for (let i = 0, j = 0; i < end && j < b.length; i++, j++) {
    if (a[i] === 13 && a[i + 1] === 10 && b[j] === 10) i++;
    if (a[i] !== b[j]) return line;
    if (a[i] === 10) line++;
  }
  return line;
}
