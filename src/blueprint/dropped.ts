import type { Dataflow, UnitFacts } from "../dataflow/analyse.ts";
import { unionAll } from "../dataflow/columns/column-set.ts";
import { columnStory, columnsText } from "../dataflow/columns/story.ts";
import { freeUses } from "../dataflow/free-names.ts";
import type { Dropped, Import } from "./blueprint.ts";
import { cite } from "./cite.ts";
import type { Definitions } from "./definitions.ts";
import type { HelpersPlan } from "./helpers.ts";
import type { Intake } from "./intake.ts";
import type { LeftOut } from "./reduce.ts";
import { onlyShows } from "./roots.ts";
import { shownLine } from "./secrets.ts";

export interface DroppedInput {
  readonly flow: Dataflow;
  readonly defs: Definitions;
  readonly intake: Intake;
  readonly kept: ReadonlySet<number>;
  readonly sliced: ReadonlySet<number>;
  readonly helpers: HelpersPlan;
  readonly imports: readonly Import[];
  /** Statements inside of kept ones. */
  readonly leftOut: readonly LeftOut[];
}

/** Everything that does not reach the product, each statement with its reason. */
export function droppedOf(input: DroppedInput): readonly Dropped[] {
  const { flow, defs, intake, kept, sliced, helpers, imports } = input;
  const inside = Map.groupBy(input.leftOut, (left) => left.unit.id);
  const used = new Set(imports.map((i) => i.local));
  const helperUnits = new Set([...helpers.byName.values()].map((h) => h.unit.id));
  return flow.facts.flatMap((facts): Dropped[] => {
    const { unit, trace } = facts;
    // What a module defines for others is no statement of the notebook.
    if (unit.cell.importer) return [];
    if (kept.has(unit.id) && defs.kindOf(unit.id) === "variable") return (inside.get(unit.id) ?? []).map(fromInside);
    const say = (reason: Dropped["reason"], detail: string): Dropped[] => [
      { cite: cite(unit), text: shownLine(unit), reason, detail },
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
    const column = unusedColumns(flow, facts, sliced);
    if (column !== undefined) return say("unused column", column);
    return say("exploratory", notNeeded([...trace.writes, ...facts.mutates]));
  });
}

/** What is said of a statement that only writes columns which nobody reads afterwards, of tables that are kept. */
function unusedColumns(flow: Dataflow, facts: UnitFacts, kept: ReadonlySet<number>): string | undefined {
  const written = columnStory(flow, facts).writes.filter(({ obj }) =>
    flow.heap.get(obj).history.some((unit) => kept.has(unit)),
  );
  const [first] = written;
  if (!first || written.some(({ columns }) => columns.cofinite)) return undefined;
  const columns = unionAll(written.map((table) => table.columns));
  const tables = [...new Set(written.map(({ names }) => names[0] ?? ""))].join(", ");
  const isOne = columns.labels.size === 1;
  return `${isOne ? "column" : "columns"} ${columnsText(columns)} of ${tables} ${isOne ? "is" : "are"} not used by anything that production keeps`;
}

/** A statement that was left out of a kept one. */
function fromInside({ unit, stmt, shows }: LeftOut): Dropped {
  const part = { ...unit, stmt };
  const text = shownLine(part);
  const names = freeUses([stmt]).flatMap((use) => (use.mode === "load" ? [] : [use.id]));
  return shows
    ? { cite: cite(part), text, inside: true, reason: "display", detail: "it only shows something" }
    : { cite: cite(part), text, inside: true, reason: "exploratory", detail: notNeeded(names) };
}

function notNeeded(names: readonly string[]): string {
  return names.length > 0
    ? `nothing that is kept needs ${[...new Set(names)].slice(0, 4).join(", ")}`
    : "nothing that is kept depends on it";
}
