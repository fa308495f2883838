import type { Dataflow } from "../dataflow/analyse.ts";
import type { Expr } from "../python/ir.ts";

/** The qualified library name that an expression stands for, as the notebook's imports have it: "pandas.read_csv". */
export function qualifiedName(flow: Pick<Dataflow, "names">, expr: Expr): string | undefined {
  if (expr.kind === "name") {
    const binding = flow.names.get(expr.id);
    return binding ? binding.value.member : expr.id;
  }
  if (expr.kind !== "attribute") return undefined;
  const base = qualifiedName(flow, expr.value);
  return base === undefined ? undefined : `${base}.${expr.attr}`;
}
