import type { Stmt } from "../python/ir.ts";
import { blocksOf as allBlocksOf, patternNames, targetNames } from "../python/walk.ts";

/** The blocks of statements directly inside a statement, in source order; empty ones are left out. */
export function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  return allBlocksOf(stmt).filter((block) => block.length > 0);
}

/** The names a statement binds itself, without those of the statements in its blocks. */
export function boundNames(stmt: Stmt): readonly string[] {
  const walrus = walrusNames(stmt);
  switch (stmt.kind) {
    case "assign":
      return [...stmt.targets.flatMap(targetNames), ...walrus];
    case "augassign":
      return [...targetNames(stmt.target), ...walrus];
    case "annassign":
      return stmt.value === undefined ? [] : [...targetNames(stmt.target), ...walrus];
    case "for":
      return [...targetNames(stmt.target), ...walrus];
    case "with":
      return [...stmt.items.flatMap((item) => (item.target === undefined ? [] : targetNames(item.target))), ...walrus];
    case "import":
      return stmt.names.map((name) => name.as ?? name.name.split(".")[0] ?? name.name);
    case "importfrom":
      return stmt.names.map((name) => name.as ?? name.name);
    case "function":
    case "class":
    case "typealias":
      return [stmt.name];
    case "try":
      return stmt.handlers.flatMap((handler) => handler.name ?? []);
    case "match":
      return [...stmt.cases.flatMap((one) => patternNames(one.pattern)), ...walrus];
    default:
      return walrus;
  }
}

/** Every node of a kind in a statement's own expressions; blocks, lambdas and nested scopes of functions are not entered. */
function walrusNames(stmt: Stmt): readonly string[] {
  const inBlocks = new Set<unknown>(blocksOf(stmt));
  const names: string[] = [];
  visit(stmt, (node) => {
    if (inBlocks.has(node) || node.kind === "lambda") return false;
    const { target } = node as { readonly target?: { readonly id?: unknown } };
    if (node.kind === "walrus" && typeof target?.id === "string") names.push(target.id);
    return true;
  });
  return names;
}

interface Node {
  readonly kind?: unknown;
}

/** Walks the plain data of a tree, parents first; `enter` says whether to go into a node. */
export function visit(tree: unknown, enter: (node: Node) => boolean): void {
  const todo: unknown[] = [tree];
  while (todo.length > 0) {
    const node = todo.pop();
    if (typeof node !== "object" || node === null || !enter(node)) continue;
    todo.push(...Object.values(node).reverse());
  }
}

/** Every statement from `from` on (by where it begins), in source order, also those inside blocks of the same scope. */
export function statementsFrom(body: readonly Stmt[], from: number): readonly Stmt[] {
  const found: Stmt[] = [];
  const collect = (block: readonly Stmt[]): void => {
    for (const stmt of block) {
      if (stmt.span.end <= from) continue;
      if (stmt.span.start >= from) found.push(stmt);
      // A function's body is another scope, unless the directive stands in it.
      const ownScope = stmt.kind === "function" || stmt.kind === "class";
      if (!ownScope || stmt.span.start < from) blocksOf(stmt).forEach(collect);
    }
  };
  collect(body);
  return found;
}
