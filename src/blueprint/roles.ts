import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import { walkStmtExprs } from "../python/walk.ts";

/** What a statement does in the making of a model, in the usual order. */
export const roles = ["load", "prepare", "split", "train", "evaluate", "save"] as const;

export type Role = (typeof roles)[number];

const calls: readonly (readonly [RegExp, Role])[] = [
  [/^(?:load|fetch)_\w+$/, "load"],
  [/^train_test_split$/, "split"],
  [/^fit(?:_predict|_resample)?$/, "train"],
  [/^(?:predict|predict_proba|score|cross_val\w*|\w+_score)$/, "evaluate"],
];

/** The role of a statement, from the files it uses and the names of what it calls. Comments and strings say nothing. */
export function roleOf(flow: Dataflow, unit: Unit): Role {
  const files = flow.facts[unit.id]?.trace.files ?? [];
  if (files.some((f) => f.mode === "store")) return "save";
  if (files.some((f) => f.mode === "load")) return "load";
  const called = new Set<string>();
  walkStmtExprs([unit.stmt], (expr) => {
    if (expr.kind !== "call") return;
    if (expr.func.kind === "attribute") called.add(expr.func.attr);
    if (expr.func.kind === "name") called.add(expr.func.id);
  });
  return calls.find(([pattern]) => [...called].some((name) => pattern.test(name)))?.[1] ?? "prepare";
}
