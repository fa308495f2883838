import { commonKnowledge } from "../python/knowledge/index.ts";
import type { Knowledge } from "../python/knowledge/knowledge.ts";
import { evaluate, see } from "./expressions.ts";
import type { Heap } from "./heap.ts";
import { type Binding, type Machine, newMachine, newTrace, type Signature, type Trace } from "./machine.ts";
import type { Names } from "./names.ts";
import type { Program, Unit } from "./program.ts";
import { execute, executeAll } from "./statements.ts";
import type { ObjId, Value } from "./value.ts";

/** What is known of one unit after the analysis. */
export interface UnitFacts {
  readonly unit: Unit;
  readonly trace: Trace;
  /** Names through which changed objects could be got at when the unit had run. */
  readonly mutates: ReadonlySet<string>;
  /** The value of each name it wrote, as it was right after the unit. */
  readonly written: ReadonlyMap<string, Value>;
  /** Version of each name it wrote or changed, counted from 1. */
  readonly versions: ReadonlyMap<string, number>;
}

/** The dataflow of a whole program. */
export interface Dataflow {
  readonly program: Program;
  /** What was known of libraries. */
  readonly knowledge: Knowledge;
  readonly facts: readonly UnitFacts[];
  readonly heap: Heap;
  /** Module-level names as they are at the end. */
  readonly names: Names<Binding>;
  readonly signatures: ReadonlyMap<string, Signature>;
  /** Names as they were before each unit ran: `before[unit].get(name)`. */
  readonly before: readonly Names<Binding>[];
}

/** Evaluates the program abstractly, twice: the first run finds out which variables are labels. */
export function analyse(program: Program, knowledge: Knowledge = commonKnowledge()): Dataflow {
  const first = newMachine(knowledge, new Set());
  run(first, program);
  if (first.labelsSeen.size === 0) return run(newMachine(knowledge, new Set()), program);
  return run(newMachine(knowledge, first.labelsSeen), program);
}

function run(m: Machine, program: Program): Dataflow {
  m.evaluate = (expr) => evaluate(m, expr);
  m.see = (expr) => see(m, expr);
  m.execute = (stmt) => execute(m, stmt);
  m.executeAll = (stmts) => executeAll(m, stmts);
  const facts: UnitFacts[] = [];
  const before: Names<Binding>[] = [];
  const versions = new Map<string, number>();
  for (const unit of program.units) {
    m.unit = unit.id;
    m.place = unit.stmt.span;
    m.trace = newTrace();
    m.budget = 400;
    before.push(m.names.snapshot());
    m.execute(unit.stmt);
    const mutates = namesOf(m, m.trace.mutated);
    const written = new Map<string, Value>();
    for (const name of m.trace.writes) {
      const binding = m.names.get(name);
      if (binding) written.set(name, binding.value);
    }
    const changed = new Map<string, number>();
    for (const name of new Set([...m.trace.writes, ...mutates])) {
      const version = (versions.get(name) ?? 0) + 1;
      versions.set(name, version);
      changed.set(name, version);
    }
    facts.push({ unit, trace: m.trace, mutates, written, versions: changed });
  }
  return {
    program,
    knowledge: m.knowledge,
    facts,
    heap: m.heap,
    names: m.names.snapshot(),
    signatures: m.signatures,
    before,
  };
}

/** Names through which any of these objects, made earlier, can be got at now. */
function namesOf(m: Machine, ids: ReadonlySet<ObjId>): ReadonlySet<string> {
  const out = new Set<string>();
  for (const id of ids) {
    const obj = m.heap.get(id);
    if (obj.writers.has(-1)) continue;
    for (const owner of m.heap.owners(id))
      for (const name of m.heap.get(owner).names) {
        const binding = m.names.get(name);
        if (!binding?.value.objs.has(owner)) continue;
        // Made by this unit and bound by it: a new object, not a change of one.
        if (obj.history.length === 1 && [...binding.defs].every((unit) => unit === m.unit)) continue;
        out.add(name);
      }
  }
  return out;
}
