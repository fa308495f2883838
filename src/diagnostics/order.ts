import { canonicalJson } from "../foundation/hash.ts";
import { byText } from "../foundation/order.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Diagnostics by file, cell, line, column and code, those without a place first; exact repetitions are left out. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = [...new Map(diagnostics.map((d) => [canonicalJson(d), d])).values()];
  return unique.sort((a, b) => {
    const p = a.place;
    const q = b.place;
    if (!p || !q) return Number(p !== undefined) - Number(q !== undefined) || byText(a.code, b.code);
    return (
      byText(p.file, q.file) ||
      (p.cell ?? 0) - (q.cell ?? 0) ||
      p.line - q.line ||
      p.column - q.column ||
      byText(a.code, b.code) ||
      byText(a.message, b.message)
    );
  });
}
