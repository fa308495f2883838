import { report } from "../diagnostics/catalogue.ts";
import type { Host } from "../foundation/host.ts";
import { digestOf } from "./digest.ts";
import { Cycle, Moved } from "./interrupt.ts";
import type { Action, ActionRecord, Engine, Read, Reader, Result } from "./query.ts";
import { createSources, isSource, type Settled, sourceName } from "./sources.ts";
import { LostValue } from "./store/values.ts";
import { type Asked, identityOf, memoryTraceStore, type Trace, type TraceStore, traceKey } from "./traces.ts";

type AnyAction = Action<unknown, unknown>;

/** How often a query is begun again because files change while it runs; then every file is read at once and held. */
const restarts = 3;

/**
 * An engine over a host. A result is found by what it read: the reads of an earlier run are looked at again, in order, and the
 * first that differs makes the action run anew; when none differs its value is taken as it is.
 * (A later read depends on the earlier ones only, so a read is looked at only where the action itself would do so.)
 * A store that remembers more than traces may know at once that nothing under an action has changed: then nothing is walked.
 */
export function createEngine(options: {
  readonly host: Host;
  readonly store?: TraceStore;
  /** Actions that a kept trace may name before anyone asks for them; needed only with a store that outlives the engine. */
  readonly actions?: readonly AnyAction[];
}): Engine {
  const store = options.store ?? memoryTraceStore();
  const sources = createSources(options.host, store.sources);
  const actions = new Map<string, AnyAction>();
  const settled = new Map<string, Settled>();
  /** Of actions whose values are never stored: those whose values are held, by kind. */
  const inMemory = new Map<string, Set<string>>();
  const active = new Map<string, { readonly kind: string; readonly params: unknown }>();
  /** What ended, in order; of an action that was known to be fresh at once, those under it are listed when somebody asks. */
  let ended: { readonly identity: string; readonly record?: ActionRecord }[] = [];
  /** The revision in which the end of each action was last told. */
  const toldIn = new Map<string, number>();
  let revision = 0;
  /** Who built on a source or an action when it was looked at: these, and who built on them, are doubtful when it differs. */
  const dependents = new Map<string, Set<string>>();
  /** The action that runs, or whose reads are looked at again. */
  let asking: string | undefined;
  /** What ends the query that runs, also when an action swallows it. */
  let interrupt: Cycle | Moved | undefined;

  const world = {
    source: (kind: string, params: unknown): string => {
      if (!isSource(kind)) return "";
      return sources.read(kind, params).digest;
    },
    version: (kind: string): number | undefined => actions.get(kind)?.version,
  };

  const idle = (): void => {
    if (active.size > 0) throw new Error("an action must not change the world it is computed from");
  };
  const nextRevision = (): void => {
    ended = [];
    revision++;
  };
  /** Everything has to be asked for anew. */
  const unsettle = (): void => {
    store.begin?.(world);
    settled.clear();
    dependents.clear();
    toldIn.clear();
    nextRevision();
  };
  /** Only what was built on these sources, however far up, has to be asked for anew: the rest stays settled. */
  const unsettleFrom = (names: readonly string[]): void => {
    const doubtful = new Set(names);
    // A set that grows is walked to its end.
    for (const name of doubtful) for (const above of dependents.get(name) ?? []) doubtful.add(above);
    for (const identity of doubtful) settled.delete(identity);
    nextRevision();
  };
  /** Whoever asks now depends on this. */
  const dependOn = (name: string): void => {
    if (asking === undefined || store.fresh) return;
    const known = dependents.get(name);
    if (known) known.add(asking);
    else dependents.set(name, new Set([asking]));
  };
  const forget = (): void => {
    idle();
    sources.forget();
    unsettle();
  };

  const register = (action: AnyAction): void => {
    const known = actions.get(action.kind);
    if (isSource(action.kind) || (known && known !== action))
      throw new Error(`two actions are called "${action.kind}"`);
    actions.set(action.kind, action);
  };

  /** Parameters are never changed after they were given: the same object is digested once. */
  const digests = new WeakMap<object, string>();
  const digestOfParams = (params: unknown): string => {
    if (typeof params !== "object" || params === null) return digestOf(params);
    const digest = digests.get(params) ?? digestOf(params);
    digests.set(params, digest);
    return digest;
  };
  const askedOf = (action: AnyAction, params: unknown): Asked => {
    const { kind, version } = action;
    return { identity: identityOf(kind, version, digestOfParams(params)), kind, version, params };
  };

  /** What a recorded read is now; undefined when nobody knows its action any more. */
  const look = (kind: string, params: unknown): Settled | undefined => {
    if (isSource(kind)) {
      dependOn(sourceName(kind, params));
      return sources.read(kind, params);
    }
    const action = actions.get(kind);
    if (!action) return undefined;
    const asked = askedOf(action, params);
    dependOn(asked.identity);
    return demand(action, asked);
  };

  const firstChange = (trace: Trace): ActionRecord["reason"] | undefined => {
    const changed = (read: Read): ActionRecord["reason"] | undefined => {
      const now = look(read.kind, read.params)?.digest;
      return now === read.digest ? undefined : { code: "changed", read, now: now ?? "gone" };
    };
    if (trace.doubtful) {
      for (let next = trace.doubtful(0); next; next = trace.doubtful(next.at + 1)) {
        const change = changed(next.read);
        if (change) return change;
      }
      return undefined;
    }
    for (const read of trace.reads) {
      const change = changed(read);
      if (change) return change;
    }
    return undefined;
  };

  const run = (action: AnyAction, asked: Asked): Trace => {
    const reads = new Map<string, Read>();
    let open = true;
    const see = (kind: string, seen: unknown): unknown => {
      if (!open) throw new Error(`action "${action.kind}" reads after it has ended`);
      const now = look(kind, seen);
      if (!now) throw new Error(`no action is called "${kind}"`);
      const name = `${kind}\n${typeof seen === "string" ? `s${seen}` : digestOf(seen)}`;
      if (!reads.has(name)) reads.set(name, { kind, params: seen, digest: now.digest });
      return obtain(kind, seen, now);
    };
    const reader: Reader = {
      get<P, V>(other: Action<P, V>, wanted: P): V {
        register(other);
        return see(other.kind, wanted) as V;
      },
      file: (path) => see("file", path) as ReturnType<Reader["file"]>,
      list: (path) => see("list", path) as ReturnType<Reader["list"]>,
      kind: (path) => see("kind", path) as ReturnType<Reader["kind"]>,
      realPath: (path) => see("real-path", path) as ReturnType<Reader["realPath"]>,
      env: (name) => see("env", name) as ReturnType<Reader["env"]>,
      input: (name, ...path) => see("input", [name, ...path]),
    };
    const value = action.compute(asked.params, reader);
    open = false;
    if (interrupt) throw interrupt; // An action that catches everything must not hide it.
    const digest = digestOf(action.canonical ? action.canonical(value) : value);
    const list = [...reads.values()];
    const trace: Trace = {
      get key() {
        return traceKey(asked.identity, list, digestOf);
      },
      reads: list,
      digest,
      value,
      ...(action.kept ? { kept: action.kept } : {}),
    };
    // As the store has it, so that values need not all stay in memory; but whoever runs it now gets what it gave.
    const stored = store.put(asked, trace);
    return stored.isGone ? trace : stored;
  };

  /** The value of something that has ended; where a store has lost it, its action runs once more. */
  const obtain = (kind: string, params: unknown, found: Settled): unknown => {
    try {
      if (!found.isGone) return found.value;
    } catch (error) {
      if (error instanceof Moved) interrupt ??= error;
      if (!(error instanceof LostValue)) throw error;
    }
    const action = actions.get(kind);
    if (!action) throw new Error(`no action is called "${kind}"`);
    const asked = askedOf(action, params);
    const again = guarded(asked, () => run(action, asked));
    settled.set(asked.identity, again);
    holding(action, asked.identity);
    tell(asked, { status: "ran", reason: { code: "not-kept" }, digest: again.digest });
    // Not what it was: whoever was told the other digest must look again.
    if (again.digest !== found.digest) throw moved(kind);
    return again.value;
  };

  const holding = ({ kind, kept }: AnyAction, identity: string): void => {
    if (kept !== "memory") return;
    const held = inMemory.get(kind);
    if (held) held.add(identity);
    else inMemory.set(kind, new Set([identity]));
  };

  const tell = ({ identity, kind, params }: Asked, how: Omit<ActionRecord, "kind" | "params">): void => {
    toldIn.set(identity, revision);
    ended.push({ identity, record: { kind, params, ...how } });
  };

  const moved = (what: string): Moved => {
    const found = new Moved(what);
    interrupt ??= found;
    return found;
  };

  const guarded = <T>(asked: Asked, work: () => T): T => {
    const { identity, kind, params } = asked;
    if (active.has(identity)) {
      const labels = [...active.values()].slice([...active.keys()].indexOf(identity)).map(label);
      const found = new Cycle([...labels, labels[0] ?? kind]);
      interrupt = found;
      throw found;
    }
    active.set(identity, { kind, params });
    const outer = asking;
    asking = identity;
    try {
      return work();
    } finally {
      active.delete(identity);
      asking = outer;
    }
  };

  const demand = (action: AnyAction, asked: Asked): Settled => {
    const { identity } = asked;
    const done = settled.get(identity);
    if (done) {
      if (!store.fresh && toldIn.get(identity) !== revision) tell(asked, { status: "fresh", digest: done.digest });
      return done;
    }
    const known = active.has(identity) ? undefined : store.fresh?.(identity);
    if (known) {
      settled.set(identity, known);
      ended.push({ identity });
      return known;
    }
    return guarded(asked, () => {
      const found = held(asked);
      if ("digest" in found) return found;
      const began = options.host.now?.() ?? 0;
      const result = run(action, asked);
      settled.set(identity, result);
      holding(action, identity);
      const took = (options.host.now?.() ?? 0) - began;
      tell(asked, { status: "ran", reason: found, digest: result.digest, began, took });
      return result;
    });
  };

  /** A kept result that still holds, or why there is none. */
  const held = (asked: Asked): Settled | NonNullable<ActionRecord["reason"]> => {
    let reason: ActionRecord["reason"] = { code: "new" };
    for (const [nth, trace] of store.find(asked.identity).entries()) {
      const change = firstChange(trace);
      if (!change) {
        const holds = store.put(asked, trace);
        settled.set(asked.identity, holds);
        tell(asked, { status: "fresh", digest: trace.digest });
        return holds;
      }
      if (nth === 0) reason = change;
    }
    return reason;
  };

  /** What is known of an action without running it. */
  const lookUp = (asked: Asked): Settled | undefined => {
    const done = settled.get(asked.identity) ?? store.fresh?.(asked.identity);
    if (done) return done;
    const found = guarded(asked, () => held(asked));
    return "digest" in found ? found : undefined;
  };

  /** Runs a query from outside; begins again where the world changed under it. */
  const outermost = <T>(work: () => T): { readonly value: T } | { readonly cycle: Cycle } => {
    if (active.size > 0) throw new Error("an action asks through its reader, never through the engine");
    try {
      for (let nth = 0; ; nth++) {
        interrupt = undefined;
        try {
          return { value: work() };
        } catch (error) {
          if (error instanceof Cycle) return { cycle: error };
          if (!(error instanceof Moved) || nth > restarts) throw error;
          forget();
          if (nth === restarts) sources.hold();
        }
      }
    } finally {
      interrupt = undefined;
    }
  };

  for (const action of options.actions ?? []) register(action);
  store.begin?.(world);

  const settle = <P, V>(action: Action<P, V>, params: P): { readonly value: Result<V> } | { readonly cycle: Cycle } => {
    register(action);
    const known: AnyAction = action;
    const asked = askedOf(known, params);
    // What was computed for something else is kept as long as that is.
    const isRoot = !settled.has(asked.identity);
    const outcome = outermost(() => demand(known, asked));
    if ("cycle" in outcome) return outcome;
    if (isRoot) store.root?.(asked.identity);
    const { digest } = outcome.value;
    return {
      value: {
        digest,
        load: () => {
          const loaded = outermost(() => obtain(action.kind, params, demand(known, asked)));
          if ("cycle" in loaded) throw loaded.cycle;
          return loaded.value as V;
        },
      },
    };
  };
  const cycleSaid = ({ path }: Cycle) => report("CW6026", undefined, { path: path.join(" → ") });

  return {
    settle(action, params) {
      const outcome = settle(action, params);
      if ("cycle" in outcome) return { value: undefined, diagnostics: [cycleSaid(outcome.cycle)] };
      return { value: outcome.value, diagnostics: [] };
    },
    query<P, V>(action: Action<P, V>, params: P) {
      const outcome = settle(action, params);
      if ("cycle" in outcome) return { value: undefined, diagnostics: [cycleSaid(outcome.cycle)] };
      return { value: outcome.value.load(), diagnostics: [] };
    },
    known(action, params) {
      const known = action as AnyAction;
      register(known);
      const outcome = outermost(() => lookUp(askedOf(known, params)));
      return "value" in outcome ? outcome.value : undefined;
    },
    look(kind, params) {
      const outcome = outermost(() => {
        const found = look(kind, params);
        return found && { digest: found.digest, value: () => obtain(kind, params, found) };
      });
      if (!("value" in outcome) || !outcome.value) return undefined;
      const { digest, value } = outcome.value;
      return {
        digest,
        get value() {
          const loaded = outermost(value);
          return "value" in loaded ? loaded.value : undefined;
        },
      };
    },
    lastRun<P, V>(action: Action<P, V>, params: P) {
      const known = action as AnyAction;
      register(known);
      const [last] = store.find(askedOf(known, params).identity);
      if (!last || last.isGone) return undefined;
      try {
        return { reads: last.reads, value: last.value as V, digest: last.digest };
      } catch (error) {
        if (error instanceof LostValue) return undefined;
        throw error;
      }
    },
    adopt(action, params, marks, made, as = "fresh") {
      const known = action as AnyAction;
      register(known);
      const asked = askedOf(known, params);
      const work = (): boolean => {
        const found = as === "ran" ? held(asked) : undefined;
        if (found && "digest" in found && !found.isGone) return true;
        const reason: ActionRecord["reason"] = found && ("digest" in found ? { code: "not-kept" } : found);
        const reads: Read[] = [];
        for (const mark of marks) {
          const now = look(mark.kind, mark.params);
          if (!now) return false;
          reads.push({ kind: mark.kind, params: mark.params, digest: now.digest });
        }
        const trace: Trace = {
          get key() {
            return traceKey(asked.identity, reads, digestOf);
          },
          reads,
          get value() {
            if (made.isGone) throw new LostValue();
            return made.value;
          },
          ...made,
        };
        settled.set(asked.identity, store.put(asked, trace));
        tell(asked, { status: as, ...(reason ? { reason } : {}), digest: made.digest });
        return true;
      };
      const outcome = outermost(() => guarded(asked, work));
      const isTaken = "value" in outcome && outcome.value;
      if (isTaken) store.root?.(asked.identity);
      return isTaken;
    },
    set(name, value) {
      if (sources.set(name, value)) forget();
    },
    letGo(kind) {
      idle();
      for (const identity of inMemory.get(kind) ?? []) {
        const known = settled.get(identity);
        if (known) settled.set(identity, { digest: known.digest, value: undefined, isGone: true });
      }
      inMemory.delete(kind);
      store.letGo?.(kind);
      sources.letGo();
    },
    refresh: forget,
    lookAgain(changed) {
      idle();
      const differs = sources.lookAgain(changed);
      if (differs.length > 0) {
        // A store that tells at once what is fresh leaves no trail of who looked at what.
        if (store.fresh) unsettle();
        else unsettleFrom(differs.map(({ name }) => name));
      }
      return differs.map(({ name: _, ...looked }) => looked);
    },
    looked: sources.looked,
    traces(kind, params) {
      const action = actions.get(kind);
      return action ? store.find(askedOf(action, params).identity) : [];
    },
    ran: () => ended.flatMap(({ record }) => (record?.status === "ran" ? [record] : [])),
    records() {
      // What ran has a record of its own, whoever builds on it.
      const seen = new Set(ended.flatMap(({ identity, record }) => (record ? [identity] : [])));
      return ended.flatMap(({ identity, record }): readonly ActionRecord[] => {
        if (record) return [record];
        return [...(store.under?.(identity) ?? [])].flatMap((below) => {
          if (seen.has(below.identity)) return [];
          seen.add(below.identity);
          return [{ kind: below.kind, params: below.params, status: "fresh" as const, digest: below.digest }];
        });
      });
    },
  };
}

/** How an action is named to people: its kind and, shortened, its parameters. */
function label({ kind, params }: { readonly kind: string; readonly params: unknown }): string {
  const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
  const text = typeof params === "string" ? params : (JSON.stringify(params, plain) ?? "");
  return text === "" ? kind : `${kind}(${text.length > 80 ? `${text.slice(0, 77)}…` : text})`;
}
