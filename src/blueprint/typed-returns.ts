import type { ParsedCell } from "../dataflow/program.ts";
import type { Expr, FunctionStmt } from "../python/ir.ts";
import { targetNames, walkStmts } from "../python/walk.ts";
import type { Edit } from "./edits.ts";

/** Builtins whose result has one type, whatever they are given. */
const sure: ReadonlySet<string> = new Set(
  "len int float str bool repr list dict set tuple frozenset sorted range isinstance any all".split(" "),
);
const scalars: ReadonlySet<string> = new Set(["float", "int", "str", "bool"]);
/** Library classes without types: whatever their methods return is open. */
const untyped: ReadonlySet<string> = new Set(["BaseEstimator"]);

/**
 * Edits that give what a function returns its declared type before it is returned (`result: float = …`), where the expression may be
 * anything to a type checker: much of what libraries return has no type. The value stays the same. `taken` holds the
 * annotations of everything the function takes; what `helpers` return is declared where they stand.
 */
export function typedReturnEdits(
  cell: ParsedCell,
  stmt: FunctionStmt,
  annotation: string,
  taken: ReadonlyMap<string, string>,
  helpers: ReadonlySet<string>,
): readonly Edit[] {
  const { text } = cell.module;
  const isScalar = scalars.has(annotation);
  if (!isScalar && !/^(?:pd\.|Any[A-Z])/.test(annotation)) return [];
  const words = new Set(text.slice(stmt.span.start, stmt.span.end).match(/[A-Za-z_]\w*/g));
  const name = ["result", "returned", "outcome"].find((candidate) => !words.has(candidate) && !taken.has(candidate));
  const out: Edit[] = [];
  if (name === undefined) return out;
  const typed = new Set([...taken].filter(([, type]) => scalars.has(type)).map(([argument]) => argument));
  const isOpen = (value: Expr): boolean =>
    isScalar ? !isTyped(value, typed, helpers) : untyped.has(rootType(value, taken));
  walkStmts(stmt.body, (inner) => {
    if (inner.kind === "function" || inner.kind === "class") return false;
    if (inner.kind === "assign")
      for (const target of inner.targets.flatMap(targetNames))
        if (isTyped(inner.value, typed, helpers)) typed.add(target);
        else typed.delete(target);
    if (inner.kind !== "return" || !inner.value || !isOpen(inner.value)) return true;
    const { start, end } = inner.span;
    const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
    if (indent.trim() !== "") return true;
    const declared = out.length === 0 ? `${name}: ${annotation} =` : `${name} =`;
    out.push({ cell, start, end: start + "return".length, text: declared });
    out.push({ cell, start: end, end, text: `\n${indent}return ${name}` });
    return true;
  });
  return out;
}

/** True where a type checker surely knows the type of an expression that makes one number or text. */
function isTyped(expr: Expr, typed: ReadonlySet<string>, helpers: ReadonlySet<string>): boolean {
  switch (expr.kind) {
    case "constant":
    case "fstring":
      return true;
    case "name":
      return typed.has(expr.id);
    case "unary":
      return expr.op === "not" || isTyped(expr.operand, typed, helpers);
    case "binary":
      return isTyped(expr.left, typed, helpers) && isTyped(expr.right, typed, helpers);
    case "conditional":
      return isTyped(expr.then, typed, helpers) && isTyped(expr.otherwise, typed, helpers);
    case "call":
      return expr.func.kind === "name" && (sure.has(expr.func.id) || helpers.has(expr.func.id));
    default:
      return false;
  }
}

/** Annotation of the argument that a chain of calls, attributes and indices begins with. */
function rootType(expr: Expr, taken: ReadonlyMap<string, string>): string {
  let root = expr;
  for (;;) {
    if (root.kind === "call") root = root.func;
    else if (root.kind === "attribute" || root.kind === "subscript") root = root.value;
    else return root.kind === "name" ? (taken.get(root.id) ?? "") : "";
  }
}
