import { cite } from "../../blueprint/cite.ts";
import { shownLine } from "../../blueprint/secrets.ts";
import type { Dataflow, UnitFacts } from "../../dataflow/analyse.ts";
import { type ParsedCell, program } from "../../dataflow/program.ts";
import { byText, sorted } from "../../foundation/order.ts";
import type { Compiled } from "../compile.ts";
import { type Outcomes, outcomesOf } from "../outcomes.ts";
import type { CellNode, Edge, FileNode, ModelGraph, OutcomeNode, StatementNode, Versioned } from "./model.ts";

/** The graph of one compiled model; a model that could not even be analysed has its cells and no statements. */
export function describeModel(compiled: Compiled): ModelGraph {
  const { model, chain, flow, built } = compiled;
  const outcomes = flow && outcomesOf(flow, built);
  const before = flow ? versionsBefore(flow) : [];
  // The same notebook may run twice: its cells are told apart by where they stand in the chain.
  const statements = new Map<ParsedCell, StatementNode[]>();
  for (const facts of flow?.facts ?? []) {
    const node = describeUnit(facts, before[facts.unit.id] ?? new Map(), outcomes as Outcomes);
    statements.set(facts.unit.cell, [...(statements.get(facts.unit.cell) ?? []), node]);
  }
  const cells = (flow?.program ?? program(chain.cells)).cells;
  return {
    model: model.name,
    built: built !== undefined,
    notebooks: [...new Set(chain.notebooks.map((n) => n.notebook.path))],
    cells: cells.map((cell) => describeCell(cell, statements.get(cell) ?? [])),
    edges: flow ? edgesOf(flow) : [],
  };
}

function describeCell(parsed: ParsedCell, statements: readonly StatementNode[]): CellNode {
  const { cell, notebook } = parsed;
  return {
    notebook: notebook.path,
    cell: cell.index,
    cellId: cell.id,
    ...(cell.title === undefined ? {} : { title: cell.title }),
    magics: cell.magics.map(({ name, policy, why, span }) => ({
      line: cell.place(span).line,
      name,
      policy: policy.kind,
      why,
    })),
    statements,
  };
}

/** For each statement the version of every name that was bound when it ran. */
function versionsBefore(flow: Dataflow): readonly ReadonlyMap<string, number>[] {
  const now = new Map<string, number>();
  return flow.facts.map((facts) => {
    const bound = flow.before[facts.unit.id];
    const seen = new Map([...facts.trace.reads].map((name) => [name, bound?.has(name) ? (now.get(name) ?? 0) : 0]));
    for (const [name, version] of facts.versions) now.set(name, version);
    return seen;
  });
}

function describeUnit(facts: UnitFacts, before: ReadonlyMap<string, number>, outcomes: Outcomes): StatementNode {
  const { unit, trace, versions, written } = facts;
  const at = cite(unit);
  const versioned = (names: Iterable<string>, of: ReadonlyMap<string, number>): readonly Versioned[] =>
    sorted(names).map((name) => ({ name, version: of.get(name) ?? 0 }));
  return {
    id: unit.id,
    line: at.line,
    endLine: at.endLine,
    text: shownLine(unit),
    reads: versioned(new Set([...trace.reads, ...trace.undefined.keys()]), before),
    writes: versioned(trace.writes, versions).map((write) => {
      const type = written.get(write.name)?.type;
      return type === undefined || type === "unknown" || type === "undefined" ? write : { ...write, type };
    }),
    mutates: versioned(facts.mutates, versions),
    deletes: sorted(trace.deletes),
    draws: sorted(trace.draws),
    hiddenReads: sorted(trace.tokenReads),
    hiddenWrites: sorted(trace.tokenWrites),
    displays: trace.shows.length > 0 || (unit.stmt.kind === "expr" && trace.display),
    files: trace.files.map((file): FileNode => ({ mode: file.mode, path: file.path ?? null, callee: file.callee })),
    unknownCalls: sorted(trace.unknownCalls.keys()),
    refusals: [...new Set(trace.refusals.map((r) => r.what))],
    outcome: outcomeNode(unit.id, outcomes),
  };
}

function outcomeNode(unit: number, outcomes: Outcomes): OutcomeNode {
  const outcome = outcomes.of(unit);
  if (outcome.kind === "undecided" || outcome.kind === "dropped") return outcome;
  const path = outcomes.path(unit);
  const root = path.at(-1);
  return {
    kind: "kept",
    as: outcome.kind,
    ...(outcome.kind === "step" ? { step: outcome.step } : {}),
    ...(outcome.kind === "parameter" ? { parameter: outcome.name } : {}),
    why: path.slice(0, -1).map((link) => ({ statement: link.unit, for: link.what })),
    ...(root ? { output: root.what } : {}),
  };
}

function edgesOf(flow: Dataflow): readonly Edge[] {
  return flow.facts.flatMap(({ unit, trace }) =>
    [...trace.deps]
      .filter((from) => from >= 0)
      .sort((a, b) => a - b)
      .map((from) => ({ from, to: unit.id, names: [...(trace.why.get(from) ?? [])].sort(byText) })),
  );
}
