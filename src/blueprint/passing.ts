import type { Dataflow } from "../dataflow/analyse.ts";
import type { ObjId, Value } from "../dataflow/value.ts";

/** What is known of a value that may have to pass from one step to the next through a file; the same at every border. */
export interface Passing {
  /** Why it cannot be stored as a plain file; undefined when it can, or may. */
  readonly problem: string | undefined;
  /** The last kept statement that changes an object which the value holds in several places: two, once they have been stored. */
  readonly sharedInside: number;
  /** It holds a function or class that only its own step has. */
  readonly holdsLocal: boolean;
  /** Variables that the functions it holds are given. */
  readonly given: ReadonlySet<string>;
  /** Objects whose data it shares and that kept statements change, each with the first statement in its history and the last kept one. */
  readonly shares: readonly { readonly id: ObjId; readonly first: number; readonly last: number }[];
}

export interface PassingInput {
  readonly flow: Dataflow;
  /** Kept statements. */
  readonly kept: ReadonlySet<number>;
  /** For functions and classes that stand in a module of the product, so that files may name them: the variables that they are given. */
  givenTo(definition: object): ReadonlySet<string> | undefined;
}

/** Answers for each value, worked out once. */
export function passing({ flow, kept, givenTo }: PassingInput): {
  of(value: Value): Passing;
  /** The last kept statement that changes anything the value reaches; -1 where none does. */
  lastChange(value: Value): number;
} {
  const { heap } = flow;
  const known = new Map<Value, Passing>();
  const lasts = new Map<ObjId, number>();
  const lastOf = (id: ObjId): number => {
    const found = lasts.get(id);
    if (found !== undefined) return found;
    let last = -1;
    for (const unit of heap.get(id).history) if (unit > last && kept.has(unit)) last = unit;
    lasts.set(id, last);
    return last;
  };
  const judge = (value: Value): Passing => {
    const inside = heap.reach(value.objs);
    const given = new Set<string>();
    let holdsLocal = false;
    for (const id of inside) {
      const classes = classesOf(flow, id);
      // What its class defines travels with the class.
      const own = new Set<object>(classes.flatMap((c) => [...c.members.values()].flatMap((v) => v.callables ?? [])));
      const held = [...heap.get(id).callables].filter((callable) => !own.has(callable));
      for (const { definition } of [...held, ...classes]) {
        const names = givenTo(definition);
        if (!names) holdsLocal = true;
        for (const name of names ?? []) given.add(name);
      }
    }
    return {
      problem: cannotPass(flow, value),
      sharedInside: Math.max(-1, ...heldTwice(flow, value, inside).map(lastOf)),
      holdsLocal,
      given,
      shares: [...heap.sharing(inside)]
        .filter((id) => lastOf(id) >= 0)
        .map((id) => ({ id, first: heap.get(id).history[0] ?? -1, last: lastOf(id) })),
    };
  };
  return {
    of(value) {
      const found = known.get(value) ?? judge(value);
      known.set(value, found);
      return found;
    },
    lastChange: (value) => [...heap.reach(value.objs)].reduce((last, id) => Math.max(last, lastOf(id)), -1),
  };
}

/** Objects inside a value that it holds in several places. An estimator is stored whole, as one object graph. */
function heldTwice(flow: Dataflow, value: Value, inside: ReadonlySet<ObjId>): readonly ObjId[] {
  if (value.type === "estimator" || value.type === "results") return [];
  const holders = new Map<ObjId, number>();
  for (const id of inside)
    for (const held of flow.heap.get(id).contents) holders.set(held, (holders.get(held) ?? 0) + 1);
  return [...inside].filter((id) => !value.objs.has(id) && (flow.heap.get(id).repeated || (holders.get(id) ?? 0) >= 2));
}

