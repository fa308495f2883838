import type { Dataflow } from "../dataflow/analyse.ts";
import type { Dropped, Import } from "./blueprint.ts";
import { cite } from "./cite.ts";
import type { Definitions } from "./definitions.ts";
import type { HelpersPlan } from "./helpers.ts";
import type { Intake } from "./intake.ts";
import { onlyShows } from "./roots.ts";
import { shownText } from "./secrets.ts";

/** Everything that does not reach the product, each statement with its reason. */
export function droppedOf(
  flow: Dataflow,
  defs: Definitions,
  intake: Intake,
  kept: ReadonlySet<number>,
  sliced: ReadonlySet<number>,
  helpers: HelpersPlan,
  imports: readonly Import[],
): readonly Dropped[] {
  const used = new Set(imports.map((i) => i.local));
  const helperUnits = new Set([...helpers.byName.values()].map((h) => h.unit.id));
  return flow.facts.flatMap((facts): Dropped[] => {
    const { unit, trace } = facts;
    if (kept.has(unit.id) && defs.kindOf(unit.id) === "variable") return [];
    const say = (reason: Dropped["reason"], detail: string): Dropped[] => [
      { cite: cite(unit), text: shownText(unit).split("\n")[0]?.slice(0, 80) ?? "", reason, detail },
    ];
    if (defs.kindOf(unit.id) === "import")
      return [...trace.writes].some((name) => used.has(name))
        ? []
        : say("unused import", "nothing that is kept uses it");
    if (helperUnits.has(unit.id)) return [];
    if (defs.kindOf(unit.id) === "definition") return say("unused definition", "nothing that is kept calls it");
    if (intake.skipped.has(unit.id)) return say("skipped", "marked 'skip'");
    if (trace.declares.length > 0)
      return say("folded", `its default went to the parameter ${trace.declares.join(", ")}`);
    if (sliced.has(unit.id)) return say("folded", "its value went into the place of a dataset");
    if (onlyShows(facts)) return say("display", "it only shows something");
    const names = [...trace.writes, ...(flow.facts[unit.id]?.mutates ?? [])];
    return say(
      "exploratory",
      names.length > 0
        ? `nothing that is kept needs ${[...new Set(names)].slice(0, 4).join(", ")}`
        : "nothing that is kept depends on it",
    );
  });
}
