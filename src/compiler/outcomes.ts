import type { Cite, Dropped } from "../blueprint/blueprint.ts";
import type { Built } from "../blueprint/build.ts";
import { cite } from "../blueprint/cite.ts";
import { shownLine } from "../blueprint/secrets.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";

/** What came of one statement. `undecided`: no product could be made of the model, so nothing was chosen. */
export type Outcome =
  | { readonly kind: "step"; readonly step: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "helper" | "constant" | "import" }
  | { readonly kind: "dropped"; readonly reason: Dropped["reason"]; readonly detail: string }
  | { readonly kind: "undecided" };

/** One link of the path from a statement to something that production keeps. */
export interface Link {
  /** The statement that needs what came before. */
  readonly unit: number;
  /** The names, calls and hidden state it is needed for; for the last link, what is kept there ("prediction: scores"). */
  readonly what: string;
}

/** The outcomes of a program's statements. */
export interface Outcomes {
  of(unit: number): Outcome;
  /** From the statement itself to the root it is kept for; empty for a statement that is not kept. The last link is the root. */
  path(unit: number): readonly Link[];
}

/** Says of each statement where it went: `built` is undefined where no product could be made. */
export function outcomesOf(flow: Dataflow, built: Built | undefined): Outcomes {
  if (!built) return { of: () => ({ kind: "undecided" }), path: () => [] };
  const dropped = matchDropped(flow, built);
  const { blueprint } = built;
  const parameters = new Map(blueprint.parameters.map((p) => [key(p.cite), p.name]));
  const constants = new Set(blueprint.helpers.filter((h) => h.kind === "constant").map((h) => key(h.code.cite)));
  return {
    of(id) {
      const drop = dropped.get(id);
      if (drop) return { kind: "dropped", reason: drop.reason, detail: drop.detail };
      const step = built.stepOf.get(id);
      if (step !== undefined) return { kind: "step", step };
      const unit = flow.program.units[id];
      if (!unit) return { kind: "undecided" };
      const { kind } = unit.stmt;
      if (kind === "import" || kind === "importfrom" || kind === "try") return { kind: "import" };
      const at = key(cite(unit));
      const name = parameters.get(at);
      const writes = flow.facts[id]?.trace.writes;
      if (name !== undefined && writes?.has(name)) return { kind: "parameter", name };
      if (constants.has(at)) return { kind: "constant" };
      // A name that one constant and one parameter of the same line share is told apart by what it writes.
      for (const p of blueprint.parameters)
        if (kind === "assign" && writes?.has(p.name)) return { kind: "parameter", name: p.name };
      return { kind: kind === "assign" && !isLambda(unit) ? "constant" : "helper" };
    },
    path(id) {
      const out: Link[] = [];
      const seen = new Set<number>();
      for (let next = built.kept.get(id); next && !seen.has(next.unit); ) {
        seen.add(next.unit);
        out.push({ unit: next.by ?? next.unit, what: next.what });
        next = next.by === undefined ? undefined : built.kept.get(next.by);
      }
      return out;
    },
  };
}

function isLambda(unit: Unit): boolean {
  return unit.stmt.kind === "assign" && unit.stmt.value.kind === "lambda";
}

function key(at: Cite): string {
  return `${at.notebook}\0${at.cellId}\0${at.line}-${at.endLine}`;
}

/** The dropped statements by unit. They cite places only, so equal places are dealt out in the order of the program. */
function matchDropped(flow: Dataflow, built: Built): ReadonlyMap<number, Dropped> {
  const waiting = new Map<string, Dropped[]>();
  for (const drop of built.blueprint.dropped) {
    if (drop.inside) continue;
    const at = `${key(drop.cite)}\0${drop.text}`;
    waiting.set(at, [...(waiting.get(at) ?? []), drop]);
  }
  const out = new Map<number, Dropped>();
  for (const unit of flow.program.units) {
    if (built.stepOf.has(unit.id)) continue;
    const next = waiting.get(`${key(cite(unit))}\0${shownLine(unit)}`)?.shift();
    if (next) out.set(unit.id, next);
  }
  return out;
}
