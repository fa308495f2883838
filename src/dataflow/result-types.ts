import type { Arguments } from "./arguments.ts";
import { elementOf } from "./heap.ts";
import type { Machine } from "./machine.ts";
import type { Value } from "./value.ts";

/** What `Series.apply` makes: a column, unless a function gives tables, or the name of a reduction is given. */
export function appliedType(m: Machine, args: Arguments, called: Value | undefined): string | undefined {
  const [given] = args.positional;
  if (called) return called.type !== "unknown" && !m.knowledge.isTable(called.type) ? "Series" : undefined;
  return given?.member !== undefined && given.constant === undefined ? "Series" : undefined;
}

/** The type of the result: "same" as the argument's, or what numpy makes of it "elementwise": lists become arrays, tables stay tables. */
export function resultType(returns: string, type: string | undefined): string {
  if (returns === "same") return type ?? "unknown";
  if (returns !== "elementwise") return returns;
  if (type === "list" || type === "tuple" || type === "range" || type === "Index") return "ndarray";
  if (type === "str") return "unknown-scalar";
  return type === undefined || type === "unknown"
    ? "float-or-array"
    : type === "int" || type === "unknown-scalar" || type === "bool"
      ? "float"
      : type;
}

/** What `pandas.concat` makes: columns one below the other are a column, anything with a table is a table. */
export function concatenatedType(m: Machine, args: Arguments): string | undefined {
  const [first] = args.positional;
  const parts = first?.items ?? (first && first.objs.size > 0 ? [elementOf(m.heap, first)] : []);
  const isBeside = args.named.has("axis") || args.named.has("keys") || args.positional.length > 1 || args.open;
  const areColumns = parts.length > 0 && parts.every((part) => part.type === "Series");
  if (areColumns && !isBeside) return "Series";
  return areColumns || parts.some((part) => part.type === "DataFrame") ? "DataFrame" : undefined;
}
