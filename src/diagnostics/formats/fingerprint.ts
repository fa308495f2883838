import { canonicalJson, sha256 } from "../../foundation/hash.ts";
import type { Diagnostic } from "../diagnostic.ts";

/**
 * One fingerprint for each diagnostic, in order. It stays the same when cells or lines move, because it is made of
 * the code, the file, the cell's id, the message and the marked text, never of numbers; equal ones are counted.
 */
export function fingerprints(diagnostics: readonly Diagnostic[]): readonly string[] {
  const seen = new Map<string, number>();
  return diagnostics.map(({ code, message, place }) => {
    const marked = place?.excerpt?.map((line) => line.trim());
    const key = canonicalJson([code, message, place?.file ?? "", place?.cellId ?? "", marked ?? []]);
    const rank = seen.get(key) ?? 0;
    seen.set(key, rank + 1);
    return sha256(`${key}#${rank}`).slice(0, 40);
  });
}