const opaqueTypes: Readonly<Record<string, string>> = {
  iterator: "an iterator",
  "dict-view": "a view of a dict",
  file: "an open file",
  connection: "a database connection",
  GroupBy: "a pandas group-by object",
  figure: "a figure",
  function: "a function",
  class: "a class",
  context: "a context manager",
  indexer: "an indexer",
  accessor: "an accessor",
  plotter: "a plot accessor",
  RandomState: "a random generator",
  DMatrix: "a native data matrix",
  statsmodel: "an unfitted statsmodels model",
  "unknown-pure": "a library object",
  styler: "a styled table",
  dtype: "a dtype",
  executor: "a pool of workers",
  parallel: "a pool of workers",
  archive: "an open archive",
  hash: "a hash that is being computed",
  logger: "a logger",
  response: "the answer of a server",
  spark: "a Spark session",
  "spark-frame": "a Spark table",
  "spark-column": "a Spark column",
  "spark-group": "a Spark group-by object",
  "spark-reader": "a Spark reader",
  "spark-writer": "a Spark writer",
};

/** Why a value cannot be stored as a plain file; undefined when it can, or may. */
export function cannotPass(flow: Dataflow, value: Value): string | undefined {
  if ((value.callables?.length ?? 0) > 0) return "it is a function, and functions do not travel through files";
  const types = new Set([
    value.type,
    ...[...flow.heap.reach(value.objs)].filter((id) => !isPart(flow, value, id)).map((id) => flow.heap.get(id).type),
  ]);
  for (const type of types) {
    const named = opaqueTypes[type];
    if (named !== undefined) return `it is or holds ${named}, which cannot be stored as a plain file`;
    if (type === "unknown") return "its type is not known, so it may not survive being stored";
  }
  for (const id of flow.heap.reach(value.objs)) {
    const problem = isPart(flow, value, id) ? undefined : instanceProblem(flow, id);
    if (problem !== undefined) return problem;
  }
  if (
    flow.knowledge.typeInfo(value.type) === undefined &&
    !value.type.startsWith("instance:") &&
    value.type !== "member"
  )
    return `its type '${value.type}' is not known to be storable`;
  return undefined;
}

/** Tables that an estimator merely saw in `fit` are not stored with it as objects of their own. */
function isPart(flow: Dataflow, value: Value, id: ObjId): boolean {
  return (
    (value.type === "estimator" || value.type === "results") &&
    !value.objs.has(id) &&
    flow.heap.get(id).type !== "function"
  );
}

type NotebookClass = ReturnType<typeof classesOf>[number];

/** The notebook classes that an object may be an instance of. */
function classesOf(flow: Dataflow, id: ObjId) {
  const found = flow.heap.get(id).fields.get("__class__")?.callables ?? [];
  return found.flatMap((callable) => (callable.kind === "class" ? [callable] : []));
}

/** Methods with which a class changes how its instances are stored, made or looked at. */
const ownWays =
  /^__(?:new|del|getnewargs|getnewargs_ex|reduce|reduce_ex|getstate|setstate|getattr|getattribute|setattr|slots)__$/;

/** Why an instance of a notebook class cannot be stored by the name of its class and by its attributes. */
function instanceProblem(flow: Dataflow, id: ObjId): string | undefined {
  const { type } = flow.heap.get(id);
  if (!type.startsWith("instance:")) return undefined;
  const it = `it is an instance of the notebook class '${type.slice("instance:".length)}'`;
  const classes = classesOf(flow, id);
  if (classes.length !== 1) return `${it}, and which class that is, is not known`;
  const seen = new Set<NotebookClass>();
  const todo = [...classes];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const way = [...next.members.keys()].find((name) => ownWays.test(name));
    if (way !== undefined) return `${it}, which stores, makes or shows its instances in a way of its own ('${way}')`;
    for (const base of next.bases) {
      const inner = (base.callables ?? []).flatMap((c) => (c.kind === "class" ? [c] : []));
      todo.push(...inner);
      if (inner.length === 0 && !plainBases.test(base.member ?? base.type))
        return `${it}, and how instances of its base are stored is not known`;
    }
  }
  return undefined;
}

const plainBases = /^(?:sklearn\..*|abc\.ABC|object|builtins\.object|typing\.Protocol)$/;
