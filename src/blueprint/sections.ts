import type { Dataflow } from "../dataflow/analyse.ts";
import type { ParsedCell, Unit } from "../dataflow/program.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { type Heading, headingsOf } from "./headings.ts";
import { type Role, roleOf, roles } from "./roles.ts";

/** A run of kept units that will become one step. */
export interface Group {
  /** What a `step` directive calls it; a step without one is named when all borders stand. */
  readonly name?: string;
  readonly title: string;
  readonly doc?: string;
  readonly units: number[];
  /** What its statements do, where that divides. */
  readonly role?: Role;
  /** The heading it stands under, where one divides. */
  readonly under?: Section;
}

/** A heading that divides, with the one above it. */
export interface Section {
  readonly text: string;
  readonly parent?: string;
}

/** A `step` directive: the step begins at this unit. */
export interface StepStart {
  readonly unit: number;
  readonly name: string;
  readonly doc?: string;
}

/**
 * Divides kept units into steps: by `step` directives; before the first one by headings; what stands under none by what
 * statements do. A border depends on what stands before it and on the headings alone, so that edits elsewhere leave it where it is.
 */
export function group(flow: Dataflow, kept: readonly number[], starts: readonly StepStart[]): readonly Group[] {
  const ordered = [...starts].sort((a, b) => a.unit - b.unit);
  const first = ordered[0]?.unit ?? Number.POSITIVE_INFINITY;
  const bare = kept.filter((unit) => unit < first);
  const declared = ordered.map((start, i): Group => {
    const end = ordered[i + 1]?.unit ?? Number.POSITIVE_INFINITY;
    return {
      name: start.name,
      title: start.doc ?? sentence(start.name),
      ...(start.doc === undefined ? {} : { doc: start.doc }),
      units: kept.filter((unit) => unit >= start.unit && unit < end),
    };
  });
  return [...bareGroups(flow, bare), ...declared].filter((g) => g.units.length > 0);
}

/** `some_words` as a title: `Some words`. */
export function sentence(name: string): string {
  const plain = name.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function bareGroups(flow: Dataflow, kept: readonly number[]): readonly Group[] {
  const sectionOf = sections(flow, kept);
  const runs: { readonly section: Section | undefined; readonly notebook: string; readonly units: Unit[] }[] = [];
  for (const id of kept) {
    const unit = flow.program.units[id];
    if (!unit) continue;
    const cell = cellOf(unit);
    const section = sectionOf.get(cell);
    const notebook = ranBy(cell);
    const last = runs[runs.length - 1];
    if (last && last.section === section && last.notebook === notebook) last.units.push(unit);
    else runs.push({ section, notebook, units: [unit] });
  }
  // One section that holds everything divides nothing.
  const dividing = runs.length > 1;
  return runs.flatMap(({ section, units }): readonly Group[] =>
    section && dividing
      ? [{ title: section.text, units: units.map((unit) => unit.id), under: section }]
      : byRole(flow, units),
  );
}

/** The cell a statement belongs to: that of a module belongs where it is imported. */
function cellOf({ cell }: Unit): ParsedCell {
  return cell.importer ?? cell;
}

/** The notebook of the chain in whose run a cell stands. */
function ranBy(cell: ParsedCell): string {
  return cell.run ?? cell.notebook.path;
}

/**
 * The section of each code cell that stands under a heading which divides. Of several headings above a cell the last one counts.
 * What `%run` brings belongs to the section in which it is run; without one its own headings divide.
 */
function sections(flow: Dataflow, kept: readonly number[]): ReadonlyMap<ParsedCell, Section> {
  const firstKept = new Map<Notebook, number>();
  for (const id of kept) {
    const unit = flow.program.units[id];
    const cell = unit && cellOf(unit);
    if (cell && !firstKept.has(cell.notebook)) firstKept.set(cell.notebook, cell.cell.index);
  }
  const own = new Map<Notebook, readonly (Section | undefined)[]>();
  const out = new Map<ParsedCell, Section>();
  let running: Section | undefined;
  for (const cell of flow.program.cells.toReversed()) {
    if (cell.importer) continue;
    const { notebook } = cell;
    const known = own.get(notebook) ?? sectionsByCell(notebook, firstKept.get(notebook) ?? 0);
    own.set(notebook, known);
    const mine = known[cell.cell.index];
    if (ranBy(cell) === notebook.path) running = mine;
    const section = ranBy(cell) === notebook.path ? mine : (running ?? mine);
    if (section) out.set(cell, section);
  }
  return out;
}

/** By index of the cell the section it stands in. */
function sectionsByCell(notebook: Notebook, firstKept: number): readonly (Section | undefined)[] {
  const out: (Section | undefined)[] = [];
  const headings = dividingHeadings(headingsOf(notebook), firstKept);
  headings.forEach(({ cell, section }, i) => {
    const end = headings[i + 1]?.cell ?? (notebook.cells[notebook.cells.length - 1]?.index ?? 0) + 1;
    for (let index = cell; index < end; index++) out[index] = section;
  });
  return out;
}

function dividingHeadings(
  headings: readonly Heading[],
  firstKept: number,
): readonly { readonly cell: number; readonly section: Section }[] {
  const above: Heading[] = [];
  return headings.flatMap((heading, i) => {
    while ((above[above.length - 1]?.level ?? 0) >= heading.level) above.pop();
    const parent = above[above.length - 1];
    above.push(heading);
    if (i === 0 && isTitle(heading, headings[1], firstKept)) return [];
    return [{ cell: heading.cell, section: { text: heading.text, ...(parent ? { parent: parent.text } : {}) } }];
  });
}

/** True for the first heading of a notebook where all that is kept comes later and the next heading, if any, is deeper. */
function isTitle(first: Heading, second: Heading | undefined, firstKept: number): boolean {
  return first.cell <= firstKept && (second === undefined || first.level < second.level);
}

/** Runs of statements of one role; a statement of an earlier role stays in the step that is open. */
function byRole(flow: Dataflow, units: readonly Unit[]): readonly Group[] {
  const groups: Group[] = [];
  let rank = -1;
  for (const unit of units) {
    const role = roleOf(flow, unit);
    const mine = roles.indexOf(role);
    const last = groups[groups.length - 1];
    if (last && mine <= rank) last.units.push(unit.id);
    else {
      groups.push({ title: sentence(role), units: [unit.id], role });
      rank = mine;
    }
  }
  return groups;
}
