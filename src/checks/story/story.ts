import type { Dataflow } from "../../dataflow/analyse.ts";
import type { StoryEvent } from "./events.ts";
import { evaluate } from "./expressions.ts";
import { newMachine } from "./machine.ts";
import { execute } from "./statements.ts";

/** What the notebook does with rows, in the order of the run: divides, learns, fits, asks and measures. */
export interface Story {
  readonly events: readonly StoryEvent[];
}

/**
 * Goes once over the program. A notebook in which nothing is fitted to a label has no story, and costs nothing.
 */
export function storyOf(flow: Dataflow, skipped: ReadonlyMap<number, unknown>): Story {
  if (flow.labels.size === 0 && !flow.facts.some(({ trace }) => trace.sights.some(({ kind }) => kind === "score")))
    return { events: [] };
  const m = newMachine(flow);
  m.evaluate = (expr) => evaluate(m, expr);
  m.execute = (stmts) => execute(m, stmts);
  for (const unit of flow.program.units) {
    if (skipped.has(unit.id)) continue;
    m.unit = unit.id;
    m.execute([unit.stmt]);
  }
  return { events: m.events };
}
