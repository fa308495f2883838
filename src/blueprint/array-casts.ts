import type { Unit } from "../dataflow/program.ts";
import type { Span } from "../foundation/span.ts";
import { childrenOf, isStmt, type PyNode } from "../python/walk.ts";
import { kindsModule } from "./annotations.ts";
import type { Import } from "./blueprint.ts";
import type { Edit } from "./edits.ts";

/** The two edits around an expression: other edits at the same places come between. */
export interface ArrayCast {
  readonly span: Span;
  readonly opening: Edit;
  readonly closing: Edit;
}

/** What casts need. */
export const castImports: readonly Import[] = [
  { module: "typing", name: "cast", local: "cast" },
  { module: kindsModule, name: "AnyArray", local: "AnyArray" },
];

/**
 * `column.values` is an array in every notebook, but the types of pandas leave open whether arithmetic is possible with it. Where something
 * is done with it at once, or it gets a name, `cast` says that it is an array; when the product runs, that does nothing.
 */
export function arrayCasts(unit: Unit): readonly ArrayCast[] {
  const casts: ArrayCast[] = [];
  const { cell } = unit;
  const visit = (node: PyNode, parent: PyNode): void => {
    if (node.kind === "attribute" && node.attr === "values" && isTaken(node, parent)) {
      const { start, end } = node.span;
      casts.push({
        span: node.span,
        opening: { cell, start, end: start, text: 'cast("AnyArray", ' },
        closing: { cell, start: end, end, text: ")" },
      });
    }
    for (const child of childrenOf(node)) visit(child, node);
  };
  for (const child of childrenOf(unit.stmt)) visit(child, unit.stmt);
  return casts;
}

/** Whether an array is needed where the value stands: an attribute, an item or arithmetic, or a name for it. */
function isTaken(node: PyNode, parent: PyNode): boolean {
  if (isStmt(parent)) return parent.kind === "assign" && parent.value === node;
  switch (parent.kind) {
    case "attribute":
    case "subscript":
      return parent.value === node;
    case "binary":
    case "unary":
      return true;
    default:
      return false;
  }
}
