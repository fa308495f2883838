import type { Expr } from "../../python/ir.ts";
import type { Knowledge } from "../../python/knowledge/knowledge.ts";

/** What is known where a statement stands. */
export interface NormalContext {
  readonly knowledge: Knowledge;
  /** Short type of what a name holds, and the qualified name of a library's module or function. */
  typeOf(name: string): string;
  /** Short type of what a name holds behind the statement. */
  typeAfter?(name: string): string;
  memberOf(name: string): string | undefined;
  /** Other names that may hold the very same object. */
  aliases(name: string): readonly string[];
  /** Something besides names refers to the object: a container or a closure. */
  isHeld(name: string): boolean;
  /** Another table or column may share its elements, as a selection of it does. */
  isShared(name: string): boolean;
  /** Whether a table has a column; undefined when nobody can say. */
  hasColumn(name: string, column: string): boolean | undefined;
  /** Whether stores through a selection leave the table alone, as pandas 3 has it; undefined: not pinned. */
  readonly copyOnWrite: boolean | undefined;
}

/** A construct that stays as it is, since nobody can say what it comes to. */
export interface Left {
  readonly span: { readonly start: number; readonly end: number };
  readonly why:
    | "the table is held elsewhere"
    | "the version of pandas decides"
    | "the column may not exist"
    | "the effect happens on one way only"
    | "the table has no name";
}

const tables = new Set(["DataFrame", "Series"]);

export function isTable(type: string): boolean {
  return tables.has(type);
}

/** Short type of an expression, from the types of its names and what is known of libraries; "unknown" otherwise. */
export function typeOfExpr(expr: Expr, context: NormalContext, local: ReadonlyMap<string, string>): string {
  const of = (one: Expr): string => typeOfExpr(one, context, local);
  switch (expr.kind) {
    case "name":
      return local.get(expr.id) ?? context.typeOf(expr.id);
    case "constant":
      return expr.type;
    case "tuple":
    case "list":
    case "set":
    case "dict":
      return expr.kind;
    case "attribute":
      return context.knowledge.attributeEffect(of(expr.value), expr.attr)?.returns ?? "unknown";
    case "subscript":
      return selected(of(expr.value), expr.index, context, of);
    case "binary":
    case "compare": {
      const parts = expr.kind === "binary" ? [expr.left, expr.right] : [expr.left, ...expr.comparators];
      const types = parts.map(of);
      return types.find((type) => type === "DataFrame") ?? types.find((type) => type === "Series") ?? "unknown";
    }
    case "unary":
      return expr.op === "not" ? "bool" : of(expr.operand);
    case "call": {
      const { func } = expr;
      if (func.kind !== "attribute") {
        const member = func.kind === "name" ? (context.memberOf(func.id) ?? func.id) : undefined;
        return (member === undefined ? undefined : context.knowledge.functionEffect(member)?.returns) ?? "unknown";
      }
      const member = memberOfExpr(func, context);
      const receiver = of(func.value);
      const effect =
        member === undefined
          ? context.knowledge.methodEffect(receiver, func.attr)
          : context.knowledge.functionEffect(member);
      return effect === undefined ? "unknown" : effect.returns === "same" ? receiver : effect.returns;
    }
    default:
      return "unknown";
  }
}

/** Qualified name of the library's member that an expression names. */
export function memberOfExpr(expr: Expr, context: NormalContext): string | undefined {
  if (expr.kind === "name") return context.memberOf(expr.id);
  const base = expr.kind === "attribute" ? memberOfExpr(expr.value, context) : undefined;
  return base === undefined || expr.kind !== "attribute" ? undefined : `${base}.${expr.attr}`;
}

function selected(base: string, index: Expr, context: NormalContext, of: (expr: Expr) => string): string {
  if (base !== "DataFrame") return context.knowledge.subscriptEffect(base)?.returns ?? "unknown";
  if (index.kind === "constant" || index.kind === "fstring") return "Series";
  if (index.kind === "list" || index.kind === "slice" || isTable(of(index))) return "DataFrame";
  return "unknown";
}
