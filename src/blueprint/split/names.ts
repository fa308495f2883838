import type { Expr, Stmt } from "../../python/ir.ts";

type Node = Expr | Stmt;

/** The expression with names replaced; undefined leaves one as it is. */
export function mapNames(expr: Expr, by: (id: string, span: Expr["span"]) => Expr | undefined): Expr {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== "object") return node;
    const one = node as Node;
    if (one.kind === "name") return by(one.id, one.span) ?? one;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, key === "span" || key === "attrSpan" ? value : visit(value)]),
    );
  };
  return visit(expr) as Expr;
}
