import { decodeUtf8 } from "../../foundation/host.ts";

/*
 * Plain data as bytes, and back. The first byte says what follows: `B` bytes, `S` text in UTF-8, `J` JSON. What JSON cannot say
 * stands there as `{"$": [tag, …]}`; an object that has a member `$` of its own is written as a list of its members.
 */

const [bytesTag, textTag, jsonTag] = [66, 83, 74];

/** The bytes of plain data (see `digestOf`); undefined where a value is something else, which no disk can keep. */
export function encodeValue(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return tagged(bytesTag, value);
  if (typeof value === "string" && value.isWellFormed()) return tagged(textTag, Buffer.from(value));
  try {
    return tagged(jsonTag, Buffer.from(JSON.stringify(isJson(value) ? value : toJson(value))));
  } catch (error) {
    if (error instanceof NotPlain || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The value that `encodeValue` was given. Throws where the bytes are not of its making. */
export function decodeValue(bytes: Uint8Array): unknown {
  const rest = bytes.subarray(1);
  if (bytes[0] === bytesTag) return new Uint8Array(rest);
  const text = decodeUtf8(rest);
  if (text === undefined) throw new TypeError("no text");
  if (bytes[0] === textTag) return text;
  if (bytes[0] !== jsonTag) throw new TypeError("unknown form");
  const value: unknown = JSON.parse(text);
  return text.includes('{"$":') ? fromJson(value) : value;
}

/** The same as text, for parameters: text itself after an `s`, all else after a `j`. */
export function encodeText(value: unknown): string {
  return typeof value === "string" ? `s${value}` : `j${JSON.stringify(isJson(value) ? value : toJson(value))}`;
}

export function decodeText(text: string): unknown {
  return text.startsWith("s") ? text.slice(1) : fromJson(JSON.parse(text.slice(1)));
}

class NotPlain extends Error {}

function tagged(tag: number, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length + 1);
  out[0] = tag;
  out.set(content, 1);
  return out;
}

/** True for what JSON gives back as it was. */
function isJson(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (!isJson(item)) return false;
    return true;
  }
  if (!isPlain(value)) return false;
  for (const key of Object.keys(value)) {
    if (key === "$" || key === "__proto__" || !isJson((value as Readonly<Record<string, unknown>>)[key])) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

function toJson(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "undefined":
      return { $: ["u"] };
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: ["d", Object.is(value, -0) ? "-0" : String(value)] };
    case "bigint":
      return { $: ["i", String(value)] };
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      throw new NotPlain();
  }
}

function objectToJson(value: object): unknown {
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (value instanceof Uint8Array) return { $: ["b", Buffer.from(value).toString("base64")] };
  if (value instanceof Map) return { $: ["m", [...value].flatMap(([key, item]) => [toJson(key), toJson(item)])] };
  if (value instanceof Set) return { $: ["e", [...value].map(toJson)] };
  if (!isPlain(value)) throw new NotPlain();
  const members = Object.entries(value);
  if (members.some(([key]) => key === "$" || key === "__proto__"))
    return { $: ["o", members.map(([key, item]) => [key, toJson(item)])] };
  return Object.fromEntries(members.map(([key, item]) => [key, toJson(item)]));
}

function fromJson(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(fromJson);
  const special = (value as { readonly $?: readonly [tag: string, content?: unknown] }).$;
  if (special) return fromSpecial(special[0], special[1]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}

function fromSpecial(tag: string, content: unknown): unknown {
  switch (tag) {
    case "u":
      return undefined;
    case "d":
      return Number(content);
    case "i":
      return BigInt(String(content));
    case "b":
      return new Uint8Array(Buffer.from(String(content), "base64"));
    case "m": {
      const flat = (content as readonly unknown[]).map(fromJson);
      return new Map(flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1]] as const] : [])));
    }
    case "e":
      return new Set((content as readonly unknown[]).map(fromJson));
    case "o":
      return Object.fromEntries(
        (content as readonly (readonly [string, unknown])[]).map(([key, item]) => [key, fromJson(item)]),
      );
    default:
      throw new TypeError("unknown tag");
  }
}
