import type { CallExpr } from "../python/ir.ts";

/** A callee as it is written: "model.fit", "KMeans(…).fit", "(…).mean". */
export function written(expr: CallExpr): string {
  let { func } = expr;
  const parts: string[] = [];
  while (func.kind === "attribute") {
    parts.unshift(func.attr);
    func = func.value;
  }
  parts.unshift(func.kind === "name" ? func.id : func.kind === "call" ? `${written(func)}(…)` : "(…)");
  return parts.join(".");
}
