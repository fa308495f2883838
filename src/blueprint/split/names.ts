import { freeUses } from "../../dataflow/free-names.ts";
import type { Expr, Stmt } from "../../python/ir.ts";
import type { UserFunction } from "./bound.ts";

type Node = Expr | Stmt;

/** The expression with parts replaced, outer before inner: `by` gives what stands for a part, undefined to look inside it. */
export function rewritten(expr: Expr, by: (node: Node) => Expr | undefined): Expr {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== "object") return node;
    return (
      by(node as Node) ??
      Object.fromEntries(
        Object.entries(node).map(([key, value]) => [key, key === "span" || key === "attrSpan" ? value : visit(value)]),
      )
    );
  };
  return visit(expr) as Expr;
}

/** The expression with names replaced; undefined leaves one as it is. */
export function mapNames(expr: Expr, by: (id: string, span: Expr["span"]) => Expr | undefined): Expr {
  return rewritten(expr, (node) => (node.kind === "name" ? (by(node.id, node.span) ?? node) : undefined));
}

/** Names of the notebook that a function uses when it runs: neither parameters nor variables of its own. */
export function namesIn(definition: UserFunction["definition"]): ReadonlySet<string> {
  const stmt: Stmt =
    definition.kind === "lambda" ? { kind: "expr", value: definition, span: definition.span } : definition;
  return new Set(freeUses([stmt]).flatMap(({ id, deferred }) => (deferred ? [id] : [])));
}
