import { placeOf } from "../blueprint/cite.ts";
import type { Unit } from "../dataflow/program.ts";
import type { DrawSight } from "../dataflow/sights.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";
import { homesOf } from "./homes.ts";
import { leavesSomething, outputsOf, reaching } from "./outputs.ts";

const seeds = {
  numpy: "pass random_state= to it, or call np.random.seed(…) before anything is drawn",
  part: "pass random_state= to it, or call np.random.seed(…) before anything is drawn",
  python: "call random.seed(…) before it",
  own: "give the generator a seed",
} as const;

/**
 * Random numbers that nobody seeded reach what production hands out: every run gives another result. Said where the seed belongs:
 * at the draw, or where the estimator or splitter that draws is made. A `seed` directive settles it.
 */
export function* unseededDraws(c: Case): Iterable<Diagnostic> {
  const { flow, kept, asked } = c;
  const { units } = flow.program;
  const draws = flow.facts.flatMap(({ unit, trace }) =>
    kept.has(unit.id) ? trace.sights.flatMap((sight) => (sight.kind === "draw" ? { unit, sight } : [])) : [],
  );
  if (draws.length === 0 || asked.seeds.length > 0) return;
  const reached = reaching(c, outputsOf(c));
  const homes = homesOf(units, new Set(draws.flatMap(({ sight }) => sight.at.definition ?? [])));
  const said = new Set<string>();
  for (const { unit, sight } of draws) {
    const { at, generator } = sight;
    const output = reached.get(unit.id);
    const home = at.definition ? homes.get(at.definition)?.unit : units[at.unit];
    if (!output || !home || said.has(key(home, sight)) || !leavesSomething(c, unit.id)) continue;
    said.add(key(home, sight));
    const { callee, span } = at;
    yield report("CW4011", placeOf(home, span), { callee, output: output.wording, seed: seeds[generator] });
  }
}

/** One seed settles all that a cell draws from a global generator; each part and each generator of its own needs one. */
function key({ cell }: Unit, { at, generator }: DrawSight): string {
  const part = generator === "part" || generator === "own" ? at.span.start : "";
  return `${cell.notebook.path}:${cell.cell.index}:${generator}:${part}`;
}
