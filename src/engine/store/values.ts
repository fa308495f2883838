import { HostError } from "../../foundation/host.ts";
import type { Blobs } from "./blobs.ts";
import { decodeValue, encodeValue } from "./codec.ts";

/** Thrown where a value that was computed once cannot be had any more: its action must run again. */
export class LostValue extends Error {}

/** Several values in one blob, so that a thousand small ones are not a thousand files. */
export interface Bundle {
  /** The blob's digest; undefined until it is written. */
  digest: string | undefined;
  /** The bytes, while they are only, or also, in memory. */
  bytes: Uint8Array | undefined;
  /** What is asked for at each start is not pressed: to unpack it costs more than to read it. */
  readonly isNear?: true;
}

/** Where a value stands. A bundle is checked as a whole when it is read, so a place in it is enough. */
export interface ValueRef {
  readonly bundle: Bundle;
  readonly offset: number;
  readonly length: number;
}

/** Values on their way to disk and back. A value stays in memory while somebody holds it, and is read again when asked for. */
export interface Values {
  /**
   * `near`: it is asked for at each start; `encoded`: its bytes, where somebody has them already. undefined where the value is no plain data:
   * then it lives as long as the caller keeps it.
   */
  put(value: unknown, how: { readonly kept?: "near" | "memory"; readonly encoded?: Uint8Array }): ValueRef | undefined;
  /** Throws LostValue. */
  get(ref: ValueRef): unknown;
  /** Of a blob on disk. */
  bundle(digest: string): Bundle;
  /** Writes what is not yet written; gives the first failure, after which all is still in memory. */
  flush(): HostError | undefined;
}

/** A bundle is closed when it has grown to this, and a value of this size is a blob of its own. */
const bundleSize = 2 ** 20;
const ownBlobFrom = 2 ** 16;
/** How much of what was read from disk is held for the next value of the same bundle. */
const heldBytes = 16 * 2 ** 20;

export function createValues(blobs: Blobs): Values {
  const known = new Map<string, Bundle>();
  const unwritten = new Set<Bundle>();
  const held = new Set<Bundle>();
  let failure: HostError | undefined;
  /** Bundles that grow: of values that are asked for at each start, and of all others. */
  const growing = new Map<boolean, { readonly bundle: Bundle; readonly buffer: Uint8Array; size: number }>();

  const write = (bundle: Bundle): void => {
    if (bundle.bytes === undefined) return;
    try {
      bundle.digest = blobs.put(bundle.bytes, bundle.isNear);
      bundle.bytes = undefined;
      known.set(bundle.digest, bundle);
      unwritten.delete(bundle);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      failure ??= error;
      unwritten.add(bundle);
    }
  };
  const close = (isNear: boolean): void => {
    const open = growing.get(isNear);
    if (!open) return;
    const { bundle, buffer, size } = open;
    growing.delete(isNear);
    bundle.bytes = buffer.slice(0, size);
    write(bundle);
  };
  const hold = (bundle: Bundle, bytes: Uint8Array): void => {
    bundle.bytes = bytes;
    held.delete(bundle);
    held.add(bundle);
    let total = 0;
    for (const one of held) total += one.bytes?.length ?? 0;
    for (const oldest of held) {
      if (total <= heldBytes || oldest === bundle) break;
      total -= oldest.bytes?.length ?? 0;
      oldest.bytes = undefined;
      held.delete(oldest);
    }
  };
  const bytesOf = ({ bundle, offset, length }: ValueRef): Uint8Array | undefined => {
    const open = growing.get(bundle.isNear ?? false);
    if (open?.bundle === bundle) return open.buffer.subarray(offset, offset + length);
    if (bundle.bytes === undefined && bundle.digest !== undefined) {
      const read = blobs.get(bundle.digest);
      if (read) hold(bundle, read);
    }
    return bundle.bytes?.subarray(offset, offset + length);
  };
  return {
    put(value, { kept, encoded }) {
      const bytes = encoded ?? encodeValue(value);
      if (bytes === undefined) return undefined;
      const isNear = kept === "near";
      const near = isNear ? ({ isNear: true } as const) : {};
      if (bytes.length >= ownBlobFrom) {
        const bundle: Bundle = { digest: undefined, bytes, ...near };
        write(bundle);
        return { bundle, offset: 0, length: bytes.length };
      }
      // Room for one more value of the largest kind after the last that does not close it.
      const open = growing.get(isNear) ?? {
        bundle: { digest: undefined, bytes: undefined, ...near },
        buffer: new Uint8Array(bundleSize + ownBlobFrom),
        size: 0,
      };
      growing.set(isNear, open);
      const ref = { bundle: open.bundle, offset: open.size, length: bytes.length };
      open.buffer.set(bytes, open.size);
      open.size += bytes.length;
      if (open.size >= bundleSize) close(isNear);
      return ref;
    },
    get(ref) {
      const bytes = bytesOf(ref);
      if (!bytes || bytes.length !== ref.length) throw new LostValue();
      return decodeValue(bytes);
    },
    bundle(digest) {
      const found = known.get(digest);
      if (found) return found;
      const bundle: Bundle = { digest, bytes: undefined };
      known.set(digest, bundle);
      return bundle;
    },
    flush() {
      close(true);
      close(false);
      failure = undefined;
      for (const bundle of [...unwritten]) write(bundle);
      return failure;
    },
  };
}
