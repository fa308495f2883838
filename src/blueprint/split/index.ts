import type { Dataflow } from "../../dataflow/analyse.ts";
import { normalUnit } from "../../dataflow/normal/of-unit.ts";
import type { Bound } from "./bound.ts";
import { evaluate } from "./expressions.ts";
import type { Trouble } from "./graph.ts";
import { type Machine, newMachine, now } from "./machine.ts";
import { type Asked, type Missing, type Served, servedBy, servedOf } from "./served.ts";
import { execute } from "./statements.ts";
import { type Written, writeAll } from "./write.ts";

/** One answer as it will be written down, with what stands between the raw rows and it. */
export interface SplitAnswer {
  readonly served: Served;
  readonly written: Written;
  readonly troubles: readonly Trouble[];
  /** A directive asks for it. */
  readonly isAsked: boolean;
}

/** The split of a program: what production answers, or why it cannot. */
export interface Split {
  readonly machine: Machine;
  readonly answers: readonly SplitAnswer[];
  /** Asked for, and not there. */
  readonly missing: readonly Missing[];
}

/** Divides the kept statements into what training computes and what is computed for each raw row (fit-apply.md). */
export function split(flow: Dataflow, kept: ReadonlySet<number>, asked: readonly Asked[]): Split {
  const m = newMachine(flow);
  const results = new Map<number, Bound>();
  m.evaluate = (expr) => {
    const before = m.predictions.length;
    const value = evaluate(m, expr);
    const made = m.predictions.at(-1);
    if (m.predictions.length > before && made) results.set(made.id, value);
    return value;
  };
  m.execute = (stmts) => execute(m, stmts);
  const facts = { copyOnWrite: undefined, hasColumn: () => undefined };
  const seen = new Map<Asked, ReadonlyMap<string, Bound>>();
  const look = (at: number): void => {
    for (const one of asked)
      if (!seen.has(one) && one.unit <= at)
        seen.set(one, new Map([...m.scope.names].map(([name, held]) => [name, now(m, held)])));
  };
  for (const unit of flow.program.units) {
    const isImport = unit.stmt.kind === "import" || unit.stmt.kind === "importfrom";
    if (kept.has(unit.id) || isImport) {
      m.unit = unit.id;
      m.execute(normalUnit(flow, unit.id, facts).stmts);
    }
    look(unit.id);
  }
  look(flow.program.units.length);
  const missing: Missing[] = [];
  const chosen =
    asked.length > 0
      ? asked.flatMap((one) => servedBy(one, seen.get(one) ?? new Map(), missing) ?? [])
      : [servedOf(m, results)].flatMap((one) => one ?? []);
  const written = writeAll(chosen, m.definitions, m);
  const answers = chosen.flatMap((served, i) => {
    const one = written[i];
    if (!one) return [];
    return [
      {
        served,
        written: one,
        troubles: [...one.troubles].flatMap((id) => m.troubles.get(id) ?? []),
        isAsked: asked.length > 0,
      },
    ];
  });
  return { machine: m, answers, missing };
}
