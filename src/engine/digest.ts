import { sha256 } from "../foundation/hash.ts";

/** Parts joined so that no two different lists give the same text: each is preceded by its length in bytes. */
export function lengthPrefixed(parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join("");
}

/**
 * The digest of plain data: null, undefined, booleans, numbers, bigints, strings, bytes, arrays, Maps, Sets and plain objects.
 * Order counts everywhere, because whoever reads the value may walk it in order. Anything else (a function, an object with a
 * class, a cycle) is a bug of the action that made the value, and throws: give such an action a `canonical`.
 */
export function digestOf(value: unknown): string {
  return sha256(encoded(value, []));
}

/** The text of a value; it lies in the values of `above`, the outermost first. */
function encoded(value: unknown, above: object[]): string {
  switch (typeof value) {
    case "undefined":
      return "u";
    case "boolean":
      return value ? "t" : "f";
    case "number":
      return `d${Object.is(value, -0) ? "-0" : String(value)};`;
    case "bigint":
      return `i${value};`;
    case "string":
      return encodedText(value);
    case "object":
      return value === null ? "n" : encodedObject(value, above);
    default:
      throw new TypeError(`a query value must be plain data, not a ${typeof value}`);
  }
}

function encodedText(text: string): string {
  if (text.isWellFormed()) return `s${text.length}:${text}`;
  // Lone surrogates would all become one character in UTF-8; JSON escapes keep them apart.
  const safe = JSON.stringify(text);
  return `x${safe.length}:${safe}`;
}

function encodedObject(value: object, above: object[]): string {
  if (value instanceof Uint8Array) return `b${sha256(value)}`;
  if (above.includes(value)) throw new TypeError("a query value must not contain itself");
  above.push(value);
  let out: string;
  if (Array.isArray(value)) {
    out = `a${value.length}[`;
    for (const item of value) out += encoded(item, above);
  } else if (value instanceof Map) {
    out = `m${value.size}[`;
    for (const [key, item] of value) out += encoded(key, above) + encoded(item, above);
  } else if (value instanceof Set) {
    out = `e${value.size}[`;
    for (const item of value) out += encoded(item, above);
  } else {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto !== Object.prototype && proto !== null)
      throw new TypeError(`a query value must be plain data, not a ${value.constructor?.name ?? "class"}`);
    const members = Object.entries(value);
    out = `o${members.length}[`;
    for (const [key, item] of members) out += encodedText(key) + encoded(item, above);
  }
  above.pop();
  return out;
}
