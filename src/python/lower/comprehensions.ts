import type { ComprehensionClause, ComprehensionExpr, Expr } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { has, inner, LowerError, type Lowering, need, spanOf } from "./context.ts";

/** Lowers `[… for …]` and its kin. */
export function lowerComprehension(type: ComprehensionExpr["type"]): (cx: Lowering, node: RawNode) => Expr {
  return (cx, node) => {
    const body = need(node, "body");
    const pair = body.type === "pair";
    if (body.type === "list_splat") throw new LowerError(body, "a comprehension's element cannot be starred");
    const element = cx.expr(pair ? need(body, "value") : body);
    const key = pair ? { key: cx.expr(need(body, "key")) } : {};
    return { kind: "comprehension", type, element, ...key, clauses: clausesOf(cx, node), span: spanOf(node) };
  };
}

function clausesOf(cx: Lowering, node: RawNode): readonly ComprehensionClause[] {
  const clauses: (Omit<ComprehensionClause, "conditions"> & { conditions: Expr[] })[] = [];
  for (const child of node.children) {
    if (child.type === "if_clause") {
      clauses[clauses.length - 1]?.conditions.push(cx.expr(inner(child)));
    } else if (child.type === "for_in_clause") {
      const rights = child.children.filter((c) => c.named && c.field === "right");
      const [right] = rights;
      if (!right) throw new LowerError(child, "an iterable is missing here");
      if (rights.length > 1 || has(child, ","))
        throw new LowerError(child, "several iterables need parentheses: for x in (a, b)");
      if (right.type === "conditional_expression" || right.type === "lambda")
        throw new LowerError(right, "this iterable must stand in parentheses");
      clauses.push({
        target: cx.expr(need(child, "left")),
        iterable: cx.expr(right),
        conditions: [],
        isAsync: has(child, "async"),
      });
    }
  }
  return clauses;
}
