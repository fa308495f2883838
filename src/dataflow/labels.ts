import { remembered } from "../foundation/remembered.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import { walkStmtExprs, walkStmts } from "../python/walk.ts";
import type { Program } from "./program.ts";

/** What the text of one statement says of labels. */
interface Hints {
  /** Names that a `fit` is given as labels. */
  readonly labels: readonly string[];
  /** Names that stand for what another name stands for, or for a part of it. */
  readonly takenFrom: readonly (readonly [name: string, source: string])[];
}

/**
 * The variables that look like labels by the text alone: what stands as the second argument of a `fit`, followed back through
 * assignments and `train_test_split`. A guess that spares the analysis a run where it is right; nothing else depends on it.
 */
export function likelyLabels({ units }: Program): Set<string> {
  const hints = units.map(({ stmt }) => hintsOf(stmt));
  const sources = new Map(hints.flatMap(({ takenFrom }) => takenFrom));
  const out = new Set<string>();
  for (const name of hints.flatMap(({ labels }) => labels)) {
    const seen = new Set<string>();
    let source = name;
    for (let next = sources.get(source); next !== undefined && !seen.has(next); next = sources.get(source)) {
      seen.add(next);
      source = next;
    }
    out.add(source);
  }
  return out;
}

const hintsOf = remembered((stmt: Stmt): Hints => {
  const labels: string[] = [];
  const takenFrom: (readonly [string, string])[] = [];
  walkStmtExprs([stmt], (expr) => {
    if (expr.kind !== "call" || expr.func.kind !== "attribute" || !/^(?:partial_)?fit/.test(expr.func.attr)) return;
    const label = expr.args[1] ?? expr.keywords.find(({ name }) => name === "y")?.value;
    if (label?.kind === "name") labels.push(label.id);
  });
  walkStmts([stmt], (inner) => {
    if (inner.kind === "assign") for (const target of inner.targets) takenFrom.push(...taken(target, inner.value));
  });
  return { labels, takenFrom };
});

function taken(target: Expr, value: Expr): readonly (readonly [string, string])[] {
  if (target.kind === "name") return value.kind === "name" ? [[target.id, value.id]] : [];
  if (target.kind !== "tuple" || value.kind !== "call") return [];
  const callee = value.func.kind === "attribute" ? value.func.attr : value.func.kind === "name" ? value.func.id : "";
  if (callee !== "train_test_split") return [];
  return target.items.flatMap((item, i): [string, string][] => {
    const given = value.args[i >> 1];
    return item.kind === "name" && given?.kind === "name" ? [[item.id, given.id]] : [];
  });
}
