import type { RawNode } from "../tree.ts";
import { LowerError } from "./context.ts";

/** Where `name := value` may stand without parentheses of its own: by parent, with the field of the parent or "" for any. */
const places: Readonly<Record<string, string>> = {
  parenthesized_expression: "",
  argument_list: "",
  list: "",
  tuple: "",
  set: "",
  subscript: "subscript",
  if_statement: "condition",
  elif_clause: "condition",
  while_statement: "condition",
  match_statement: "subject",
  list_comprehension: "body",
  set_comprehension: "body",
  generator_expression: "body",
  decorator: "",
  interpolation: "",
  format_expression: "",
};

/** The grammar takes `:=` for an expression like any other; Python wants parentheses around it in most places. */
export function walrusRules(node: RawNode, guard = false): void {
  for (const child of node.children) {
    if (!child.named) continue;
    const isChoice = child.type === "conditional_expression" && child.children[0]?.type === "named_expression";
    if ((isChoice || child.type === "named_expression") && !mayStand(node, child, guard))
      throw new LowerError(
        child,
        "':=' must stand in parentheses here; to assign in a statement of its own, write '='",
      );
    if (isChoice) for (const part of child.children) walrusRules(part);
    else walrusRules(child, node.type === "case_clause" && child.type === "if_clause");
  }
}

function mayStand(parent: RawNode, child: RawNode, guard: boolean): boolean {
  if (guard && parent.type === "if_clause") return true;
  const field = Object.hasOwn(places, parent.type) ? places[parent.type] : undefined;
  return field !== undefined && (field === "" || field === child.field);
}
