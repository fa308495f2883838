import type { Expr, Pattern, Stmt } from "../python/ir.ts";

/** Names that a list of statements binds in its own scope (functions and classes inside are not entered). */
export function boundNames(body: readonly Stmt[]): {
  readonly bound: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  readonly nonlocals: ReadonlySet<string>;
} {
  const bound = new Set<string>();
  const globals = new Set<string>();
  const nonlocals = new Set<string>();
  const all = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) one(stmt);
  };
  const one = (stmt: Stmt): void => {
    switch (stmt.kind) {
      case "assign":
        for (const target of stmt.targets) targetNames(target, bound);
        walruses(stmt.value, bound);
        return;
      case "augassign":
      case "annassign":
        targetNames(stmt.target, bound);
        if (stmt.value) walruses(stmt.value, bound);
        return;
      case "delete":
        for (const target of stmt.targets) targetNames(target, bound);
        return;
      case "expr":
        return walruses(stmt.value, bound);
      case "import":
        for (const name of stmt.names) bound.add(name.as ?? name.name.split(".")[0] ?? name.name);
        return;
      case "importfrom":
        for (const name of stmt.names) if (name.name !== "*") bound.add(name.as ?? name.name);
        return;
      case "function":
      case "class":
      case "typealias":
        bound.add(stmt.name);
        return;
      case "global":
        for (const name of stmt.names) globals.add(name);
        return;
      case "nonlocal":
        for (const name of stmt.names) nonlocals.add(name);
        return;
      case "if":
      case "while":
        walruses(stmt.test, bound);
        all(stmt.body);
        return all(stmt.otherwise);
      case "for":
        targetNames(stmt.target, bound);
        all(stmt.body);
        return all(stmt.otherwise);
      case "with":
        for (const item of stmt.items) if (item.target) targetNames(item.target, bound);
        return all(stmt.body);
      case "try":
        all(stmt.body);
        for (const handler of stmt.handlers) {
          if (handler.name) bound.add(handler.name);
          all(handler.body);
        }
        all(stmt.otherwise);
        return all(stmt.finally);
      case "match":
        for (const c of stmt.cases) {
          patternNames(c.pattern, bound);
          all(c.body);
        }
        return;
      default:
        return;
    }
  };
  all(body);
  return { bound, globals, nonlocals };
}

export function targetNames(target: Expr, into: Set<string>): void {
  if (target.kind === "name") into.add(target.id);
  else if (target.kind === "starred") targetNames(target.value, into);
  else if (target.kind === "tuple" || target.kind === "list") for (const item of target.items) targetNames(item, into);
}

export function patternNames(pattern: Pattern, into: Set<string>): void {
  if (pattern.kind === "capture" || pattern.kind === "star") {
    if (pattern.name !== undefined) into.add(pattern.name);
    if (pattern.kind === "capture" && pattern.pattern) patternNames(pattern.pattern, into);
    return;
  }
  if (pattern.kind === "value") return;
  for (const inner of pattern.patterns) patternNames(inner, into);
  if (pattern.kind === "mapping" && pattern.rest !== undefined) into.add(pattern.rest);
  if (pattern.kind === "class") for (const keyword of pattern.keywords) patternNames(keyword.pattern, into);
}

/** Walrus targets of an expression; inside comprehensions they belong to the scope around. Lambdas have their own. */
function walruses(expr: Expr, into: Set<string>): void {
  switch (expr.kind) {
    case "walrus":
      into.add(expr.target.id);
      return walruses(expr.value, into);
    case "call":
      walruses(expr.func, into);
      for (const arg of expr.args) walruses(arg, into);
      for (const keyword of expr.keywords) walruses(keyword.value, into);
      return;
    case "comprehension":
      walruses(expr.element, into);
      if (expr.key) walruses(expr.key, into);
      for (const clause of expr.clauses) {
        walruses(clause.iterable, into);
        for (const condition of clause.conditions) walruses(condition, into);
      }
      return;
    case "tuple":
    case "list":
    case "set":
      for (const item of expr.items) walruses(item, into);
      return;
    case "bool":
      for (const value of expr.values) walruses(value, into);
      return;
    case "compare":
      walruses(expr.left, into);
      for (const c of expr.comparators) walruses(c, into);
      return;
    case "binary":
      walruses(expr.left, into);
      return walruses(expr.right, into);
    case "unary":
      return walruses(expr.operand, into);
    case "conditional":
      walruses(expr.test, into);
      walruses(expr.then, into);
      return walruses(expr.otherwise, into);
    case "attribute":
    case "starred":
    case "await":
      return walruses(expr.value, into);
    case "subscript":
      walruses(expr.value, into);
      return walruses(expr.index, into);
    default:
      return;
  }
}
