import type { Expr } from "../python/ir.ts";

/** True for `except:`, `except Exception`, `except BaseException`, and a tuple with one of them. */
export function catchesAll(type: Expr | undefined): boolean {
  if (!type) return true;
  if (type.kind === "tuple") return type.items.some(catchesAll);
  return type.kind === "name" && (type.id === "Exception" || type.id === "BaseException");
}
