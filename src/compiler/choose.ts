import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearest } from "../foundation/nearest.ts";

/** The models that a request names; an unknown name is an error with the nearest known one. */
export function choose<M extends { readonly name: string }>(
  all: readonly M[],
  names: readonly string[],
  opening: readonly Diagnostic[],
): { readonly models: readonly M[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = [...opening];
  if (names.length === 0) return { models: all, diagnostics };
  const known = all.map((m) => m.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    diagnostics.push(
      report("CW0082", undefined, {
        model: name,
        known: known.join(", ") || "none",
        fix: near === undefined ? "name one of them, or none for all" : `did you mean \`${near}\``,
      }),
    );
  }
  return { models: all.filter((m) => names.includes(m.name)), diagnostics };
}
