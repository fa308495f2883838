import type { Dataflow, UnitFacts } from "../../src/dataflow/analyse.ts";

/** What record.py saw one statement do. */
export interface Observed {
  readonly unit: number;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly deletes: readonly string[];
  /** Names that reached an object which the statement changed. */
  readonly mutates: readonly string[];
  /** Hidden state that it changed: `random.numpy`, `random.python`, `environment`. */
  readonly hidden: readonly string[];
  /** The error that ended it. */
  readonly problem?: string;
}

/** A unit and a name: what it was seen to do and nobody had said, or what was said and never seen. */
export interface Finding {
  readonly unit: number;
  readonly what: "read" | "write" | "delete" | "mutation" | "hidden";
  readonly name: string;
}

export interface Judgement {
  /** Statements that ran. */
  readonly ran: number;
  /** Reads, writes, deletes and mutations that were observed. */
  readonly observed: number;
  /** Observed, and not among the static facts. */
  readonly missed: readonly Finding[];
  /** Pairs of a statement that ran to its end and a name that it claims to change. */
  readonly claims: number;
  /** Claims that were not observed. */
  readonly unseen: readonly Finding[];
  /** Observed in statements that the analysis refuses: there it claims to know nothing. */
  readonly refused: number;
}

/** Holds the static facts of a program against what was observed of it. */
export function judge(flow: Dataflow, lines: readonly Observed[]): Judgement {
  const missed: Finding[] = [];
  const unseen: Finding[] = [];
  let observed = 0;
  let claims = 0;
  let refused = 0;
  for (const line of lines) {
    const facts = flow.facts[line.unit];
    if (!facts) continue;
    const found = seen(line);
    observed += found.length;
    const missing = found.filter((finding) => !isCovered(facts, finding));
    if (facts.trace.refusals.length > 0) refused += missing.length;
    else missed.push(...missing);
    if (line.problem !== undefined) continue;
    claims += facts.mutates.size;
    const mutated = new Set(line.mutates);
    for (const name of facts.mutates) if (!mutated.has(name)) unseen.push({ unit: line.unit, what: "mutation", name });
  }
  return { ran: lines.length, observed, missed, claims, unseen, refused };
}

function seen({ unit, reads, writes, deletes, mutates, hidden }: Observed): readonly Finding[] {
  const all = (what: Finding["what"], names: readonly string[]) => names.map((name) => ({ unit, what, name }));
  return [
    ...all("read", reads),
    ...all("write", writes),
    ...all("delete", deletes),
    ...all("mutation", mutates),
    ...all("hidden", hidden),
  ];
}

function isCovered({ trace, mutates }: UnitFacts, { what, name }: Finding): boolean {
  switch (what) {
    case "read":
      // After a star import or `exec` the analysis says that any name may be another one.
      return trace.reads.has(name) || trace.tokenReads.has("namespace");
    case "write":
      return trace.writes.has(name);
    case "delete":
      return trace.deletes.has(name);
    case "mutation":
      return mutates.has(name) || trace.writes.has(name);
    case "hidden":
      return trace.tokenWrites.has(name);
  }
}
