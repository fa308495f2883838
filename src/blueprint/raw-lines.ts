import type { Expr, PyModule, Stmt } from "../python/ir.ts";
import { parseModule } from "../python/parse.ts";

/** Lines of a piece of Python that must keep their place when it is indented. */
export function rawLinesOf(text: string): readonly number[] {
  return text.includes("\n") && /["']/.test(text)
    ? [...linesInsideStrings(parseModule(text))].sort((a, b) => a - b)
    : [];
}

/** Lines (0-based) of a module's text that begin inside a string: they must not be indented. */
function linesInsideStrings(module: PyModule): ReadonlySet<number> {
  const out = new Set<number>();
  const lineOf = (offset: number): number => module.text.slice(0, offset).split("\n").length - 1;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== "object") return;
    const { kind, type, span } = node as { kind?: string; type?: string; span?: { start: number; end: number } };
    if (
      span &&
      ((kind === "constant" && (type === "str" || type === "bytes")) || kind === "fstring") &&
      module.text.slice(span.start, span.end).includes("\n")
    ) {
      for (let line = lineOf(span.start) + 1; line <= lineOf(span.end); line++) out.add(line);
    }
    for (const value of Object.values(node)) visit(value);
  };
  for (const stmt of module.body as readonly (Stmt | Expr)[]) visit(stmt);
  return out;
}
