import { placeOf } from "../blueprint/cite.ts";
import type { DrawSight } from "../dataflow/sights.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";
import { leavesSomething, outputsOf, reaching } from "./outputs.ts";

const seeds = {
  numpy: "pass random_state= to it, or call np.random.seed(…) before anything is drawn",
  python: "call random.seed(…) before it",
  own: "give the generator a seed",
} as const;

/**
 * Random numbers that nobody seeded reach what production hands out: every run gives another result. Said where the seed belongs:
 * at the draw, or where the estimator or splitter that draws is made. A `seed` directive settles it.
 */
export function* unseededDraws(c: Case): Iterable<Diagnostic> {
  const { flow, kept, asked } = c;
  const draws = flow.facts.flatMap(({ unit, trace }) =>
    kept.has(unit.id) ? trace.sights.flatMap((sight) => (sight.kind === "draw" ? { unit: unit.id, sight } : [])) : [],
  );
  if (draws.length === 0 || asked.seeds.length > 0) return;
  const reached = reaching(c, outputsOf(c));
  const said = new Set<string>();
  for (const { unit, sight } of draws) {
    const output = reached.get(unit);
    const at = flow.program.units[sight.at.unit];
    if (!output || !at || said.has(key(sight)) || !leavesSomething(c, unit)) continue;
    said.add(key(sight));
    yield report("CW4011", placeOf(at, sight.at.span), {
      callee: sight.at.callee,
      output: output.wording,
      seed: seeds[sight.generator],
    });
  }
}

/** Said once for each part that draws, and once for all that a statement draws by itself. */
function key({ at, generator, span }: DrawSight): string {
  return at.span.start === span.start ? `${at.unit}:${generator}` : `${at.unit}:${at.span.start}`;
}
