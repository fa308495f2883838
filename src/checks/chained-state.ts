import { placeOf } from "../blueprint/cite.ts";
import type { UnitFacts } from "../dataflow/analyse.ts";
import type { Binding } from "../dataflow/machine.ts";
import type { Unit } from "../dataflow/program.ts";
import { isStoredName } from "../dataflow/stores.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { baseName } from "../foundation/paths.ts";
import type { Case } from "./case.ts";

/** Hidden state that a later notebook feels, as a person would call it. */
const state: readonly (readonly [RegExp, string])[] = [
  [/^random\.numpy$/, "the state of numpy's random generator"],
  [/^random\.python$/, "the state of Python's random generator"],
  [/^environment$/, "environment variables"],
  [/^settings:os\.chdir$/, "the working directory"],
  [/^display$/, "display options"],
];

/** Something that one run leaves in the session and a later one takes. */
interface Borrowed {
  /** The variable; undefined for hidden state. */
  readonly name?: string;
  readonly wording: string;
  readonly from: Unit;
}

/** The notebook of crosswalk.yaml in whose run a cell stands: the cells that `%run` brings belong to the run that has it. */
const runOf = (unit: Unit): string => unit.cell.run ?? unit.cell.notebook.path;

/** A notebook of a chain takes names or hidden state from the live session of an earlier one: by itself it stops, or computes something else. */
export function* chainedState({ flow, asked, defs }: Case): Iterable<Diagnostic> {
  const { units } = flow.program;
  const [start] = units;
  if (!start || units.every((unit) => runOf(unit) === runOf(start))) return;
  const taken = new Map<string, { readonly unit: Unit; readonly all: Map<string, Borrowed> }>();
  const seeded = new Map<string, Unit>();
  for (const facts of flow.facts) {
    const { unit, trace } = facts;
    for (const borrowed of asked.skipped.has(unit.id) ? [] : borrowedBy(units, flow.before[unit.id], facts, seeded)) {
      const entry = taken.get(runOf(unit)) ?? { unit, all: new Map<string, Borrowed>() };
      if (!entry.all.has(borrowed.wording)) entry.all.set(borrowed.wording, borrowed);
      taken.set(runOf(unit), entry);
    }
    for (const generator of trace.seeds) seeded.set(`random.${generator}`, unit);
  }
  for (const [run, { unit, all }] of taken) {
    const [first] = all.values();
    const use = defs.uses(unit.id).find(({ id, mode }) => id === first?.name && mode === "load");
    if (!first) continue;
    yield report("CW4009", placeOf(unit, use?.span), {
      notebook: baseName(run),
      earlier: baseName(runOf(first.from)),
      what: listed([...all.keys()]),
    });
  }
}

function* borrowedBy(
  units: readonly Unit[],
  before: Pick<ReadonlyMap<string, Binding>, "get"> | undefined,
  { unit, trace }: UnitFacts,
  seeded: ReadonlyMap<string, Unit>,
): Iterable<Borrowed> {
  const run = runOf(unit);
  for (const name of trace.reads) {
    if (isStoredName(name)) continue;
    const makers = [...(before?.get(name)?.defs ?? [])].flatMap((id) => units[id] ?? []);
    const [from] = makers;
    if (from && makers.every((one) => runOf(one) !== run)) yield { name, wording: `'${name}'`, from };
  }
  for (const token of trace.tokenReads) {
    const wording = state.find(([pattern]) => pattern.test(token))?.[1];
    if (wording === undefined) continue;
    const isRandom = token.startsWith("random.");
    // Of a generator only the seed is taken on purpose: one that nobody seeded is the matter of another law.
    if (isRandom && trace.draws.size === 0) continue;
    const from = isRandom
      ? seeded.get(token)
      : [...trace.deps].flatMap((id) => units[id] ?? []).find((one) => trace.why.get(one.id)?.has(token));
    if (from && runOf(from) !== run) yield { wording, from };
  }
}

function listed(what: readonly string[]): string {
  const shown = what.slice(0, 5);
  const more = what.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]}`;
}
