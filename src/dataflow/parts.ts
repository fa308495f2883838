import type { Stmt } from "../python/ir.ts";
import { blocksOf } from "../python/walk.ts";
import type { Machine } from "./machine.ts";

/**
 * What slicing keeps or drops by itself inside a unit: a simple statement, or the head of a compound one (the test of an `if`, target and
 * iterable of a `for` …). What a function of the notebook does belongs to the part that calls it.
 */
export interface Part {
  readonly id: number;
  readonly unit: number;
  readonly stmt: Stmt;
  /** The head of the statement that it stands in. */
  readonly around: number | undefined;
  /** Parts that made, changed or set what it reads. */
  readonly needs: Set<number>;
  /** It does more than show something: it binds a name, changes an object or hidden state. */
  acts: boolean;
  /** It writes a file, or to one that is open. */
  stores: boolean;
  /** A name that it reads may have no value there. */
  unsure: boolean;
  /** A `with` whose context may swallow what its body raises, or make something of what its body does. */
  holds: boolean;
}

/** Statements with more parts than this are kept or dropped whole: the parts of one statement are compared with each other. */
const mostParts = 400;

/** True when the statements inside a unit are told apart. */
export function isSplit(stmt: Stmt): boolean {
  let count = 0;
  const todo: Stmt[] = [stmt];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (++count > mostParts) return false;
    if (next.kind === "function" || next.kind === "class") continue;
    for (const block of blocksOf(next)) todo.push(...block);
  }
  return true;
}

/** Goes on with the part that a statement is, where it is one. The caller sets `m.part` back afterwards. */
export function enterPart(m: Machine, stmt: Stmt): void {
  if (m.frame !== undefined || m.stack.length > 0 || (m.part >= 0 && !m.splits)) return;
  const around = m.part < 0 ? undefined : m.part;
  let id = m.partOf.get(stmt);
  if (id === undefined) {
    id = m.parts.length;
    m.partOf.set(stmt, id);
    m.parts.push({
      id,
      unit: m.unit,
      stmt,
      around,
      needs: new Set(),
      acts: false,
      stores: false,
      unsure: false,
      holds: false,
    });
  }
  m.part = id;
}

/** The part that runs; undefined between units. */
export function partNow(m: Machine): Part | undefined {
  return m.parts[m.part];
}

/** Notes that the part that runs needs others. */
export function needParts(m: Machine, parts: Iterable<number>): void {
  const part = partNow(m);
  if (part) for (const id of parts) if (id !== part.id) part.needs.add(id);
}

/** Who wrote something, when the part that runs writes it too: in a loop also those of this unit that wrote it before. */
export function writtenBy(m: Machine, before: ReadonlySet<number>): ReadonlySet<number> {
  if (m.looping === 0) return new Set([m.part]);
  const own = [...before].filter((id) => m.parts[id]?.unit === m.unit);
  return new Set([...own, m.part]);
}

/** The same for what was written before and is not read now, but may still be meant by others. */
export function alsoWrittenBy(m: Machine, before: ReadonlySet<number>): ReadonlySet<number> {
  return before.has(m.part) ? before : new Set([...before, m.part]);
}
