import type { NameExpr } from "../python/ir.ts";
import { commonKnowledge } from "../python/knowledge/index.ts";
import type { Knowledge } from "../python/knowledge/knowledge.ts";
import { evaluate, see } from "./expressions.ts";
import { limitsOf } from "./given-up.ts";
import type { Heap, Obj } from "./heap.ts";
import { likelyLabels } from "./labels.ts";
import { type Binding, type Machine, newMachine, type Signature } from "./machine.ts";
import type { Names } from "./names.ts";
import { operate } from "./operate.ts";
import { isSplit, type Part } from "./parts.ts";
import type { Program, Unit } from "./program.ts";
import { execute, executeAll } from "./statements.ts";
import { newTrace, type Trace } from "./trace.ts";
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
  /** Parts of all units, by id: what slicing keeps or drops by itself. */
  readonly parts: readonly Part[];
  /** Variables that some fit learns. */
  readonly labels: ReadonlySet<string>;
  /** Variables whose last version the notebook makes in a part that has been left out of this program. */
  readonly stale: ReadonlySet<string>;
  /** Module-level names as they are at the end. */
  readonly names: Names<Binding>;
  readonly signatures: ReadonlyMap<string, Signature>;
  /** For each use of a module-level name that was evaluated the units whose binding it met; `builtin` where none had bound it. */
  readonly met: ReadonlyMap<NameExpr, ReadonlySet<number>>;
  /** Names as they were before each unit ran: `before[unit].get(name)`. */
  readonly before: readonly Names<Binding>[];
}

/**
 * Evaluates the program abstractly. A run finds out which variables are labels; where these are not those that it was begun with, the
 * next one begins with them.
 */
export function analyse(program: Program, knowledge: Knowledge = commonKnowledge()): Dataflow {
  const first = newMachine(knowledge, likelyLabels(program));
  const found = run(first, program);
  const isRight =
    first.labels.size === first.labelsSeen.size && [...first.labels].every((l) => first.labelsSeen.has(l));
  return isRight ? found : run(newMachine(knowledge, first.labelsSeen), program);
}

/** The dataflow of a program that differs from an analysed one in what some of its units leave out. */
export function analyseAgain(flow: Dataflow, program: Program): Dataflow {
  return run(newMachine(flow.knowledge, new Set(flow.labels)), program);
}

function run(m: Machine, program: Program): Dataflow {
  m.evaluate = (expr) => evaluate(m, expr);
  m.operate = (value) => operate(m, value);
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
    m.budget = limitsOf(m.givenUp).followed;
    m.part = -1;
    m.splits = isSplit(unit.stmt);
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
  const { knowledge, heap, signatures, met, parts, labels } = m;
  const names = m.names.snapshot();
  return { program, knowledge, facts, heap, parts, labels, stale: new Set(), names, signatures, met, before };
}

/** Names through which any of these objects, made earlier, can be got at now. */
function namesOf(m: Machine, ids: ReadonlySet<ObjId>): ReadonlySet<string> {
  const known = [...ids].map((id) => m.heap.get(id)).filter((obj) => !obj.writers.has(-1));
  const isNew = (obj: Obj): boolean => obj.history.length === 1;
  const out = new Set(
    holdersOf(
      m,
      known.filter((obj) => !isNew(obj)),
    ).keys(),
  );
  // Made by this unit and bound by it: a new object, not a change of one.
  for (const [name, { defs }] of holdersOf(m, known.filter(isNew)))
    if ([...defs].some((unit) => unit !== m.unit)) out.add(name);
  return out;
}

/** Names from which any of these objects can be got at, with their bindings. */
function holdersOf(m: Machine, objects: readonly Obj[]): ReadonlyMap<string, Binding> {
  const out = new Map<string, Binding>();
  for (const owner of m.heap.owners(objects.map(({ id }) => id)))
    for (const name of m.heap.get(owner).names) {
      const binding = m.names.get(name);
      if (binding?.value.objs.has(owner)) out.set(name, binding);
    }
  return out;
}
