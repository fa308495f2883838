import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import type { Cell, Notebook } from "../notebook/notebook.ts";
import { identifier, unique } from "./identifiers.ts";

/** A run of kept units that will become one step. */
export interface Group {
  name: string;
  readonly title: string;
  readonly doc?: string;
  readonly units: number[];
  /** True when a `step` directive opened it: its border stays. */
  readonly declared: boolean;
}

/** A `step` directive: the step begins at this unit. */
export interface StepStart {
  readonly unit: number;
  readonly name: string;
  readonly doc?: string;
}

const roles = ["load", "prepare", "split", "train", "evaluate", "save"] as const;

/** Divides kept units into steps: by `step` directives, before the first one by headings, else by what statements do. */
export function group(flow: Dataflow, kept: readonly number[], starts: readonly StepStart[]): readonly Group[] {
  const ordered = [...starts].sort((a, b) => a.unit - b.unit);
  const first = ordered[0]?.unit ?? Number.POSITIVE_INFINITY;
  const taken = new Set(ordered.map((s) => s.name));
  const bare = kept.filter((unit) => unit < first);
  const out: Group[] = bareGroups(flow, bare, taken).map((g) => ({ ...g, units: [...g.units] }));
  ordered.forEach((start, i) => {
    const end = ordered[i + 1]?.unit ?? Number.POSITIVE_INFINITY;
    const units = kept.filter((unit) => unit >= start.unit && unit < end);
    out.push({
      name: start.name,
      title: start.doc ?? words(start.name),
      ...(start.doc === undefined ? {} : { doc: start.doc }),
      units,
      declared: true,
    });
  });
  return out.filter((g) => g.units.length > 0);
}

function words(name: string): string {
  const plain = name.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function bareGroups(flow: Dataflow, kept: readonly number[], taken: Set<string>): readonly Group[] {
  const headed = byHeading(flow, kept, taken);
  return headed.length > 1 ? headed : byRole(flow, kept, taken);
}

/** Sections under Markdown headings. Several headings before one statement: the last and deepest names it. */
function byHeading(flow: Dataflow, kept: readonly number[], taken: Set<string>): readonly Group[] {
  const headings = headingOfCells(flow);
  if (new Set([...headings.values()].map((h) => h.order)).size < 2) return [];
  const groups: Group[] = [];
  let order = -2;
  for (const id of kept) {
    const unit = flow.program.units[id];
    if (!unit) continue;
    // The code of a module belongs where it is imported.
    const { notebook, cell } = unit.cell.importer ?? unit.cell;
    const heading = headings.get(`${notebook.path}#${cell.index}`) ?? { order: -1, text: "" };
    const last = groups[groups.length - 1];
    if (last && heading.order === order) last.units.push(id);
    else {
      const title = heading.text || words(roleOf(flow, unit));
      groups.push({
        name: unique(identifier(title.replace(/^[\d.\s]+/, ""), "part"), taken),
        title,
        units: [id],
        declared: false,
      });
      order = heading.order;
    }
  }
  return groups;
}

function headingOfCells(flow: Dataflow): ReadonlyMap<string, { readonly order: number; readonly text: string }> {
  const out = new Map<string, { order: number; text: string }>();
  let order = 0;
  const notebooks = [...new Set(flow.program.cells.map((c) => c.notebook))];
  for (const notebook of notebooks) {
    let current: { order: number; text: string } | undefined;
    for (const cell of notebook.cells) {
      if (cell.kind === "markdown") {
        const found = cell.source.split("\n").filter((line) => /^#{1,4}\s+\S/.test(line));
        const line = found[found.length - 1];
        // The one top heading at the head of a notebook is its title, not the name of a section.
        if (line !== undefined && isTitle(notebook, cell, line)) continue;
        if (line !== undefined)
          current = {
            order: order++,
            text: line
              .replace(/^#+\s+/, "")
              .replace(/[#*_`]+/g, "")
              .trim(),
          };
      } else if (current) out.set(`${notebook.path}#${cell.index}`, current);
    }
  }
  return out;
}

/** Runs of statements of one role; a statement of an earlier role stays in the step that is open. */
function byRole(flow: Dataflow, kept: readonly number[], taken: Set<string>): readonly Group[] {
  const groups: Group[] = [];
  let rank = -1;
  for (const id of kept) {
    const unit = flow.program.units[id];
    if (!unit) continue;
    const role = roleOf(flow, unit);
    const mine = roles.indexOf(role);
    const last = groups[groups.length - 1];
    if (last && mine <= rank) last.units.push(id);
    else {
      groups.push({ name: unique(role, taken), title: words(role), units: [id], declared: false });
      rank = mine;
    }
  }
  return groups;
}

function roleOf(flow: Dataflow, unit: Unit): (typeof roles)[number] {
  const facts = flow.facts[unit.id];
  const text = unit.cell.module.text.slice(unit.stmt.span.start, unit.stmt.span.end);
  if (facts?.trace.files.some((f) => f.mode === "store")) return "save";
  if (facts?.trace.files.some((f) => f.mode === "load") || /\bload_\w+\(|\bfetch_\w+\(/.test(text)) return "load";
  if (/train_test_split\(/.test(text)) return "split";
  if (/\.fit(?:_predict|_resample)?\(/.test(text)) return "train";
  if (/\.predict(?:_proba)?\(|\.score\(|_score\(|cross_val/.test(text)) return "evaluate";
  return "prepare";
}

/** Makes one step of two neighbours; a declared name wins. */
export function mergeGroups(a: Group, b: Group): Group {
  const leading = a.declared || !b.declared ? a : b;
  return {
    name: leading.name,
    title: leading.title,
    ...(leading.doc === undefined ? {} : { doc: leading.doc }),
    units: [...a.units, ...b.units],
    declared: a.declared || b.declared,
  };
}

/** True for the first heading of a notebook when it is its only one of the first level and others follow. */
function isTitle(notebook: Notebook, cell: Cell, line: string): boolean {
  const headings = notebook.cells.flatMap((c) =>
    c.kind === "markdown" ? c.source.split("\n").filter((l) => /^#{1,4}\s+\S/.test(l)) : [],
  );
  const first = notebook.cells.find((c) => c.kind === "markdown" && /^#{1,4}\s+\S/m.test(c.source));
  return (
    first === cell && /^#\s/.test(line) && headings[0] === line && headings.filter((l) => /^#\s/.test(l)).length === 1
  );
}
