import { boundNames } from "../dataflow/bound-names.ts";
import { remembered } from "../foundation/remembered.ts";
import type { Stmt } from "../python/ir.ts";
import { blocksOf, targetNames } from "../python/walk.ts";

/** True when the name has a value after the statement, whichever way it went: a loop may run no round at all. */
export function bindsSurely(stmt: Stmt, name: string): boolean {
  const inAny = (body: readonly Stmt[]): boolean => body.some((inner) => bindsSurely(inner, name));
  switch (stmt.kind) {
    case "for":
    case "while":
      return false;
    case "if":
      return inAny(stmt.body) && inAny(stmt.otherwise);
    case "with":
      return inAny(stmt.body) || stmt.items.some((item) => item.target && targetNames(item.target).includes(name));
    case "try":
      return (
        inAny(stmt.finally) ||
        (inAny([...stmt.body, ...stmt.otherwise]) && stmt.handlers.every((handler) => inAny(handler.body)))
      );
    case "match":
      return false;
    default:
      return boundNames([stmt]).bound.has(name);
  }
}

interface LoopNames {
  readonly targets: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

/** Names that `for` headers bind, at any depth of a statement, and names that anything else in it binds. */
export const loopNames = remembered((stmt: Stmt): LoopNames => {
  const targets = new Set<string>();
  const others = new Set<string>();
  const visit = (one: Stmt): void => {
    const blocks = one.kind === "function" || one.kind === "class" ? [] : blocksOf(one);
    if (one.kind === "for") for (const name of targetNames(one.target)) targets.add(name);
    const inside = boundNames(blocks.flat()).bound;
    for (const name of boundNames([one]).bound)
      if (!inside.has(name) && !(one.kind === "for" && targets.has(name))) others.add(name);
    for (const inner of blocks.flat()) visit(inner);
  };
  visit(stmt);
  return { targets, others };
});
