import type { Dataflow } from "../../dataflow/analyse.ts";
import { normalUnit } from "../../dataflow/normal/of-unit.ts";
import type { Bound } from "./bound.ts";
import { evaluate } from "./expressions.ts";
import type { Trouble } from "./graph.ts";
import { type Machine, newMachine } from "./machine.ts";
import { type Served, servedOf } from "./served.ts";
import { execute } from "./statements.ts";
import { write, type Written } from "./write.ts";

/** What production answers with, or why it cannot. */
export interface Split {
  readonly machine: Machine;
  readonly served: Served;
  readonly written: Written;
  /** What stands between the given rows and the answer. */
  readonly troubles: readonly Trouble[];
}

/** Divides the kept statements into what training computes and what is computed for each given row; undefined when nothing is served. */
export function split(flow: Dataflow, kept: ReadonlySet<number>): Split | undefined {
  const machine = newMachine(flow);
  const answers = new Map<number, Bound>();
  machine.evaluate = (expr) => {
    const before = machine.predictions.length;
    const value = evaluate(machine, expr);
    const made = machine.predictions.at(-1);
    if (machine.predictions.length > before && made) answers.set(made.id, value);
    return value;
  };
  machine.execute = (stmts) => execute(machine, stmts);
  const facts = { copyOnWrite: undefined, hasColumn: () => undefined };
  for (const unit of flow.program.units) {
    if (!kept.has(unit.id) && unit.stmt.kind !== "import" && unit.stmt.kind !== "importfrom") continue;
    machine.unit = unit.id;
    machine.execute(normalUnit(flow, unit.id, facts).stmts);
  }
  const served = servedOf(machine, answers);
  if (!served) return undefined;
  const written = write(served, machine.definitions, machine);
  const troubles = [...written.troubles].flatMap((id) => machine.troubles.get(id) ?? []);
  return { machine, served, written, troubles };
}
