import { createHash, hash } from "node:crypto";
import { byText } from "./order.ts";

/** SHA-256 as 64 lower-case hex digits; text is hashed as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  return hash("sha256", content);
}

/** SHA-256 of bytes that come in pieces. */
export function sha256Pieces(): { add(piece: Uint8Array): void; digest(): string } {
  const sum = createHash("sha256");
  return {
    add(piece) {
      sum.update(piece);
    },
    digest: () => sum.digest("hex"),
  };
}

/** JSON with sorted keys and no blanks: equal values have equal text. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value)) ?? "null";
}

/** Pretty JSON with sorted keys and a final newline, as every JSON file Crosswalk writes. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(sortKeys(value), null, 2)}\n`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value as Record<string, unknown>).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => byText(a, b)).map(([k, v]) => [k, sortKeys(v)]));
}
