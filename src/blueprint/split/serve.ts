import type { Dataflow } from "../../dataflow/analyse.ts";
import { report } from "../../diagnostics/catalogue.ts";
import type { Phase } from "../../diagnostics/diagnostic.ts";
import type { Intake } from "../intake.ts";
import type { LiftedData } from "../lift.ts";
import { type Pins, versionBefore } from "../requirements.ts";
import { type Assembled, assemble, historyName } from "./assemble.ts";
import { split } from "./index.ts";
import type { LookBack } from "./machine.ts";
import type { Overruled } from "./overrule.ts";
import { sayTroubles } from "./say.ts";
import type { Asked } from "./served.ts";
import { type Twin, twinsOf } from "./twins/twins.ts";

/** What the blueprint is told, and where the rows of a fit are prepared otherwise than the answered ones. */
interface Served extends Assembled {
  readonly twins: readonly Twin[];
}

/** What the model serves, and the changes of its training code; undefined where no raw row can be answered. */
export function serve(
  flow: Dataflow,
  kept: ReadonlySet<number>,
  said: Intake,
  data: LiftedData,
  pins: Pins,
): Phase<Served | undefined> {
  const places = new Map<Asked, (typeof said.serves)[number]["place"]>();
  for (const { directive, unit, place } of said.serves)
    places.set({ name: directive.name.name, unit, gives: directive.gives.map((column) => column.name) }, place);
  const isOlder = versionBefore(pins, "pandas", 3);
  const found = split(
    flow,
    kept,
    [...places.keys()],
    isOlder === undefined ? undefined : !isOlder,
    overruledBy(flow, said),
    lookBackOf(said, data),
  );
  const diagnostics = sayTroubles(found, (asked) => places.get(asked));
  if (found.answers.length === 0 || found.answers.some(({ troubles }) => troubles.length > 0))
    return { value: undefined, diagnostics };
  const value = assemble(found, (unit) =>
    data.datasets.find(({ mode, argument }) => mode === "input" && data.argumentsOf.get(unit)?.includes(argument)),
  );
  if (value) {
    const serving = places.size > 0 ? value.serving : { ...value.serving, isUnasked: true as const };
    const served = found.answers.map((answer) => answer.served);
    return { value: { ...value, serving, twins: twinsOf(found.machine, served) }, diagnostics };
  }
  // Asked for and understood, and yet there is no table of raw rows: nobody may take that for an answer.
  const [first] = found.answers;
  const lost = found.answers.flatMap(({ served }) => {
    const asked = [...places.keys()].find(({ name }) => name === served.name);
    if (!asked) return [];
    const why =
      served.source === first?.served.source
        ? "goes back to a table that the notebooks write themselves, and no further"
        : "is an answer for rows of another table than that of the answer before";
    return [report("CW3101", places.get(asked), { name: asked.name, value: asked.gives[0] ?? "", why })];
  });
  return { value: undefined, diagnostics: [...diagnostics, ...lost] };
}

/** What is declared of rows before those that are asked for; without a history a directive may still ask for answers to batches. */
function lookBackOf(said: Intake, data: LiftedData): LookBack | undefined {
  const [at] = said.intent.flatMap(({ directive }) =>
    directive.kind === "entity" && directive.at ? [directive.at] : [],
  );
  if (!at) return said.serves.length > 0 ? { units: new Set() } : undefined;
  const history = data.datasets.find(({ mode, name }) => mode === "input" && name === historyName);
  const units = [...data.argumentsOf].filter(([, names]) => history && names.includes(history.argument));
  return { at: at.name, units: new Set(units.map(([unit]) => unit)) };
}

/** What `fit` and `apply` directives say against the rules. */
function overruledBy(flow: Dataflow, said: Intake): Overruled {
  const fit = new Map<number, string[]>();
  for (const { directive, unit } of said.fits) {
    const cell = flow.program.units[unit]?.cell;
    const last = flow.program.units.findLast((one) => one.cell === cell);
    if (last) fit.set(last.id, [...(fit.get(last.id) ?? []), ...directive.names.map(({ name }) => name)]);
  }
  return { fit, apply: new Set(said.applies.map(({ unit }) => unit)) };
}
