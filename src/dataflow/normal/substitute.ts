import type { ComprehensionClause, Expr, FStringPart, Param } from "../../python/ir.ts";
import { targetNames, walkExpr } from "../../python/walk.ts";

/** Names that lambdas, comprehensions and `:=` inside an expression bind. */
export function boundInside(expr: Expr): ReadonlySet<string> {
  const out = new Set<string>();
  walkExpr(expr, (one) => {
    if (one.kind === "lambda") for (const param of one.params) out.add(param.name);
    else if (one.kind === "comprehension")
      for (const clause of one.clauses) for (const bound of targetNames(clause.target)) out.add(bound);
    else if (one.kind === "walrus") out.add(one.target.id);
  });
  return out;
}

/**
 * The expression with every free `name` replaced. The caller sees to it that nothing inside binds a name of `by`
 * (`boundInside`), so no name is captured.
 */
export function substitute(expr: Expr, name: string, by: Expr): Expr {
  const sub = (one: Expr): Expr => substitute(one, name, by);
  const all = (exprs: readonly Expr[]): readonly Expr[] => exprs.map(sub);
  switch (expr.kind) {
    case "name":
      return expr.id === name ? by : expr;
    case "constant":
      return expr;
    case "fstring":
      return { ...expr, parts: parts(expr.parts, sub) };
    case "attribute":
    case "starred":
    case "await":
    case "walrus":
      return { ...expr, value: sub(expr.value) };
    case "subscript":
      return { ...expr, value: sub(expr.value), index: sub(expr.index) };
    case "slice":
      return {
        ...expr,
        ...(expr.lower ? { lower: sub(expr.lower) } : {}),
        ...(expr.upper ? { upper: sub(expr.upper) } : {}),
        ...(expr.step ? { step: sub(expr.step) } : {}),
      };
    case "call":
      return {
        ...expr,
        func: sub(expr.func),
        args: all(expr.args),
        keywords: expr.keywords.map((one) => ({ ...one, value: sub(one.value) })),
      };
    case "binary":
      return { ...expr, left: sub(expr.left), right: sub(expr.right) };
    case "bool":
      return { ...expr, values: all(expr.values) };
    case "unary":
      return { ...expr, operand: sub(expr.operand) };
    case "compare":
      return { ...expr, left: sub(expr.left), comparators: all(expr.comparators) };
    case "conditional":
      // biome-ignore lint/suspicious/noThenProperty: the name of the IR; never a function
      return { ...expr, test: sub(expr.test), then: sub(expr.then), otherwise: sub(expr.otherwise) };
    case "lambda": {
      const params = expr.params.map(
        (param): Param => (param.default ? { ...param, default: sub(param.default) } : param),
      );
      return { ...expr, params, body: params.some((param) => param.name === name) ? expr.body : sub(expr.body) };
    }
    case "tuple":
    case "list":
    case "set":
      return { ...expr, items: all(expr.items) };
    case "dict":
      return {
        ...expr,
        items: expr.items.map(({ key, value }) => ({ ...(key ? { key: sub(key) } : {}), value: sub(value) })),
      };
    case "comprehension": {
      const hidden = expr.clauses.some((clause) => targetNames(clause.target).includes(name));
      const clauses = expr.clauses.map((clause, i): ComprehensionClause => {
        // The first iterable is evaluated outside.
        const iterable = i === 0 || !hidden ? sub(clause.iterable) : clause.iterable;
        return { ...clause, iterable, conditions: hidden ? clause.conditions : all(clause.conditions) };
      });
      if (hidden) return { ...expr, clauses };
      return { ...expr, clauses, element: sub(expr.element), ...(expr.key ? { key: sub(expr.key) } : {}) };
    }
    case "yield":
      return expr.value ? { ...expr, value: sub(expr.value) } : expr;
  }
}

function parts(all: readonly FStringPart[], sub: (expr: Expr) => Expr): readonly FStringPart[] {
  return all.map((part) =>
    part.kind === "text" ? part : { ...part, value: sub(part.value), spec: parts(part.spec, sub) },
  );
}
