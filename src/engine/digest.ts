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
  const out: string[] = [];
  encode(value, out, []);
  return sha256(out.join(""));
}

function encode(value: unknown, out: string[], above: object[]): void {
  switch (typeof value) {
    case "undefined":
      out.push("u");
      return;
    case "boolean":
      out.push(value ? "t" : "f");
      return;
    case "number":
      out.push(`d${Object.is(value, -0) ? "-0" : String(value)};`);
      return;
    case "bigint":
      out.push(`i${value};`);
      return;
    case "string":
      encodeText(value, out);
      return;
    case "object":
      if (value === null) out.push("n");
      else encodeObject(value, out, above);
      return;
    default:
      throw new TypeError(`a query value must be plain data, not a ${typeof value}`);
  }
}

function encodeText(text: string, out: string[]): void {
  // Lone surrogates would all become one character in UTF-8; JSON escapes keep them apart.
  const safe = text.isWellFormed() ? text : JSON.stringify(text);
  out.push(safe === text ? "s" : "x", String(safe.length), ":", safe);
}

function encodeObject(value: object, out: string[], above: object[]): void {
  if (above.includes(value)) throw new TypeError("a query value must not contain itself");
  const inner = [...above, value];
  if (value instanceof Uint8Array) {
    out.push("b", sha256(value));
  } else if (Array.isArray(value)) {
    out.push(`a${value.length}[`);
    for (const item of value) encode(item, out, inner);
  } else if (value instanceof Map) {
    out.push(`m${value.size}[`);
    for (const [key, item] of value) {
      encode(key, out, inner);
      encode(item, out, inner);
    }
  } else if (value instanceof Set) {
    out.push(`e${value.size}[`);
    for (const item of value) encode(item, out, inner);
  } else {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto !== Object.prototype && proto !== null)
      throw new TypeError(`a query value must be plain data, not a ${value.constructor?.name ?? "class"}`);
    const members = Object.entries(value);
    out.push(`o${members.length}[`);
    for (const [key, item] of members) {
      encodeText(key, out);
      encode(item, out, inner);
    }
  }
}
