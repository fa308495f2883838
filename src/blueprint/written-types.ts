import type { ParsedCell } from "../dataflow/program.ts";
import type { Expr } from "../python/ir.ts";
import { type Annotation, annotationOf, anything, kindsModule } from "./annotations.ts";
import type { Import } from "./blueprint.ts";
import type { Edit } from "./edits.ts";

/** Generic types that people write without saying of what, and what stands for them. */
const bare: Readonly<Record<string, Annotation>> = {
  Series: annotationOf("Series"),
  Index: annotationOf("Index"),
  ndarray: annotationOf("ndarray"),
  list: annotationOf("list"),
  List: annotationOf("list"),
  dict: annotationOf("dict"),
  Dict: annotationOf("dict"),
  tuple: annotationOf("tuple"),
  Tuple: annotationOf("tuple"),
  set: annotationOf("set"),
  Set: annotationOf("set"),
  frozenset: anything,
  Callable: anything,
  Iterable: anything,
  Iterator: anything,
  Generator: anything,
  Sequence: anything,
  Mapping: anything,
  type: anything,
  Type: anything,
};

/**
 * Closes an annotation that the notebook wrote: a generic type gets its arguments, left open, and a type whose default is None may be
 * None. The annotations of a product are never evaluated, so nothing else changes.
 */
export function closed(
  cell: ParsedCell,
  annotation: Expr,
  mayBeNone: boolean,
): { readonly edits: readonly Edit[]; readonly imports: readonly Import[] } {
  const edits: Edit[] = [];
  const imports: Import[] = [];
  const visit = (expr: Expr): void => {
    const name = expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.attr : undefined;
    const found = name !== undefined && Object.hasOwn(bare, name) ? bare[name] : undefined;
    if (found) {
      edits.push({ cell, start: expr.span.start, end: expr.span.end, text: found.text });
      imports.push(...found.imports);
    } else if (expr.kind === "subscript") visit(expr.index);
    else if (expr.kind === "tuple" || expr.kind === "list") expr.items.forEach(visit);
    else if (expr.kind === "binary") [expr.left, expr.right].forEach(visit);
  };
  visit(annotation);
  const text = cell.module.text.slice(annotation.span.start, annotation.span.end);
  if (mayBeNone && !/\b(?:None|Optional|Any|object)\b/.test(text)) {
    const { start, end } = annotation.span;
    edits.push({ cell, start, end: start, text: "Maybe[" }, { cell, start: end, end, text: "]" });
    imports.push({ module: kindsModule, name: "Maybe", local: "Maybe" });
  }
  return { edits, imports };
}
